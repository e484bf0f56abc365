"""总体报告: what the bureau chose from its units' reports, and how the report went out."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import document_numbers
from core.models import ScopedManager, ScopedQuerySet, StoredFile
from core.models.guards import marked_once
from pilots.models import Unit

from ..choices import TEXTS
from .reports import Report
from .submissions import Submission


class Passage(models.Model):
    """One text of one unit's edition that the bureau chose for its overall report."""

    report = models.ForeignKey(
        Report, models.PROTECT, related_name="passages", verbose_name=_("总体报告")
    )
    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="quoted_in", verbose_name=_("出自")
    )
    section_key = models.CharField(_("部分"), max_length=80)
    field = models.CharField(
        _("字段"), max_length=20, choices=[(name.value, name.label) for name in TEXTS]
    )
    chosen_at = models.DateTimeField(_("选用时间"))
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("选用人"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("选用的段落")
        ordering = ["report_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "submission", "section_key", "field"], name="passage_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission} {self.section_key}"

    @property
    def section(self) -> dict[str, Any]:
        """The section of the edition; {} when it has none of that key."""
        rows = self.submission.content["sections"]
        return next((row for row in rows if row["key"] == self.section_key), {})

    @property
    def text(self) -> str:
        return str(self.section.get(self.field, "")).strip()


class DispatchQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "DispatchQuerySet":
        return self.filter(report__in=Report.objects.visible_to(user))


class Dispatch(models.Model):
    """报送登记: by which document the overall report went out. Only this closes it; a wrong entry is
    taken back with its reason and stays in sight."""

    report = models.ForeignKey(
        Report, models.PROTECT, related_name="dispatches", verbose_name=_("总体报告")
    )
    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="dispatches", verbose_name=_("报送稿")
    )
    receiver = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("报送对象"))
    signed_by_name = models.CharField(_("签发人"), max_length=60)
    document_number = models.CharField(
        _("发文字号"), max_length=document_numbers.LONGEST, validators=[document_numbers.validate]
    )
    sent_on = models.DateField(_("报送日期"))
    scan = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("正式文件扫描件"),
    )
    scan_name = models.CharField(_("文件名"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("登记人"),
    )
    voided_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    void_reason = models.CharField(_("作废原因"), max_length=200, blank=True)

    objects = models.Manager.from_queryset(DispatchQuerySet)()
    rows = ScopedManager.from_queryset(DispatchQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("报送登记")
        ordering = ["report_id", "id"]
        default_manager_name = "rows"
        constraints = [
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(voided_at=None),
                name="dispatch_once",
                violation_error_message=_("这份报告已登记报送。"),
            ),
            models.UniqueConstraint(
                fields=["document_number"],
                condition=Q(voided_at=None),
                name="dispatch_number_once",
                violation_error_message=_("这个发文字号已用于另一份报告。"),
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None, void_reason="")
                | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
                name="dispatch_voided_with_a_reason",
            ),
        ]
        triggers = marked_once("dispatch", "voided", "voided_at", "void_reason")

    def __str__(self) -> str:
        return self.document_number
