"""Who is in a team: an own clerk, or an expert brought in by contract or service."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import Refused
from pilots import services as pilots

from ..choices import EntryMode
from ..models import Person, Team, TeamMember
from .people import register_person
from .registering import NewPerson
from .team_checks import check_member, require_reason
from .team_writing import lock_member, lock_team, member_facts, save_member

MEMBER_MENDABLE = frozenset({"entry_mode", "duty", "expertise", "employer", "starts_on", "ends_on"})


@dataclass(frozen=True)
class Part:
    """What somebody does in a team, since when, and how he or she came."""

    starts_on: date | None
    entry_mode: str = EntryMode.INTERNAL
    duty: str = ""
    expertise: str = ""
    employer: str = ""
    ends_on: date | None = None


@transaction.atomic
def add_member(
    team: Team, who: Person | NewPerson, *, part: Part, by: Any, once: str = ""
) -> TeamMember:
    """Put somebody into a team; somebody new enters the register, at the team's own unit, in the same transaction.

    Raises ValidationError by field, naming the other entry of the same person or whoever has the
    same mobile number; Refused for a team that is voided, and for a form (`once` is its key) sent before.
    """
    if once:
        said = _("这名成员已经登记过，没有重复登记。")
        pilots.claim(once, by=by, route="teams.add_member", said=said)
    team = lock_team(team, None)
    person = _known(who, team, by=by)
    row = TeamMember(
        team=team,
        person=person,
        entry_mode=part.entry_mode,
        duty=part.duty.strip(),
        expertise=part.expertise.strip(),
        employer=part.employer.strip(),
        starts_on=part.starts_on,
        ends_on=part.ends_on,
    )
    check_member(row)
    return save_member(row, "add_member", by=by, before=None)


@transaction.atomic
def mend_member(
    member: TeamMember, *, by: Any, version: int | None = None, **values: Any
) -> TeamMember:
    """Correct an entry; `values` are names of `MEMBER_MENDABLE`. Who it is is not mended: void the
    entry and make the right one.

    Raises ValidationError by field, Refused for a voided one, StaleVersion, ValueError for another
    name.
    """
    if unknown := values.keys() - MEMBER_MENDABLE:
        raise ValueError(f"These are not mended here: {sorted(unknown)}")
    row = lock_member(member, version)
    before = member_facts(row)
    for name, value in values.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    check_member(row)
    return save_member(row, "mend_member", by=by, before=before)


@transaction.atomic
def end_member(member: TeamMember, *, on: date, by: Any, version: int | None = None) -> TeamMember:
    """The last day of somebody in a team. Raises ValidationError, Refused when he or she has left
    already, StaleVersion."""
    row = lock_member(member, version)
    if row.ends_on is not None:
        facts = {"person": row.person, "day": row.ends_on}
        raise Refused(_("%(person)s已登记到%(day)s退出，日期有误的，用“更正”改。") % facts)
    before = member_facts(row)
    row.ends_on = on
    check_member(row)
    return save_member(row, "end_member", by=by, before=before)


@transaction.atomic
def void_member(
    member: TeamMember, *, by: Any, reason: str, version: int | None = None
) -> TeamMember:
    """作废: the person was never in this team. Raises Refused without a reason, StaleVersion."""
    require_reason(reason)
    row = lock_member(member, version)
    before = member_facts(row)
    row.voided_at, row.void_reason = clock.now(), reason.strip()
    return save_member(row, "void_member", by=by, before=before)


def _known(who: Person | NewPerson, team: Team, *, by: Any) -> Person:
    if isinstance(who, Person):
        return who
    return register_person(unit=team.unit, by=by, **vars(who))
