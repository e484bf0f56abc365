"""How teams and members are changed: locked, saved, audited."""

from typing import Any

from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import Refused
from pilots.models import Unit

from ..models import Team, TeamMember

TEAM_FACTS = (
    "kind",
    "name",
    "modes",
    "headcount",
    "document_number",
    "note",
    "file_name",
    "starts_on",
    "ends_on",
    "void_reason",
)
MEMBER_FACTS = (
    "entry_mode",
    "duty",
    "expertise",
    "employer",
    "starts_on",
    "ends_on",
    "void_reason",
)


def lock_unit(unit: Unit) -> Unit:
    """Two clerks who enter the same team follow each other."""
    row = Unit.rows.select_for_update(of=("self",)).get(pk=unit.pk)
    if row.is_slot:
        raise Refused(_("“%(unit)s”还没有名称，先补名再登记团队。") % {"unit": row})
    return row


def lock_team(team: Team, version: int | None) -> Team:
    rows = Team.rows.select_for_update(of=("self",)).select_related("unit", "leader")
    row = rows.get(pk=team.pk)
    row.require_version(version)
    if row.voided_at is not None:
        raise Refused(_("“%(team)s”已作废，不能再改。") % {"team": row})
    return row


def lock_member(member: TeamMember, version: int | None) -> TeamMember:
    team = lock_team(member.team, None)
    row = TeamMember.rows.select_for_update(of=("self",)).get(pk=member.pk)
    row.team = team
    row.require_version(version)
    if row.voided_at is not None:
        raise Refused(_("%(person)s的这条成员记录已作废，不能再改。") % {"person": row.person})
    return row


def team_facts(row: Team) -> dict[str, Any]:
    return {**audit.facts(row, TEAM_FACTS), "leader": str(row.leader or "")}


def member_facts(row: TeamMember) -> dict[str, Any]:
    return audit.facts(row, MEMBER_FACTS)


def save_team(row: Team, verb: str, *, by: Any, before: dict[str, Any] | None) -> Team:
    _stamp(row)
    row.full_clean()
    row.save()
    after = team_facts(row)
    audit.record(f"team.{verb}", by=by, subject=row, unit=row.unit, before=before, after=after)
    return row


def save_member(
    row: TeamMember, verb: str, *, by: Any, before: dict[str, Any] | None
) -> TeamMember:
    """Check, save, and record with the team: its page shows who came and went."""
    _stamp(row)
    row.full_clean()
    row.save()
    # The person stands only in what is now, so that each entry says whose it is.
    after = {"person": str(row.person), **member_facts(row)}
    team = row.team
    audit.record(f"team.{verb}", by=by, subject=team, unit=team.unit, before=before, after=after)
    return row


def _stamp(row: Team | TeamMember) -> None:
    row.updated_at = clock.now()
    if row.pk is None:
        row.created_at = row.updated_at
    else:
        row.version += 1
