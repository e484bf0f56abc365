"""The moves of an assignment: every state × every move, through the services and in the database."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from core import moves
from core.errors import MoveNotAllowed, Refused, StaleVersion
from core.models import AuditEntry
from duties import services
from duties.choices import CLOSED, MOVES, OPEN, Move, Status
from duties.models import Assignment, Fulfilment
from tests.factories.duties import AssignmentFactory, ItemProgressFactory

NOW = "2022-04-15T08:00:00+08:00"
FACTS = {
    Status.ASSIGNED: {},
    Status.ACCEPTED: {"accepted_at": NOW},
    Status.SUBMITTED: {"accepted_at": NOW},
    Status.RETURNED: {"accepted_at": NOW},
    Status.DONE: {"closed_at": NOW, "done_on": date(2022, 4, 1)},
    Status.WITHDRAWN: {"closed_at": NOW, "status_note": "方案调整"},
    Status.NOT_APPLICABLE: {"closed_at": NOW, "status_note": "没有此类事项"},
}


@pytest.fixture
def make(city, officer):
    """`make(status)` gives the department's report in that state."""

    def in_state(status):
        row = city.assignment(city.department)
        if status == Status.RETURNED:  # only what was handed in comes back
            row.status = Status.SUBMITTED
            row.save()
        for name, value in {"status": status, **FACTS[status]}.items():
            setattr(row, name, value)
        row.save()
        if status == Status.DONE:
            Fulfilment.objects.create(
                assignment=row, source_key="made", happened_on=date(2022, 4, 1), created_at=NOW
            )
        return city.assignment(city.department)

    return in_state


def act(move, row, by):
    """What the services offer for each move."""
    acts = {
        Move.ACCEPT: lambda: services.accept(row, by=by),
        Move.COMPLETE: lambda: services.fulfil(
            row, source_key="done", happened_on=date(2022, 4, 14), by=by
        ),
        Move.REOPEN: lambda: services.void(row.fulfilments.get(), by=by, reason="重复登记"),
        Move.WITHDRAW: lambda: services.take_off(row, Move.WITHDRAW, by=by, reason="方案调整"),
        Move.EXEMPT: lambda: services.take_off(row, Move.EXEMPT, by=by, reason="不涉及"),
        Move.RESTORE: lambda: services.restore(row, by=by),
        Move.SUBMIT: lambda: services.follow_hand_in(row, Move.SUBMIT, by=by),
        Move.RETURN: lambda: services.follow_hand_in(row, Move.RETURN, by=by, note="缺件"),
        Move.RECALL: lambda: services.follow_hand_in(row, Move.RECALL, by=by),
    }
    return acts[move]


@pytest.mark.parametrize("status", Status)
def test_every_move_from_every_state(make, officer, status):
    """Each move on its own copy of the state: a world of its own costs more than a savepoint."""
    for move in Move:
        with transaction.atomic():
            _try(make(status), status, move, officer)
            transaction.set_rollback(True)


def _try(row, status, move, officer):
    sources, target = MOVES[move]
    if status in sources:
        assert moves.target(MOVES, row.status, move) == target
    else:
        with pytest.raises(MoveNotAllowed):
            moves.target(MOVES, row.status, move)
    step = act(move, row, officer)
    if move == Move.REOPEN and status != Status.DONE:  # there is nothing to void
        return
    more_than_asked = move == Move.COMPLETE and status == Status.DONE
    if status in sources or more_than_asked:
        step()
        row.refresh_from_db()
        assert row.status == target, (status, move)
    else:
        with pytest.raises(Refused):
            step()
        row.refresh_from_db()
        assert row.status == status, (status, move)
    if status in sources:
        assert AuditEntry.objects.of(f"assignment:{row.number}").last().verb == f"assignment.{move}"


def test_a_hand_in_makes_no_other_move(make, officer):
    with pytest.raises(ValueError, match="withdraw"):
        services.follow_hand_in(make(Status.ASSIGNED), Move.WITHDRAW, by=officer)


def test_whoever_hands_in_has_seen_what_is_asked(make, officer):
    row = services.follow_hand_in(make(Status.ASSIGNED), Move.SUBMIT, by=officer)
    assert (row.status, row.accepted_by) == (Status.SUBMITTED, officer)
    row = services.follow_hand_in(row, Move.RETURN, by=officer, note="缺任命文件")
    assert (row.status, row.status_note) == (Status.RETURNED, "缺任命文件")


def test_what_may_follow_each_state_is_what_the_table_says():
    for status in Status:
        wanted = [move for move, (sources, _target) in MOVES.items() if status in sources]
        assert moves.allowed(MOVES, status) == wanted
        assert (status in OPEN) != (status in CLOSED)


def _sql(assignment, **values):
    names = ", ".join(f"{name} = %s" for name in values)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE duties_assignment SET {names} WHERE id = %s", [*values.values(), assignment.pk]
        )


BROKEN = [
    ("assigned", {"accepted_at": NOW}),
    ("accepted", {"accepted_at": None}),
    ("done", {"done_on": None}),
    ("done", {"closed_at": None}),
    ("withdrawn", {"closed_at": None}),
    ("not_applicable", {"closed_at": None}),
    ("assigned", {"closed_at": NOW}),
    ("accepted", {"done_on": "2022-04-01"}),
    ("assigned", {"due_on": None}),
    ("assigned", {"latest_on": None}),
    ("assigned", {"last_workday_on": None}),
    ("assigned", {"latest_workday_on": None}),
    ("assigned", {"latest_on": "2022-04-29"}),
    ("assigned", {"last_workday_on": "2022-05-01"}),
    ("assigned", {"latest_workday_on": "2022-05-01"}),
    ("assigned", {"quantity": 0}),
    ("assigned", {"status": "done"}),
    ("assigned", {"status": "withdrawn"}),
    ("assigned", {"status": "accepted"}),
]


def test_the_database_refuses_a_state_without_its_facts(make):
    for status, values in BROKEN:
        with transaction.atomic():
            row = make(Status(status))
            with pytest.raises(IntegrityError):
                _sql(row, **values)
            transaction.set_rollback(True)


def test_a_body_owes_an_obligation_once_an_occurrence(make):
    row = make(Status.ASSIGNED)
    with pytest.raises(IntegrityError), transaction.atomic():
        AssignmentFactory(obligation=row.obligation, enrolment=row.enrolment)
    AssignmentFactory(obligation=row.obligation, enrolment=row.enrolment, occurrence="change-2")


def test_voided_by_needs_its_moment(make, officer):
    mark = make(Status.DONE).fulfilments.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Fulfilment.objects.filter(pk=mark.pk).update(voided_by=officer)


def test_voided_progress_needs_its_moment(officer):
    row = ItemProgressFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row).rows.filter(pk=row.pk).update(voided_by=officer)


def test_an_obligation_has_both_dates_or_none(city):
    for change in ("latest_on = NULL", "latest_on = '2022-04-01'", "due_on = NULL", "quantity = 0"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE duties_obligation SET {change} WHERE id = %s",
                [city.obligations["report"].pk],
            )


def test_a_stale_version_changes_nothing(make, officer):
    row = make(Status.ASSIGNED)
    given = {"by": officer, "version": row.version - 1}
    for step in (
        lambda: services.accept(row, **given),
        lambda: services.take_off(row, Move.WITHDRAW, reason="x", **given),
        lambda: services.fulfil(row, source_key="n", happened_on=date(2022, 4, 1), **given),
        lambda: services.restore(row, **given),
    ):
        with pytest.raises(StaleVersion):
            step()
    assert Assignment.rows.get(pk=row.pk).version == row.version
    assert not AuditEntry.objects.of(f"assignment:{row.number}").exists()


def test_only_two_moves_take_an_assignment_off(make, officer):
    with pytest.raises(ValueError, match="complete"):
        services.take_off(make(Status.ASSIGNED), Move.COMPLETE, by=officer, reason="x")


def test_a_reason_is_asked_for(make, officer):
    row = make(Status.DONE)
    with pytest.raises(Refused):
        services.take_off(row, Move.WITHDRAW, by=officer, reason=" ")
    with pytest.raises(Refused):
        services.void(row.fulfilments.get(), by=officer, reason=" ")


def test_a_text_that_is_too_long_is_refused_before_it_is_cut(make, officer):
    with pytest.raises(ValidationError):
        services.fulfil(
            make(Status.ASSIGNED),
            source_key="k",
            happened_on=date(2022, 4, 1),
            by=officer,
            note="长" * 501,
        )
