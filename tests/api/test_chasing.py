"""Requests for a later day and slips through the API: the same services, rights, versions, words."""

from uuid import uuid4

import pytest

from duties.choices import ExtensionState, SlipState
from duties.models import Extension, Slip
from tests.duties.chasing import REASON, extension_in, finish, slip_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(api):
    """`post(user, path, body, row)`: with its key, and the version of `row`."""

    def send(user, path, body=None, row=None, version=None):
        headers = {"Idempotency-Key": str(uuid4())}
        if row is not None:
            headers["If-Match"] = f'"{version or type(row).rows.get(pk=row.pk).version}"'
        return api(user).post(f"/api/v1/{path}/", body or {}, format="json", headers=headers)

    return send


def body_of(city, **more):
    number = city.assignment(city.department).number
    return {"assignment": number, "wanted_on": "2022-05-31", "reason": REASON, **more}


def test_from_asking_to_undoing(city, post, read, data_officer, unit_cdo, officer):
    answer = post(data_officer, "extensions", body_of(city, done_so_far="已完成八个处室。"))
    assert answer.status_code == 201, answer.json()
    assert answer["Location"].endswith("/api/v1/extensions/YQ-2022-0001/")
    assert (answer.json()["state"], answer.json()["version"]) == ("to_sign", 1)
    row = Extension.rows.get()
    path = "extensions/YQ-2022-0001"
    answer = post(unit_cdo, f"{path}/return", {"reason": "写明完成时间。"}, row)
    assert (answer.json()["state"], answer.json()["state_note"]) == ("returned", "写明完成时间。")
    given = {"wanted_on": "2022-06-10", "reason": REASON}
    assert post(data_officer, f"{path}/resubmit", given, row).json()["state"] == "to_sign"
    assert post(unit_cdo, f"{path}/agree", {}, row).json()["state"] == "asked"
    partly = {"verdict": "partly", "granted_on": "2022-05-16"}
    answer = post(officer, f"{path}/answer", partly, row).json()
    assert (answer["state"], answer["granted_on"]) == ("partly", "2022-05-16")
    assert answer["original_due_on"] == "2022-04-30"
    task = read(data_officer, "assignments", answer["assignment"])
    assert (task["extension"], task["due_on"]) == ("YQ-2022-0001", "2022-05-16")
    assert post(officer, f"{path}/undo", {}, row).json()["state"] == "asked"
    answer = post(data_officer, f"{path}/withdraw", {"reason": "已提前完成。"}, row).json()
    assert (answer["state"], answer["state_note"]) == ("withdrawn", "已提前完成。")


def test_what_is_wrong_is_said_by_field(city, post, data_officer, officer, unit_cdo, head):
    answer = post(data_officer, "extensions", body_of(city, wanted_on="2022-04-30", reason="短"))
    assert answer.status_code == 422
    assert answer.json()["errors"] == {
        "wanted_on": ["延期日期要晚于原定的2022-04-30"],
        "reason": ["“理由”至少50字，现在1字"],
    }
    row = extension_in(ExtensionState.ASKED, city, officer, head, data_officer, unit_cdo)
    answer = post(officer, f"extensions/{row.number}/answer", {"verdict": "refuse"}, row)
    assert answer.json()["errors"] == {"answer": ["写明不同意的理由，单位会看到。"]}
    answer = post(officer, f"extensions/{row.number}/answer", {"verdict": "grant"}, row, version=9)
    assert answer.status_code == 412
    answer = post(officer, f"extensions/{row.number}/answer", {"verdict": "grant"})
    assert answer.status_code == 428


def test_each_may_do_what_his_or_her_role_says(
    city, post, officer, head, data_officer, unit_cdo, stranger, evaluator
):
    answer = post(officer, "extensions", body_of(city))
    assert answer.status_code == 403
    assert post(stranger, "extensions", body_of(city)).status_code == 422  # not seen, so not there
    row = extension_in(ExtensionState.ASKED, city, officer, head, data_officer, unit_cdo)
    for user in (head, evaluator, data_officer):
        path = f"extensions/{row.number}/answer"
        assert post(user, path, {"verdict": "grant"}, row).status_code == 403
    assert post(stranger, f"extensions/{row.number}/withdraw", {}, row).status_code == 404
    assert post(officer, f"extensions/{row.number}/withdraw", {}, row).status_code == 403


@pytest.mark.parametrize("state", ExtensionState)
def test_only_the_moves_of_the_table_pass(state, city, post, officer, head, data_officer, unit_cdo):
    """n × n through the API: 200 exactly where the table has the move."""
    from django.db import transaction

    acts = {
        "withdraw": (data_officer, {}, {"to_sign", "returned", "asked", "to_approve"}),
        "resubmit": (
            data_officer,
            {"wanted_on": "2022-06-10", "reason": REASON},
            {"returned"},
        ),
        "agree": (unit_cdo, {}, {"to_sign"}),
        "return": (unit_cdo, {"reason": "写明完成时间。"}, {"to_sign"}),
        "answer": (officer, {"verdict": "grant"}, {"asked"}),
        "undo": (officer, {}, {"granted", "partly", "refused"}),
    }
    for act, (user, body, sources) in acts.items():
        with transaction.atomic():
            row = extension_in(state, city, officer, head, data_officer, unit_cdo)
            answer = post(user, f"extensions/{row.number}/{act}", body, row)
            assert (answer.status_code == 200) == (state in sources), (state, act, answer.json())
            if state not in sources:
                assert answer.status_code in {403, 404, 409}, (state, act)
            transaction.set_rollback(True)


def test_filters_of_the_page_are_those_of_the_api(
    city, read, officer, head, data_officer, unit_cdo
):
    extension_in(ExtensionState.ASKED, city, officer, head, data_officer, unit_cdo)
    assert read(officer, "extensions", waiting="true")["count"] == 1
    assert read(officer, "extensions", state="granted")["count"] == 0
    assert read(officer, "extensions", search="公安")["count"] == 1
    assert read(officer, "slips", overdue="true")["count"] == 0


def test_a_slip_is_sent_and_answered(city, post, officer, data_officer):
    number = city.assignment(city.department).number
    answer = post(officer, "slips", {"assignment": number, "level": "chase"})
    assert answer.status_code == 201, answer.json()
    assert (answer.json()["label"], answer.json()["state"]) == ("催办", "sent")
    assert "请抓紧办理" in answer.json()["text"]
    again = post(officer, "slips", {"assignment": number, "level": "hint"})
    assert (again.status_code, "已发催办TX-2022-0001" in again.content.decode()) == (409, True)
    row = Slip.rows.get()
    answer = post(data_officer, "slips/TX-2022-0001/reply", {"text": "明天完成。"}, row)
    assert answer.status_code == 200
    assert [each["text"] for each in answer.json()["replies"]] == ["明天完成。"]
    assert answer.json()["state"] == "replied"
    assert post(officer, "slips/TX-2022-0001/reply", {"text": "好"}, row).status_code == 403


def test_the_strongest_is_signed_sent_back_mended_and_cancelled(city, post, officer, head):
    number = city.assignment(city.district).number
    given = {"assignment": number, "level": "supervise", "template": "{{任务}}请办理。"}
    assert post(officer, "slips", given).json()["label"] == "提醒函"
    row, path = Slip.rows.get(), "slips/TX-2022-0001"
    assert post(head, f"{path}/return", {"reason": "写明要求。"}, row).json()["state"] == "returned"
    answer = post(officer, f"{path}/resubmit", {"template": "请办理。", "is_at_once": True}, row)
    answer = answer.json()
    assert (answer["state"], answer["text"]) == ("to_approve", "请办理。")
    assert answer["is_at_once"]
    assert post(officer, f"{path}/agree", {}, row).status_code == 403
    assert post(head, f"{path}/agree", {}, row).json()["state"] == "sent"
    assert post(officer, f"{path}/cancel", {"reason": "不发了"}, row).status_code == 409
    bad = {"assignment": number, "level": "hint", "template": "请办理。", "is_at_once": True}
    assert "只用于最高一级" in post(officer, "slips", bad).json()["errors"]["is_at_once"][0]
    bad = {"assignment": number, "level": "hint", "template": "{{x}}"}
    assert "没有“{{x}}”这一项" in post(officer, "slips", bad).json()["errors"]["template"][0]


@pytest.mark.parametrize("state", SlipState)
def test_only_the_moves_of_a_slip_pass(state, city, post, officer, head, data_officer):
    from django.db import transaction

    acts = {
        "agree": (head, {}, {"to_approve"}),
        "return": (head, {"reason": "写明要求。"}, {"to_approve"}),
        "resubmit": (officer, {"template": "请办理。"}, {"returned"}),
        "cancel": (officer, {"reason": "不发了。"}, {"to_approve", "returned"}),
        "reply": (data_officer, {"text": "明天完成。"}, {"sent", "replied"}),
    }
    for act, (user, body, sources) in acts.items():
        with transaction.atomic():
            row = slip_in(state, city, officer, head, data_officer)
            answer = post(user, f"slips/{row.number}/{act}", body, row)
            assert (answer.status_code == 200) == (state in sources), (state, act, answer.json())
            transaction.set_rollback(True)


def test_a_finished_task_is_neither_extended_nor_chased(city, post, officer, unit_cdo):
    finish(city.assignment(city.department), officer)
    assert post(unit_cdo, "extensions", body_of(city)).status_code == 409
    number = city.assignment(city.department).number
    answer = post(officer, "slips", {"assignment": number, "level": "hint"})
    assert "已完成，不用再提醒" in answer.content.decode()


def test_the_same_request_twice_has_one_effect(city, api, data_officer):
    headers = {"Idempotency-Key": "once"}
    answers = [
        api(data_officer).post("/api/v1/extensions/", body_of(city), format="json", headers=headers)
        for _time in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Extension.rows.count() == 1
