"""The places that a programme's rules ask to be filled, and whether they are."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.workdays import DAY
from duties.choices import Light
from pilots.models import Enrolment, Programme, Unit
from pilots.queries import taking_part

from ..choices import Kind, SeatState
from ..models import Appointment, Post
from ..models.posts import CDO
from .reckoning import Reckoning, limit_words, reckoning
from .rules import Ruling, rulings

# The latest tenure of each kind in a place: (unit, post, place, kind) → appointment.
Tenures = dict[tuple[int, int, int, str], Appointment]


@dataclass(frozen=True)
class Seat:
    """One place of a post in one body, on one day.

    Vacant is a seat without a substantive holder (choices.Kind): `stand_in` fills it without ending
    the vacancy and stops the light. `vacant_since` is None where nobody knows the first day, `days`
    the full days since; `allowed` the days that the document, or with `is_own_days` only the bureau,
    sets; None where neither does.
    """

    ruling: Ruling
    number: int
    state: SeatState
    holder: Appointment | None = None
    stand_in: Appointment | None = None
    vacant_since: date | None = None
    days: int | None = None
    allowed: int | None = None
    is_own_days: bool = False
    light: Light = Light.NORMAL

    @property
    def unit(self) -> Unit:
        return self.ruling.unit

    @property
    def post(self) -> Post:
        return self.ruling.rule.post

    @property
    def is_vacant(self) -> bool:
        empty = self.state in {SeatState.VACANT, SeatState.STOOD_IN}
        return empty and not self.ruling.rule.is_encouraged

    @property
    def word(self) -> str:
        """「在任」「主持工作」「空缺32天」「空缺，起算日期未知」."""
        if self.stand_in is not None and self.state == SeatState.STOOD_IN:
            return str(self.stand_in.get_kind_display())
        if self.state != SeatState.VACANT:
            return str(self.state.label)
        if self.days is None:
            return _("空缺，起算日期未知")
        return _("空缺%(days)s天") % {"days": self.days}

    @property
    def limit(self) -> str:
        """「文件规定30天内」「市政数局期望30天内」「文件未定时限」."""
        return limit_words(self.allowed, is_own=self.is_own_days)


def seats_of(
    programme: Programme,
    *,
    user: Any,
    on: date,
    post: str | None = CDO,
    parts: Collection[str] | None = None,
    found: list[Ruling] | None = None,
) -> list[Seat]:
    """Every seat of the post (None: of all posts) in bodies that the user sees, in the document's
    order. `parts` narrows to bodies with such a part; a place that is only counted by a source and
    has no name yet (待补名) is none.

    Three queries, four where a limit is set, however many they are; one or two with `found`, the
    programme's rulings of that day (`rulings_on`).
    """
    if found is None:
        found = rulings_on(programme, user=user, on=on)
    return seats_in(found, on=on, post=post, parts=parts)


def seats_in(
    found: Iterable[Ruling],
    *,
    on: date,
    post: str | None = CDO,
    parts: Collection[str] | None = None,
) -> list[Seat]:
    """The same of rulings that were read already, whatever their programmes. One query, two where a
    limit is set."""
    chosen = [
        ruling
        for ruling in governing(found).values()
        if (post is None or ruling.rule.post.code == post)
        and (parts is None or ruling.enrolment.part in parts)
    ]
    tenures = _tenures(chosen, on)
    lights = reckoning(on, (ruling.rule.days_for_vacancy()[0] for ruling in chosen))
    return [
        _seat(ruling, number, tenures, lights)
        for ruling in chosen
        for number in range(1, ruling.seats + 1)
    ]


def vacancies(programme: Programme, **asked: Any) -> list[Seat]:
    """Seats without a substantive holder, those with a stand-in among them; takes what `seats_of`
    takes. A post that is only encouraged (鼓励设立) is never vacant."""
    return [seat for seat in seats_of(programme, **asked) if seat.is_vacant]


def rulings_on(
    programme: Programme, *, user: Any, on: date, among: list[Enrolment] | None = None
) -> list[Ruling]:
    """The programme's rules as they bind the named bodies that take part and exist on that day, in
    the document's order, each unit with its name of the day. Two queries, one with `among`: those
    with a part on the day, where the page knows them."""
    rows = taking_part(programme, user=user, on=on) if among is None else among
    return rulings(row for row in rows if not row.unit.is_slot and row.unit.exists_on(on))


def governing(found: Iterable[Ruling]) -> dict[tuple[int, int], Ruling]:
    """(unit, post) → the rule that governs it there: the first, as in `rules.ruling_for`. Nobody is
    asked twice for one post because a body takes two parts."""
    first: dict[tuple[int, int], Ruling] = {}
    for ruling in found:
        first.setdefault((ruling.unit.pk, ruling.rule.post_id), ruling)
    return first


def _tenures(chosen: list[Ruling], on: date) -> Tenures:
    """The latest tenure of each kind begun by the day, in office or over, in one query."""
    place = ("unit_id", "post_id", "seat", "kind")
    rows = (
        Appointment.rows.standing()
        .filter(
            unit__in={ruling.unit.pk for ruling in chosen},
            post__in={ruling.rule.post_id for ruling in chosen},
            since__lte=on,
        )
        .for_lists()
        .order_by(*place, "-since", "-pk")
        .distinct(*place)
    )
    return {(row.unit_id, row.post_id, row.seat, row.kind): row for row in rows}


def _seat(ruling: Ruling, number: int, tenures: Tenures, lights: Reckoning) -> Seat:
    place = (ruling.unit.pk, ruling.rule.post_id, number)
    latest = {kind: tenures.get((*place, kind)) for kind in Kind}
    for row in latest.values():
        if row is not None:
            row.unit = ruling.unit
    present = {kind: row for kind, row in latest.items() if row and row.in_office_on(lights.on)}
    holder = present.pop(Kind.SUBSTANTIVE, None)
    stand_in = next(iter(present.values()), None)
    if holder is not None:
        return Seat(ruling, number, SeatState.HELD, holder, stand_in)
    if ruling.rule.is_encouraged and stand_in is None:
        return Seat(ruling, number, SeatState.NOT_SET_UP, light=Light.NOT_APPLICABLE)
    since = _vacant_since(ruling, latest[Kind.SUBSTANTIVE], lights.on)
    allowed, is_own = ruling.rule.days_for_vacancy()
    return Seat(
        ruling,
        number,
        SeatState.STOOD_IN if stand_in else SeatState.VACANT,
        stand_in=stand_in,
        vacant_since=since,
        days=(lights.on - since).days if since else None,
        allowed=allowed,
        is_own_days=is_own,
        light=Light.NORMAL if stand_in else lights.light(since, allowed),
    )


def _vacant_since(ruling: Ruling, left: Appointment | None, on: date) -> date | None:
    """The day after the last holder left; where there was none, the day from which the body takes
    part or the programme is followed, whichever is later. None when neither is known."""
    joined, started = ruling.enrolment.starts_on, ruling.enrolment.programme.started_on
    if left is not None and left.ends_on is not None:
        return max(left.ends_on + DAY, joined or left.ends_on + DAY)
    return max((day for day in (joined, started) if day and day <= on), default=None)
