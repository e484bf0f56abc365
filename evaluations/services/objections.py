"""复核申请: raised by the unit item by item, answered by somebody who did not score; corrections."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core import audit, clock, moves
from core.errors import MoveNotAllowed, PermissionRefused, Refused
from core.numbers import next_numbers
from pilots import access
from reports.models import Evidence

from ..choices import OBJECTION_MOVES, ObjectionMove, State
from ..criteria import said
from ..models import Correction, Indicator, Objection, ObjectionEvidence, Scorecard
from ..queries.allowed import of_unit, require_decider
from ..queries.sheets import sheet_of
from .scores import require_points
from .writing import lock_card, require_unsigned

FACTS = ("state", "reason", "points", "points_before", "decision", "decided_on")


@transaction.atomic
def raise_objection(
    card: Scorecard,
    indicator: Indicator,
    reason: str,
    *,
    by: Any,
    points: Decimal | None = None,
    evidence: Sequence[Evidence] = (),
) -> Objection:
    """The unit asks for one item to be looked at again, with the reason and files of its library.

    Raises MoveNotAllowed outside the term, PermissionRefused for somebody of elsewhere, Refused for
    an item that waits already or a foreign file, ValidationError by field.
    """
    row = lock_card(card)
    if not of_unit(row, by):
        facts = {"unit": row.unit.display_name}
        raise PermissionRefused(_("由%(unit)s的人员提出，当前账号不能提出。") % facts)
    _require_term(row)
    leaf = _leaf(row, indicator)
    if not reason.strip():
        raise ValidationError({"reason": _("写明申请复核的理由")})
    if points is not None:
        require_points(leaf, points)
    if Objection.rows.open().filter(scorecard=row, indicator=leaf).exists():
        raise Refused(_("“%(name)s”已有一件复核申请在处理。") % {"name": leaf.name})
    found = Objection(
        number=next_numbers(Objection.rows, "FH")[0],
        scorecard=row,
        indicator=leaf,
        reason=reason.strip(),
        points=points,
        points_before=sheet_of(row).scores[leaf.key].points,
        raised_on=clock.today(),
        raised_at=clock.now(),
        raised_by=by,
        version=0,
    )
    _save(found, "raise", by=by, before=None)
    _enclose(found, evidence)
    return found


def _require_term(card: Scorecard) -> None:
    if card.round.takes_objections(clock.today()):
        return
    until = card.round.objections_until
    if card.round.state == State.OBJECTIONS and until is not None:
        text = _("复核申请已于%(day)s截止，不能再提出。")
        raise MoveNotAllowed(text % {"day": until})
    facts = {"state": card.round.get_state_display()}
    raise MoveNotAllowed(_("这次评价现在是“%(state)s”，不受理复核申请。") % facts)


def _leaf(card: Scorecard, indicator: Indicator) -> Indicator:
    """Any leaf of the round's scheme, automatic ones too. Raises Refused."""
    own = card.round.scheme_version_id == indicator.scheme_version_id
    if not own or indicator.withdrawn_on is not None or not indicator.is_leaf:
        raise Refused(_("“%(name)s”不是这次评价要打分的指标。") % {"name": indicator.name})
    return indicator


def _enclose(objection: Objection, evidence: Sequence[Evidence]) -> None:
    unit, programme = objection.unit.pk, objection.programme.pk
    for file in dict.fromkeys(evidence):
        if (file.unit_id, file.programme_id) != (unit, programme):
            raise Refused(_("这个文件不在本单位的材料库里。"))
        ObjectionEvidence.objects.create(objection=objection, evidence=file)


@transaction.atomic
def withdraw_objection(objection: Objection, *, by: Any, version: int | None = None) -> Objection:
    """The unit takes it back, before it is answered. Raises MoveNotAllowed, PermissionRefused,
    StaleVersion."""
    row, before = _lock(objection, version)
    if not of_unit(row.scorecard, by):
        facts = {"unit": row.unit.display_name}
        raise PermissionRefused(_("由%(unit)s的人员撤回，当前账号不能撤回。") % facts)
    row.state = moves.target(OBJECTION_MOVES, row.state, ObjectionMove.WITHDRAW)
    return _save(row, "withdraw", by=by, before=before)


@transaction.atomic
def decide_objection(
    objection: Objection,
    move: ObjectionMove,
    decision: str,
    *,
    by: Any,
    points: Decimal | None = None,
    version: int | None = None,
) -> Objection:
    """Answer it: uphold (by default with the points that were asked for), uphold in part, or refuse,
    with the reason. What is upheld changes the score by a new row.

    Raises MoveNotAllowed, PermissionRefused for who scored the sheet or is of the unit, StaleVersion,
    ValidationError by field.
    """
    row, before = _lock(objection, version)
    require_decider(row.scorecard, by)
    if move == ObjectionMove.WITHDRAW:
        raise Refused(_("撤回由申请单位办理。"))
    row.state = moves.target(OBJECTION_MOVES, row.state, move)
    if row.scorecard.round.state != State.OBJECTIONS:
        raise MoveNotAllowed(_("这次评价已经定稿，复核申请不能再处理。"))
    if not decision.strip():
        raise ValidationError({"decision": _("写明处理意见")})
    row.decision = decision.strip()
    if move != ObjectionMove.REFUSE:
        given = row.points if points is None and move == ObjectionMove.UPHOLD else points
        if given is None:
            raise ValidationError({"points": _("写明复核后的得分")})
        row.correction = _correct(row.scorecard, row.indicator, given, row.decision, by=by)
    row.decided_on, row.decided_at, row.decided_by = clock.today(), clock.now(), by
    return _save(row, ObjectionMove(move).value, by=by, before=before)


@transaction.atomic
def correct_score(
    card: Scorecard, indicator: Indicator, points: Decimal, reason: str, *, by: Any
) -> Correction:
    """The bureau puts a score right while objections are taken or a result is corrected; the reason
    stands beside it. Raises MoveNotAllowed, PermissionRefused, ValidationError by field."""
    row = lock_card(card)
    if not access.may(by, Permission.MANAGE_ROUNDS, programme=row.programme):
        raise PermissionRefused(_("由市政数局更正，当前账号不能更正。"))
    require_decider(row, by)
    if row.round.state != State.OBJECTIONS:
        text = _("这次评价现在是“%(state)s”，不能更正得分。")
        raise MoveNotAllowed(text % {"state": row.round.get_state_display()})
    return _correct(row, _leaf(row, indicator), points, reason, by=by)


def _correct(
    card: Scorecard, leaf: Indicator, points: Decimal, reason: str, *, by: Any
) -> Correction:
    require_unsigned(card.round)
    require_points(leaf, points)
    if not reason.strip():
        raise ValidationError({"reason": _("写明更正的理由")})
    now = sheet_of(card).scores[leaf.key].points
    if now == points:
        text = _("“%(name)s”现在就是%(points)s分，不用更正")
        raise ValidationError({"points": text % {"name": leaf.name, "points": said(points)}})
    row = Correction(
        scorecard=card,
        indicator=leaf,
        points=points,
        before=now,
        reason=reason.strip(),
        made_on=clock.today(),
        made_at=clock.now(),
        made_by=by,
    )
    row.full_clean()
    row.save()
    audit.record(
        "scorecard.correct",
        by=by,
        subject=card,
        unit=card.unit,
        programme=card.programme,
        before={"indicator": leaf.name, "points": now},
        after={"indicator": leaf.name, "points": points, "reason": row.reason},
    )
    return row


def _lock(objection: Objection, version: int | None) -> tuple[Objection, dict[str, Any]]:
    """The objection and its sheet under lock, in a round that is held as it is."""
    card = lock_card(objection.scorecard)
    row = Objection.rows.select_for_update(of=("self",)).for_lists().get(pk=objection.pk)
    row.scorecard = card
    row.require_version(version)
    return row, audit.facts(row, FACTS)


def _save(row: Objection, verb: str, *, by: Any, before: Any) -> Objection:
    row.updated_at = clock.now()
    row.version += 1
    row.full_clean()
    row.save()
    audit.record(
        f"objection.{verb}",
        by=by,
        subject=row,
        unit=row.unit,
        programme=row.programme,
        before=before,
        after=audit.facts(row, FACTS) | {"indicator": row.indicator.name},
    )
    return row
