"""One obligation falling on one body, and what counts towards it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core import clock, deadlines
from core.models import ScopedManager, ScopedQuerySet, Versioned
from core.models.guards import moves_by_table
from core.workdays import Calendar
from pilots.models import Enrolment, Programme, Unit
from pilots.models.scope import of_enrolments
from pilots.models.units import named_on

from ..choices import COUNTED, MOVES, OPEN, OWED, Light, Status
from .helpers import helped_by
from .obligations import Obligation
from .records import CountedOnce, voided_by_only_with_its_moment, voided_once


@dataclass(frozen=True)
class LightRule:
    """The rule of lights for one day: due soon up to `soon_until` (ten working days ahead unless
    the installation says otherwise). Built once a page, so that rows need no calendar."""

    on: date
    soon_until: date

    @classmethod
    def for_day(
        cls, on: date, days: int | None = None, calendar: Calendar | None = None
    ) -> "LightRule":
        ahead = settings.DUE_SOON_WORKDAYS if days is None else days
        known = calendar or Calendar.around(on, margin=60)
        return cls(on, known.forward(on, ahead))

    def light_of(self, row: Any) -> Light:
        """The light of an assignment, or of anything that has its status and dates."""
        if row.status == Status.DONE and row.done_on is not None and row.done_on <= self.on:
            return Light.DONE
        if row.status in {Status.WITHDRAWN, Status.NOT_APPLICABLE}:
            return Light.NOT_APPLICABLE
        if row.due_on is None or row.latest_on is None or row.last_workday_on is None:
            return Light.UNDATED
        # What was handed in waits for the bureau: the body has done what it could.
        is_far = row.due_on >= self.on and row.last_workday_on > self.soon_until
        if row.status == Status.SUBMITTED or is_far:
            return Light.NORMAL
        if row.latest_on < self.on:
            return Light.OVERDUE
        return Light.UNCONFIRMED if row.due_on < self.on else Light.DUE_SOON


class AssignmentQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "AssignmentQuerySet":
        """Those that the user's unit owes, or that of the programmes seen as a whole: what every
        number counts. A task with which the unit only helps counts nowhere."""
        return self.filter(of_enrolments(user, "enrolment__"))

    def readable_by(self, user: Any) -> "AssignmentQuerySet":
        """`visible_to` and the tasks with which a unit of the user's helps (协办): for the page of one
        task and the list of helped ones, never for a number."""
        readable = self.none()
        if getattr(user, "is_active", False):
            mine = of_enrolments(user, "enrolment__")
            readable = self.filter(mine | Q(pk__in=helped_by(user)) if mine else mine)
        readable._scoped = True
        return readable

    def helped_by(self, user: Any) -> "AssignmentQuerySet":
        """The tasks with which a unit of the user's helps and does not lead."""
        return self.readable_by(user).filter(pk__in=helped_by(user))

    def open(self) -> "AssignmentQuerySet":
        return self.filter(status__in=OPEN)

    def counted(self) -> "AssignmentQuerySet":
        """Those that rates and quotas count: all but withdrawn and not applicable."""
        return self.filter(status__in=COUNTED)

    def undone(self, on: date) -> "AssignmentQuerySet":
        """Open now, or done only after that day: what was still owed on it."""
        return self.filter(Q(status__in=OPEN) | Q(status=Status.DONE, done_on__gt=on))

    def owed(self, on: date) -> "AssignmentQuerySet":
        """Undone, and not handed in: what still lies with the body."""
        return self.undone(on).exclude(status=Status.SUBMITTED)

    def overdue(self, on: date) -> "AssignmentQuerySet":
        """Still owed although the last day that the words allow is over (24:00 in Shanghai)."""
        return self.owed(on).filter(latest_on__lt=on)

    def doubtful(self, on: date) -> "AssignmentQuerySet":
        """Between the two readings of the words: neither late nor safe."""
        return self.owed(on).filter(due_on__lt=on, latest_on__gte=on)

    def due_soon(self, rule: LightRule) -> "AssignmentQuerySet":
        return self.owed(rule.on).filter(due_on__gte=rule.on, last_workday_on__lte=rule.soon_until)

    def undated(self, on: date) -> "AssignmentQuerySet":
        return self.undone(on).filter(due_on=None)

    def normal(self, rule: LightRule) -> "AssignmentQuerySet":
        far = Q(due_on__gte=rule.on, last_workday_on__gt=rule.soon_until)
        handed_in = Q(status=Status.SUBMITTED, due_on__isnull=False)
        return self.undone(rule.on).filter(far | handed_in)

    def with_light(self, light: str, rule: LightRule) -> "AssignmentQuerySet":
        """Rows that show `light` on the rule's day: the same cases as `Assignment.light()`."""
        cases = {
            Light.OVERDUE: self.overdue(rule.on),
            Light.UNCONFIRMED: self.doubtful(rule.on),
            Light.DUE_SOON: self.due_soon(rule),
            Light.NORMAL: self.normal(rule),
            Light.UNDATED: self.undated(rule.on),
            Light.DONE: self.filter(status=Status.DONE, done_on__lte=rule.on),
            Light.NOT_APPLICABLE: self.filter(status__in=[Status.WITHDRAWN, Status.NOT_APPLICABLE]),
        }
        return cases[Light(light)]

    def with_done(self, on: date | None = None) -> "AssignmentQuerySet":
        """Adds `done_count`: live fulfilments, up to and including that day when one is given."""
        live = Fulfilment.objects.filter(assignment=models.OuterRef("pk"), voided_at=None)
        if on is not None:
            live = live.filter(happened_on__lte=on)
        count = live.order_by().values("assignment").annotate(n=models.Count("*")).values("n")
        zero = Coalesce(models.Subquery(count), models.Value(0), output_field=models.IntegerField())
        return self.annotate(done_count=zero)

    def for_lists(self) -> "AssignmentQuerySet":
        """With what a row of a list shows. What many rows share (demand, duty, programme) is read
        once for all of them, not once a row."""
        return (
            self.select_related("enrolment__unit")
            .defer("enrolment__loaded", "enrolment__unit__loaded")
            .prefetch_related("obligation__area", "enrolment__programme", "enrolment__unit__names")
        )

    def with_unit_name(self) -> "AssignmentQuerySet":
        """Adds `named_unit` for `unit_label`, where a list needs no more of the unit."""
        return self.annotate(named_unit=named_on(clock.today(), "enrolment__unit_id"))

    def most_urgent_first(self) -> "AssignmentQuerySet":
        return self.order_by(F("due_on").asc(nulls_last=True), "obligation__position", "number")


class Assignment(Versioned):
    """One obligation, one body's part, one occurrence. Its dates are its own: an extension or a
    decided reading moves them here and raises `deadline_version`, which makes new reminders."""

    number = models.CharField(_("任务编号"), max_length=20, unique=True)
    obligation = models.ForeignKey(
        Obligation, models.PROTECT, related_name="assignments", verbose_name=_("规定任务")
    )
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="assignments", verbose_name=_("参与")
    )
    occurrence = models.CharField(_("期次"), max_length=20, blank=True)
    quantity = models.PositiveSmallIntegerField(_("应完成数"), default=1)
    due_on = models.DateField(_("截止日期"), null=True, blank=True)
    latest_on = models.DateField(_("最晚日期"), null=True, blank=True)
    original_due_on = models.DateField(_("原定截止日期"), null=True, blank=True)
    last_workday_on = models.DateField(_("截止前最后一个工作日"), null=True, blank=True)
    latest_workday_on = models.DateField(_("最晚日期前最后一个工作日"), null=True, blank=True)
    due_rule = models.JSONField(_("时限规则"), null=True, blank=True, validators=[deadlines.check])
    deadline_version = models.PositiveIntegerField(_("时限版本"), default=1)
    status = models.CharField(
        _("办理状态"), max_length=20, choices=Status.choices, default=Status.ASSIGNED
    )
    status_note = models.CharField(_("状态说明"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("交办时间"))
    accepted_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("签收人"),
    )
    closed_at = models.DateTimeField(_("完成或撤销时间"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("完成或撤销的经手人"),
    )
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    updated_at = models.DateTimeField(_("更新时间"))

    objects = models.Manager.from_queryset(AssignmentQuerySet)()
    rows = ScopedManager.from_queryset(AssignmentQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("任务")
        ordering = ["number"]
        default_manager_name = "rows"
        indexes = [
            models.Index(fields=["enrolment", "obligation"], name="assignment_by_enrolment"),
            models.Index(
                fields=["last_workday_on"],
                condition=Q(status__in=["assigned", "accepted", "submitted", "returned"]),
                name="assignment_open_by_workday",
            ),
            models.Index(
                fields=["latest_workday_on"],
                condition=Q(status__in=["assigned", "accepted", "submitted", "returned"]),
                name="assignment_open_by_latest",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "enrolment", "occurrence"], name="assignment_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    due_on=None, latest_on=None, last_workday_on=None, latest_workday_on=None
                )
                | Q(
                    # A CHECK lets NULL pass, and a date without its working day is never reminded.
                    due_on__isnull=False,
                    latest_on__isnull=False,
                    last_workday_on__isnull=False,
                    latest_workday_on__isnull=False,
                    latest_on__gte=F("due_on"),
                    last_workday_on__lte=F("due_on"),
                    latest_workday_on__lte=F("latest_on"),
                ),
                name="assignment_dates_go_together",
                violation_error_message=_("最晚日期不能早于截止日期。"),
            ),
            models.CheckConstraint(
                condition=Q(status="assigned", accepted_at=None)
                | Q(status="accepted", accepted_at__isnull=False)
                | ~Q(status__in=["assigned", "accepted"]),
                name="assignment_accepted_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["done", "withdrawn", "not_applicable"], closed_at__isnull=False
                )
                | Q(
                    ~Q(status__in=["done", "withdrawn", "not_applicable"]),
                    closed_at=None,
                    closed_by=None,
                ),
                name="assignment_closed_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(status="done", done_on__isnull=False)
                | Q(~Q(status="done"), done_on=None),
                name="assignment_done_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1), name="assignment_asks_for_something"
            ),
        ]
        triggers = moves_by_table("assignment", "status", MOVES)

    def __str__(self) -> str:
        return f"{self.number} {self.obligation.short_title}"

    @property
    def unit(self) -> Unit:
        return self.enrolment.unit

    @property
    def unit_label(self) -> str:
        """The unit's name in the reader's language, without a query after `with_unit_name()`."""
        return self.__dict__.get("named_unit") or self.unit.display_name

    @property
    def programme(self) -> Programme:
        return self.enrolment.programme

    @property
    def is_doubtful(self) -> bool:
        return self.due_on is not None and self.latest_on != self.due_on

    @property
    def was_extended(self) -> bool:
        return self.original_due_on is not None and self.original_due_on != self.due_on

    def is_open(self) -> bool:
        return self.status in OPEN

    def is_overdue(self, on: date) -> bool:
        return self.status in OWED and self.latest_on is not None and self.latest_on < on

    def light(self, rule: LightRule) -> Light:
        """The light on the rule's day; `reason()` says why."""
        return rule.light_of(self)

    def was_late(self) -> bool:
        """Done after the last day that the words allow; a doubtful reading is never late."""
        return (
            self.done_on is not None
            and self.latest_on is not None
            and self.done_on > self.latest_on
        )

    def days_over(self, on: date) -> int:
        """Calendar days since the last allowed day; 0 while it is not over."""
        if self.latest_on is None:
            return 0
        return max((on - self.latest_on) // timedelta(days=1), 0)


class Fulfilment(CountedOnce):
    """One thing done that counts towards an assignment: a training held, a report accepted. Written
    through `duties.services.fulfil` by the apps above, under a key that makes it count once."""

    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="fulfilments", verbose_name=_("任务")
    )
    note = models.CharField(_("说明"), max_length=500, blank=True)
    void_reason = models.CharField(_("作废原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("完成记录")
        ordering = ["happened_on", "id"]
        indexes = [
            models.Index(
                fields=["assignment", "happened_on"],
                condition=Q(voided_at=None),
                name="fulfilment_live_by_day",
            )
        ]
        constraints = [voided_by_only_with_its_moment("fulfilment")]
        triggers = voided_once("fulfilment", "void_reason")

    def __str__(self) -> str:
        return f"{self.assignment} {self.happened_on}"
