"""报送稿: a frozen edition of a report, as it was handed in."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.models import Approval
from core import document_numbers
from core.models import ScopedManager, ScopedQuerySet

from ..choices import Route
from .evidence import Evidence
from .reports import Report


class SubmissionQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "SubmissionQuerySet":
        return self.filter(report__in=Report.objects.visible_to(user))


class Submission(models.Model):
    """One edition: the whole content as it was, with its SHA-256 over the canonical JSON (sorted keys,
    UTF-8, no spaces). Written once, never changed, never deleted."""

    report = models.ForeignKey(
        Report, models.PROTECT, related_name="submissions", verbose_name=_("报告")
    )
    edition = models.PositiveSmallIntegerField(_("第几稿"))
    content = models.JSONField(_("内容"))
    sha256 = models.CharField(_("摘要"), max_length=64)
    route = models.CharField(
        _("报送方式"), max_length=10, choices=Route.choices, default=Route.ONLINE
    )
    approval = models.ForeignKey(
        Approval,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="submissions",
        verbose_name=_("审签单"),
    )
    letter_number = models.CharField(
        _("来文文号"),
        max_length=document_numbers.LONGEST,
        blank=True,
        validators=[document_numbers.validate],
    )
    letter_from = models.CharField(_("来文单位"), max_length=100, blank=True)
    counts_on = models.DateField(_("报送日期"))
    made_at = models.DateTimeField(_("报送时间"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("报送人"),
    )

    objects = models.Manager.from_queryset(SubmissionQuerySet)()
    rows = ScopedManager.from_queryset(SubmissionQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("报送稿")
        ordering = ["report_id", "edition"]
        default_manager_name = "rows"
        constraints = [
            models.UniqueConstraint(fields=["report", "edition"], name="submission_once"),
            models.CheckConstraint(
                condition=Q(route="online") | ~Q(letter_from=""),
                name="submission_on_paper_names_its_letter",
                violation_error_message=_("代录来文要写明来文单位。"),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="is_frozen", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.report.number}-{self.edition}"


class SubmissionEvidence(models.Model):
    """A file that lies with an edition: who may read the edition may open it."""

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="files", verbose_name=_("报送稿")
    )
    evidence = models.ForeignKey(
        Evidence, models.PROTECT, related_name="in_editions", verbose_name=_("佐证材料")
    )
    section_key = models.CharField(_("部分"), max_length=80)

    class Meta:
        verbose_name = verbose_name_plural = _("报送稿的佐证材料")
        ordering = ["submission_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "evidence", "section_key"], name="submission_evidence_once"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="is_frozen", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return str(self.evidence)
