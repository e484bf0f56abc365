"""Orders, remarks and helpers over the API: the same services, rights and moves."""

import pytest

from duties import services
from duties.choices import ORDER_MOVES, OrderMove, OrderState
from duties.models import Order, Remark
from duties.queries import orders as queries
from tests.duties.ordering import issued, put_up
from tests.factories.duties import DutyAreaFactory
from tests.factories.pilots import UnitFactory

pytestmark = pytest.mark.django_db


def new(city, **more):
    return {
        "programme": city.programme.code,
        "title": "报送需求清单",
        "wanted": "按模板填报。",
        "acceptance": "清单盖章。",
        "due_on": "2022-04-29",
        "leads": [
            {
                "unit": city.department.code,
                "helpers": [{"unit": city.district.code, "note": "提供数据"}],
            },
            {"unit": city.government.code},
        ],
        **more,
    }


def test_an_order_goes_from_draft_to_every_unit(city, officer, head, data_officer, done, read):
    area = DutyAreaFactory(programme=city.programme)
    row = done(officer, "orders", new(city, area=area.code, level="urgent"), etag=None)
    assert (row["state"], row["issuer"], row["area"], row["level"], row["version"]) == (
        "draft", city.bureau.code, area.code, "urgent", 2,
    )  # fmt: skip
    assert row["leads"] == [
        {"unit": city.government.code, "helpers": []},
        {
            "unit": city.department.code,
            "helpers": [{"unit": city.district.code, "note": "提供数据"}],
        },
    ]
    path = f"orders/{row['id']}"
    assert done(officer, f"{path}/submit")["state"] == "to_sign"
    row = done(head, f"{path}/sign", {"remark": "同意。"})
    assert (row["state"], row["issued_on"]) == ("issued", "2022-04-15")
    tasks = read(data_officer, "assignments", obligation=row["obligation"])["results"]
    assert [task["unit"] for task in tasks] == [city.department.code]
    assert tasks[0]["order"] == row["id"]
    assert tasks[0]["helpers"] == [{"unit": city.district.code, "note": "提供数据"}]
    assert read(data_officer, "orders", row["id"])["title"] == "报送需求清单"
    row = done(head, f"{path}/withdraw", {"reason": "并入"})
    assert (row["state"], row["withdraw_reason"]) == ("withdrawn", "并入")


def test_a_draft_is_changed_in_parts(city, officer, done, send):
    row = done(officer, "orders", {"programme": city.programme.code, "title": "先存着"}, etag=None)
    path = f"orders/{row['id']}"
    row = done(officer, path, {"wanted": "填报。"}, method="patch")
    assert (row["title"], row["wanted"], row["leads"]) == ("先存着", "填报。", [])
    row = done(officer, path, {"leads": [{"unit": city.district.code}]}, method="patch")
    assert row["leads"] == [{"unit": city.district.code, "helpers": []}]
    answer = send(officer, path, {"title": "又"}, etag='"1"', method="patch")
    assert answer.status_code == 412
    assert send(officer, path, {"title": "又"}, method="patch").status_code == 428
    answer = send(officer, f"{path}/submit", etag="read")
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"acceptance", "due_on"}


def test_sent_back_and_recalled(city, officer, head, done, send):
    row = put_up(city, officer)
    path = f"orders/{row.number}"
    assert send(head, f"{path}/send-back", {}, etag="read").status_code == 422
    assert done(head, f"{path}/send-back", {"reason": "期限太紧"})["state"] == "draft"
    assert done(officer, f"{path}/submit")["state"] == "to_sign"
    assert done(officer, f"{path}/recall")["state"] == "draft"


@pytest.mark.parametrize(
    "leads",
    [
        lambda city: [{"unit": city.bureau.code}],
        lambda city: [{"unit": UnitFactory().code}],
        lambda city: [{"unit": city.department.code, "helpers": [{"unit": city.department.code}]}],
        lambda city: [{"unit": city.department.code, "helpers": [{"unit": city.superior.code}]}],
    ],
)
def test_units_that_do_not_fit_are_refused_and_nothing_is_kept(city, officer, send, leads):
    answer = send(officer, "orders", new(city, leads=leads(city)))
    assert answer.status_code == 422, answer.content.decode()
    assert "leads" in answer.json()["errors"]
    assert not Order.rows.exists()


@pytest.mark.parametrize(
    ("name", "status"),
    [("officer", 201), ("head", 403), ("data_officer", 403), ("evaluator", 403), ("auditor", 403)],
)
def test_only_the_bureaus_officers_draft(city, cast, send, name, status):
    answer = send(cast[name], "orders", {"programme": city.programme.code, "title": "标题"})
    assert answer.status_code == status


def test_the_same_request_sent_twice_makes_one_draft(city, officer, send):
    first = send(officer, "orders", new(city), key="once-1")
    second = send(officer, "orders", new(city), key="once-1")
    assert first.json()["id"] == second.json()["id"]
    assert Order.rows.count() == 1


@pytest.mark.parametrize("state", OrderState)
@pytest.mark.parametrize("move", OrderMove)
def test_the_api_moves_by_the_table_only(city, officer, head, send, state, move):
    if state == OrderState.DRAFT:
        row = services.recall_order(put_up(city, officer), by=officer)
    elif state == OrderState.TO_SIGN:
        row = put_up(city, officer)
    else:
        row = issued(city, officer, head)
        if state == OrderState.WITHDRAWN:
            row = services.withdraw_order(row, by=officer, reason="撤")
    act, user, content = {
        OrderMove.SUBMIT: ("submit", officer, {}),
        OrderMove.SEND_BACK: ("send-back", head, {"reason": "改"}),
        OrderMove.RECALL: ("recall", officer, {}),
        OrderMove.ISSUE: ("sign", head, {}),
        OrderMove.WITHDRAW: ("withdraw", officer, {"reason": "撤"}),
    }[move]
    answer = send(user, f"orders/{row.number}/{act}", content, etag="read")
    sources, target = ORDER_MOVES[move]
    if state in sources:
        assert (answer.status_code, answer.json()["state"]) == (200, target)
    else:
        assert (answer.status_code, answer.json()["code"]) == (409, "move_not_allowed")


def test_filters_narrow_orders(city, officer, head, ids):
    sent = issued(city, officer, head, level="urgent", source_title="工作要点")
    waits = put_up(city, officer, units=[city.district], title="另一件")
    assert ids(officer, "orders", state="issued") == [sent.number]
    assert ids(officer, "orders", level="normal") == [waits.number]
    assert ids(officer, "orders", unit=city.district.code) == [waits.number]
    assert ids(officer, "orders", q="工作要点") == [sent.number]
    assert ids(officer, "orders", due_after="2022-04-30") == []
    assert ids(officer, "orders", programme=city.programme.code, ordering="-id") == [
        waits.number,
        sent.number,
    ]


def test_tasks_that_one_helps_with_stand_in_a_list_of_their_own(
    city, officer, head, stranger, ids, read, send
):
    row = issued(city, officer, head, units=[city.department], helpers=[city.district])
    task = queries.tasks_of(row).get()
    assert task.number not in ids(stranger, "assignments")
    assert ids(stranger, "assignments", helping="true") == [task.number]
    assert ids(officer, "assignments", helping="true") == []
    assert read(stranger, "assignments", task.number)["unit"] == city.department.code
    assert read(stranger, "orders", row.number)["id"] == row.number


def test_a_leader_remarks_a_clerk_transcribes_and_both_are_read(
    city, head, officer, data_officer, stranger, done, send, ids
):
    task = city.assignment(city.department).number
    said = done(head, "remarks", {"assignment": task, "text": "请加快。"}, etag=None)
    assert (said["route"], said["unit"], said["said_on"]) == (
        "online", city.bureau.code, "2022-04-15",
    )  # fmt: skip
    paper = {
        "assignment": task,
        "text": "请抓紧。",
        "said_by": "张三",
        "said_on": "2022-04-12",
        "document_title": "进展报告",
        "document_number": "深公[2022]5号",
    }
    written = done(data_officer, "remarks", paper, etag=None)
    assert (written["route"], written["document_number"]) == ("transcribed", "深公〔2022〕5号")
    assert ids(data_officer, "remarks", assignment=task) == [said["id"], written["id"]]
    assert ids(stranger, "remarks") == []
    assert send(officer, "remarks", {"assignment": task, "text": "抓紧"}).status_code == 403
    answer = send(officer, "remarks", {"assignment": task, "text": "抓紧", "said_by": "李四"})
    assert set(answer.json()["errors"]) == {"said_on", "document_title"}
    struck = done(officer, f"remarks/{said['id']}/strike", {"reason": "写错了任务"})
    assert (struck["strike_reason"], struck["text"]) == ("写错了任务", "请加快。")
    assert ids(data_officer, "remarks", standing="true") == [written["id"]]
    assert ids(data_officer, "remarks", route="transcribed", said_before="2022-04-13") == [
        written["id"]
    ]
    again = send(officer, f"remarks/{said['id']}/strike", {"reason": "再"}, etag="read")
    assert again.status_code == 409
    assert Remark.rows.count() == 2
