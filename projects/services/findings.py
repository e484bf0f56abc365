"""发现、制止、纠正: a finding from the day it was found to the day it was put right or closed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock, moves
from core.errors import Refused
from core.numbers import next_numbers
from pilots import services as pilots
from pilots.choices import Part
from pilots.models import Enrolment

from ..choices import MOVES, FindingMove, Step
from ..models import Finding, FindingStep, Project
from ..queries.powers import powers_of
from .writing import (
    FINDING_FACTS,
    NO_PAPER,
    Paper,
    lock_enrolment,
    lock_finding,
    require_past,
    require_text,
    save_finding,
)

MENDABLE = frozenset({"nature", "title", "what", "basis", "found_on", "project"})
TEXTS = ("title", "what", "basis")


@transaction.atomic
def report_finding(
    enrolment: Enrolment,
    *,
    nature: str,
    title: str,
    what: str,
    basis: str,
    found_on: date | None,
    by: Any,
    project: Project | None = None,
    paper: Paper = NO_PAPER,
    once: str = "",
) -> Finding:
    """Enter what was found in a unit.

    Raises ValidationError by field; Refused for a unit that is no pilot, a programme whose document
    gives no power to stop and correct (深府办函〔2021〕71号 四(二)4 does), or a form sent before.
    """
    if once:
        said = _("这个问题已经登记过，没有重复登记。")
        pilots.claim(once, by=by, route="projects.finding", said=said)
    place = lock_enrolment(enrolment)
    _require_power(place)
    row = Finding(enrolment=place)
    given = {"nature": nature, "title": title, "what": what, "basis": basis}
    _set(row, {**given, "found_on": found_on, "project": project})
    row.number = next_numbers(Finding.rows, "FX")[0]
    step = _step(Step.REPORT, row.found_on, row.what, paper)
    return save_finding(row, "report", by=by, before=None, step=step)


@transaction.atomic
def mend_finding(
    finding: Finding, *, by: Any, version: int | None = None, **values: Any
) -> Finding:
    """Correct what was found; `values` are names of `MENDABLE`. How it went is not mended: it is told
    by its steps. Raises ValidationError by field, StaleVersion, ValueError for another name."""
    row = lock_finding(finding, version)
    before = audit.facts(row, FINDING_FACTS)
    _set(row, values)
    return save_finding(row, "mend", by=by, before=before, step=None)


@transaction.atomic
def stop_finding(
    finding: Finding,
    *,
    on: date | None,
    text: str,
    by: Any,
    paper: Paper = NO_PAPER,
    version: int | None = None,
) -> Finding:
    """制止: how it was stopped. Raises ValidationError, MoveNotAllowed, StaleVersion."""
    row, before = _moved(finding, FindingMove.STOP, version)
    row.stopped_on = require_past(on, "on", _("制止日期"), since=row.found_on)
    said = require_text(text, "text", _("写明怎样制止的"))
    step = _step(Step.STOP, row.stopped_on, said, paper)
    return save_finding(row, "stop", by=by, before=before, step=step)


@transaction.atomic
def order_correction(
    finding: Finding,
    *,
    on: date | None,
    measures: str,
    due_on: date | None,
    by: Any,
    paper: Paper = NO_PAPER,
    version: int | None = None,
) -> Finding:
    """要求整改: what has to be done until when. Raises as `stop_finding`."""
    row, before = _moved(finding, FindingMove.ORDER, version)
    day = require_past(on, "on", _("要求日期"), since=row.found_on)
    row.measures = require_text(measures, "measures", _("写明整改要求"))
    _set_due(row, due_on, since=day)
    step = _step(Step.ORDER, day, row.measures, paper, due_on=row.due_on)
    return save_finding(row, "order", by=by, before=before, step=step)


@transaction.atomic
def redate_finding(
    finding: Finding,
    *,
    due_on: date | None,
    text: str,
    by: Any,
    paper: Paper = NO_PAPER,
    version: int | None = None,
) -> Finding:
    """调整整改期限, with a reason; the former one stays in the course. Raises as `stop_finding`."""
    row, before = _moved(finding, FindingMove.REDATE, version)
    said = require_text(text, "text", _("写明调整期限的原因"))
    if due_on == row.due_on:
        raise ValidationError({"due_on": _("新的期限和原来的%(day)s一样") % {"day": row.due_on}})
    _set_due(row, due_on, since=row.found_on)
    step = _step(Step.REDATE, clock.today(), said, paper, due_on=row.due_on)
    return save_finding(row, "redate", by=by, before=before, step=step)


@transaction.atomic
def correct_finding(
    finding: Finding,
    *,
    on: date | None,
    text: str,
    by: Any,
    paper: Paper = NO_PAPER,
    version: int | None = None,
) -> Finding:
    """登记纠正: it was put right on that day. Raises as `stop_finding`."""
    row, before = _moved(finding, FindingMove.CORRECT, version)
    row.corrected_on = require_past(on, "on", _("纠正日期"), since=row.found_on)
    said = require_text(text, "text", _("写明怎样纠正的"))
    step = _step(Step.CORRECT, row.corrected_on, said, paper)
    return save_finding(row, "correct", by=by, before=before, step=step)


@transaction.atomic
def close_finding(
    finding: Finding,
    *,
    reason: str,
    by: Any,
    paper: Paper = NO_PAPER,
    version: int | None = None,
) -> Finding:
    """了结 without a correction (not so, handed to somebody else), with the reason. Raises as
    `stop_finding`."""
    row, before = _moved(finding, FindingMove.CLOSE, version)
    row.close_reason = require_text(
        reason, "reason", _("写明了结的原因，例如查明不属实、移交哪个单位")
    )
    row.closed_on = clock.today()
    step = _step(Step.CLOSE, row.closed_on, row.close_reason, paper)
    return save_finding(row, "close", by=by, before=before, step=step)


@transaction.atomic
def reopen_finding(
    finding: Finding,
    *,
    measures: str,
    due_on: date | None,
    by: Any,
    paper: Paper = NO_PAPER,
    version: int | None = None,
) -> Finding:
    """重新整改: it was not put right after all, or came back. Raises as `stop_finding`."""
    row, before = _moved(finding, FindingMove.REOPEN, version)
    row.measures = require_text(measures, "measures", _("写明整改要求"))
    row.corrected_on, row.closed_on, row.close_reason = None, None, ""
    _set_due(row, due_on, since=clock.today())
    step = _step(Step.REOPEN, clock.today(), row.measures, paper, due_on=row.due_on)
    return save_finding(row, "reopen", by=by, before=before, step=step)


@transaction.atomic
def follow_up(
    finding: Finding,
    *,
    on: date | None,
    text: str,
    by: Any,
    paper: Paper = NO_PAPER,
    version: int | None = None,
) -> Finding:
    """Add a note to the course; the state stays. Raises ValidationError, StaleVersion."""
    row = lock_finding(finding, version)
    before = audit.facts(row, FINDING_FACTS)
    day = require_past(on, "on", _("日期"), since=row.found_on)
    said = require_text(text, "text", _("填写“内容”"))
    step = _step(Step.FOLLOW_UP, day, said, paper)
    return save_finding(row, "follow_up", by=by, before=before, step=step)


def _moved(
    finding: Finding, move: FindingMove, version: int | None
) -> tuple[Finding, dict[str, Any]]:
    """The row under lock in its new state, and its facts before."""
    row = lock_finding(finding, version)
    before = audit.facts(row, FINDING_FACTS)
    row.status = moves.target(MOVES, row.status, move)
    return row, before


def _set(row: Finding, values: Mapping[str, Any]) -> None:
    if unknown := values.keys() - MENDABLE:
        raise ValueError(f"These are not mended here: {sorted(unknown)}")
    for name, value in values.items():
        setattr(row, name, value.strip() if name in TEXTS else value)
    row.found_on = require_past(row.found_on, "found_on", _("发现日期"))
    if row.project is not None and row.project.enrolment_id != row.enrolment_id:
        facts = {"number": row.project.number, "unit": row.unit}
        raise ValidationError({"project": _("%(number)s不是%(unit)s的项目，重新选择") % facts})


def _set_due(row: Finding, due_on: date | None, *, since: date) -> None:
    if due_on is None:
        raise ValidationError({"due_on": _("填写“整改期限”")})
    if due_on < since:
        text = _("整改期限不能早于%(day)s")
        raise ValidationError({"due_on": text % {"day": since}})
    row.due_on = due_on
    row.due_version += 1


def _step(
    step: Step, on: date, text: str, paper: Paper, *, due_on: date | None = None
) -> FindingStep:
    return FindingStep(step=step, happened_on=on, text=text, due_on=due_on, **paper.facts())


def _require_power(place: Enrolment) -> None:
    if place.part != Part.PILOT or place.withdrawn_on is not None:
        raise Refused(_("%(unit)s不是这个方案的试点单位，不登记。") % {"unit": place.unit})
    if not powers_of(place.programme).has_findings:
        text = _("“%(programme)s”的文件没有写发现、制止及纠正的职权，不登记。")
        raise Refused(text % {"programme": place.programme})
