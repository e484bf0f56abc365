"""The desks at which filings wait: who decides there, what waits for whom, what waits too long."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from accounts.roles import PROGRAMME_WIDE_PARTS, ROLE_PERMISSIONS, Permission
from core import clock
from core.errors import PermissionRefused
from core.words import listed
from pilots.choices import Part
from pilots.models import Enrolment, Membership, Programme, Unit

from ..choices import FilingKind, FilingStatus
from ..models import Filing, Person, PostRule
from ..models.filings import FilingQuerySet

DECIDING = tuple(
    role for role, held in ROLE_PERMISSIONS.items() if Permission.DECIDE_FILINGS in held
)
OPEN = (FilingStatus.SUBMITTED, FilingStatus.RETURNED)
MOST_NAMED = 5


def deciders(filing: Filing) -> "QuerySet[Membership]":
    """By whom a filing (also one not yet saved) may be decided: officers at its desk, and where
    nobody there could, the officers of the programme's bureau. Plans are the bureau's."""
    today = clock.today()
    at_desk = _officers(today, filing.programme_id).filter(unit=filing.desk_id)
    if filing.kind != FilingKind.PLAN and at_desk.exists():
        return at_desk
    return _officers(today, filing.programme_id, Part.BUREAU)


def may_decide(user: Any, filing: Filing) -> bool:
    """Whether the user decides this filing: accepts, returns or reopens it, enters its letter."""
    return deciders(filing).filter(user=user).exists()


def require_decider(user: Any, filing: Filing) -> None:
    """Raise PermissionRefused, naming who can, unless `may_decide()`."""
    if not may_decide(user, filing):
        raise PermissionRefused(
            _("这件备案由%(who)s办理，当前账号不能办理。") % {"who": deciders_named(filing)}
        )


def deciders_named(filing: Filing) -> str:
    """「领导小组办公室（张三、李四）」; the desk alone where nobody can log in."""
    people: dict[str, list[str]] = defaultdict(list)
    rows = deciders(filing).select_related("unit", "user").prefetch_related("unit__names")
    for row in rows.order_by("unit_id", "user__display_name", "id"):
        people[row.unit.display_name].append(str(row.user))
    if not people:
        return filing.desk.display_name
    words = {unit: listed(dict.fromkeys(names[:MOST_NAMED])) for unit, names in people.items()}
    return listed(
        _("%(unit)s（%(people)s）") % {"unit": unit, "people": names}
        for unit, names in words.items()
    )


def decidable(user: Any, on: date) -> Q:
    """`may_decide()` as a condition on filings, for lists and counts."""
    programme = OuterRef(OuterRef("programme_id"))
    at_desk = _officers(on, programme).filter(unit=OuterRef("desk_id"))
    bureau = _officers(on, programme, Part.BUREAU)
    is_plan = Q(kind=FilingKind.PLAN)
    return (~is_plan & Q(Exists(at_desk.filter(user=user)))) | (
        (is_plan | ~Exists(at_desk)) & Q(Exists(bureau.filter(user=user)))
    )


def waiting_for(user: Any, on: date) -> FilingQuerySet:
    """What the user's desk has to decide, the longest waiting first: the tile and its list."""
    rows = Filing.objects.visible_to(user).waiting().filter(decidable(user, on))
    return rows.order_by("reported_on", "number")


def served_desks(user: Any, programme: Programme) -> list[Unit]:
    """The bodies in whose name the user decides in the programme: the own ones, and desks at which
    nobody could."""
    own = _officers(clock.today(), programme.pk).filter(user=user).values("unit")
    asked = PostRule.rows.in_force().filter(programme=programme).values("filed_at")
    rows = Unit.rows.filter(Q(pk__in=own) | Q(pk__in=asked)).prefetch_related("names")
    mine = set(own.values_list("unit", flat=True))
    return [
        unit
        for unit in rows.order_by("code")
        if unit.pk in mine
        or may_decide(user, Filing(programme=programme, desk=unit, kind=FilingKind.APPOINTMENT))
    ]


def searched(rows: FilingQuerySet, text: str) -> FilingQuerySet:
    """By any of the numbers, the title, the unit (also as pinyin initials) or the person."""
    # Sets of ids, not conditions on each row: so the indexes of names are asked once.
    return rows.filter(
        Q(number__icontains=text)
        | Q(receipt_number__icontains=text)
        | Q(document_number__icontains=text)
        | Q(title__icontains=text)
        | Q(unit__in=Unit.rows.searched(text).order_by().values("pk"))
        | Q(appointment__person__in=Person.rows.searched(text).order_by().values("pk"))
    )


def _officers(on: date, programme: Any, *parts: str) -> "QuerySet[Membership]":
    """Live memberships that decide, at bodies whose part in the programme (or one of `parts`) gives
    its officers the view of it."""
    standing = Enrolment.rows.standing(on).filter(unit=OuterRef("unit_id"), programme=programme)
    found = Q(pk__in=[])
    for role in DECIDING:
        taken = standing.filter(part__in=parts or PROGRAMME_WIDE_PARTS[role])
        found |= Q(Exists(taken), role=role)
    return Membership.rows.live(on).filter(found)


# --- what waits too long -------------------------------------------------------------------------


def with_last_day(rows: FilingQuerySet) -> FilingQuerySet:
    """Adds `last_day`: the day by which it should be on record, by the document or else by the
    bureau's own expectation; NULL where neither says."""
    days = ExpressionWrapper(F("_begun_on") + F("_days"), output_field=DateField())
    task = Coalesce("assignment__latest_on", "assignment__due_on")
    begun = Case(
        When(
            kind=FilingKind.REMOVAL,
            then=Coalesce("appointment__ending_signed_on", "appointment__ends_on"),
        ),
        default=Coalesce("appointment__signed_on", "appointment__since"),
    )
    kind = _enrolled_kind()
    return (
        rows.annotate(_kind=kind, _begun_on=begun)
        .annotate(_days=_days_allowed())
        .annotate(last_day=Case(When(kind=FilingKind.PLAN, then=task), default=days))
    )


def overdue(rows: FilingQuerySet, on: date) -> FilingQuerySet:
    """Not on record though their last day is over."""
    return with_last_day(rows).filter(status__in=OPEN, last_day__lt=on)


def _enrolled_kind() -> Any:
    """What the unit is in the programme; a part without a kind of its own is that of the body."""
    own = Enrolment.rows.filter(
        unit=OuterRef("unit_id"), programme=OuterRef("programme_id"), part=Part.PILOT
    )
    return Coalesce(NullIf(Subquery(own.values("kind")[:1]), Value("")), "unit__kind")


def _days_allowed() -> Subquery:
    rules = PostRule.rows.in_force().filter(
        Q(kinds=[]) | Q(kinds__contains=[OuterRef("_kind")]),
        Q(units=None) | Q(units=OuterRef("unit_id")),
        programme=OuterRef("programme_id"),
        post=OuterRef("appointment__post_id"),
        filed_at=OuterRef("desk_id"),
    )
    return Subquery(rules.values_list(Coalesce("filing_days", "own_filing_days"))[:1])
