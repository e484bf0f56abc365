"""What is said of a project: opinions at its gates, preconditions, other records. All of it is added;
what was said before stays as it was said."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Refused
from pilots import services as pilots

from ..choices import Condition, Decision, Gate, RecordKind, Route
from ..models import GateCheck, Opinion, Power, Project, ProjectRecord
from ..queries.powers import powers_of
from .writing import (
    CHECK_FACTS,
    NO_PAPER,
    OPINION_FACTS,
    RECORD_FACTS,
    Paper,
    lock_project,
    require_past,
    require_text,
    save_entry,
    save_project,
)


@transaction.atomic
def give_opinion(
    project: Project,
    *,
    gate: str,
    decision: str,
    given_on: date | None,
    route: str,
    by: Any,
    cdo_name: str = "",
    reason: str = "",
    basis: str = "",
    paper: Paper = NO_PAPER,
    version: int | None = None,
    once: str = "",
) -> Opinion:
    """Add a CDO's opinion. Given online it bears the name of whoever gives it; from paper `cdo_name`
    is who signed it. The latest of a gate stands; nothing of the project changes by it, for the
    portal approves no projects. `once` is a form's own key.

    Raises ValidationError by field (a veto needs reason and basis, a paper its number or scan);
    Refused where the programme's document gives no say at that gate, or no veto (深府办函〔2021〕71号
    四(二)4 grants it at 立项 and 验收), for a withdrawn project, or a form sent before; StaleVersion.
    """
    if once:
        said = _("这份意见已经登记过，没有重复登记。")
        pilots.claim(once, by=by, route="projects.opinion", said=said)
    row = lock_project(project, version)
    power = _power(row, gate, decision)
    opinion = Opinion(
        project=row,
        power=power,
        gate=gate,
        decision=decision,
        reason=reason.strip(),
        basis=basis.strip(),
        given_on=require_past(given_on, "given_on", _("出具日期")),
        cdo_name=by.display_name if route == Route.ONLINE else cdo_name.strip(),
        route=route,
        **paper.facts(),
    )
    _check(opinion)
    return _added(opinion, "opine", OPINION_FACTS, by=by)


@transaction.atomic
def check_gate(
    project: Project,
    *,
    gate: str,
    condition: str,
    is_met: bool,
    evidence: str,
    checked_on: date | None,
    by: Any,
    paper: Paper = NO_PAPER,
    version: int | None = None,
) -> GateCheck:
    """Note that a precondition of a gate is met, with its evidence; or that it is not.

    Raises ValidationError by field, Refused where the programme asks for no such thing or the
    project is withdrawn, StaleVersion.
    """
    row = lock_project(project, version)
    if condition not in powers_of(row.programme).conditions(gate):
        raise Refused(_("“%(programme)s”没有这项审批要件。") % {"programme": row.programme})
    check = GateCheck(
        project=row,
        gate=Gate(gate),
        condition=Condition(condition),
        is_met=is_met,
        evidence=require_text(evidence, "evidence", _("写明佐证，例如目录编号、汇聚清单")),
        checked_on=require_past(checked_on, "checked_on", _("核对日期")),
        **paper.facts(),
    )
    return _added(check, "check", CHECK_FACTS, by=by)


@transaction.atomic
def record(
    project: Project,
    *,
    kind: str,
    text: str,
    happened_on: date | None,
    by: Any,
    result: str = "",
    paper: Paper = NO_PAPER,
    version: int | None = None,
    once: str = "",
) -> ProjectRecord:
    """Add 项目评价意见 or 重大问题协调.

    Raises ValidationError by field, Refused where the programme's document gives no such power, for
    a withdrawn project, or a form sent before; StaleVersion.
    """
    if once:
        said = _("这条记录已经登记过，没有重复登记。")
        pilots.claim(once, by=by, route="projects.record", said=said)
    row = lock_project(project, version)
    if kind not in powers_of(row.programme).records:
        facts = {"programme": row.programme, "kind": _label(RecordKind, kind)}
        raise Refused(_("“%(programme)s”的文件没有写“%(kind)s”这项职权。") % facts)
    entry = ProjectRecord(
        project=row,
        kind=kind,
        text=require_text(text, "text", _("填写“内容”")),
        result=result.strip(),
        happened_on=require_past(happened_on, "happened_on", _("日期")),
        **paper.facts(),
    )
    return _added(entry, "record", RECORD_FACTS, by=by)


def _power(row: Project, gate: str, decision: str) -> Power:
    """On what the opinion rests. Raises Refused."""
    powers = powers_of(row.programme)
    facts = {"programme": row.programme, "gate": _label(Gate, gate)}
    power = powers.of_gate(gate)
    if power is None:
        text = _("“%(programme)s”的文件没有写首席数据官在%(gate)s环节的职权，不登记意见。")
        raise Refused(text % facts)
    if decision not in powers.decisions(gate):
        text = _("“%(programme)s”的文件没有赋予%(gate)s环节的一票否决权，不能登记否决。")
        raise Refused(text % facts)
    return power


def _check(row: Opinion) -> None:
    """Raise ValidationError with every fault at once."""
    faults: dict[str, str] = {}
    if row.decision == Decision.VETO:
        if not row.reason:
            faults["reason"] = _("否决要写明理由，项目页和清单会显示")
        if not row.basis:
            faults["basis"] = _("否决要写明依据的法律法规、文件或条款")
    if not row.cdo_name:
        faults["cdo_name"] = _("填写出具意见的首席数据官姓名")
    if row.route == Route.PAPER and not (row.document_number or row.file):
        faults["document_number"] = _("书面意见要有文号或扫描件，至少填一项")
    place = row.project.enrolment
    if not place.holds_on(row.given_on):
        facts = {"unit": place.unit, "programme": place.programme, "day": row.given_on}
        faults["given_on"] = _("%(day)s时%(unit)s没有参与“%(programme)s”，没有这项职权") % facts
    if faults:
        raise ValidationError(faults)


def _added(entry: Any, verb: str, facts: tuple[str, ...], *, by: Any) -> Any:
    """Save the entry; the project's version counts it, so that nobody acts on what he has not seen."""
    save_entry(entry, by=by)
    after = audit.facts(entry, facts)
    save_project(entry.project, verb, by=by, before=None, after=after)
    return entry


def _label(choices: Any, value: str) -> str:
    return str(dict(choices.choices).get(value, value))
