"""Every state × every move by the doors that the portal has: the services and the API."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction

from approvals import services as approvals
from approvals.choices import MOVES as ROUND_MOVES
from approvals.choices import Move as RoundMove
from approvals.choices import Purpose, State
from approvals.models import Approval
from core.errors import Refused
from projects.choices import MOVES as FINDING_MOVES
from projects.choices import FindingMove, FindingStatus
from projects.models import Finding
from reports import services
from reports.choices import MOVES, Move, Status
from reports.models import Report, Review
from tests.factories.core import StoredFileFactory
from tests.factories.projects import FindingFactory
from tests.reports.cast import desk_of

from .test_moves import TABLES

pytestmark = pytest.mark.django_db
LETTER = services.Letter("测试市公安局", date(2022, 4, 12), "测公函〔2022〕7号")
UNDOES = {Move.UNDO_RETURN: "returned", Move.UNDO_ACCEPT: "accepted"}


@pytest.fixture
def desk(city):
    made = desk_of(city)
    made.open_period()
    return made


@pytest.fixture
def send(api):
    """`send(user, path, body, row)`: with its key, and the version of `row`."""

    def put(user, path, body, row):
        headers = {"Idempotency-Key": str(uuid4()), "If-Match": f'"{row.version}"'}
        return api(user).post(f"/api/v1/{path}/", body, format="json", headers=headers)

    return put


# --- reports -------------------------------------------------------------------------------------


def remarks_on(report):
    return [services.Remark(report.sections.first().key, "body", "vague", "写明数量。")]


def report_in(desk, state):
    report = desk.fill(desk.report())
    if state == Status.DRAFT:
        return fresh(report)
    services.put_up(report, by=desk.data_officer)
    if state != Status.TO_SIGN:
        services.sign(report, by=desk.unit_cdo)
    if state == Status.RETURNED:
        services.return_report(report, remarks_on(report), by=desk.officer)
    if state == Status.ACCEPTED:
        services.accept(report, by=desk.officer)
    return fresh(report)


def fresh(report):
    return Report.rows.for_lists().get(pk=report.pk)


def last_review(report):
    return Review.rows.filter(submission__report=report).order_by("id").last()


def by_service(desk, report, move):
    acts = {
        Move.PUT_UP: lambda: services.put_up(report, by=desk.data_officer),
        Move.TAKE_BACK: lambda: services.take_back(report, by=desk.data_officer),
        Move.HAND_IN: lambda: services.sign(report, by=desk.unit_cdo),
        Move.ENTER: lambda: services.enter_letter(report, LETTER, by=desk.officer),
        Move.RECALL: lambda: services.recall(report, by=desk.data_officer),
        Move.RETURN: lambda: services.return_report(report, remarks_on(report), by=desk.officer),
        Move.ACCEPT: lambda: services.accept(report, by=desk.officer),
        Move.UNDO_RETURN: lambda: services.undo(last_review(report), by=desk.officer),
        Move.UNDO_ACCEPT: lambda: services.undo(last_review(report), by=desk.officer),
    }
    return acts[move]


def has_door(report, move):
    """Undoing goes by the review: there is one, and it tells what is undone."""
    review = last_review(report) if move in UNDOES else None
    return move not in UNDOES or (review is not None and review.decision == UNDOES[move])


@pytest.mark.parametrize("state", Status)
def test_the_services_move_a_report_by_the_table_only(state, desk):
    for move, (sources, target) in MOVES.items():
        with transaction.atomic():
            report = report_in(desk, state)
            assert report.status == state
            assert state not in sources or has_door(report, move)
            if state in sources:
                by_service(desk, report, move)()
                assert fresh(report).status == target, (state, move)
            elif has_door(report, move):
                with pytest.raises(Refused), transaction.atomic():
                    by_service(desk, report, move)()
                assert fresh(report).status == state, (state, move)
            transaction.set_rollback(True)


def by_api(desk, send, report, move):
    path = f"reports/{report.number}"
    review = last_review(report)
    asked = {
        Move.PUT_UP: (desk.data_officer, f"{path}/put-up", {}),
        Move.TAKE_BACK: (desk.data_officer, f"{path}/take-back", {}),
        Move.HAND_IN: (desk.unit_cdo, f"{path}/sign", {}),
        Move.RECALL: (desk.data_officer, f"{path}/recall", {}),
        Move.RETURN: (desk.officer, f"{path}/return", {"remarks": [{"text": "补充"}]}),
        Move.ACCEPT: (desk.officer, f"{path}/accept", {}),
        Move.UNDO_RETURN: (desk.officer, f"reviews/{review and review.pk}/undo", {}),
        Move.UNDO_ACCEPT: (desk.officer, f"reviews/{review and review.pk}/undo", {}),
    }
    return send(*asked[move], report)


@pytest.mark.parametrize("state", Status)
def test_the_api_moves_a_report_by_the_table_only(state, desk, send):
    for move, (sources, target) in MOVES.items():
        if move == Move.ENTER:  # a letter is entered on its page only
            continue
        with transaction.atomic():
            report = report_in(desk, state)
            if has_door(report, move):
                answer = by_api(desk, send, report, move)
                # The bureau does not see a unit's draft: 404 there.
                wanted = {200} if state in sources else {404, 409}
                assert answer.status_code in wanted, (state, move, answer.json())
                assert fresh(report).status == (target if state in sources else state)
            transaction.set_rollback(True)


# --- rounds of signing ---------------------------------------------------------------------------


@pytest.fixture
def round_in(city, data_officer, unit_cdo):
    def put_up(state):
        row = approvals.open_approval(
            Purpose.REPORT, "BG-2022-0001", title="进展报告", unit=city.department,
            programme=city.programme, by=data_officer,
        )  # fmt: skip
        if state == State.SIGNED:
            approvals.agree(row, by=unit_cdo)
        if state == State.SENT_BACK:
            approvals.send_back(row, by=unit_cdo, reason="缺数字")
        if state == State.RECALLED:
            approvals.recall(row, by=data_officer)
        return Approval.rows.get(pk=row.pk)

    return put_up


@pytest.mark.parametrize("state", State)
def test_the_services_move_a_round_by_the_table_only(state, round_in, data_officer, unit_cdo):
    paper = [approvals.PaperSignature("演示人员02", date(2022, 4, 15))]
    doors = [
        (RoundMove.SIGN, lambda row: approvals.agree(row, by=unit_cdo)),
        (
            RoundMove.SIGN,
            lambda row: approvals.record_paper(
                row, paper, scan=StoredFileFactory(), scan_name="审签单.pdf", by=data_officer
            ),
        ),
        (RoundMove.SEND_BACK, lambda row: approvals.send_back(row, by=unit_cdo, reason="缺数字")),
        (RoundMove.RECALL, lambda row: approvals.recall(row, by=data_officer)),
        (RoundMove.RECALL, lambda row: approvals.drop(row, by=data_officer)),
    ]
    for move, door in doors:
        sources, target = ROUND_MOVES[move]
        with transaction.atomic():
            row = round_in(state)
            if state in sources:
                assert door(row).state == target
            else:
                with pytest.raises(Refused), transaction.atomic():
                    door(row)
                assert Approval.rows.get(pk=row.pk).state == state, (state, move)
            transaction.set_rollback(True)


# --- findings ------------------------------------------------------------------------------------

BODIES = {
    FindingMove.STOP: {"text": "已停用", "happened_on": "2022-04-14"},
    FindingMove.ORDER: {"measures": "补办手续", "due_on": "2022-05-10"},
    FindingMove.REDATE: {"due_on": "2022-05-20", "text": "延后"},
    FindingMove.CORRECT: {"text": "已补办", "happened_on": "2022-04-14"},
    FindingMove.CLOSE: {"reason": "不属实"},
    FindingMove.REOPEN: {"measures": "再补办", "due_on": "2022-05-10"},
}


@pytest.mark.parametrize("state", FindingStatus)
def test_the_api_moves_a_finding_by_the_table_only(state, city, send, data_officer):
    for move, (sources, target) in FINDING_MOVES.items():
        with transaction.atomic():
            row = FindingFactory(
                enrolment=city.enrolment(city.department), **TABLES["finding"].of(state)
            )
            answer = send(data_officer, f"findings/{row.number}/{move.value}", BODIES[move], row)
            wanted = 200 if state in sources else 409
            assert answer.status_code == wanted, (state, move, answer.json())
            found = Finding.rows.get(pk=row.pk).status
            assert found == (target if state in sources else state)
            transaction.set_rollback(True)
