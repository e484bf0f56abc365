"""The page of the simulator, its workbook, and the same at the API."""

import io
from datetime import date

import openpyxl
import pytest

from reminders import services
from reminders.models import Delivery, Notice
from reminders.services import simulating
from reminders.views import simulator
from tests.factories.pilots import ProgrammeFactory

pytestmark = pytest.mark.django_db
PAGE = "/deliveries/simulator/"
API = "/api/v1/notices/simulate/"


@pytest.fixture
def people(city, data_officer, unit_cdo):
    return city


def april(city, **more):
    return {"programme": city.programme.code, "from": "2022-04-15", "to": "2022-04-30", **more}


def test_the_calendar_says_who_is_told_what_and_why(people, officer, data_officer, browse):
    answer = browse(officer).get(PAGE, april(people))
    text = answer.content.decode()
    number = people.assignment(people.department).number
    for word in (
        str(data_officer),
        f"/tasks/{number}/",
        "任务时限：提前",
        "站内提醒、电子邮件",
        "今天会发给",
    ):
        assert word in text, word
    assert not Notice.rows.exists()
    assert not Delivery.rows.exists()
    days = [day for week in answer.context["weeks"] for day in week]
    assert len(days) % 7 == 0
    assert {day.on.day for day in days if day.lines and not day.is_working} == set()
    mailed = next(day for day in days if day.messages)
    assert 0 < mailed.messages <= len(mailed.lines)


def test_two_weeks_of_the_first_programme_unless_somebody_asks(people, officer, browse):
    context = browse(officer).get(PAGE).context
    facts = context["form"].cleaned_data
    assert (facts["programme"], str(facts["from"]), str(facts["to"])) == (
        people.programme, "2022-04-15", "2022-04-28",
    )  # fmt: skip


def test_days_without_anything_say_so(people, officer, browse):
    days = {"from": "2023-06-01", "to": "2023-06-02"}
    people.programme.phase, people.programme.closed_on = "closed", date(2022, 5, 31)
    people.programme.save()
    assert (
        "这段时间没有要发的提醒"
        in browse(officer).get(PAGE, april(people, **days)).content.decode()
    )


@pytest.mark.parametrize(
    ("days", "say"),
    [
        ({"to": "2022-04-14"}, "结束日期要不早于开始日期2022-04-15"),
        ({"to": "2022-07-16"}, "一次最多看92天，结束日期最晚填2022-07-15"),
        ({"from": "四月"}, "“开始日期”写成2022-04-29这样"),
        ({"programme": "nowhere"}, "没有这个试点方案，或当前账号看不到"),
    ],
)
def test_what_cannot_be_asked_says_what_to_mend(people, officer, browse, api, days, say):
    answer = browse(officer).get(PAGE, april(people, **days))
    assert (answer.status_code, say in answer.content.decode()) == (422, True)
    assert (
        browse(officer).get("/deliveries/simulator.xlsx", april(people, **days)).status_code == 422
    )
    refused = api(officer).get(API, april(people, **days))
    assert refused.status_code == 422
    assert [[say]] == list(refused.json()["errors"].values())


def test_a_whole_quarter_may_be_asked(people, officer, browse):
    assert browse(officer).get(PAGE, april(people, to="2022-07-15")).status_code == 200


def test_more_than_one_answer_takes_says_until_when_to_ask(
    people, officer, browse, api, monkeypatch
):
    monkeypatch.setattr(simulating, "MOST", 0)
    say = "提醒太多，这一次推算到2022-04-15。结束日期最晚填2022-04-15，之后的另查一次"
    days = april(people, to="2022-04-16")
    for path in (PAGE, "/deliveries/simulator.xlsx"):
        answer = browse(officer).get(path, days)
        assert (answer.status_code, say in answer.content.decode()) == (422, True)
    assert api(officer).get(API, days).json()["errors"] == {"to": [say]}
    assert browse(officer).get(PAGE, april(people, to="2022-04-15")).status_code == 200


def test_another_citys_programme_is_none(people, foreigner, browse, api):
    assert browse(foreigner).get(PAGE, april(people)).status_code == 422
    assert api(foreigner).get(API, april(people)).status_code == 422


def test_an_auditor_where_there_is_no_programme(auditor, browse):
    assert "没有可以预览的试点方案" in browse(auditor).get(PAGE).content.decode()


def test_a_draft_is_previewed_before_it_is_followed(people, auditor, browse):
    draft = ProgrammeFactory()
    answer = browse(auditor).get(PAGE, april(people, programme=draft.code))
    assert answer.status_code == 200
    assert answer.context["programme"] == draft


def test_a_long_calendar_is_cut_and_says_how_much_is_left(people, officer, browse, monkeypatch):
    monkeypatch.setattr(simulator, "MOST_LINES", 1)
    answer = browse(officer).get(PAGE, april(people))
    assert len(answer.context["days"]) == 1
    assert f"另有{answer.context['left']}条没有列出" in answer.content.decode()


def test_the_workbook_has_every_line(people, officer, browse):
    answer = browse(officer).get("/deliveries/simulator.xlsx", april(people))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    asked = april(people)
    found = services.simulate(
        people.programme, *map(date.fromisoformat, (asked["from"], asked["to"]))
    )
    assert len(rows) == len(found) + 2
    assert rows[1][:4] == ("日期", "工作日", "时间", "收件人")
    assert people.department.display_name in {row[4] for row in rows[2:]}


def test_the_api_lists_the_same(people, officer, api):
    body = api(officer).get(API, april(people)).json()
    asked = april(people)
    found = services.simulate(
        people.programme, *map(date.fromisoformat, (asked["from"], asked["to"]))
    )
    assert body["count"] == len(body["results"]) == len(found)
    first = body["results"][0]
    assert set(first) == {
        "on", "is_working", "at", "recipient", "username", "unit", "assignment", "type", "subject",
        "stage", "channel", "manner", "title", "reason",
    }  # fmt: skip
    assert {row["assignment"] for row in body["results"]} & {
        people.assignment(people.department).number
    }
    assert all(row["is_working"] for row in body["results"])


def test_a_misspelt_parameter_is_refused_by_name(people, officer, api):
    errors = api(officer).get(API, april(people, fron="x")).json()["errors"]
    assert errors == {"fron": ["没有fron这个参数，是不是from？"]}
    missing = api(officer).get(API).json()["errors"]
    assert set(missing) == {"programme", "from", "to"}


@pytest.mark.parametrize(
    "person", ["data_officer", "unit_cdo", "provincial_reader", "system_admin"]
)
def test_units_and_administrators_do_not_preview(request, city, person, browse, api):
    user = request.getfixturevalue(person)
    assert browse(user).get(PAGE).status_code == 403
    assert api(user).get(API, april(city)).status_code == 403
