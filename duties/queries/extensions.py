"""Reads across requests for a later day: whose turn, what is known, on time by which day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, DateField, Exists, F, OuterRef, Q, Subquery, When
from django.utils.translation import gettext as _

from accounts.roles import Permission
from approvals.choices import BUREAU_PURPOSES
from approvals.models import Approval, ChainStep
from approvals.queries import last_round, waiting_for
from core import clock
from pilots import access
from pilots.choices import Part
from pilots.models import Enrolment, Programme, Unit
from pilots.models.scope import own_units, wide_programmes

from ..choices import ExtensionState, Status
from ..models import Assignment, AssignmentQuerySet, Extension, ItemProgress

KNOWN = 300  # characters of 已做工作 that are filled in
SIGNING = {ExtensionState.TO_SIGN: False, ExtensionState.TO_APPROVE: True}


def bureau_of(programme: Programme) -> Unit:
    """The bureau that answers and reminds; raises Enrolment.DoesNotExist in a programme without."""
    rows = _bureaus(programme).select_related("unit")
    return rows.order_by("position", "pk")[:1].get().unit


def bureau_signs(programme: Programme) -> bool:
    """Whether the bureau has chosen a chain of its own: only then an answer waits for signatures."""
    return ChainStep.rows.filter(unit__in=_bureaus(programme).values("unit")).exists()


def _bureaus(programme: Programme) -> Any:
    return Enrolment.rows.standing(clock.today()).filter(programme=programme, part=Part.BUREAU)


def round_of(row: Extension) -> Approval | None:
    """The round of signing that belongs to the request's state, as it is now."""
    is_bureau = SIGNING.get(ExtensionState(row.state))
    found = last_round(row.number)
    if is_bureau is None or found is None:
        return None
    return found if (found.purpose in BUREAU_PURPOSES) == is_bureau else None


def filed_by(row: Extension, user: Any) -> bool:
    """Whether the user asked for it in the unit's name, put it up again, or signed it for the unit:
    where one body is pilot and bureau too, somebody else answers (house.md §6.7)."""
    if row.asked_by_id == user.pk:
        return True
    rounds = Approval.rows.of(row.number).exclude(purpose__in=BUREAU_PURPOSES)
    return rounds.filter(Q(opened_by=user) | Q(steps__decided_by=user)).exists()


def later_than(row: Extension) -> Extension | None:
    """A request for the same task that came after this one."""
    rows = Extension.rows.filter(assignment_id=row.assignment_id, place__gt=row.place)
    return rows.order_by("place").first()


def open_extension(assignment: Assignment, *, user: Any) -> Extension | None:
    """The request that is open for the task, as far as the reader sees it."""
    return Extension.objects.visible_to(user).open().filter(assignment=assignment).first()


def extensions_of(assignment: Assignment, *, user: Any) -> list[Extension]:
    """Every request for the task, the newest first."""
    rows = Extension.objects.visible_to(user).filter(assignment=assignment)
    return list(rows.select_related("asked_by", "decided_by").order_by("-place"))


def with_extension_state(rows: AssignmentQuerySet, user: Any) -> AssignmentQuerySet:
    """Adds `is_extending`: a request is open that the reader sees (「延期审批中」)."""
    mine = Extension.objects.visible_to(user).open().filter(assignment=OuterRef("pk"))
    return rows.annotate(is_extending=Exists(mine))


def may_ask(assignment: Assignment, user: Any) -> bool:
    """Whether the user may ask for a later day here and now."""
    dated = assignment.is_open() and assignment.due_on is not None
    return dated and access.may(user, Permission.WRITE_REPORTS, unit=assignment.unit)


def may_enter(assignment: Assignment, user: Any) -> bool:
    """Whether the user may enter a request for a later day that came to the bureau as a letter."""
    return (
        assignment.is_open()
        and assignment.due_on is not None
        and access.may(
            user, Permission.REVIEW_REPORTS, unit=assignment.unit, programme=assignment.programme
        )
    )


def may_answer(row: Extension, user: Any) -> bool:
    """Whether the user decides requests of that unit for the bureau."""
    return access.may(user, Permission.REVIEW_REPORTS, unit=row.unit, programme=row.programme)


def known_progress(assignment: Assignment) -> str:
    """已做工作 as far as the portal knows it: what was counted, else the latest progress of its duty."""
    marks = assignment.fulfilments.filter(voided_at=None).order_by("happened_on", "pk")
    said = [
        _("%(day)s完成第%(place)s次%(note)s")
        % {"day": mark.happened_on, "place": place, "note": f"：{mark.note}" if mark.note else ""}
        for place, mark in enumerate(marks, start=1)
    ]
    if not said and assignment.obligation.area_id:
        rows = ItemProgress.rows.live().filter(
            enrolment_id=assignment.enrolment_id, item__area_id=assignment.obligation.area_id
        )
        said = [
            f"{row.happened_on}{row.summary}" for row in rows.order_by("-happened_on", "-pk")[:3]
        ]
    text = "；".join(line.rstrip("。；") for line in said)
    return f"{text[: KNOWN - 1]}。" if text else ""


@dataclass(frozen=True)
class Punctuality:
    """How many of the tasks that are due by the day were done in time, by the day first set and by
    the one granted later. `due` counts those whose granted day is over and those done before it;
    `due_first` the same by the first day."""

    due: int
    on_time: int
    due_first: int
    on_time_first: int
    extended: int


def punctuality(rows: AssignmentQuerySet, on: date) -> Punctuality:
    """On-time counts of dated assignments (already narrowed to what the reader sees) on a day, against
    both deadlines. A date in doubt is late only after its last reading (house.md §6.3); what was
    handed in and waits for the bureau is judged when it is done."""
    dated = with_first_deadline(rows.counted().exclude(latest_on=None))
    done = Q(status=Status.DONE, done_on__lte=on)
    owed = ~done & ~Q(status=Status.SUBMITTED)
    by_first = done & Q(done_on__lte=F("first_latest_on"))
    by_granted = done & Q(done_on__lte=F("latest_on"))
    counts = dated.aggregate(
        due=Count("pk", filter=owed & Q(latest_on__lt=on) | done),
        on_time=Count("pk", filter=by_granted),
        due_first=Count("pk", filter=owed & Q(first_latest_on__lt=on) | done),
        on_time_first=Count("pk", filter=by_first),
        extended=Count("pk", filter=Q(latest_on__gt=F("first_latest_on"))),
    )
    return Punctuality(**counts)


def with_first_deadline(rows: AssignmentQuerySet) -> AssignmentQuerySet:
    """Adds `first_latest_on`: the last day that was allowed before a later one was granted."""
    return rows.annotate(first_latest_on=_first_latest())


def _first_latest() -> Case:
    """The last day that the words allowed before anybody was granted a later one."""
    first = Extension.rows.granted().filter(assignment=OuterRef("pk")).order_by("place")
    before = Subquery(first.values("latest_on")[:1])
    moved = ~Q(original_due_on=F("due_on")) & Q(original_due_on__isnull=False)
    return Case(
        When(Exists(first), then=before),
        When(moved, then=F("original_due_on")),
        default=F("latest_on"),
        output_field=DateField(),
    )


def searched(rows: Any, value: str) -> Any:
    """Requests (or slips) whose number, task or unit matches."""
    unit = Unit.rows.searched(value).filter(pk=OuterRef("assignment__enrolment__unit_id"))
    return rows.filter(
        Q(number__icontains=value)
        | Q(assignment__number__icontains=value)
        | Q(assignment__obligation__title__icontains=value)
        | Q(assignment__obligation__short_title__icontains=value)
        | Exists(unit)
    )


def waiting_for_reader(rows: Any, user: Any) -> Any:
    """Those of `rows` that wait for the user: the signature, the change, or the bureau's answer."""
    signing = waiting_for(user).filter(subject=OuterRef("number"))
    state = Q(state__in=list(SIGNING)) & Exists(signing)
    own = own_units(user)
    mend = Q(state=ExtensionState.RETURNED, assignment__enrolment__unit_id__in=own)
    desk = wide_programmes(user, Permission.REVIEW_REPORTS)
    answer = Q(state=ExtensionState.ASKED, assignment__enrolment__programme_id__in=desk)
    return rows.filter(state | mend | answer)


def asked_of(user: Any) -> list[Extension]:
    """Requests that wait for the user's answer as an officer of the bureau, the longest waiting
    first."""
    if not access.may(user, Permission.REVIEW_REPORTS):
        return []
    desk = wide_programmes(user, Permission.REVIEW_REPORTS)
    rows = Extension.objects.visible_to(user).filter(
        state=ExtensionState.ASKED, assignment__enrolment__programme_id__in=desk
    )
    return list(rows.for_lists().order_by("asked_on", "pk"))
