"""备案: what a unit reports for the record, and what the desk answers."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core import document_numbers
from core.models import ScopedManager, ScopedQuerySet, StoredFile, Versioned
from core.models.guards import moves_by_table
from pilots.models import Membership, Programme, Unit
from pilots.models.scope import of_enrolments

from ..choices import FILING_MOVES, LIVE_FILINGS, FilingKind, FilingStatus, Route
from .appointments import Appointment


class FilingQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "FilingQuerySet":
        return self.filter(of_enrolments(user))

    def live(self) -> "FilingQuerySet":
        return self.filter(status__in=LIVE_FILINGS)

    def waiting(self) -> "FilingQuerySet":
        """Those that wait for the desk."""
        return self.filter(status=FilingStatus.SUBMITTED)

    def at_desks_of(self, user: Any, on: Any) -> "FilingQuerySet":
        """Those whose desk is a body for which the user acts."""
        held = Membership.rows.live(on).filter(user=user, unit=OuterRef("desk_id"))
        return self.filter(Exists(held))

    def for_lists(self) -> "FilingQuerySet":
        return self.select_related(
            "unit", "desk", "programme", "appointment__person", "appointment__post"
        ).prefetch_related("unit__names", "desk__names")


class Filing(Versioned):
    """One report for the record: an appointment or a removal at the leading group's office, an
    implementation plan at the bureau. It is for the record: no right waits for it.

    `reported_on` is the day on which the unit reported (来文日期 when it came on paper) and counts
    for being on time; `receipt_number` and `accepted_on` are what the desk gave.
    """

    number = models.CharField(_("备案件编号"), max_length=20, unique=True)
    kind = models.CharField(_("备案事项"), max_length=20, choices=FilingKind.choices)
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="filings", verbose_name=_("试点方案")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="filings", verbose_name=_("报备单位")
    )
    desk = models.ForeignKey(
        Unit, models.PROTECT, related_name="filings_received", verbose_name=_("备案机关")
    )
    appointment = models.ForeignKey(
        Appointment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="filings",
        verbose_name=_("任命"),
    )
    assignment = models.ForeignKey(
        "duties.Assignment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="filings",
        verbose_name=_("任务"),
    )
    title = models.CharField(_("标题"), max_length=200)
    document_number = models.CharField(
        _("来文文号"),
        max_length=document_numbers.LONGEST,
        blank=True,
        validators=[document_numbers.validate],
    )
    note = models.CharField(_("说明"), max_length=500, blank=True)
    file = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("附件"),
    )
    file_name = models.CharField(_("文件名"), max_length=200, blank=True)
    route = models.CharField(
        _("报送方式"), max_length=10, choices=Route.choices, default=Route.ONLINE
    )
    reported_on = models.DateField(_("报备日期"))
    status = models.CharField(
        _("状态"),
        max_length=20,
        choices=FilingStatus.choices,
        default=FilingStatus.SUBMITTED,
    )
    return_reason = models.CharField(_("补正要求"), max_length=500, blank=True)
    returns = models.PositiveSmallIntegerField(_("退回次数"), default=0)
    receipt_number = models.CharField(_("备案编号"), max_length=60, blank=True)
    accepted_on = models.DateField(_("备案日期"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("报送时间"), editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("报送人"),
    )
    decided_at = models.DateTimeField(_("办理时间"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("办理人"),
    )
    created_at = models.DateTimeField(_("登记时间"), editable=False)
    updated_at = models.DateTimeField(_("更新时间"), editable=False)

    objects = models.Manager.from_queryset(FilingQuerySet)()
    rows = ScopedManager.from_queryset(FilingQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("备案")
        ordering = ["-reported_on", "-number"]
        default_manager_name = "rows"
        indexes = [
            models.Index(fields=["programme", "status"], name="filing_by_programme"),
            models.Index(fields=["unit", "kind"], name="filing_by_unit"),
            models.Index(
                fields=["desk", "reported_on"],
                condition=Q(status="submitted"),
                name="filing_waiting",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="plan", appointment=None)
                | Q(kind__in=["appointment", "removal"], appointment__isnull=False),
                name="filing_of_its_kind",
            ),
            models.CheckConstraint(
                condition=(Q(status="accepted", accepted_on__isnull=False) & ~Q(receipt_number=""))
                | (~Q(status="accepted") & Q(accepted_on=None, receipt_number="")),
                name="filing_accepted_with_number_and_day",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | ~Q(return_reason=""),
                name="filing_returned_with_a_reason",
                violation_error_message=_("写明要补正什么，单位会看到。"),
            ),
            models.CheckConstraint(
                condition=Q(status="submitted") | Q(decided_at__isnull=False),
                name="filing_decided_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(document_number="")
                | Q(document_number__regex=document_numbers.PATTERN),
                name="filing_document_number",
                violation_error_message=document_numbers.HOW,
            ),
            models.UniqueConstraint(
                fields=["appointment", "kind"],
                condition=Q(status__in=["submitted", "returned", "accepted"]),
                name="filing_once_an_appointment",
                violation_error_message=_("这项任命已报备，不用再报。"),
            ),
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(status__in=["submitted", "returned", "accepted"]),
                name="filing_once_a_task",
                violation_error_message=_("这项任务已有备案件。"),
            ),
            models.UniqueConstraint(
                fields=["desk", "receipt_number"],
                condition=~Q(receipt_number=""),
                name="filing_receipt_number_once",
                violation_error_message=_("这个备案编号已用于另一件备案。"),
            ),
        ]
        triggers = moves_by_table("filing", "status", FILING_MOVES)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_live(self) -> bool:
        return self.status in LIVE_FILINGS
