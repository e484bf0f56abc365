"""Two people at one thing of the duty cycle: one of them wins, the other is told, nothing is half done."""

import threading
from datetime import date
from functools import partial
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from approvals import services as approvals
from approvals.models import Approval
from core.errors import MoveNotAllowed, Refused, StaleVersion
from core.models import AuditEntry
from core.uploads import Received
from duties import services as duties
from duties.choices import ExtensionState, Verdict
from duties.models import Assignment, Extension, Fulfilment, Order
from duties.services.writing import lock as hold_task
from pilots import services as pilots
from pilots.models import Membership
from projects import services as projects
from projects.models import Opinion
from reports import services
from reports.choices import Status
from reports.models import Dispatch, IncomingLetter, Period, Report, Submission
from reports.services import Sending
from reports.services.writing import lock as hold_report
from tests.conftest import _member, make_city
from tests.duties.chasing import ask, draft, with_chain
from tests.duties.ordering import put_up
from tests.factories.core import StoredFileFactory
from tests.factories.projects import PowerFactory, ProjectFactory
from tests.factories.reports import EvidenceFactory
from tests.reports.cast import desk_of

from .test_races import behind, somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2022, 4, 15)
BOTH = pytest.mark.parametrize("order", [1, -1], ids=["as named", "the other way round"])
REMARK = services.Remark("", "", "vague", "")


@pytest.fixture
def desk():
    made = desk_of(make_city())
    made.open_period()
    return made


@pytest.fixture
def head(desk):
    return _member(desk.city, desk.city.bureau, "bureau_head")


def status():
    return Report.rows.get(kind="progress").status


def at_the_signer(desk):
    return services.put_up(desk.fill(desk.report()), by=desk.data_officer)


def second_loses(first, second, order=1):
    """One after the other, the later one while the earlier one is still open."""
    pair = [first, second][::order]
    found = behind(*pair)
    assert isinstance(found, Refused), found
    return found


@BOTH
def test_a_signature_and_its_recall(desk, order):
    row = at_the_signer(desk)
    sign = partial(services.sign, row, by=desk.unit_cdo)
    back = partial(services.take_back, row, by=desk.data_officer)
    second_loses(sign, back, order)
    signed = order == 1
    assert status() == (Status.SUBMITTED if signed else Status.DRAFT)
    assert Submission.rows.count() == int(signed)
    assert Approval.rows.get().state == ("signed" if signed else "recalled")


@BOTH
def test_a_signature_and_what_turns_the_draft_back(desk, order):
    row = at_the_signer(desk)
    other = _member(desk.city, desk.city.department, "unit_cdo")
    sign = partial(services.sign, row, by=desk.unit_cdo)
    back = partial(services.turn_back, row, by=other, reason="写明。")
    second_loses(sign, back, order)
    signed = order == 1
    assert status() == (Status.SUBMITTED if signed else Status.DRAFT)
    step = Approval.rows.get().steps.get()
    assert (step.decision, step.decided_by) == (
        ("agreed", desk.unit_cdo) if signed else ("sent_back", other)
    )


@BOTH
def test_a_recall_and_the_bureau_that_opens_it(desk, order):
    row = desk.handed_in()
    recall = partial(services.recall, row, by=desk.data_officer)
    look = partial(services.open_for_review, row, by=desk.officer)
    found = behind(*[recall, look][::order])
    row.refresh_from_db()
    if order == 1:
        assert (found.status, found.opened_at) == (Status.DRAFT, None)
        assert (row.status, row.opened_at) == (Status.DRAFT, None)
    else:
        assert "不能撤回" in str(found)
        assert row.status == Status.SUBMITTED


def test_a_draft_is_put_up_once(desk):
    row = desk.fill(desk.report())
    put = partial(services.put_up, row, by=desk.data_officer)
    second_loses(put, put)
    assert Approval.rows.count() == 1


@BOTH
def test_a_file_put_beside_a_section_and_the_draft_put_up(desk, order):
    row = desk.fill(desk.report())
    file = EvidenceFactory(unit=desk.city.department, programme=desk.city.programme)
    lay = partial(services.attach, desk.section(row), file, by=desk.data_officer)
    put = partial(services.put_up_and_sign, row, by=desk.unit_cdo)
    found = behind(*[lay, put][::order])
    assert status() == Status.SUBMITTED
    assert Submission.rows.get().files.count() == (1 if order == 1 else 0)
    assert isinstance(found, Report if order == 1 else MoveNotAllowed)


def test_a_report_is_begun_once(desk):
    task = desk.city.assignment_of(desk.city.department, "2022Q1")
    begin = partial(services.start_report, task, by=desk.data_officer)
    assert behind(begin, begin) == Report.rows.get()


def test_passages_chosen_from_what_somebody_just_changed_are_refused(desk):
    task = desk.city.assignment(desk.city.bureau, "overall_report")
    row = services.start_report(task, by=desk.officer)
    pick = services.Pick(desk.handed_in(desk.summary()).submissions.get(), "progress")
    choose = partial(services.choose_passages, row, by=desk.officer, version=row.version)
    assert isinstance(behind(partial(choose, [pick]), partial(choose, [])), StaleVersion)
    assert row.passages.count() == 1


def test_a_signature_is_not_lent_by_a_right_that_is_just_taken(desk):
    held = Membership.rows.get(user=desk.unit_cdo)
    days = {"starts_on": TODAY, "ends_on": TODAY}
    lend = partial(
        approvals.lend_signature, desk.data_officer, desk.city.department, by=desk.unit_cdo, **days
    )
    second_loses(partial(pilots.revoke_membership, held, by=desk.officer), lend)
    assert not Membership.rows.filter(delegated_by=desk.unit_cdo).exists()


def test_an_overall_report_goes_out_once(desk, head):
    task = desk.city.assignment(desk.city.bureau, "overall_report")
    row = services.draft_overall(services.start_report(task, by=desk.officer), by=desk.officer)
    row = services.sign(services.put_up(row, by=desk.officer), by=head)
    sending = Sending("演示人员90", "测政数函〔2022〕9号", TODAY, desk.city.superior)
    send = partial(services.dispatch, row, sending, by=desk.officer)
    second_loses(send, send)
    assert Dispatch.rows.count() == Fulfilment.objects.count() == 1


@BOTH
def test_an_answer_to_a_request_and_its_withdrawal(desk, order):
    row = ask(desk.city, desk.unit_cdo)
    decide = partial(duties.decide_extension, row, Verdict.GRANT, by=desk.officer)
    leave = partial(duties.withdraw_extension, row, by=desk.data_officer)
    second_loses(decide, leave, order)
    task = Assignment.rows.get(pk=row.assignment_id)
    decided = order == 1
    assert Extension.rows.get().state == ("granted" if decided else "withdrawn")
    assert task.deadline_version == (2 if decided else 1)


@BOTH
def test_an_answer_that_is_signed_and_the_request_withdrawn(desk, head, order):
    row = ask(desk.city, desk.unit_cdo)
    with_chain(desk.city)
    row = duties.decide_extension(row, Verdict.GRANT, by=desk.officer)
    agree = partial(duties.agree_extension, row, by=head)
    leave = partial(duties.withdraw_extension, row, by=desk.data_officer)
    second_loses(agree, leave, order)
    decided = order == 1
    assert Extension.rows.get().state == ("granted" if decided else "withdrawn")
    assert Assignment.rows.get(pk=row.assignment_id).deadline_version == (2 if decided else 1)


def test_an_order_is_issued_once(desk, head):
    row = put_up(desk.city, desk.officer)
    other = _member(desk.city, desk.city.bureau, "bureau_head")
    second_loses(
        partial(duties.sign_order, row, by=head), partial(duties.sign_order, row, by=other)
    )
    assert Assignment.rows.filter(obligation=Order.rows.get().obligation).count() == 1


def test_a_task_is_taken_notice_of_once(desk):
    task = desk.city.assignment(desk.city.department)
    take = partial(duties.accept, task, by=desk.data_officer)
    second_loses(take, take)
    assert AuditEntry.objects.filter(verb="assignment.accept").count() == 1


def test_an_opinion_sent_twice_is_one(desk):
    for kind in ("veto", "gate"):
        PowerFactory(programme=desk.city.programme, kind=kind, clause=None)
    project = ProjectFactory(enrolment=desk.city.enrolment(desk.city.department))
    facts = {"gate": "approval", "decision": "approve", "given_on": TODAY, "route": "online"}
    give = partial(
        projects.give_opinion, project, by=desk.unit_cdo, once=uuid4().hex, version=1, **facts
    )
    found = behind(give, give)
    assert isinstance(found, Refused | ValidationError), found
    assert Opinion.rows.count() == 1


@BOTH
def test_a_period_is_not_closed_over_what_is_just_handed_in(desk, order):
    row, period = at_the_signer(desk), Period.rows.get()
    sign = partial(services.sign, row, by=desk.unit_cdo)
    close = partial(services.close_period, period, by=desk.officer)
    second_loses(sign, close, order)
    signed = order == 1
    period.refresh_from_db()
    assert status() == (Status.SUBMITTED if signed else Status.TO_SIGN)
    assert (period.closed_on is None) == signed


@BOTH
def test_nor_over_a_decision_that_is_just_taken_back(desk, order):
    row, period = desk.handed_in(), Period.rows.get()
    review = services.accept(row, by=desk.officer)
    undo = partial(services.undo, review, by=desk.officer)
    close = partial(services.close_period, period, by=desk.officer)
    second_loses(undo, close, order)
    period.refresh_from_db()
    assert (status() == Status.SUBMITTED) == (period.closed_on is None) == (order == 1)


def crossing(begin, second, finish):
    """Run `second` between two steps of one transaction: where both take the same rows, but not in
    the same order, PostgreSQL breaks one of them off. What `finish` and `second` gave or raised."""
    found = []

    def run():
        try:
            found.append(second())
        except Exception as error:  # noqa: BLE001 - the outcome is what the test asks for
            found.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        begin()
        thread.start()
        while not somebody_waits():
            assert thread.is_alive(), found
        done = finish()
    thread.join()
    return done, found[0]


def test_a_letter_that_comes_while_the_unit_hands_in(desk):
    row = at_the_signer(desk)
    task = desk.city.assignment_of(desk.city.department, "2022Q1")
    letter = services.Letter("测试市公安局", TODAY, "测公函〔2022〕7号")
    received = Received(StoredFileFactory(), "来文.pdf")
    done, found = crossing(
        partial(hold_report, row, None),
        partial(services.start_letter, task, letter, received=received, by=desk.officer),
        partial(services.sign, row, by=desk.unit_cdo),
    )
    assert done.status == status() == Status.SUBMITTED
    assert "不用代录" in str(found)


def test_a_letter_that_comes_while_the_period_is_moved(desk):
    period = Period.rows.get()
    task = desk.city.assignment_of(desk.city.department, "2022Q1")
    letter = services.Letter("测试市公安局", TODAY, "测公函〔2022〕7号")
    received = Received(StoredFileFactory(), "来文.pdf")
    _done, found = crossing(
        lambda: Period.rows.select_for_update().get(pk=period.pk),
        partial(services.start_letter, task, letter, received=received, by=desk.officer),
        partial(
            services.change_period, period, due_on=date(2022, 4, 29), reason="顺延", by=desk.officer
        ),
    )
    assert isinstance(found, IncomingLetter), found
    assert Assignment.rows.get(pk=task.pk).due_on == date(2022, 4, 29)


def test_a_batch_of_slips_and_a_request_for_one_of_its_tasks(desk, head):
    tasks = [desk.city.assignment(unit) for unit in (desk.city.department, desk.city.district)]
    last = max(tasks, key=lambda task: task.pk)
    cdo = _member(desk.city, last.unit, "unit_cdo")
    done, found = crossing(
        partial(hold_task, last, None),
        partial(duties.issue_slips, tasks, draft("supervise"), by=desk.officer),
        partial(ask, desk.city, cdo, last.unit),
    )
    assert done.state == ExtensionState.ASKED
    assert len(found.to_approve) == 2, found
