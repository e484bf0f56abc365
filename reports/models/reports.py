"""报告: what a body reports in answer to one of its tasks."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import UNIT_ROLES, Permission, Role
from core import clock
from core.models import ScopedManager, ScopedQuerySet, Versioned
from core.models.guards import moves_by_table
from duties.models import Assignment
from pilots.models import Membership, Programme, Unit
from pilots.models.scope import sees_everything, wide_programmes
from pilots.models.units import named_on

from ..choices import MOVES, WRITABLE, Kind, Status
from .periods import Period

WRITERS = (*UNIT_ROLES, Role.BUREAU_OFFICER, Role.BUREAU_HEAD)


def acts_for(user: Any) -> Any:
    """Ids of the bodies for which the user writes or signs."""
    live = Membership.rows.live(clock.today()).filter(user=user, role__in=WRITERS)
    return live.values("unit_id")


class ReportQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "ReportQuerySet":
        """One's own bodies' reports; of others those that were handed in once, the overall report
        only when it went out: a draft is its writers' matter."""
        if sees_everything(user):
            return self
        mine = Q(assignment__enrolment__unit_id__in=acts_for(user))
        wide = Q(assignment__enrolment__programme_id__in=wide_programmes(user), editions__gt=0)
        out = ~Q(kind=Kind.OVERALL) | Q(status=Status.ACCEPTED)
        return self.filter(mine | (wide & out) | Q(pk__in=Report.entered_by(user)))

    def of_programme(self, programme: Programme) -> "ReportQuerySet":
        return self.filter(assignment__enrolment__programme=programme)

    def waiting(self) -> "ReportQuerySet":
        """Handed in by units and not yet answered by the bureau."""
        return self.filter(status=Status.SUBMITTED).exclude(kind=Kind.OVERALL)

    def for_lists(self) -> "ReportQuerySet":
        return self.select_related(
            "assignment__enrolment__unit",
            "assignment__enrolment__programme",
            "assignment__obligation",
            "period",
        ).prefetch_related("assignment__enrolment__unit__names")

    def with_unit_name(self) -> "ReportQuerySet":
        """Adds `named_unit` for `unit_label`, where a list needs no more of the unit."""
        name = named_on(clock.today(), "assignment__enrolment__unit_id")
        return self.annotate(named_unit=name)


class Report(Versioned):
    """One report in answer to exactly one assignment. Its sections are the working copy, seen by its
    own body; the bureau reads `Submission`s, frozen editions.

    `handed_in_on` is the day that counts for being on time: that of the last edition handed in, or
    of the letter when it came on paper.
    """

    number = models.CharField(_("报告编号"), max_length=20, unique=True)
    kind = models.CharField(_("类型"), max_length=20, choices=Kind.choices)
    assignment = models.OneToOneField(
        Assignment, models.PROTECT, related_name="report", verbose_name=_("任务")
    )
    period = models.ForeignKey(
        Period,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("报告期"),
    )
    title = models.CharField(_("标题"), max_length=200)
    status = models.CharField(
        _("办理状态"), max_length=20, choices=Status.choices, default=Status.DRAFT
    )
    editions = models.PositiveSmallIntegerField(_("报送次数"), default=0)
    returns = models.PositiveSmallIntegerField(_("退回次数"), default=0)
    handed_in_on = models.DateField(_("报送日期"), null=True, blank=True)
    handed_in_at = models.DateTimeField(_("报送时间"), null=True, blank=True)
    opened_at = models.DateTimeField(_("市政数局首次打开"), null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("打开人"),
    )
    decided_on = models.DateField(_("审核日期"), null=True, blank=True)
    decided_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("审核人"),
    )
    created_at = models.DateTimeField(_("建稿时间"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("拟稿人"),
    )
    updated_at = models.DateTimeField(_("更新时间"))

    objects = models.Manager.from_queryset(ReportQuerySet)()
    rows = ScopedManager.from_queryset(ReportQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("报告")
        ordering = ["-created_at", "-id"]
        default_manager_name = "rows"
        indexes = [
            models.Index(fields=["period", "status"], name="report_by_period"),
            models.Index(
                fields=["handed_in_at"], condition=Q(status="submitted"), name="report_waiting"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="progress", period__isnull=False)
                | Q(~Q(kind="progress"), period=None),
                name="report_of_progress_has_a_period",
            ),
            models.CheckConstraint(
                condition=Q(editions=0, handed_in_on=None, handed_in_at=None)
                | Q(editions__gt=0, handed_in_on__isnull=False, handed_in_at__isnull=False),
                name="report_handed_in_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["submitted", "returned", "accepted"]) | Q(editions__gt=0),
                name="report_at_the_desk_has_an_edition",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["returned", "accepted"],
                    decided_at__isnull=False,
                    decided_on__isnull=False,
                )
                | ~Q(status__in=["returned", "accepted"]),
                name="report_decided_at_a_moment",
            ),
        ]
        triggers = moves_by_table("report", "status", MOVES)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @classmethod
    def entered_by(cls, user: Any) -> Any:
        """Ids of the reports that the user's bureau is entering from a letter (代录)."""
        held = wide_programmes(user, Permission.REVIEW_REPORTS)
        rows = cls.rows.filter(assignment__enrolment__programme_id__in=held)
        return rows.filter(letters__isnull=False, letters__closed_at=None).values("pk")

    @property
    def unit(self) -> Unit:
        return self.assignment.enrolment.unit

    @property
    def programme(self) -> Programme:
        return self.assignment.enrolment.programme

    @property
    def unit_label(self) -> str:
        return self.__dict__.get("named_unit") or self.unit.display_name

    @property
    def is_writable(self) -> bool:
        """Whether its own body may change it now."""
        return self.status in WRITABLE and not self.is_locked

    @property
    def is_locked(self) -> bool:
        """Whether its period is 已定稿."""
        return self.period is not None and self.period.closed_on is not None

    def was_late(self) -> bool:
        """Handed in after the last day that the words of its task allow."""
        latest = self.assignment.latest_on
        return self.handed_in_on is not None and latest is not None and self.handed_in_on > latest

    def days_waiting(self, on: date) -> int:
        """Calendar days since it was handed in; 0 unless it waits for the bureau."""
        if self.status != Status.SUBMITTED or self.handed_in_on is None:
            return 0
        return max((on - self.handed_in_on).days, 0)
