"""批示: what a leader wrote beside a task."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import document_numbers
from core.models import ScopedManager, ScopedQuerySet, StoredFile, Versioned
from core.models.guards import marked_once
from pilots.models import Unit
from pilots.models.scope import of_enrolments

from ..choices import RemarkRoute
from .assignments import Assignment

LONGEST = 500
STRIKING = ("struck_at", "struck_by", "strike_reason", "version")


class RemarkQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "RemarkQuerySet":
        """Both sides: the unit that leads, and those who see the whole programme. Who only helps
        reads the task without what was said to its lead."""
        return self.filter(of_enrolments(user, "assignment__enrolment__"))

    def standing(self) -> "RemarkQuerySet":
        return self.filter(struck_at=None)

    def for_lists(self) -> "RemarkQuerySet":
        return self.select_related("unit", "entered_by", "struck_by").prefetch_related(
            "unit__names"
        )


class Remark(Versioned):
    """批示: the words of a leader on one task, given on its page or transcribed from paper (who said
    it, on which day, on which document). Never changed: a mistaken one is struck out with the reason
    and stays readable."""

    number = models.CharField(_("批示编号"), max_length=20, unique=True)
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="remarks", verbose_name=_("任务")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=_("批示人所在单位")
    )
    text = models.CharField(_("批示内容"), max_length=LONGEST)
    said_by = models.CharField(_("批示人"), max_length=60)
    said_on = models.DateField(_("批示日期"))
    route = models.CharField(_("批示方式"), max_length=20, choices=RemarkRoute.choices)
    document_title = models.CharField(_("批示所在文件"), max_length=200, blank=True)
    document_number = models.CharField(
        _("文号"),
        max_length=document_numbers.LONGEST,
        blank=True,
        validators=[document_numbers.validate],
    )
    scan = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("批示件扫描件"),
    )
    scan_name = models.CharField(_("文件名"), max_length=200, blank=True)
    entered_at = models.DateTimeField(_("登记时间"), editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("登记人"),
    )
    struck_at = models.DateTimeField(_("划去时间"), null=True, blank=True, editable=False)
    struck_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("划去人"),
    )
    strike_reason = models.CharField(_("划去原因"), max_length=200, blank=True)

    objects = models.Manager.from_queryset(RemarkQuerySet)()
    rows = ScopedManager.from_queryset(RemarkQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("批示")
        ordering = ["-said_on", "-id"]
        default_manager_name = "rows"
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(said_by=""), name="remark_says_something"
            ),
            models.CheckConstraint(
                condition=Q(route__in=RemarkRoute.values), name="remark_of_a_known_route"
            ),
            models.CheckConstraint(
                condition=~Q(route="transcribed") | ~Q(document_title=""),
                name="remark_transcribed_from_a_document",
                violation_error_message=_("转录批示要写明批示在哪份文件上。"),
            ),
            models.CheckConstraint(
                condition=Q(document_number="")
                | Q(document_number__regex=document_numbers.PATTERN),
                name="remark_document_number",
                violation_error_message=document_numbers.HOW,
            ),
            models.CheckConstraint(
                condition=Q(struck_at=None, struck_by=None, strike_reason="")
                | (Q(struck_at__isnull=False) & ~Q(strike_reason="")),
                name="remark_struck_out_with_a_reason",
                violation_error_message=_("写明划去的原因。"),
            ),
        ]
        triggers = marked_once("remark", "struck_out", *STRIKING)

    def __str__(self) -> str:
        return f"{self.number} {self.said_by}"

    @property
    def is_struck(self) -> bool:
        return self.struck_at is not None
