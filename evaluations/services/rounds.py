"""A round from preparation to its publication: moves, subjects, reviewers, the reading of facts."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import audit, clock, moves
from core.errors import MoveNotAllowed, Refused
from core.numbers import next_numbers
from core.workdays import Calendar
from pilots.models import Programme

from ..choices import MOVES, Hand, Move, ObjectionState, Source, State
from ..models import Objection, ReviewSeat, Round, SchemeVersion, Scorecard
from ..queries.facts import read_facts
from ..queries.sheets import cards_of, sheets_of_round
from ..queries.trees import faults_of, leaves_of
from .editions import make_edition, publish_edition
from .subjects import enter_subjects
from .writing import (
    ROUND_FACTS,
    VERSION_FACTS,
    lock_draft,
    lock_round,
    require_unsigned,
    save_round,
    save_version,
)

LISTED = 3  # units or indicators that a refusal names


@dataclass(frozen=True)
class Plan:
    """What a round is about and by when each step is asked."""

    title: str
    starts_on: date
    ends_on: date
    self_by: date
    unit_by: date
    review_by: date
    note: str = ""


@transaction.atomic
def prepare_round(
    programme: Programme, scheme_version: SchemeVersion, plan: Plan, *, by: Any
) -> Round:
    """A new round with its subjects: the CDOs of 试点区和部门, evaluated by their own units; the city
    CDO is not scored (house.md §6.9). The version of the scheme stands still from now on.

    Raises Refused for a scheme of elsewhere or one that is not ready, ValidationError by field.
    """
    _require_ready(programme, scheme_version)
    if not scheme_version.is_frozen:
        _freeze(scheme_version, by=by)
    now = clock.now()
    row = Round(
        number=next_numbers(Round.rows, "PJ")[0],
        programme=programme,
        scheme_version=scheme_version,
        moved_on=clock.today(),
        created_at=now,
        created_by=by,
        updated_at=now,
        version=0,
        **_planned(plan),
    )
    row = save_round(row, "prepare", by=by, before=None)
    enter_subjects(row)
    return row


def _require_ready(programme: Programme, version: SchemeVersion) -> None:
    if version.scheme.programme_id != programme.pk:
        text = _("“%(scheme)s”不是本方案的指标体系，先复制一份再用。")
        raise Refused(text % {"scheme": version.scheme})
    if faults := faults_of(version):
        count = len(faults)
        facts = {"count": count, "first": faults[0].message}
        text = ngettext(
            "指标体系还有%(count)s处要改：%(first)s",
            "指标体系还有%(count)s处要改，第一处：%(first)s",
            count,
        )
        raise Refused(text % facts)


def _freeze(version: SchemeVersion, *, by: Any) -> None:
    row = lock_draft(version, None)
    before = audit.facts(row, VERSION_FACTS)
    row.frozen_at = clock.now()
    save_version(row, "scheme.freeze", by=by, before=before)
    version.refresh_from_db()


def _planned(plan: Plan) -> dict[str, Any]:
    return {
        "title": plan.title.strip(),
        "note": plan.note.strip(),
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "self_by": plan.self_by,
        "unit_by": plan.unit_by,
        "review_by": plan.review_by,
    }


@transaction.atomic
def change_round(row: Round, plan: Plan, *, by: Any, version: int | None = None) -> Round:
    """Other words or dates. The period is fixed once facts were read. Raises MoveNotAllowed when the
    round is final or withdrawn, StaleVersion, ValidationError, Refused for another period."""
    found = lock_round(row, version)
    if found.state in {State.FINAL, State.PUBLISHED, State.WITHDRAWN}:
        raise MoveNotAllowed
    require_unsigned(found)
    period = (found.starts_on, found.ends_on)
    if found.facts_on is not None and period != (plan.starts_on, plan.ends_on):
        raise Refused(_("已按原评价期间取数，不能再改期间。"))
    before = audit.facts(found, ROUND_FACTS)
    for name, value in _planned(plan).items():
        setattr(found, name, value)
    return save_round(found, "change", by=by, before=before)


# --- moves ---------------------------------------------------------------------------------------


def take_step(found: Round, move: Move, *, by: Any, reason: str = "") -> Round:
    """Move a round that is under lock. Raises MoveNotAllowed, Refused with what is missing."""
    target = moves.target(MOVES, found.state, move)
    before = audit.facts(found, ROUND_FACTS)
    _BEFORE.get(move, _nothing)(found, reason.strip())
    found.state, found.moved_on = target, clock.today()
    if move == Move.FINALISE:
        make_edition(found, by=by)
    elif move == Move.PUBLISH:
        publish_edition(found)
    return save_round(found, move.value, by=by, before=before)


def _nothing(_row: Round, _reason: str) -> None:
    """A step that asks for nothing."""


def _begin(row: Round, _reason: str) -> None:
    if not cards_of(row).exists():
        raise Refused(_("还没有评价对象，先添加。"))


def _begin_review(row: Round, _reason: str) -> None:
    """Both seats of each sheet are taken, that of the third party where the scheme asks for one; and
    what the portal knows is read."""
    needed = {Hand.FIRST.value, Hand.SECOND.value}
    if any(leaf.source == Source.THIRD_PARTY for leaf in leaves_of(row.scheme_version)):
        needed.add(Hand.THIRD_PARTY.value)
    taken: dict[int, set[str]] = {}
    seats = ReviewSeat.objects.filter(scorecard__round=row, ended_at=None)
    for card, hand in seats.values_list("scorecard_id", "hand"):
        taken.setdefault(card, set()).add(hand)
    without = [card for card in cards_of(row) if needed - taken.get(card.pk, set())]
    if without:
        facts = {"units": _named(without), "count": len(without)}
        raise Refused(_("%(units)s还没有指定齐评分人（共%(count)s个单位）。") % facts)
    row.facts_on = clock.today()
    read_facts(row, row.facts_on)


def _named(cards: list[Scorecard]) -> str:
    return "、".join(card.unit.display_name for card in cards[:LISTED])


def _begin_objections(row: Round, _reason: str) -> None:
    """Everything is scored and every difference settled; then the term begins."""
    names = {leaf.key: leaf.name for leaf in leaves_of(row.scheme_version)}
    missing, disputed = [], []
    for sheet in sheets_of_round(row):
        missing += [(sheet.card, names[key]) for key in sheet.missing]
        disputed += [(sheet.card, names[key]) for key in sheet.disputed]
    for found, text in (
        (missing, _("还有%(count)s项没有评分，如%(unit)s“%(name)s”。")),
        (disputed, _("还有%(count)s项两名评分人相差过大，先裁定，如%(unit)s“%(name)s”。")),
    ):
        if found:
            card, name = found[0]
            facts = {"count": len(found), "unit": card.unit.display_name, "name": name}
            raise Refused(text % facts)
    today, days = clock.today(), row.scheme_version.objection_workdays
    row.objections_on = today
    row.objections_until = Calendar.around(today).forward(today, days) if days else None


def require_answered(row: Round) -> None:
    """No objection waits, and the term is over; else raises Refused."""
    waiting = Objection.rows.filter(scorecard__round=row, state=ObjectionState.ASKED).count()
    if waiting:
        facts = {"count": waiting}
        raise Refused(_("还有%(count)s件复核申请没有处理，处理完再定稿。") % facts)
    until = row.objections_until
    if until is not None and clock.today() <= until:
        text = _("复核申请%(day)s截止，过了这天再定稿。")
        raise Refused(text % {"day": until})


def _finalise(row: Round, _reason: str) -> None:
    require_answered(row)
    row.finalised_on = clock.today()
    row.editions += 1


def _publish(row: Round, _reason: str) -> None:
    row.published_on = clock.today()


def _reopen(row: Round, reason: str) -> None:
    """Put something right: the result that was made stays, the next one says why. The term of the
    first time is over; without a term units may object again."""
    if not reason:
        raise Refused(_("写明更正的原因。"))
    row.reason = reason


def _withdraw(row: Round, reason: str) -> None:
    if not reason:
        raise Refused(_("写明撤销的原因。"))
    row.reason, row.withdrawn_on = reason, clock.today()


_BEFORE = {
    Move.OPEN_SELF: _begin,
    Move.OPEN_REVIEW: _begin_review,
    Move.OPEN_OBJECTIONS: _begin_objections,
    Move.FINALISE: _finalise,
    Move.PUBLISH: _publish,
    Move.REOPEN: _reopen,
    Move.WITHDRAW: _withdraw,
}


@transaction.atomic
def refresh_facts(row: Round, *, by: Any, version: int | None = None) -> Round:
    """Read what the portal knows again, because records were put right meanwhile. Raises
    MoveNotAllowed unless the round is being reviewed or takes objections, StaleVersion."""
    found = lock_round(row, version)
    if found.state not in {State.REVIEW, State.OBJECTIONS}:
        raise MoveNotAllowed(_("复核和受理复核申请期间才能重新取数。"))
    require_unsigned(found)
    before = audit.facts(found, ROUND_FACTS)
    found.facts_on = clock.today()
    read_facts(found, found.facts_on)
    return save_round(found, "refresh_facts", by=by, before=before)
