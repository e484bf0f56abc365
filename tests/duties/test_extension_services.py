"""A later day: asked by the unit, signed by its CDO, answered by the bureau, undone in ten minutes."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, connection, transaction

from approvals import services as approvals
from approvals.models import Approval
from core import clock
from core.errors import MoveNotAllowed, PermissionRefused, Refused, StaleVersion
from core.models import AuditEntry
from duties import services
from duties.choices import EXTENSION_MOVES, ExtensionMove, ExtensionState, Move, Verdict
from duties.models import Extension
from duties.queries import extensions as queries
from pilots.models import Enrolment
from tests.conftest import _member
from tests.factories.approvals import ChainStepFactory
from tests.factories.duties import ExtensionFactory, ItemProgressFactory

from .chasing import (
    PART,
    REASON,
    WANTED,
    a_scan,
    ask,
    extension_in,
    finish,
    fresh,
    request,
    with_chain,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def make(city, officer, head, data_officer, unit_cdo):
    """`make(state)` gives the department's request in that state."""
    return lambda state: extension_in(state, city, officer, head, data_officer, unit_cdo)


# --- every move from every state -----------------------------------------------------------------


def act(move, row, city, people):
    """What the services offer for each move."""
    acts = {
        ExtensionMove.CONFIRM: lambda: services.agree_extension(row, by=people["cdo"]),
        ExtensionMove.SEND_BACK: lambda: services.send_back_extension(
            row, by=people["cdo"], reason="写明完成时间。"
        ),
        ExtensionMove.RECALL: lambda: services.recall_extension(row, by=people["clerk"]),
        ExtensionMove.RESUBMIT: lambda: services.resubmit_extension(
            row, request(), by=people["clerk"]
        ),
        ExtensionMove.PUT_UP: lambda: _put_up(row, city, people),
        ExtensionMove.TAKE_BACK: lambda: services.send_back_extension(
            row, by=people["head"], reason="再核实。"
        ),
        ExtensionMove.RETRACT: lambda: services.recall_extension(row, by=people["officer"]),
        ExtensionMove.GRANT: lambda: _decide(row, Verdict.GRANT, people),
        ExtensionMove.GRANT_PARTLY: lambda: _decide(row, Verdict.PARTLY, people),
        ExtensionMove.REFUSE: lambda: _decide(row, Verdict.REFUSE, people),
        ExtensionMove.WITHDRAW: lambda: services.withdraw_extension(row, by=people["clerk"]),
        ExtensionMove.UNDO: lambda: services.undo_decision(row, by=people["officer"]),
    }
    return acts[move]


def _put_up(row, city, people):
    if row.state != ExtensionState.TO_APPROVE:
        with_chain(city)
    return services.decide_extension(row, Verdict.GRANT, by=people["officer"])


def _decide(row, verdict, people):
    """Decided at once, or, where the answer waits for the head, signed by the head: the verdict that
    was put up is the one that takes effect."""
    if row.state == ExtensionState.TO_APPROVE:
        Extension.rows.filter(pk=row.pk).update(
            verdict=verdict,
            granted_on={Verdict.GRANT: WANTED, Verdict.PARTLY: PART}.get(verdict),
            answer="工作量不大。",
        )
        return services.agree_extension(row, by=people["head"])
    return services.decide_extension(
        row, verdict, granted_on=PART, answer="工作量不大。", by=people["officer"]
    )


# Moves that share a door with another: which state they start from tells them apart.
SAME_DOOR = {
    ExtensionMove.CONFIRM: {ExtensionState.TO_APPROVE},
    ExtensionMove.SEND_BACK: {ExtensionState.TO_APPROVE},
    ExtensionMove.TAKE_BACK: {ExtensionState.TO_SIGN},
    ExtensionMove.RECALL: {ExtensionState.TO_APPROVE},
    ExtensionMove.RETRACT: {ExtensionState.TO_SIGN},
}


@pytest.mark.parametrize("state", ExtensionState)
def test_every_move_from_every_state(state, make, city, officer, head, data_officer, unit_cdo):
    people = {"officer": officer, "head": head, "clerk": data_officer, "cdo": unit_cdo}
    for move, (sources, target) in EXTENSION_MOVES.items():
        with transaction.atomic():
            row = make(state)
            step = act(move, row, city, people)
            if state in sources:
                step()
                assert fresh(row).state == target, (state, move)
            elif state not in SAME_DOOR.get(move, ()):
                with pytest.raises(Refused):
                    step()
                assert fresh(row).state == state, (state, move)
            transaction.set_rollback(True)


@pytest.mark.parametrize("state", ExtensionState)
def test_the_database_knows_the_table_of_moves_too(state, make):
    """Raw SQL that moves a row past the table is refused, whatever facts come with it."""
    targets = {target for sources, target in EXTENSION_MOVES.values() if state in sources}
    for wanted in ExtensionState:
        if wanted == state or wanted in targets:
            continue
        with transaction.atomic():
            row = make(state)
            with (
                pytest.raises((InternalError, IntegrityError)),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(
                    "UPDATE duties_extension SET state = %s WHERE id = %s", [wanted, row.pk]
                )
            transaction.set_rollback(True)


BROKEN = [
    ("to_sign", "verdict = 'grant'"),
    ("to_sign", "closed_at = now()"),
    ("to_sign", "wanted_on = '2022-04-30'"),
    ("asked", "signed_at = NULL"),
    ("asked", "granted_on = '2022-05-16'"),
    ("granted", "closed_at = NULL"),
    ("granted", "closed_on = NULL"),
    ("granted", "granted_on = '2022-05-16'"),
    ("granted", "decided_at = NULL"),
    ("granted", "deadline_version = NULL"),
    ("partly", "granted_on = '2022-05-31'"),
    ("partly", "granted_on = NULL"),
    ("refused", "answer = ''"),
    ("refused", "granted_on = '2022-05-16'"),
    ("refused", "deadline_version = 2"),
    ("to_approve", "verdict = ''"),
]


def test_the_database_refuses_a_state_without_its_facts(make):
    for state, change in BROKEN:
        with transaction.atomic():
            row = make(ExtensionState(state))
            with (
                pytest.raises(IntegrityError),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(f"UPDATE duties_extension SET {change} WHERE id = %s", [row.pk])
            transaction.set_rollback(True)


# --- asking --------------------------------------------------------------------------------------


def test_a_clerk_asks_and_the_cdo_signs(city, data_officer, unit_cdo):
    row = ask(city, data_officer, done_so_far="已完成八个处室。")
    assert (row.number, row.place, row.state) == ("YQ-2022-0001", 1, ExtensionState.TO_SIGN)
    assert (row.due_on, row.latest_on) == (date(2022, 4, 30), date(2022, 4, 30))
    assert not row.is_late
    assert Approval.rows.get().title == "工作总结延期至2022-05-31"
    row = services.agree_extension(row, by=unit_cdo, remark="同意")
    assert row.state == ExtensionState.ASKED
    assert row.signed_at is not None
    assert city.assignment(city.department).due_on == date(2022, 4, 30)  # nothing moved yet


def test_a_cdo_who_asks_has_signed_with_that(city, unit_cdo):
    row = ask(city, unit_cdo)
    assert row.state == ExtensionState.ASKED
    (step,) = Approval.rows.get().steps.all()
    assert step.decided_by == unit_cdo


def test_a_chain_of_two_steps_waits_for_both(city, data_officer, unit_cdo):
    ChainStepFactory(unit=city.department, position=1, kind="section")
    ChainStepFactory(unit=city.department, position=2, kind="cdo")
    row = ask(city, data_officer)
    row = services.agree_extension(row, by=unit_cdo)
    assert row.state == ExtensionState.TO_SIGN
    assert services.agree_extension(row, by=unit_cdo).state == ExtensionState.ASKED


def test_what_was_signed_on_paper_counts(city, data_officer):
    row = ask(city, data_officer)
    signed = [approvals.PaperSignature("演示人员01", date(2022, 4, 15))]
    row = services.sign_extension_on_paper(
        row, signed, scan=a_scan(), scan_name="审签单.pdf", by=data_officer
    )
    assert row.state == ExtensionState.ASKED


@pytest.mark.parametrize(
    ("more", "field", "said"),
    [
        ({"wanted_on": date(2022, 4, 30)}, "wanted_on", "延期日期要晚于原定的2022-04-30"),
        ({"wanted_on": date(2022, 4, 1)}, "wanted_on", "延期日期要晚于原定的2022-04-30"),
        ({"reason": "太忙 了"}, "reason", "“理由”至少50字，现在3字"),
        ({"reason": "长" * 301}, "reason", "“理由”超出上限1字，压缩到300字以内"),
        ({"done_so_far": "长" * 302}, "done_so_far", "“已做工作”超出上限2字，压缩到300字以内"),
    ],
)
def test_what_is_wrong_is_said_by_field(city, data_officer, more, field, said):
    with pytest.raises(ValidationError) as refused:
        ask(city, data_officer, **more)
    assert refused.value.message_dict == {field: [said]}
    assert not Extension.rows.exists()


def test_all_faults_come_at_once_and_white_space_does_not_count(city, data_officer):
    with pytest.raises(ValidationError) as refused:
        ask(city, data_officer, wanted_on=date(2022, 4, 1), reason="短")
    assert set(refused.value.message_dict) == {"wanted_on", "reason"}
    row = ask(city, data_officer, reason="\n ".join("长" * 300))
    assert len(row.reason) == 300 + 299 * 2


def test_after_the_deadline_it_is_allowed_and_labelled(city, data_officer):
    task = city.assignment(city.department)
    day = date(2022, 4, 8)
    type(task).rows.filter(pk=task.pk).update(
        due_on=day, latest_on=day, last_workday_on=day, latest_workday_on=day
    )
    assert ask(city, data_officer).is_late


def test_what_is_closed_undated_or_asked_already_is_refused(city, officer, data_officer):
    plan = city.assignment(city.department, "plan")
    with pytest.raises(Refused, match="没有定时限，不用申请延期"):
        services.ask_extension(plan, request(), by=data_officer)
    first = ask(city, data_officer)
    with pytest.raises(Refused, match=f"已申请延期：{first.number}（待本单位审签）"):
        ask(city, data_officer)
    task = city.assignment(city.department, "training")
    services.take_off(task, Move.WITHDRAW, by=officer, reason="方案调整")
    with pytest.raises(Refused, match="已撤销，不用再延期"):
        services.ask_extension(task, request(), by=data_officer)


def test_one_open_request_a_task_in_the_database_too(make):
    task = make(ExtensionState.TO_SIGN).assignment
    with pytest.raises(IntegrityError), transaction.atomic():
        ExtensionFactory(assignment=task, place=2)
    make_room = {"state": "withdrawn", "closed_at": clock.now(), "closed_on": clock.today()}
    ExtensionFactory(assignment=task, place=2, **make_room)


def test_a_stale_form_changes_nothing(city, data_officer, unit_cdo, officer, make):
    task = city.assignment(city.department)
    with pytest.raises(StaleVersion):
        services.ask_extension(task, request(), by=data_officer, version=task.version + 1)
    row = make(ExtensionState.ASKED)
    for step in (
        lambda: services.decide_extension(row, Verdict.GRANT, by=officer, version=99),
        lambda: services.withdraw_extension(row, by=data_officer, version=99),
    ):
        with pytest.raises(StaleVersion):
            step()


def test_who_may_not_sign_is_told_who_can(city, data_officer, stranger):
    row = ask(city, data_officer)
    for user in (data_officer, stranger):
        with pytest.raises(PermissionRefused, match="首席数据官审签"):
            services.agree_extension(row, by=user)


# --- back and again ------------------------------------------------------------------------------


def test_what_came_back_is_mended_and_keeps_its_file(city, data_officer, unit_cdo):
    row = ask(city, data_officer, file=a_scan(), file_name="说明.pdf")
    row = services.send_back_extension(row, by=unit_cdo, reason="写明完成时间。")
    assert (row.state, row.state_note) == (ExtensionState.RETURNED, "写明完成时间。")
    row = services.resubmit_extension(row, request(date(2022, 6, 10)), by=data_officer)
    assert (row.state, row.state_note, row.file_name) == (ExtensionState.TO_SIGN, "", "说明.pdf")
    assert [each.round for each in Approval.rows.order_by("round")] == [1, 2]
    assert services.agree_extension(row, by=unit_cdo).state == ExtensionState.ASKED


def test_taken_back_by_the_clerk_it_can_be_changed(make, data_officer):
    row = services.recall_extension(make(ExtensionState.TO_SIGN), by=data_officer)
    assert (row.state, row.state_note) == (ExtensionState.RETURNED, "")


def test_withdrawn_by_the_unit_until_it_is_decided(city, make, data_officer, unit_cdo):
    row = make(ExtensionState.TO_APPROVE)
    row = services.withdraw_extension(row, by=data_officer, reason="已提前完成。")
    assert (row.state, row.state_note, row.verdict) == (
        ExtensionState.WITHDRAWN,
        "已提前完成。",
        "",
    )
    assert Approval.rows.order_by("round").last().state == "recalled"
    again = ask(city, unit_cdo)
    assert again.place == 2
    assert queries.later_than(row) == again


# --- the bureau's answer -------------------------------------------------------------------------


def test_granting_moves_the_deadline_and_keeps_the_first_day(city, make, officer):
    version = city.assignment(city.department).deadline_version
    row = make(ExtensionState.GRANTED)
    task = city.assignment(city.department)
    assert (task.due_on, task.latest_on, task.last_workday_on) == (WANTED, WANTED, WANTED)
    assert task.original_due_on == date(2022, 4, 30)
    assert task.was_extended
    assert task.deadline_version == version + 1 == row.deadline_version
    assert (row.granted_on, row.decided_by, row.closed_on) == (WANTED, officer, date(2022, 4, 15))
    verbs = AuditEntry.objects.filter(verb="assignment.extend")
    assert verbs.get().after["due_on"] == "2022-05-31"


def test_a_weekend_is_granted_with_the_working_day_before_it(city, unit_cdo, officer):
    row = ask(city, unit_cdo, wanted_on=date(2022, 5, 15))  # a Sunday
    services.decide_extension(row, Verdict.GRANT, by=officer)
    task = city.assignment(city.department)
    assert (task.due_on, task.last_workday_on) == (date(2022, 5, 15), date(2022, 5, 13))


def test_partly_is_an_earlier_day(city, make):
    row = make(ExtensionState.PARTLY)
    assert row.granted_on == PART == city.assignment(city.department).due_on


@pytest.mark.parametrize(
    ("verdict", "more", "field", "said"),
    [
        (Verdict.REFUSE, {}, "answer", "写明不同意的理由，单位会看到。"),
        (Verdict.PARTLY, {}, "granted_on", "填写“同意延至”的日期"),
        (
            Verdict.PARTLY,
            {"granted_on": date(2022, 4, 30)},
            "granted_on",
            "延期日期要晚于原定的2022-04-30",
        ),
        (
            Verdict.PARTLY,
            {"granted_on": WANTED},
            "granted_on",
            "部分同意的日期要早于申请的2022-05-31；就是这一天的，选“同意”",
        ),
    ],
)
def test_an_answer_needs_its_day_or_its_reason(make, officer, verdict, more, field, said):
    row = make(ExtensionState.ASKED)
    with pytest.raises(ValidationError) as refused:
        services.decide_extension(row, verdict, by=officer, **more)
    assert refused.value.message_dict == {field: [said]}
    assert fresh(row).state == ExtensionState.ASKED


def test_a_second_extension_counts_from_the_granted_day(city, make, unit_cdo, officer):
    make(ExtensionState.PARTLY)
    with pytest.raises(ValidationError) as refused:
        ask(city, unit_cdo, wanted_on=PART)
    assert refused.value.message_dict == {"wanted_on": ["延期日期要晚于现定的2022-05-16"]}
    second = ask(city, unit_cdo)
    assert (second.place, second.latest_on) == (2, PART)
    services.decide_extension(second, Verdict.GRANT, by=officer)
    task = city.assignment(city.department)
    assert (task.due_on, task.original_due_on) == (WANTED, date(2022, 4, 30))


def test_nobody_answers_a_request_of_his_or_her_own(city, data_officer, unit_cdo):
    from pilots.services import add_membership

    add_membership(data_officer, city.bureau, "bureau_officer", by=None)
    row = services.agree_extension(ask(city, data_officer), by=unit_cdo)
    with pytest.raises(Refused, match="由另一位经办人审批"):
        services.decide_extension(row, Verdict.GRANT, by=data_officer)


def test_a_finished_task_is_no_longer_extended_but_may_be_refused(city, make, officer, head):
    row = make(ExtensionState.ASKED)
    finish(city.assignment(city.department), officer)
    with pytest.raises(Refused, match="已完成，不用再延期"):
        services.decide_extension(row, Verdict.GRANT, by=officer)
    refused = services.decide_extension(row, Verdict.REFUSE, answer="已完成。", by=officer)
    assert refused.state == ExtensionState.REFUSED


def test_where_the_bureau_has_a_chain_the_answer_waits_for_the_head(city, make, head, officer):
    row = make(ExtensionState.TO_APPROVE)
    task = city.assignment(city.department)
    assert task.due_on == date(2022, 4, 30)
    assert Approval.rows.order_by("round").last().unit == city.bureau
    with pytest.raises(PermissionRefused):
        services.agree_extension(row, by=officer)
    row = services.agree_extension(row, by=head)
    assert row.state == ExtensionState.GRANTED
    assert city.assignment(city.department).due_on == WANTED


def test_a_task_that_is_finished_while_the_head_reads_is_not_extended(city, make, head, officer):
    row = make(ExtensionState.TO_APPROVE)
    finish(city.assignment(city.department), officer)
    with pytest.raises(Refused, match="已完成，不用再延期"):
        services.agree_extension(row, by=head)
    row = services.send_back_extension(row, by=head, reason="已完成。")
    assert (row.state, row.verdict) == (ExtensionState.ASKED, "")


def test_a_reading_decided_meanwhile_is_what_it_moves_and_comes_back_to(
    city, unit_cdo, officer, data_officer
):
    """Both readings of a date in doubt: asked after the later one, decided to the earlier one."""
    training = city.obligations["training"]
    task = city.assignment(city.department, "training")
    row = services.ask_extension(task, request(), by=unit_cdo)
    assert (row.due_on, row.latest_on) == (date(2022, 3, 31), date(2022, 4, 30))
    services.decide_reading(training, due_on=date(2022, 4, 20), basis="电话答复", by=officer)
    row = services.decide_extension(row, Verdict.GRANT, by=officer)
    services.undo_decision(row, by=officer)
    task = city.assignment(city.department, "training")
    assert (task.due_on, task.latest_on) == (date(2022, 4, 20), date(2022, 4, 20))


# --- undoing -------------------------------------------------------------------------------------


def test_undone_within_ten_minutes_everything_is_as_it_was(city, make, officer):
    row = services.undo_decision(make(ExtensionState.GRANTED), by=officer)
    assert (row.state, row.verdict, row.granted_on, row.decided_by) == (
        ExtensionState.ASKED,
        "",
        None,
        None,
    )
    task = city.assignment(city.department)
    assert (task.due_on, task.was_extended) == (date(2022, 4, 30), False)
    assert task.deadline_version == 3  # reminders of the granted day hold no more
    again = services.decide_extension(row, Verdict.PARTLY, granted_on=PART, by=officer)
    assert again.state == ExtensionState.PARTLY


def test_a_refusal_is_undone_too(make, officer):
    assert services.undo_decision(make("refused"), by=officer).state == ExtensionState.ASKED


def test_after_ten_minutes_it_stands(make, officer):
    row = make(ExtensionState.GRANTED)
    late = clock.now() - timedelta(minutes=10, seconds=1)
    Extension.rows.filter(pk=row.pk).update(closed_at=late)
    with pytest.raises(Refused, match="已过10分钟"):
        services.undo_decision(row, by=officer)


def test_what_was_built_on_it_keeps_it(city, make, officer, unit_cdo):
    row = make(ExtensionState.GRANTED)
    with transaction.atomic():
        ask(city, unit_cdo, wanted_on=date(2022, 6, 30))
        with pytest.raises(Refused, match="单位已另行申请YQ-2022-0002"):
            services.undo_decision(row, by=officer)
        transaction.set_rollback(True)
    with transaction.atomic():
        finish(city.assignment(city.department), officer)
        with pytest.raises(Refused, match="已完成，这次审批不能撤销"):
            services.undo_decision(row, by=officer)
        transaction.set_rollback(True)
    task = city.assignment(city.department)
    type(task).rows.filter(pk=task.pk).update(deadline_version=9)
    with pytest.raises(Refused, match="截止日期又改过"):
        services.undo_decision(row, by=officer)


# --- asking the rows -----------------------------------------------------------------------------


def test_others_see_it_once_it_is_signed(city, data_officer, unit_cdo, officer, stranger, auditor):
    row = ask(city, data_officer)
    rows = Extension.objects
    assert [rows.visible_to(user).count() for user in (data_officer, officer, stranger)] == [
        1,
        0,
        0,
    ]
    assert rows.visible_to(auditor).count() == 1
    services.agree_extension(row, by=unit_cdo)
    assert rows.visible_to(officer).count() == 1
    assert rows.visible_to(stranger).count() == 0


def test_whose_turn_it_is(city, make, data_officer, unit_cdo, officer, head, stranger):
    people = {"clerk": data_officer, "cdo": unit_cdo, "officer": officer, "head": head}
    turns = {
        ExtensionState.TO_SIGN: {"cdo"},
        ExtensionState.RETURNED: {"clerk", "cdo"},
        ExtensionState.ASKED: {"officer"},
        ExtensionState.TO_APPROVE: {"head"},
        ExtensionState.GRANTED: set(),
    }
    for state, wanted in turns.items():
        with transaction.atomic():
            make(state)
            found = {
                name
                for name, user in people.items()
                if queries.waiting_for_reader(Extension.objects.visible_to(user), user).exists()
            }
            assert found == wanted, state
            transaction.set_rollback(True)


def test_who_may_ask_and_answer(city, make, data_officer, officer, head, stranger):
    task = city.assignment(city.department)
    assert [queries.may_ask(task, user) for user in (data_officer, officer, stranger)] == [
        True,
        False,
        False,
    ]
    assert not queries.may_ask(city.assignment(city.department, "plan"), data_officer)
    row = make(ExtensionState.ASKED)
    assert [queries.may_answer(row, user) for user in (officer, head, data_officer)] == [
        True,
        False,
        False,
    ]
    assert queries.open_extension(task, user=officer) == row
    assert queries.extensions_of(task, user=officer) == [row]
    marked = queries.with_extension_state(type(task).objects.visible_to(officer), officer)
    assert [each.number for each in marked if each.is_extending] == [task.number]


def test_what_was_done_so_far_is_known(city, officer):
    task = city.assignment(city.department, "training")
    assert queries.known_progress(task) == ""
    item = city.obligations["training"].area.items.get(kinds=["municipal_department"])
    ItemProgressFactory(item=item, enrolment=task.enrolment, summary="开了两期班。")
    assert queries.known_progress(task) == "2022-03-01开了两期班。"
    services.fulfil(task, source_key="a", happened_on=date(2022, 3, 2), note="第一期", by=officer)
    assert queries.known_progress(task) == "2022-03-02完成第1次：第一期。"


def test_a_programme_without_a_bureau_has_nobody_to_answer(city):
    Enrolment.rows.filter(part="bureau").update(withdrawn_on=date(2022, 1, 1))
    with pytest.raises(Enrolment.DoesNotExist):
        queries.bureau_of(city.programme)
    assert not queries.bureau_signs(city.programme)


def test_nothing_waits_for_a_signature_where_no_round_is_open(make, unit_cdo):
    row = make(ExtensionState.ASKED)
    assert queries.round_of(row) is None
    with pytest.raises(MoveNotAllowed):
        services.agree_extension(row, by=unit_cdo)


def test_a_row_says_what_it_is(make, city):
    row = make(ExtensionState.GRANTED)
    assert str(row) == "YQ-2022-0001 工作总结"
    assert (row.is_open, row.is_decided) == (False, True)
    assert row.short_reason == f"{REASON[:39]}…"
    row.reason = "短"
    assert row.short_reason == "短"
    assert row.unit == city.department
    assert row.programme == city.programme


# --- on time by both days ------------------------------------------------------------------------


def test_on_time_is_counted_by_the_first_day_and_by_the_granted_one(
    city, officer, unit_cdo, data_officer
):
    rows = type(city.assignment(city.department)).objects
    reports = rows.visible_to(officer).filter(obligation__nature="report")
    extended = services.decide_extension(ask(city, unit_cdo), Verdict.GRANT, by=officer)
    on = date(2022, 6, 30)
    before = queries.punctuality(reports, on)
    assert (before.due, before.on_time, before.due_first, before.extended) == (2, 0, 2, 1)
    task = city.assignment(city.department)
    finish(task, officer)
    type(task).rows.filter(pk=task.pk).update(done_on=date(2022, 5, 20))
    after = queries.punctuality(reports, on)
    assert (after.on_time, after.on_time_first) == (1, 0)
    assert extended.latest_on == date(2022, 4, 30)
    early = queries.punctuality(reports, date(2022, 5, 1))  # the granted day is still ahead
    assert (early.due, early.due_first) == (1, 2)


def test_without_a_request_the_first_day_is_the_one_that_was_moved(city, officer):
    """A deadline moved past the requests (an order's new day): its first day counts all the same."""
    task = city.assignment(city.department)
    type(task).rows.filter(pk=task.pk).update(original_due_on=date(2022, 4, 10))
    rows = type(task).objects.visible_to(officer).filter(pk=task.pk)
    found = queries.punctuality(rows, date(2022, 4, 15))
    assert (found.due, found.due_first, found.extended) == (0, 1, 1)


def test_a_member_of_two_units_sees_both(city, data_officer):
    _member(city, city.district, "unit_cdo")
    row = ask(city, data_officer)
    assert Extension.objects.visible_to(data_officer).get() == row
