"""Answers already given, so that a request sent twice has one effect."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IdempotencyKey(models.Model):
    """One `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07) of one user on one
    route, with the answer it got. Written in the transaction of the work itself, so a crash
    leaves neither. Kept for 24 hours."""

    # A number, not a foreign key: core stands below accounts, and the row lives a day.
    actor_id = models.BigIntegerField()
    route = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    body_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = _("请求去重")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["actor_id", "route", "key"], name="idempotency_key_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"
