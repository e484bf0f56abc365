"""Which units have which teams, and who is in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from pilots.choices import Part
from pilots.models import Enrolment, Programme, Unit
from pilots.models.units import named_on

from ..choices import OFFICES, TeamKind
from ..models import Person, Team, TeamMember
from ..models.teams import TeamMemberQuerySet, TeamQuerySet

Rows = TypeVar("Rows", TeamQuerySet, TeamMemberQuerySet)
# An office or a task force: the document leaves the choice, so they are counted together.
GROUPS: tuple[tuple[str, ...], ...] = (
    tuple(kind for kind in TeamKind if kind in OFFICES),
    *((kind,) for kind in TeamKind if kind not in OFFICES),
)


@dataclass(frozen=True)
class Coverage:
    """How many pilots that the reader sees have a team of one of `kinds`, of those that the document
    asks for one (of all of them where it asks nobody); `missing` are those without."""

    kinds: tuple[str, ...]
    have: int
    total: int
    missing: list[Enrolment]
    is_asked: bool


def coverage(programme: Programme, *, user: Any, on: date) -> list[Coverage]:
    """One entry a group of kinds that the programme's document asks for or that some pilot has, in
    the order of `TeamKind`. Three queries, however many pilots there are."""
    pilots = list(
        Enrolment.objects.visible_to(user)
        .filter(programme=programme)
        .pilots()
        .standing(on)
        .in_document_order()
        .select_related("unit")
        .prefetch_related("unit__names")
    )
    teams = Team.objects.visible_to(user).standing(on)
    teams = teams.filter(unit__in=[row.unit_id for row in pilots]).order_by()
    present = set(teams.values_list("unit_id", "kind"))
    asked = _asked(programme)
    found = [_coverage(kinds, pilots, present, asked.get(kinds)) for kinds in GROUPS]
    return [row for row in found if row.is_asked or row.have]


def _coverage(
    kinds: tuple[str, ...],
    pilots: list[Enrolment],
    present: set[tuple[int, str]],
    asked: list[str] | None,
) -> Coverage:
    bound = [row for row in pilots if not asked or (row.kind or row.unit.kind) in asked]
    missing = [row for row in bound if not any((row.unit_id, kind) in present for kind in kinds)]
    have = len(bound) - len(missing)
    return Coverage(kinds, have, len(bound), missing, is_asked=asked is not None)


def _asked(programme: Programme) -> dict[tuple[str, ...], list[str]]:
    """Groups that the document names among its teams, with the kinds of units they are asked of."""
    found: dict[tuple[str, ...], list[str]] = {}
    for entry in programme.provisions.get("teams", []):
        words = f"{entry.get('text', '')}{entry.get('name', '')}"
        for kinds in GROUPS:
            # A support team that is an office or a task force is counted as that.
            if any(str(TeamKind(kind).label) in words for kind in kinds):
                found.setdefault(kinds, list(entry.get("kinds", [])))
                break
    return found


def at_units_of(rows: Rows, programme: str, on: date, *, part: str = "", path: str = "") -> Rows:
    """Rows of units that take that part (as pilot, unless told) in the programme on the day; `path`
    leads from the row to its team (`team__`)."""
    standing = Enrolment.rows.standing(on).filter(
        unit=OuterRef(f"{path}unit_id"), programme__code=programme, part=part or Part.PILOT
    )
    return rows.filter(Exists(standing))


def searched(rows: TeamQuerySet, text: str) -> TeamQuerySet:
    """Teams by number, name, document number, unit, or the name of somebody in them."""
    people = Person.rows.searched(text)
    members = TeamMember.rows.filter(team=OuterRef("pk"), person__in=people, voided_at=None)
    return rows.filter(
        Q(number__icontains=text)
        | Q(name__icontains=text)
        | Q(document_number__icontains=text)
        | Q(leader__in=people)
        | Exists(Unit.rows.searched(text).filter(pk=OuterRef("unit_id")))
        | Exists(members)
    )


def searched_members(rows: TeamMemberQuerySet, text: str) -> TeamMemberQuerySet:
    """Members by name, expertise, employer, team or unit."""
    return rows.filter(
        Q(person__in=Person.rows.searched(text))
        | Q(expertise__icontains=text)
        | Q(employer__icontains=text)
        | Q(team__name__icontains=text)
        | Exists(Unit.rows.searched(text).filter(pk=OuterRef("team__unit_id")))
    )


def with_counts(rows: TeamQuerySet, on: date) -> TeamQuerySet:
    """Adds `member_count`, those listed by name on the day, and `named_unit`, the unit's name then."""
    members = TeamMember.rows.standing(on).filter(team=OuterRef("pk")).order_by()
    counted = members.values("team").annotate(found=Count("pk")).values("found")
    return rows.select_related("leader").annotate(
        member_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
        named_unit=named_on(on, "unit_id"),
    )


def people_of_unit(people: Iterable[Any], unit: Unit) -> Any:
    """Of `people` (a scoped queryset of Person) those of the unit, or who hold or held a post there:
    whom a team of the unit may take."""
    return people.filter(Q(unit=unit) | Q(appointments__unit=unit)).distinct()  # type: ignore[attr-defined]
