"""来文: a report that came to the bureau as a letter, and is typed in there for its unit (代录)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import document_numbers
from core.models.guards import marked_once

from ..choices import LetterOutcome
from .evidence import Evidence
from .reports import Report


class IncomingLetter(models.Model):
    """One letter. As long as it is open the bureau's officers write the report, and nobody else does;
    it ends when the text is entered as an edition, or when the entering is given up."""

    report = models.ForeignKey(
        Report, models.PROTECT, related_name="letters", verbose_name=_("报告")
    )
    came_from = models.CharField(_("来文单位"), max_length=100)
    number = models.CharField(
        _("来文文号"),
        max_length=document_numbers.LONGEST,
        blank=True,
        validators=[document_numbers.validate],
    )
    came_on = models.DateField(_("来文日期"))
    scan = models.ForeignKey(
        Evidence, models.PROTECT, related_name="letters", verbose_name=_("来文扫描件")
    )
    begun_at = models.DateTimeField(_("登记时间"))
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("登记人"),
    )
    outcome = models.CharField(
        _("结果"), max_length=10, choices=LetterOutcome.choices, blank=True, default=""
    )
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("来文")
        ordering = ["report_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(closed_at=None),
                name="letter_open_once",
                violation_error_message=_("这份报告正在按另一份来文代录。"),
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="")
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="letter_closed_with_its_outcome",
            ),
        ]
        triggers = marked_once("letter", "closed", "closed_at", "outcome")

    def __str__(self) -> str:
        return f"{self.came_from} {self.number}".strip()
