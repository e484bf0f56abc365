"""Teams that support a CDO: set up, mended, ended, voided."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import Refused
from core.models import StoredFile
from core.numbers import next_numbers
from duties import services as duties
from duties.choices import OPEN, Nature
from duties.models import Assignment, Fulfilment
from pilots import services as pilots
from pilots.models import Unit

from ..choices import OFFICES
from ..models import Person, Team
from .effects import uncount
from .team_checks import check_team, refuse_members_outside, require_reason
from .team_writing import lock_team, lock_unit, save_team, team_facts
from .writing import tidy_number

MENDABLE = frozenset(
    {
        "kind",
        "name",
        "modes",
        "leader",
        "headcount",
        "document_number",
        "note",
        "file",
        "file_name",
        "starts_on",
        "ends_on",
    }
)


@transaction.atomic
def set_up_team(
    unit: Unit,
    *,
    kind: str,
    name: str,
    starts_on: date | None,
    by: Any,
    modes: list[str] | None = None,
    leader: Person | None = None,
    headcount: int | None = None,
    document_number: str = "",
    note: str = "",
    file: StoredFile | None = None,
    file_name: str = "",
    ends_on: date | None = None,
    once: str = "",
) -> Team:
    """Enter a team. A CDO office or a task force fulfils the unit's demand for one (「成立首席数据官
    办公室或首席数据官工作专班」) on the day it was set up. `once` is a form's own key: sent twice, it
    counts once.

    Raises ValidationError by field, naming the team of the same name; Refused for a body without a
    name, one that does not exist on that day, or a form sent before.
    """
    if once:
        pilots.claim(
            once, by=by, route="teams.set_up", said=_("这个团队已经登记过，没有重复登记。")
        )
    row = Team(
        unit=lock_unit(unit),
        kind=kind,
        name=name.strip(),
        modes=modes or [],
        leader=leader,
        headcount=headcount,
        document_number=tidy_number(document_number, "document_number"),
        note=note.strip(),
        file=file,
        file_name=file_name,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    check_team(row)
    row.number = next_numbers(Team.rows, "TD")[0]
    row = save_team(row, "set_up", by=by, before=None)
    _count_offices(row.unit, by=by)
    return row


@transaction.atomic
def mend_team(team: Team, *, by: Any, version: int | None = None, **values: Any) -> Team:
    """Correct what is known of a team; `values` are names of `MENDABLE`. What it counted for is
    counted anew when its kind or its first day changes.

    Raises ValidationError by field, Refused for a voided one, StaleVersion, ValueError for another
    name.
    """
    if unknown := values.keys() - MENDABLE:
        raise ValueError(f"These are not mended here: {sorted(unknown)}")
    lock_unit(team.unit)
    row = lock_team(team, version)
    before = team_facts(row)
    counted = (row.kind in OFFICES, row.starts_on)
    for name, value in values.items():
        setattr(row, name, tidy_number(value, name) if name == "document_number" else value)
    row.name, row.note = row.name.strip(), row.note.strip()
    check_team(row)
    refuse_members_outside(row)
    row = save_team(row, "mend", by=by, before=before)
    if counted != (row.kind in OFFICES, row.starts_on):
        uncount(f"team:{row.number}:", by=by, reason=_("团队信息更正"))
        _count_offices(row.unit, by=by)
    return row


@transaction.atomic
def end_team(team: Team, *, on: date, by: Any, version: int | None = None) -> Team:
    """The last day of a team. It was set up all the same, so what it counted for stays; its members
    are members to that day.

    Raises ValidationError naming a member who joined later, Refused when it has ended already,
    StaleVersion.
    """
    row = lock_team(team, version)
    if row.ends_on is not None:
        facts = {"team": row, "day": row.ends_on}
        raise Refused(_("“%(team)s”已登记到%(day)s为止，日期有误的，用“更正”改。") % facts)
    before = team_facts(row)
    row.ends_on = on
    check_team(row)
    refuse_members_outside(row)
    return save_team(row, "end", by=by, before=before)


@transaction.atomic
def void_team(team: Team, *, by: Any, reason: str, version: int | None = None) -> Team:
    """作废: the entry was wrong. What it counted for counts no more, unless another office of the
    unit takes its place; the row stays readable.

    Raises Refused without a reason or for one that is voided, StaleVersion.
    """
    require_reason(reason)
    lock_unit(team.unit)
    row = lock_team(team, version)
    before = team_facts(row)
    row.voided_at, row.void_reason = clock.now(), reason.strip()
    row = save_team(row, "void", by=by, before=before)
    uncount(f"team:{row.number}:", by=by, reason=row.void_reason)
    _count_offices(row.unit, by=by)
    return row


def _count_offices(unit: Unit, *, by: Any) -> None:
    """Let the unit's first office or task force fulfil each open demand for one (OB-10); the next
    one where somebody took the first one's record off the task."""
    offices = Team.rows.filter(unit=unit, kind__in=OFFICES, voided_at=None)
    found = list(offices.order_by("starts_on", "pk"))
    tasks = Assignment.rows.filter(
        enrolment__unit=unit, obligation__nature=Nature.OFFICE, status__in=OPEN
    )
    for task in tasks.order_by("number"):
        for team in found:
            if _count(task, team, by=by).voided_at is None:
                break


def _count(task: Assignment, team: Team, *, by: Any) -> Fulfilment:
    return duties.fulfil(
        task,
        source_key=f"team:{team.number}:{task.number}:{team.version}",
        happened_on=team.starts_on or clock.today(),
        by=by,
        note=f"{team.name} {team.document_number}".strip(),
    )
