"""Reads around an order: for whom it may be drafted, how much notice it gives, who has seen it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, QuerySet

from accounts.roles import ROLE_PERMISSIONS, Permission
from core import clock
from core.workdays import Calendar
from pilots.choices import Part, Phase, UnitKind
from pilots.models import Enrolment, Programme, Unit
from pilots.models.units import named_on
from reminders.models import Notice

from ..choices import Status
from ..models import Assignment, AssignmentQuerySet, Helper, Order, OrderHelper, OrderLead
from ..models.orders import BUREAU_PEOPLE

FEW_DAYS = 5  # working days of notice below which the page warns
ISSUES = (Part.BUREAU, Part.LEADING_GROUP_OFFICE)
KINDS = (
    (UnitKind.CITY_GOVERNMENT, "government"),
    (UnitKind.DISTRICT_GOVERNMENT, "district"),
)


def issuer_for(user: Any, programme: Programme) -> Unit | None:
    """The body for which the user drafts orders in that programme; None where there is none."""
    roles = [role for role, held in ROLE_PERMISSIONS.items() if Permission.ISSUE_DOCUMENTS in held]
    today = clock.today()
    desks = Enrolment.rows.standing(today).filter(programme=programme, part__in=ISSUES)
    mine = user.memberships.live(today).filter(role__in=roles, unit_id__in=desks.values("unit_id"))
    found = mine.select_related("unit").order_by("id").first()
    return found.unit if found else None


def may_draft(user: Any, order: Order) -> bool:
    """Whether the user drafts for the bureau whose order it is."""
    issuer = issuer_for(user, order.programme)
    return issuer is not None and issuer.pk == order.issuer_id


def is_insider(user: Any, order: Order) -> bool:
    """Whether the user is of the issuing bureau: sees drafts, rounds of signing and receipts."""
    live = user.memberships.live(clock.today())
    return live.filter(role__in=BUREAU_PEOPLE, unit_id=order.issuer_id).exists()


def may_be_issued(programme: Programme) -> bool:
    return programme.phase == Phase.RUNNING


def targets(programme: Programme, on: date) -> QuerySet:
    """The pilots that an order may name, with `label`, in the document's order: known bodies only."""
    rows = Enrolment.rows.standing(on).pilots().filter(programme=programme, unit__is_slot=False)
    return rows.select_related("unit").annotate(label=named_on(on, "unit_id")).in_document_order()


def group_of(enrolment: Enrolment) -> str:
    """ "government", "department" or "district": how the picker groups the units."""
    kind = enrolment.kind or enrolment.unit.kind
    return next((name for known, name in KINDS if kind == known), "department")


def possible_helpers(programme: Programme, on: date) -> QuerySet:
    """The bodies that may help: all that take part, but for those above the programme."""
    rows = Enrolment.rows.standing(on).filter(programme=programme, unit__is_slot=False)
    bodies = rows.exclude(part=Part.SUPERIOR).order_by().values("unit_id")
    return Unit.rows.filter(pk__in=bodies).annotate(label=named_on(on, "pk")).order_by("label")


def units_of(programme: Programme, on: date) -> dict[int, Unit]:
    """The same by their id."""
    return {unit.pk: unit for unit in possible_helpers(programme, on)}


@dataclass(frozen=True)
class NoticeDays:
    """How much notice a due date gives, counted from `on`."""

    on: date
    due_on: date
    last_workday_on: date
    days: int  # working days after `on`, up to and including the last one

    @property
    def is_short(self) -> bool:
        return self.days < FEW_DAYS

    @property
    def is_on_holiday(self) -> bool:
        return self.last_workday_on != self.due_on


def notice_days(due_on: date, on: date) -> NoticeDays:
    calendar = Calendar.around(due_on, on, margin=60)
    last = calendar.on_or_before(due_on)
    return NoticeDays(on, due_on, last, calendar.between(on, last))


def leads_of(order: Order) -> list[OrderLead]:
    """The units that the order names, each with `helpers`, in the document's order."""
    helpers = OrderHelper.objects.select_related("unit").prefetch_related("unit__names")
    rows = order.leads.select_related("enrolment__unit").prefetch_related(
        Prefetch("helpers", helpers), "enrolment__unit__names"
    )
    return list(rows)


@dataclass(frozen=True)
class Receipt:
    """What became of an order at one unit: `state` "accepted", "opened", "unopened" or "off"."""

    row: Assignment
    opened_at: Any
    opened_by: Any
    told: int  # people who were sent the notice
    state: str
    helpers: list[Helper]


STATES = ("accepted", "opened", "unopened", "off")


def tasks_of(order: Order) -> AssignmentQuerySet:
    """The assignments that the order made; none before it was issued."""
    return Assignment.rows.filter(obligation=order.obligation_id or 0)


def receipts(order: Order, user: Any = None) -> list[Receipt]:
    """签收回执, a row a unit, in the document's order; with `user` those that he or she may read."""
    helpers = Helper.objects.live().select_related("unit").prefetch_related("unit__names")
    tasks = tasks_of(order)
    if user is not None:
        tasks = tasks.filter(pk__in=Assignment.objects.readable_by(user).order_by().values("pk"))
    rows = (
        tasks.for_lists()
        .with_done()
        .select_related("accepted_by")
        .prefetch_related("openings__opened_by", Prefetch("helpers", helpers))
        .order_by("enrolment__position", "number")
    )
    told = _told(order)
    return [_receipt(row, told.get(row.enrolment.unit_id, 0)) for row in rows]


def _told(order: Order) -> dict[int, int]:
    sent = Notice.rows.filter(type="duties.order", subject=f"order:{order.number}")
    return dict(sent.order_by().values_list("unit_id").annotate(Count("recipient", distinct=True)))


def _receipt(row: Assignment, told: int) -> Receipt:
    # Whoever helps opens it too: what counts here is the unit that leads.
    first = next((o for o in row.openings.all() if o.unit_id == row.enrolment.unit_id), None)
    opened_at, opened_by = (first.opened_at, first.opened_by) if first else (None, None)
    return Receipt(
        row, opened_at, opened_by, told, state_of(row, opened=bool(first)), list(row.helpers.all())
    )


def state_of(row: Assignment, *, opened: bool) -> str:
    if row.status in {Status.WITHDRAWN, Status.NOT_APPLICABLE}:
        return "off"
    if row.accepted_at is not None or row.status != Status.ASSIGNED:
        return "accepted"
    return "opened" if opened else "unopened"


def counts_of(found: Iterable[Receipt]) -> dict[str, int]:
    """How many receipts are in each of STATES."""
    counts = dict.fromkeys(STATES, 0)
    for receipt in found:
        counts[receipt.state] += 1
    return counts


def helpers_of(assignment: Assignment) -> list[Helper]:
    """The units that help with a task now."""
    rows = assignment.helpers.live().select_related("unit").prefetch_related("unit__names")
    return list(rows)


def open_to_help(row: Assignment) -> list[tuple[int, str]]:
    """(id, name) of the bodies that may still be asked to help with the task."""
    taken = {row.enrolment.unit_id, *row.helpers.live().values_list("unit_id", flat=True)}
    units = possible_helpers(row.programme, clock.today())
    return [(unit.pk, unit.label) for unit in units if unit.pk not in taken]


def name_of(code: str) -> str:
    """What a unit is called today."""
    return Unit.rows.get(code=code).display_name
