"""Loading the list of posts, what a programme rules about them, and holders whom a source names."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from core.errors import Refused
from officers import services
from officers.choices import Status
from officers.models import Appointment, Person, Post, PostRule
from officers.services.sources import enter_from_source
from pilots.models import Unit

from . import codes
from .difference import Difference, Kind
from .programmes import SELF, Load, authorities
from .rows import Link, Many, Table, plain
from .schema import HolderEntry, PostRuleEntry, Posts

RULE = (
    "title", "kinds", "is_encouraged", "holder", "minimum_level", "asks_in_charge",
    "is_in_principle", "is_concurrent", "note", "source",
)  # fmt: skip
DAYS = ("starts_on", "known_on")
NUMBERS = ("count", "vacancy_days", "filing_days")


def load_posts(content: Posts, difference: Difference, on: date) -> None:
    """Write the posts of a file. One that left the file stays: rules and people stand on it."""
    rows = Post.objects.select_for_update().filter(code__in=[row.code for row in content.posts])
    table = Table(Post, {row.code: row for row in rows}, difference, on)
    for position, entry in enumerate(content.posts, start=1):
        values = plain(entry, "name", "name_en", "is_single", "source") | {"position": position}
        table.want(entry.code, values, code=entry.code)
    table.write(withdraw=False)


def load_officers(load: Load, *, by: Any) -> None:
    """Write the rules about posts, then the holders who are not there yet."""
    _rules(load)
    for entry in load.pack.holders:
        _holder(load, entry, by=by)


# --- rules ---------------------------------------------------------------------------------------


def _rules(load: Load) -> None:
    rows = PostRule.rows.select_for_update(of=("self",)).filter(programme=load.programme)
    present = {row.code: row for row in rows}
    sides = {"units": Many(PostRule.units, load.units, present.values())}
    named = {row.post for row in load.pack.post_rules}
    posts = Link(dict(Post.objects.filter(code__in=named).values_list("code", "pk")))
    posts.ids |= {row.post.code: row.post_id for row in rows.select_related("post")}
    links = {
        "post": posts,
        "clause": load.clauses,
        **dict.fromkeys(("appointed_by", "removed_by", "filed_at"), load.units),
    }
    table = load.table(PostRule, present, links=links, sides=sides)
    for position, entry in enumerate(load.pack.post_rules, start=1):
        own = codes.of_post_rule(load.code, entry.code)
        values = _rule(load, entry) | {"position": position}
        table.want(own, values, code=own, programme=load.programme)
    table.write()


def _rule(load: Load, entry: PostRuleEntry) -> dict[str, Any]:
    appointed_by, removed_by, filed_at = authorities(entry)
    return plain(entry, *RULE) | {
        **{name: getattr(entry, name) for name in NUMBERS},
        "post": entry.post,
        "parts": [entry.part.value],
        "units": sorted(entry.units),
        "is_self_appointed": entry.appointed_by == SELF,
        "appointed_by": appointed_by,
        "is_self_removed": entry.removed_by == SELF,
        "removed_by": removed_by,
        "filed_at": filed_at,
        "clause": load.clause(entry.clause),
    }


# --- holders -------------------------------------------------------------------------------------


def _holder(load: Load, entry: HolderEntry, *, by: Any) -> None:
    """Enter somebody once; from then on the entry belongs to the people who keep the register, and
    where they say otherwise than the pack, that is listed as a conflict."""
    code = codes.of_holder(load.code, entry.code)
    rows = Appointment.rows.filter(pack_code=code).select_related("person", "unit", "post")
    row = rows.first()
    if row is not None:
        _compare(load.difference, code, row, entry)
        return
    try:
        with transaction.atomic():
            is_new = _enter(load, code, entry, by=by)
    except (Refused, ValidationError) as refusal:
        said = "；".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
        load.difference.add(Kind.CONFLICT, Appointment, code, (("person", said, entry.name),))
    else:
        load.difference.add(Kind.ADDED, Appointment, code)
        if is_new:
            load.difference.add(Kind.ADDED, Person, code)


def _enter(load: Load, code: str, entry: HolderEntry, *, by: Any) -> bool:
    """Write person and appointment; tells whether the person is new."""
    unit = Unit.rows.get(code=entry.unit)
    facts = {"job_title": entry.job_title or "", "level": entry.level or ""}
    # Whoever was entered there under that name meanwhile is that person.
    known = Person.rows.filter(name=entry.name, unit=unit).order_by("pk").first()
    person = known or services.register_person(
        name=entry.name, unit=unit, by=by, source=entry.source, **facts
    )
    term = services.Term(
        starts_on=entry.starts_on, known_on=entry.known_on, ends_on=entry.ends_on, **facts
    )
    enter_from_source(
        person,
        unit,
        Post.objects.get(code=entry.post),
        term=term,
        source=entry.source,
        pack_code=code,
        reason=entry.note or "",
        by=by,
    )
    return known is None


def _compare(difference: Difference, code: str, row: Appointment, entry: HolderEntry) -> None:
    """List where the register says otherwise. What was voided was decided by people."""
    if row.status == Status.VOIDED:
        return
    wanted = {"person": entry.name, **plain(entry, "unit", "post", "job_title", "level", *DAYS)}
    now = {
        "person": row.person.name,
        "unit": row.unit.code,
        "post": row.post.code,
        "job_title": row.job_title,
        "level": row.level,
        **{name: day.isoformat() if (day := getattr(row, name)) else None for name in DAYS},
    }
    kept = [(name, now[name], value) for name, value in wanted.items() if now[name] != value]
    if kept:
        difference.add(Kind.CONFLICT, Appointment, code, tuple(kept))
