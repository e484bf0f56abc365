"""People of the register and the events that they attended: who was in office, whom a name means."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from core import clock
from officers.models import Appointment, Person, TeamMember
from pilots.models import Unit
from pilots.models.units import named_on

from ..models import Event

Terms = list[tuple[date | None, date | None]]


def in_office(people: Iterable[int], first: date, last: date) -> set[int]:
    """Those of the ids of people who held a post or a place in a team on a day from `first` to `last`."""
    asked = list(people)
    posts = Appointment.rows.standing().filter(person_id__in=asked, since__lte=last)
    posts = posts.filter(Q(ends_on=None) | Q(ends_on__gte=first))
    return set(posts.values_list("person_id", flat=True)) | set(
        _places(first, last).filter(person_id__in=asked).values_list("person_id", flat=True)
    )


def terms_of(people: Iterable[int]) -> list[tuple[str, Terms]]:
    """(name, [(first day, last day)]) of people, by name, for the sentence that refuses them."""
    asked = list(people)
    terms: dict[int, Terms] = defaultdict(list)
    posts = Appointment.rows.standing().filter(person_id__in=asked).order_by("since")
    for row in posts.values_list("person_id", "since", "ends_on"):
        terms[row[0]].append((row[1], row[2]))
    places = TeamMember.rows.filter(person_id__in=asked, voided_at=None).order_by("starts_on")
    for row in places.values_list("person_id", "starts_on", "ends_on"):
        terms[row[0]].append((row[1], row[2]))
    named = Person.rows.filter(pk__in=asked).order_by("pinyin", "pk").values_list("pk", "name")
    return [(name, terms[pk]) for pk, name in named]


def people_at(event: Event, user: Any, units: Iterable[Unit]) -> list[Person]:
    """People in office on the event's days at those units whom the user sees, with `unit_label`."""
    asked = [unit.pk for unit in units]
    posts = Appointment.rows.standing().filter(unit_id__in=asked, since__lte=event.ends_on)
    posts = posts.filter(Q(ends_on=None) | Q(ends_on__gte=event.starts_on))
    places = _places(event.starts_on, event.ends_on).filter(team__unit_id__in=asked)
    seen = Person.objects.visible_to(user).filter(
        Q(pk__in=posts.values("person_id")) | Q(pk__in=places.values("person_id"))
    )
    named = named_on(clock.today(), "unit_id")
    return list(
        seen.select_related("unit").annotate(unit_label=named).order_by("unit_id", "pinyin")
    )


@dataclass(frozen=True)
class Match:
    """One line of a pasted list: the name as written, whom it may mean, what was written after it."""

    line: str
    name: str
    unit_name: str = ""
    duty: str = ""
    found: tuple[Person, ...] = field(default=())

    @property
    def is_sure(self) -> bool:
        return len(self.found) == 1


def match(names: Iterable[tuple[str, str, str]], known: Iterable[Person]) -> list[Match]:
    """(name, unit as written, duty) of each line with the people of that name among `known`; where the
    unit as written tells two of a name apart, only that one."""
    by_name: dict[str, list[Person]] = defaultdict(list)
    for person in known:
        by_name[_plain(person.name)].append(person)
    matches = []
    for name, unit_name, duty in names:
        found = by_name.get(_plain(name), [])
        same = [row for row in found if unit_name and unit_name in getattr(row, "unit_label", "")]
        matches.append(Match(name, name, unit_name, duty, tuple(same or found)))
    return matches


def _plain(name: str) -> str:
    return "".join(name.split()).replace("·", "").lower()


def _places(first: date, last: date) -> Any:
    """Places in teams that were held on a day from `first` to `last`."""
    rows = TeamMember.rows.filter(voided_at=None, team__voided_at=None)
    rows = rows.filter(starts_on__lte=last, team__starts_on__lte=last)
    return rows.filter(
        Q(ends_on=None) | Q(ends_on__gte=first), Q(team__ends_on=None) | Q(team__ends_on__gte=first)
    )
