"""Reads across programmes, bodies and memberships."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import CharField, Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.roles import UNIT_ROLES

from .choices import Part, UnitKind
from .models import Cohort, Enrolment, Membership, Programme, Succession, Unit, UnitName
from .models.bases import holding
from .models.enrolments import EnrolmentQuerySet
from .models.units import NAMED, NameOn, named_on

# --- programmes ----------------------------------------------------------------------------------


def programmes_for_list(user: Any, on: date) -> QuerySet:
    """Visible programmes with `named`, `slots` (visible pilots on the day) and `expected` (the sum
    that their cohorts should have, None where no source gives a number)."""
    pilots = (
        Q(enrolments__in=Enrolment.objects.visible_to(user))
        & Q(enrolments__part=Part.PILOT)
        & holding(on, "enrolments__")
        & (Q(enrolments__withdrawn_on=None) | Q(enrolments__withdrawn_on__gt=on))
    )
    counted = Cohort.objects.filter(
        programme=OuterRef("pk"),
        pk__in=Enrolment.rows.filter(part=Part.PILOT, cohort__isnull=False).values("cohort_id"),
    )
    expected = counted.order_by().values("programme").annotate(n=Sum("total")).values("n")
    return (
        Programme.objects.visible_to(user)
        .filter(withdrawn_on=None)
        .annotate(
            named=Count("enrolments", filter=pilots & Q(enrolments__unit__is_slot=False)),
            slots=Count("enrolments", filter=pilots & Q(enrolments__unit__is_slot=True)),
            expected=Subquery(expected),
        )
    )


# --- who takes part ------------------------------------------------------------------------------


def with_units(rows: EnrolmentQuerySet, on: date) -> list[Enrolment]:
    """The parts, each with its unit, which bears its name of that day (`Unit.with_name`). One query."""
    columns = {f"named_{field}": NameOn("unit_id", on, field) for field in NAMED}
    found = list(rows.select_related("unit").defer("loaded", "unit__loaded").annotate(**columns))
    for row in found:
        row.unit.__dict__.update({name: row.__dict__.pop(name) for name in columns})
    return found


def taking_part(programme: Programme, *, user: Any, on: date) -> list[Enrolment]:
    """Everybody with a part in the programme on the day, of those that the user sees, in the
    document's order: what the blocks of one page share. One query."""
    rows = Enrolment.objects.visible_to(user).filter(programme=programme).standing(on)
    found = with_units(rows.in_document_order().select_related("cohort"), on)
    for row in found:
        row.programme = programme
    return found


@dataclass
class KindGroup:
    """The bodies of one kind in one cohort; `expected` is what the source says, None when silent."""

    kind: str
    expected: int | None = None
    named: list[Enrolment] = field(default_factory=list)
    slots: list[Enrolment] = field(default_factory=list)

    @property
    def label(self) -> str:
        return str(UnitKind(self.kind).label)

    @property
    def count(self) -> int:
        return len(self.named) + len(self.slots)


@dataclass
class CohortGroup:
    """One cohort (None: those in no cohort) and its bodies by kind, in the document's order."""

    cohort: Cohort | None
    kinds: list[KindGroup] = field(default_factory=list)

    @property
    def named_count(self) -> int:
        return sum(len(group.named) for group in self.kinds)

    @property
    def slots(self) -> list[Enrolment]:
        return [row for group in self.kinds for row in group.slots]

    @property
    def count(self) -> int:
        return self.named_count + len(self.slots)


@dataclass
class PartGroup:
    """Bodies that take another part than pilot: the bureau, the leading group, the superior."""

    part: str
    rows: list[Enrolment] = field(default_factory=list)

    @property
    def label(self) -> str:
        return str(Part(self.part).label)


def enrolments_of(programme: Programme, user: Any, on: date) -> list[Enrolment]:
    """Standing enrolments that the user may see, with units and names, in the document's order."""
    return list(
        Enrolment.objects.visible_to(user)
        .standing(on)
        .filter(programme=programme)
        .select_related("unit", "cohort", "handled_by", "liaison")
        .prefetch_related(
            Prefetch("unit__names", UnitName.objects.filter(holding(on))), "handled_by__names"
        )
        .in_document_order()
    )


def pilots_by_cohort(
    programme: Programme, enrolments: Iterable[Enrolment], cohorts: Iterable[Cohort]
) -> list[CohortGroup]:
    """Pilots grouped by cohort and kind. Every cohort is there, also one of which no body is known:
    its expected counts are what the document says."""
    groups = {row.pk: CohortGroup(row) for row in cohorts}
    loose = CohortGroup(None)
    for cohort_group in groups.values():
        expected = (cohort_group.cohort.expected if cohort_group.cohort else None) or {}
        cohort_group.kinds = [KindGroup(kind, number) for kind, number in expected.items()]
    for row in enrolments:
        if row.part == Part.PILOT:
            place = groups.get(row.cohort_id, loose) if row.cohort_id else loose
            _kind_group(place, row).append(row)
    found = [*groups.values(), *([loose] if loose.kinds else [])]
    for group in found:
        group.kinds.sort(key=lambda kind: list(UnitKind).index(UnitKind(kind.kind)))
    return found


def _kind_group(group: CohortGroup, row: Enrolment) -> list[Enrolment]:
    kind = row.kind or row.unit.kind
    found = next((one for one in group.kinds if one.kind == kind), None)
    if found is None:
        found = KindGroup(kind)
        group.kinds.append(found)
    return found.slots if row.unit.is_slot else found.named


def other_parts(enrolments: Iterable[Enrolment]) -> list[PartGroup]:
    """Those that are no pilots, by part in the order of `Part`."""
    groups: dict[str, PartGroup] = {part: PartGroup(part) for part in Part if part != Part.PILOT}
    for row in enrolments:
        if row.part != Part.PILOT:
            groups[Part(row.part)].rows.append(row)
    return [group for group in groups.values() if group.rows]


# --- the life of one body ------------------------------------------------------------------------


@dataclass(frozen=True)
class Life:
    """What a body was called and what became of it, oldest first."""

    names: list[UnitName]
    came_from: list[Succession]
    went_to: list[Succession]

    @property
    def has_history(self) -> bool:
        return len(self.names) > 1 or bool(self.came_from or self.went_to)

    @property
    def steps(self) -> list[dict[str, Any]]:
        """For components/trail.html, newest first."""
        events = [(row.starts_on, _name_step(row)) for row in self.names]
        events += [(row.on, _from_step(row)) for row in self.came_from]
        events += [(row.on, _to_step(row)) for row in self.went_to]
        ordered = sorted(events, key=lambda event: event[0] or date.min, reverse=True)
        return [step for _day, step in ordered]


def life_of(unit: Unit) -> Life:
    """Names and successions of a body; three queries and those for the names of the others."""
    names = sorted(unit.names.all(), key=lambda row: row.starts_on or date.min)
    both = Succession.objects.prefetch_related("from_unit__names", "to_unit__names")
    return Life(
        names=names,
        came_from=list(both.filter(to_unit=unit).select_related("from_unit")),
        went_to=list(both.filter(from_unit=unit).select_related("to_unit")),
    )


def _name_step(row: UnitName) -> dict[str, Any]:
    until = _("至%(day)s") % {"day": row.ends_on} if row.ends_on else _("现名")
    since = _("%(day)s起") % {"day": row.starts_on} if row.starts_on else _("起用日期未知")
    return {
        "what": f"{row.full_name}（{row.short_name}）",
        "at": _("，").join((since, until)),
        "note": row.basis,
        "state": "" if row.ends_on else "now",
    }


def _from_step(row: Succession) -> dict[str, Any]:
    words = {"unit": row.from_unit.full_name, "kind": row.get_kind_display()}
    return {"what": _("%(kind)s：由%(unit)s承接而来") % words, "at": _at(row), "note": row.note}


def _to_step(row: Succession) -> dict[str, Any]:
    words = {"unit": row.to_unit.full_name, "kind": row.get_kind_display()}
    return {"what": _("%(kind)s：由%(unit)s承接") % words, "at": _at(row), "note": row.note}


def _at(row: Succession) -> str:
    return str(row.on) if row.on else _("日期未知")


# --- units and their accounts --------------------------------------------------------------------


def units_with_members(programme: Programme, on: date) -> QuerySet:
    """Named pilots of the programme with `members` (unit roles not revoked, with their people) and
    the names of the day; for clerks who may manage members there. Annotated with `position`,
    `cdo_count` and `clerk_count` (live ones)."""
    enrolled = Enrolment.rows.standing(on).filter(programme=programme, part=Part.PILOT)
    live = Q(
        memberships__in=Membership.rows.live(on).filter(role__in=UNIT_ROLES),
    )
    own = Q(memberships__delegated_by=None)
    members = Membership.rows.filter(role__in=UNIT_ROLES, revoked_at=None)
    return (
        Unit.rows.filter(pk__in=enrolled.values("unit_id"), is_slot=False)
        .annotate(
            position=Subquery(enrolled.filter(unit=OuterRef("pk")).values("position")[:1]),
            cdo_count=Count("memberships", filter=live & own & Q(memberships__role="unit_cdo")),
            clerk_count=Count("memberships", filter=live & Q(memberships__role="data_officer")),
        )
        .prefetch_related(
            Prefetch("names", UnitName.objects.filter(holding(on))),
            Prefetch(
                "memberships",
                members.select_related("user").order_by(F("role").desc(), "user__username"),
                to_attr="members",
            ),
        )
    )


def manageable_memberships(programme: Programme, keys: Iterable[int]) -> list[Membership]:
    """Unit roles in the programme among these keys, not revoked, with person and unit."""
    enrolled = Enrolment.rows.filter(programme=programme, part=Part.PILOT, withdrawn_on=None)
    return list(
        Membership.rows.filter(
            pk__in=list(keys),
            unit__in=enrolled.values("unit_id"),
            role__in=UNIT_ROLES,
            revoked_at=None,
        )
        .select_related("user", "unit")
        .prefetch_related("unit__names")
        .order_by("unit__code", "role", "user__username")
    )


def bureaus_of(unit: Unit, on: date) -> list[str]:
    """Codes of the bodies that lead the programmes in which the unit takes part on that day."""
    mine = Enrolment.rows.standing(on).filter(unit=unit).values("programme")
    leading = Enrolment.rows.standing(on).filter(programme__in=mine, part=Part.BUREAU)
    return list(leading.order_by("programme_id").values_list("unit__code", flat=True))


def names_of_places(user: Any, on: date) -> QuerySet:
    """Names of the bodies that somebody acts for on the day, each as often as there are roles; for a
    subquery `user` is an OuterRef."""
    name = Coalesce(named_on(on, "unit_id"), "unit__code", output_field=CharField())
    return Membership.rows.live(on).filter(user=user).order_by("id").values_list(name)
