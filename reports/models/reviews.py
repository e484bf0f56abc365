"""审核: what the bureau decided on one edition, and each remark that came back with it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import ScopedManager, ScopedQuerySet
from core.models.guards import append_only, marked_once

from ..choices import Decision, Field, ReturnReason
from .submissions import Submission


class ReviewQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "ReviewQuerySet":
        return self.filter(submission__in=Submission.objects.visible_to(user))

    def standing(self) -> "ReviewQuerySet":
        return self.filter(undone_at=None)


class Review(models.Model):
    """One decision on one edition. An edition has one that stands; one that was taken back within ten
    minutes stays in sight."""

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="reviews", verbose_name=_("报送稿")
    )
    decision = models.CharField(_("审核结果"), max_length=10, choices=Decision.choices)
    note = models.CharField(_("审核意见"), max_length=500, blank=True)
    decided_on = models.DateField(_("审核日期"))
    decided_at = models.DateTimeField(_("审核时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("审核人"),
    )
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("撤销人"),
    )

    objects = models.Manager.from_queryset(ReviewQuerySet)()
    rows = ScopedManager.from_queryset(ReviewQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("审核记录")
        ordering = ["submission_id", "id"]
        default_manager_name = "rows"
        constraints = [
            models.UniqueConstraint(
                fields=["submission"],
                condition=Q(undone_at=None),
                name="review_once_an_edition",
                violation_error_message=_("这一稿已经审核过。"),
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False),
                name="review_undone_by_only_with_its_moment",
            ),
        ]
        triggers = marked_once("review", "undone", "undone_at", "undone_by")

    def __str__(self) -> str:
        return f"{self.submission} {self.get_decision_display()}"


class ReviewRemark(models.Model):
    """What is to be changed in one field of one section, seen beside that field. `section_key` and
    `field` are empty for the report as a whole."""

    review = models.ForeignKey(
        Review, models.PROTECT, related_name="remarks", verbose_name=_("审核记录")
    )
    section_key = models.CharField(_("部分"), max_length=80, blank=True)
    field = models.CharField(_("字段"), max_length=20, choices=Field.choices, blank=True)
    reason = models.CharField(_("原因"), max_length=20, choices=ReturnReason.choices, blank=True)
    text = models.CharField(_("意见"), max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("退回意见")
        ordering = ["review_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason="", text=""),
                name="review_remark_says_something",
                violation_error_message=_("选一条原因，或写明要改什么。"),
            )
        ]
        triggers = append_only("review_remark")

    def __str__(self) -> str:
        label = str(ReturnReason(self.reason).label) if self.reason else ""
        return "：".join(part for part in (label, self.text) if part)
