"""问题建议与支持事项: what a unit asks of the bureau, and what it answered."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import ScopedManager, ScopedQuerySet, StoredFile, Versioned
from core.models.guards import append_only, moves_by_table
from pilots.models import Enrolment, Programme, Unit
from pilots.models.scope import of_enrolments

from ..choices import SUPPORT_MOVES, SUPPORT_OPEN, SupportKind, SupportNature, SupportStatus
from .reports import Report


class SupportRequestQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "SupportRequestQuerySet":
        return self.filter(of_enrolments(user, "enrolment__"))

    def open(self) -> "SupportRequestQuerySet":
        """Those that wait for an answer."""
        return self.filter(status__in=SUPPORT_OPEN)

    def overdue(self, on: date) -> "SupportRequestQuerySet":
        """Not answered although the day that the bureau set is over."""
        return self.open().filter(answer_by__lt=on)

    def for_lists(self) -> "SupportRequestQuerySet":
        return self.select_related(
            "enrolment__unit", "enrolment__programme", "report"
        ).prefetch_related("enrolment__unit__names")


class SupportRequest(Versioned):
    """One problem, suggestion or need of a unit: raised alone, or out of a section of a report. The
    bureau says by when it answers (`answer_by`, empty until it does), and answers; a unit that is not
    helped opens it again. Both sides read everything."""

    number = models.CharField(_("编号"), max_length=20, unique=True)
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="support_requests", verbose_name=_("参与")
    )
    report = models.ForeignKey(
        Report,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="support_requests",
        verbose_name=_("出自报告"),
    )
    section_key = models.CharField(_("出自哪一部分"), max_length=80, blank=True)
    nature = models.CharField(_("性质"), max_length=20, choices=SupportNature.choices)
    kind = models.CharField(_("支持事项"), max_length=20, choices=SupportKind.choices, blank=True)
    title = models.CharField(_("标题"), max_length=100)
    text = models.TextField(_("具体情况"))
    status = models.CharField(
        _("状态"), max_length=20, choices=SupportStatus.choices, default=SupportStatus.RAISED
    )
    answer_by = models.DateField(_("答复期限"), null=True, blank=True)
    raised_on = models.DateField(_("提出日期"))
    raised_at = models.DateTimeField(_("提出时间"))
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("提出人"),
    )
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    closed_on = models.DateField(_("结束日期"), null=True, blank=True)
    updated_at = models.DateTimeField(_("更新时间"))

    objects = models.Manager.from_queryset(SupportRequestQuerySet)()
    rows = ScopedManager.from_queryset(SupportRequestQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("问题建议与支持事项")
        ordering = ["-raised_at", "-id"]
        default_manager_name = "rows"
        indexes = [
            models.Index(
                fields=["enrolment", "raised_on"],
                condition=Q(status__in=["raised", "promised", "reopened"]),
                name="support_waiting",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(nature="support") & ~Q(kind="") | (~Q(nature="support")),
                name="support_says_which",
                violation_error_message=_("申请支持的，选择支持事项。"),
            ),
            models.CheckConstraint(
                condition=Q(status="answered", answered_on__isnull=False) | ~Q(status="answered"),
                name="support_answered_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["closed", "withdrawn"], closed_on__isnull=False)
                | Q(~Q(status__in=["closed", "withdrawn"]), closed_on=None),
                name="support_closed_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(status="promised") | Q(answer_by__isnull=False),
                name="support_promised_by_a_day",
            ),
        ]
        triggers = moves_by_table("support_request", "status", SUPPORT_MOVES)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def unit(self) -> Unit:
        return self.enrolment.unit

    @property
    def programme(self) -> Programme:
        return self.enrolment.programme

    def is_open(self) -> bool:
        return self.status in SUPPORT_OPEN

    def is_overdue(self, on: date) -> bool:
        return self.is_open() and self.answer_by is not None and self.answer_by < on


class SupportReply(models.Model):
    """One thing said about it, by either side: an answer, a question back, why it is opened again.
    Written once."""

    request = models.ForeignKey(
        SupportRequest, models.PROTECT, related_name="replies", verbose_name=_("事项")
    )
    move = models.CharField(_("办理"), max_length=20)
    text = models.TextField(_("内容"))
    file = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("附件"),
    )
    file_name = models.CharField(_("文件名"), max_length=200, blank=True)
    said_on = models.DateField(_("日期"))
    said_at = models.DateTimeField(_("时间"))
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("填写人"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("答复")
        ordering = ["request_id", "id"]
        triggers = append_only("support_reply")

    def __str__(self) -> str:
        return self.text[:40]
