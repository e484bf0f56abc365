"""Requests for support through the API: the same services, rights, versions, words."""

from uuid import uuid4

import pytest
from django.db import transaction

from reports.choices import SUPPORT_MOVES, SupportMove, SupportStatus
from reports.models import SupportRequest
from tests.factories.reports import SupportReplyFactory, SupportRequestFactory
from tests.reports.cast import Desk

pytestmark = pytest.mark.django_db
NEW = {"nature": "support", "kind": "funds", "title": "申请经费", "text": "目录编制缺经费。"}
BODIES = {
    SupportMove.MEND: {"title": "再申请经费"},
    SupportMove.PROMISE: {"answer_by": "2022-04-29"},
    SupportMove.ANSWER: {"text": "五月安排。"},
    SupportMove.REOPEN: {"text": "五月太晚。"},
    SupportMove.CLOSE: {},
    SupportMove.WITHDRAW: {"reason": "已自行解决。"},
}
BUREAU = (SupportMove.PROMISE, SupportMove.ANSWER)
FACTS = {
    SupportStatus.PROMISED: {"answer_by": "2022-04-29"},
    SupportStatus.ANSWERED: {"answered_on": "2022-04-14"},
    SupportStatus.CLOSED: {"closed_on": "2022-04-14"},
    SupportStatus.WITHDRAWN: {"closed_on": "2022-04-14"},
}


@pytest.fixture
def send(api):
    """`send(user, path, body, row)`: with its key, and the version of `row`."""

    def put(user, path, body=None, row=None, version=None, method="post"):
        headers = {"Idempotency-Key": str(uuid4())}
        if row is not None:
            headers["If-Match"] = f'"{version or type(row).rows.get(pk=row.pk).version}"'
        call = getattr(api(user), method)
        return call(f"/api/v1/{path}/", body or {}, format="json", headers=headers)

    return put


def body_of(city, **more):
    return {"programme": city.programme.code, "unit": city.department.code, **NEW, **more}


def act(send, user, row, move, body=None, version=None):
    given = BODIES[move] if body is None else body
    if move == SupportMove.MEND:
        path = f"support-requests/{row.number}"
        return send(user, path, given, row, version, method="patch")
    return send(user, f"support-requests/{row.number}/{move.value}", given, row, version)


def test_from_raising_to_the_end(city, send, data_officer, officer):
    answer = send(data_officer, "support-requests", body_of(city))
    assert answer.status_code == 201, answer.json()
    assert answer["Location"].endswith("/api/v1/support-requests/ZC-2022-0001/")
    row = SupportRequest.rows.get()
    assert act(send, data_officer, row, SupportMove.MEND).json()["title"] == "再申请经费"
    told = act(send, officer, row, SupportMove.PROMISE).json()
    assert (told["status"], told["answer_by"]) == ("promised", "2022-04-29")
    told = act(send, officer, row, SupportMove.ANSWER).json()
    assert told["replies"] == [
        {"move": "answer", "text": "五月安排。", "file_name": "", "said_on": "2022-04-15"}
    ]
    assert act(send, data_officer, row, SupportMove.REOPEN).json()["status"] == "reopened"
    act(send, officer, row, SupportMove.ANSWER)
    told = act(send, data_officer, row, SupportMove.CLOSE).json()
    assert (told["status"], told["closed_on"], told["version"]) == ("closed", "2022-04-15", 7)


def test_it_comes_out_of_a_report(city, send, officer, data_officer, unit_cdo):
    desk = Desk(city, officer, data_officer, unit_cdo)
    desk.open_period()
    report = desk.handed_in()
    key = report.sections.first().key
    given = body_of(city, report=report.number, section=key)
    told = send(data_officer, "support-requests", given).json()
    assert (told["report"], told["section"]) == (report.number, key)


def test_what_is_wrong_is_said_by_field(city, send, data_officer, officer):
    answer = send(data_officer, "support-requests", body_of(city, kind=""))
    assert answer.status_code == 422
    assert "申请支持的，选择支持事项。" in str(answer.json()["errors"])
    answer = send(data_officer, "support-requests", {"nature": "other", "colour": "red"})
    assert {"programme", "nature", "title", "text", "colour"} & set(answer.json()["errors"])
    answer = send(officer, "support-requests", body_of(city, unit=city.bureau.code))
    assert "不是这个方案的试点单位" in answer.json()["errors"]["unit"][0]
    row = SupportRequestFactory(enrolment=city.enrolment(city.department))
    answer = act(send, officer, row, SupportMove.PROMISE, {"answer_by": "2022-04-14"})
    assert answer.json()["errors"] == {"answer_by": ["答复期限不能早于今天。"]}
    assert act(send, officer, row, SupportMove.ANSWER, {"text": ""}).status_code == 422
    assert act(send, data_officer, row, SupportMove.MEND, {}).status_code == 422


def test_who_may_not_is_told_so_and_a_stale_version_refused(
    city, send, data_officer, officer, stranger, head, provincial_reader
):
    assert send(officer, "support-requests", body_of(city)).status_code == 403
    assert send(provincial_reader, "support-requests", body_of(city)).status_code == 403
    assert send(stranger, "support-requests", body_of(city)).status_code == 422  # not seen
    row = SupportRequestFactory(enrolment=city.enrolment(city.department))
    for move in SupportMove:
        right, wrong = (officer, data_officer) if move in BUREAU else (data_officer, officer)
        assert act(send, wrong, row, move).status_code == 403, move
        assert act(send, head, row, move).status_code == 403, move
        assert act(send, stranger, row, move).status_code == 404, move
        assert act(send, right, row, move, version=9).status_code == 412, move
        path = f"support-requests/{row.number}" + ("" if move == "mend" else f"/{move.value}")
        method = "patch" if move == SupportMove.MEND else "post"
        assert send(right, path, BODIES[move], method=method).status_code == 428, move


@pytest.mark.parametrize("status", SupportStatus)
def test_only_the_moves_of_the_table_pass(status, city, send, officer, data_officer):
    """n × n through the API: 200 exactly where the table has the move."""
    for move, (sources, _to) in SUPPORT_MOVES.items():
        with transaction.atomic():
            row = SupportRequestFactory(
                enrolment=city.enrolment(city.department), status=status, **FACTS.get(status, {})
            )
            answer = act(send, officer if move in BUREAU else data_officer, row, move)
            assert answer.status_code == (200 if status in sources else 409), (move, answer.json())
            transaction.set_rollback(True)


def test_filters_of_the_page_are_those_of_the_api(city, read, officer, data_officer, stranger):
    late = SupportRequestFactory(
        enrolment=city.enrolment(city.department), status="promised", answer_by="2022-04-14"
    )
    SupportReplyFactory(request=late)
    assert read(officer, "support-requests", overdue="true")["count"] == 1
    assert read(officer, "support-requests", waiting="true", status="promised")["count"] == 1
    assert read(officer, "support-requests", nature="suggestion")["count"] == 0
    assert read(officer, "support-requests", search="公安")["count"] == 1
    assert read(data_officer, "support-requests", waiting="true")["count"] == 0
    assert read(stranger, "support-requests")["count"] == 0
