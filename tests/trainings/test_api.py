"""Events, lists and declarations by the API: what is taken, what is refused, what of it is told."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from tests.factories.officers import PersonFactory
from trainings import services
from trainings.models import Event

TODAY = date(2022, 4, 15)


@pytest.fixture
def send(api):
    """`send(user, "post", "events/", {…}, row)`: with a key, and If-Match of the row or as it is given."""

    def sending(user, method, path, content=None, row=None, key=""):
        headers = {"Idempotency-Key": key or str(uuid4())}
        if isinstance(row, str):
            headers["If-Match"] = row
        elif row is not None:
            row.refresh_from_db()
            headers["If-Match"] = row.etag
        call = getattr(api(user), method)
        return call(f"/api/v1/{path}", content or {}, format="json", headers=headers)

    return sending


def new(city, unit, **more):
    return {
        "programme": city.programme.code, "kind": "training", "title": "数据目录业务培训",
        "organisers": [unit.code], "starts_on": "2022-03-02", **more,
    }  # fmt: skip


def test_an_event_from_its_plan_to_its_count(city, data_officer, send, hold, officer):
    content = new(city, city.department, begins_at="09:30", hours="2.5", expected=40)
    answer = send(data_officer, "post", "events/", content)
    assert answer.status_code == 201
    told = answer.json()
    assert (told["organisers"], told["hours"], told["counts"]) == (
        [city.department.code], "2.5", False,
    )  # fmt: skip
    row = hold(city.department)
    answer = send(data_officer, "patch", f"events/{row.number}/", {"title": "改名"}, row)
    assert (answer.json()["title"], answer.json()["counts"]) == ("改名", True)
    assert answer.json()["tasks"] == [city.assignment(city.department, "training").number]
    assert [file["kind"] for file in answer.json()["files"]] == ["sign_in"]
    content = {"participants": [city.district.code]}
    answer = send(data_officer, "patch", f"events/{row.number}/", content, row)
    assert answer.json()["participants"][0]["unit"] == city.district.code


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"organisers": ["no-such"]}, "organisers"),
        ({"organisers": "440300"}, "organisers"),
        ({"organisers": []}, "organisers"),
        ({"begins_at": "25:99"}, "begins_at"),
        ({"begins_at": 7}, "begins_at"),
        ({"hours": "many"}, "hours"),
        ({"kind": "party"}, "kind"),
        ({"expected": -1}, "expected"),
        ({"ends_on": "2022-03-01"}, "ends_on"),
        ({"title": "\u202e反转"}, "title"),
        ({"colour": "red"}, "colour"),
        ({"document_number": "随便写"}, "document_number"),
    ],
)
def test_nonsense_is_refused_at_its_field(city, officer, send, more, field):
    answer = send(officer, "post", "events/", new(city, city.department, **more))
    assert answer.status_code == 422, answer.content
    assert field in answer.content.decode()


def test_a_list_by_the_api_and_who_of_it_is_told(
    city, hold, officer, data_officer, stranger, send, api
):
    row = hold(city.department, participants=[city.enrolment(city.district)])
    people = [
        {"name": "演示人员88", "unit": city.department.code},
        {"name": "演示人员89", "unit_name": "合作单位"},
    ]
    answer = send(data_officer, "post", f"events/{row.number}/attend/", {"people": people}, row)
    assert answer.json()["came"] == 2
    found = api(data_officer).get("/api/v1/attendance/", {"event": row.number}).json()
    assert [each["unit_name"] for each in found["results"]] == [
        city.department.short_name, "合作单位",
    ]  # fmt: skip
    # A guest reads the event, and no name but those of its own people.
    assert api(stranger).get(f"/api/v1/events/{row.number}/").json()["came"] == 2
    assert api(stranger).get("/api/v1/attendance/").json()["count"] == 0
    content = {"people": [found["results"][0]["id"]], "reason": "没有来"}
    answer = send(data_officer, "post", f"events/{row.number}/strike-out/", content, row)
    assert answer.json()["came"] == 1
    for people in ([{}], [{"person": "no-uuid"}], [{"name": "甲"}]):
        content = {"people": people}
        answer = send(data_officer, "post", f"events/{row.number}/attend/", content, row)
        assert answer.status_code == 422
    absent = PersonFactory(unit=city.department)
    content = {"people": [{"person": str(absent.uuid)}]}
    answer = send(data_officer, "post", f"events/{row.number}/attend/", content, row)
    assert answer.status_code == 422
    assert "没有任职记录" in answer.content.decode()
    answer = send(stranger, "post", f"events/{row.number}/hold/", {}, row)
    assert answer.status_code == 403


def test_an_answer_and_minutes_by_the_api(city, plan, officer, data_officer, head, send):
    row = plan(
        city.government, kind="meeting", starts_on=TODAY + timedelta(days=3),
        participants=[city.enrolment(city.department)],
    )  # fmt: skip
    content = {"unit": city.department.code, "answer": "coming", "headcount": 2}
    answer = send(data_officer, "post", f"events/{row.number}/answer/", content, row)
    assert answer.json()["participants"][0]["answer"] == "coming"
    content["unit"] = city.district.code
    answer = send(officer, "post", f"events/{row.number}/answer/", content, row)
    assert answer.status_code == 422
    answer = send(officer, "post", f"events/{row.number}/minutes/", {"text": "通报进展。"}, row)
    assert answer.json()["minutes"] == "通报进展。"
    assert (
        send(head, "post", f"events/{row.number}/minutes/", {"text": "x"}, row).status_code == 403
    )


def test_a_declaration_by_the_api(city, hold, data_officer, officer, stranger, send, count):
    row = hold(city.department, proof=False)
    content = {
        "event": row.number, "unit": city.department.code, "headcount": 3,
        "people": [{"name": "演示人员88"}],
    }  # fmt: skip
    answer = send(data_officer, "post", "declarations/", content)
    assert (answer.status_code, answer.json()["state"]) == (201, "waiting")
    assert send(stranger, "post", "declarations/", content).status_code == 422
    said = row.declarations.get()
    answer = send(officer, "post", f"declarations/{said.pk}/return/", {"reason": "核对"}, said)
    assert answer.json()["reason"] == "核对"
    content = {"headcount": 2, "people": [{"name": "演示人员89"}]}
    answer = send(data_officer, "post", f"declarations/{said.pk}/resubmit/", content, said)
    assert answer.json()["headcount"] == 2
    answer = send(officer, "post", f"declarations/{said.pk}/confirm/", {}, said)
    assert answer.json()["state"] == "confirmed"
    assert count(city.department) == 1
    content = {"event": row.number, "unit": city.superior.code, "headcount": 1}
    assert send(officer, "post", "declarations/", content).status_code == 403


def test_lists_are_filtered(city, hold, officer, api):
    row = hold(city.department)
    bare = hold(city.district, proof=False, form="online", starts_on=date(2022, 3, 9))
    services.cancel_event(
        services.reopen_event(bare, by=officer, reason="x"), by=officer, reason="不办"
    )
    for query, ids in (
        ({"counts": "true"}, [row]),
        ({"counts": "false"}, [bare]),
        ({"status": "cancelled"}, [bare]),
        ({"form": "online"}, [bare]),
        ({"after": "2022-03-05"}, [bare]),
        ({"before": "2022-03-05"}, [row]),
        ({"unit": city.department.code}, [row]),
        ({"q": city.department.full_name}, [row]),
        ({"declared": "true"}, []),
        ({"declared": "false", "unproven": "false"}, [row, bare]),
        ({"task": city.assignment(city.department, "training").number}, [row]),
    ):
        found = api(officer).get("/api/v1/events/", query).json()["results"]
        assert [each["id"] for each in found] == [each.number for each in ids], query


def test_an_event_is_entered_once_and_changed_from_its_newest_version(
    city, send, data_officer, stranger, foreigner
):
    content, key = new(city, city.department), str(uuid4())
    first = send(data_officer, "post", "events/", content, key=key)
    assert send(data_officer, "post", "events/", content, key=key).json() == first.json()
    row = Event.rows.get()
    path, named = f"events/{row.number}/", {"title": "改名"}
    for version, status in ((None, 428), ('"99"', 412)):
        assert send(data_officer, "patch", path, named, version).status_code == status
        assert send(data_officer, "post", f"{path}hold/", {}, version).status_code == status
    for user in (stranger, foreigner):
        assert send(user, "patch", path, named, row).status_code == 404
    assert send(stranger, "post", "events/", content).status_code == 403
    assert send(data_officer, "patch", path, named, row).json()["title"] == "改名"
