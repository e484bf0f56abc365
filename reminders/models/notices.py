"""A notice is a row before it is a message: one thing for one person."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import Permission
from core.models import ScopedManager, ScopedQuerySet
from pilots.models import Programme, Unit
from pilots.models.scope import sees_everything, wide_programmes

from ..choices import Reading

NOTICE_LOST = """
INSERT INTO reminders_hole (key, notice_id, channel, lost_at)
VALUES (OLD.key, NULL, '', portal_now());
RETURN OLD;
"""


class NoticeQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "NoticeQuerySet":
        """Everybody sees the own inbox; what others were told, who looks after the messages: of
        programmes where a role of the user reads 发送记录."""
        if sees_everything(user):
            return self
        programmes = wide_programmes(user, Permission.READ_DELIVERIES)
        return self.filter(Q(recipient=user) | Q(programme_id__in=programmes))

    def inbox_of(self, user: Any) -> "NoticeQuerySet":
        return self.unscoped().filter(recipient=user)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(opened_at=None)


class Notice(models.Model):
    """One thing told to one person. Its key makes it impossible to tell it twice:
    type:subject:deadline_version:stage:recipient."""

    key = models.CharField(_("标识"), max_length=200, unique=True)
    type = models.CharField(_("类型"), max_length=60)
    subject = models.CharField(_("对象"), max_length=80)
    stage = models.CharField(_("阶段"), max_length=20, blank=True)
    reading = models.CharField(_("口径"), max_length=10, choices=Reading.choices, blank=True)
    deadline_version = models.PositiveIntegerField(_("时限版本"), default=1)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", verbose_name=_("收件人")
    )
    programme = models.ForeignKey(
        Programme,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("试点方案"),
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("单位"),
    )
    for_on = models.DateField(_("提醒日期"))
    facts = models.JSONField(_("内容"), default=dict)
    created_at = models.DateTimeField(
        _("生成时间"),
        db_default=models.Func(function="portal_now", output_field=models.DateTimeField()),
    )
    opened_at = models.DateTimeField(_("打开时间"), null=True, blank=True)

    objects = models.Manager.from_queryset(NoticeQuerySet)()
    rows = ScopedManager.from_queryset(NoticeQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("提醒")
        ordering = ["-for_on", "-id"]
        default_manager_name = "rows"
        indexes = [
            models.Index(fields=["recipient", "-for_on", "-id"], name="notice_inbox"),
            models.Index(fields=["subject"], name="notice_by_subject"),
            models.Index(fields=["programme", "-for_on"], name="notice_by_programme"),
            # Every minute's run asks for the notices of the last days that no mail carries yet.
            models.Index(
                fields=["for_on"], condition=Q(opened_at=None), name="notice_unread_by_day"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="notice_goes_missing",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=NOTICE_LOST,
            )
        ]

    def __str__(self) -> str:
        return self.key
