"""Which rules of which programmes speak of a post in a unit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from pilots.models import Enrolment, Unit

from ..models import Post, PostRule


@dataclass(frozen=True)
class Ruling:
    """A rule as it binds one body's part in a programme."""

    rule: PostRule
    enrolment: Enrolment

    @property
    def unit(self) -> Unit:
        return self.enrolment.unit

    @property
    def seats(self) -> int:
        """How many holders it asks for; one where no source says how many."""
        return self.rule.count or 1


def rulings_of(unit: Unit, on: date, *, post: Post | None = None) -> list[Ruling]:
    """Every rule that binds the unit on that day, in the order of programmes and rules."""
    enrolments = Enrolment.rows.standing(on).filter(unit=unit).select_related("unit", "programme")
    return rulings(enrolments, post=post)


def rulings(enrolments: Iterable[Enrolment], *, post: Post | None = None) -> list[Ruling]:
    """Enrolments × the rules in force of their programmes; one query besides the enrolments' own,
    however many they are."""
    rows = list(enrolments)
    rules = PostRule.rows.in_force().filter(programme__in={row.programme_id for row in rows})
    if post is not None:
        rules = rules.filter(post=post)
    named = PostRule.units.through.objects.filter(postrule=OuterRef("pk")).values("unit_id")
    rules = rules.select_related("post", "appointed_by", "filed_at").annotate(
        named=ArraySubquery(named)
    )
    by_programme: dict[int, list[PostRule]] = {}
    for rule in rules:
        by_programme.setdefault(rule.programme_id, []).append(rule)
    return [
        Ruling(rule, row)
        for row in rows
        for rule in by_programme.get(row.programme_id, ())
        if rule.binds(
            part=row.part,
            kind=row.kind or row.unit.kind,
            unit_id=row.unit_id,
            named=rule.__dict__["named"],  # annotated above
        )
    ]


def ruling_for(unit: Unit, post: Post, on: date) -> Ruling | None:
    """The rule that governs an appointment: the first of a programme that is not closed; None where
    no programme rules about that post in that unit."""
    found = rulings_of(unit, on, post=post)
    running = [ruling for ruling in found if ruling.enrolment.programme.phase != "closed"]
    return next(iter(running or found), None)
