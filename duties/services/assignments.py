"""Moves of one assignment, and the decision what a doubtful date means."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock, moves
from core.errors import Refused

from ..choices import MOVES, Move, Origin
from ..models import Assignment, AssignmentQuerySet, Obligation
from .counting import recount
from .retelling import retell
from .sync import calendar_for, deadline, follow_decision
from .writing import FACTS, lock, save

READING = ("due_on", "latest_on", "basis")
TAKES_OFF = (Move.WITHDRAW, Move.EXEMPT)
HAND_IN = (Move.SUBMIT, Move.RETURN, Move.RECALL)


@transaction.atomic
def accept(assignment: Assignment, *, by: Any, version: int | None = None) -> Assignment:
    """签收: the unit has seen what is asked. Raises MoveNotAllowed, StaleVersion."""
    row = lock(assignment, version)
    before = audit.facts(row, FACTS)
    row.status = moves.target(MOVES, row.status, Move.ACCEPT)
    row.accepted_at, row.accepted_by = clock.now(), by
    return save(row, Move.ACCEPT, by=by, before=before)


@transaction.atomic
def take_off(
    assignment: Assignment, move: Move, *, by: Any, reason: str, version: int | None = None
) -> Assignment:
    """撤销 or 标为不适用, with the reason that both sides will read.

    Raises MoveNotAllowed, StaleVersion, Refused without a reason, ValueError for another move.
    """
    if move not in TAKES_OFF:
        raise ValueError(f"{move} does not take an assignment off the table.")
    if not reason.strip():
        raise Refused(_("写明原因，单位会看到。"))
    row = lock(assignment, version)
    before = audit.facts(row, FACTS)
    row.status = moves.target(MOVES, row.status, move)
    row.status_note = reason.strip()
    row.closed_at, row.closed_by = clock.now(), by
    return save(row, move, by=by, before=before)


@transaction.atomic
def follow_hand_in(assignment: Assignment, move: Move, *, by: Any, note: str = "") -> Assignment:
    """What was handed in for it (a filing, a report) went to the desk (SUBMIT), came back (RETURN,
    with what is to be mended), or was taken off the desk (RECALL). The app above calls this in its
    own transaction, so that both sides read one state.

    Raises MoveNotAllowed; ValueError for another move.
    """
    if move not in HAND_IN:
        raise ValueError(f"{move} is nothing that a hand-in does.")
    row = lock(assignment, None)
    before = audit.facts(row, FACTS)
    row.status = moves.target(MOVES, row.status, move)
    row.status_note = note.strip()[:500]
    if row.accepted_at is None:  # whoever hands in has seen what is asked
        row.accepted_at, row.accepted_by = clock.now(), by
    return save(row, move, by=by, before=before)


@transaction.atomic
def restore(assignment: Assignment, *, by: Any, version: int | None = None) -> Assignment:
    """Put a withdrawn or inapplicable assignment back on the table. Raises Refused when its whole
    order was withdrawn."""
    row = lock(assignment, version)
    demand = row.obligation
    if demand.origin == Origin.ORDER and demand.withdrawn_on is not None:
        raise Refused(
            _("这项任务的通知已在%(day)s撤销，不能单独恢复。") % {"day": demand.withdrawn_on}
        )
    before = audit.facts(row, FACTS)
    row.status = moves.target(MOVES, row.status, Move.RESTORE)
    row.status_note, row.closed_at, row.closed_by = "", None, None
    row.accepted_at = row.accepted_by = None
    follow_decision(row)
    row = save(row, Move.RESTORE, by=by, before=before)
    return recount(row, by=by)


@transaction.atomic
def decide_reading(
    obligation: Obligation, *, due_on: date, by: Any, basis: str, version: int | None = None
) -> Obligation:
    """确认截止口径: the one day that the words mean, for the obligation and all its open assignments
    that still have its two dates (an extension stays as it was granted).

    The assignments' deadline version rises, so that reminders start anew. Raises Refused when the
    day lies outside the two readings, nothing was in doubt or no basis is given, StaleVersion.
    """
    row = Obligation.rows.select_for_update(of=("self",)).get(pk=obligation.pk)
    row.require_version(version)
    if not row.is_doubtful or row.due_on is None or row.latest_on is None:
        raise Refused(_("这项任务的截止日期没有疑义，或已确认。"))
    if not row.due_on <= due_on <= row.latest_on:
        allowed = {"first": row.due_on, "last": row.latest_on}
        raise Refused(_("日期要在%(first)s到%(last)s之间，这是原文可以理解的范围。") % allowed)
    if not basis.strip():
        raise Refused(_("写明依据，单位会看到。"))
    before = audit.facts(row, READING)
    followers = list(undecided(row).select_for_update(of=("self",)))
    row.due_on = row.latest_on = due_on
    row.basis = basis.strip()
    row.version += 1
    row.full_clean()
    row.save()
    _move_deadlines(row, followers)
    after = audit.facts(row, READING) | {"assignments": len(followers)}
    verb = "obligation.decide_reading"
    audit.record(verb, by=by, subject=row, programme=row.programme, before=before, after=after)
    return row


def undecided(obligation: Obligation) -> AssignmentQuerySet:
    """The open assignments that a decided reading moves: those that still have both dates."""
    dates = {"due_on": obligation.due_on, "latest_on": obligation.latest_on}
    return Assignment.rows.open().filter(obligation=obligation, **dates)


def _move_deadlines(obligation: Obligation, followers: list[Assignment]) -> None:
    dates = deadline(obligation.due_on, obligation.latest_on, calendar_for([obligation]))
    dates["original_due_on"] = obligation.due_on  # decided, not extended
    for row in followers:
        for name, value in dates.items():
            setattr(row, name, value)
        row.deadline_version += 1
        row.version += 1
        row.updated_at = clock.now()
    Assignment.rows.bulk_update(followers, [*dates, "deadline_version", "version", "updated_at"])
    retell(followers)
