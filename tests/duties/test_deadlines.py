"""时限 (P8): by week, along a line, and as a calendar file that calendars accept."""

import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from duties import services
from duties.choices import Move
from duties.ics import Event, calendar, escaped, folded
from duties.queries.agenda import weeks
from tests.factories.duties import AssignmentFactory, ObligationFactory
from tests.factories.pilots import EnrolmentFactory, UnitFactory


def test_open_ones_by_week_of_the_day_that_counts(city, officer, browse):
    response = browse(officer).get("/deadlines/")
    (week,) = response.context["weeks"]
    assert week["title"] == "2022-04-25～2022-05-01"
    (day,) = week["days"]
    assert day["day"] == date(2022, 4, 30), "past the first reading the last day counts"
    assert len(day["rows"]) == 5


def test_before_the_first_reading_it_counts(city, officer, browse):
    response = browse(officer).get("/deadlines/?on=2022-03-20")
    assert [week["title"] for week in response.context["weeks"]] == [
        "2022-03-28～2022-04-03", "2022-04-25～2022-05-01",
    ]  # fmt: skip


def test_done_ones_are_folded_away(city, officer, browse):
    services.fulfil(
        city.assignment(city.department), source_key="k", happened_on=date(2022, 4, 10), by=officer
    )
    response = browse(officer).get("/deadlines/")
    assert response.context["over_count"] == 1
    assert "已完成或撤销的1件" in response.content.decode()
    assert browse(officer).get("/deadlines/?on=2022-04-09").context["over_count"] == 0


def test_a_unit_sees_its_own_deadlines(city, data_officer, browse):
    response = browse(data_officer).get("/deadlines/")
    found = [
        row for week in response.context["weeks"] for day in week["days"] for row in day["rows"]
    ]
    assert {row["who"] for row in found} == {city.department.display_name}


def test_tasks_without_a_date_are_counted_and_linked(city, officer, browse):
    client = browse(officer)
    facts = {fact["label"]: fact for fact in client.get("/deadlines/").context["facts"]}
    undated = facts["文件未定时限"]
    assert undated["url"].startswith("/tasks/?")
    assert client.get(undated["url"]).context["page_obj"].paginator.count == undated["value"] == 3


def test_the_time_line_has_a_bar_a_task_and_says_the_lights(city, officer, browse):
    chart = browse(officer).get("/deadlines/").context["chart"]
    assert len(chart.rows) == 5
    assert "口径待确认" in chart.svg


def test_too_many_for_one_picture_is_said(city, officer, browse):
    obligation = ObligationFactory(programme=city.programme)
    for number in range(65):
        AssignmentFactory(
            obligation=obligation, enrolment=city.enrolment(city.department), occurrence=str(number)
        )
    response = browse(officer).get("/deadlines/")
    assert response.context["chart"] is None
    assert "超过一张图能看清的64件" in response.content.decode()


def test_nothing_due(city, officer, browse):
    assert "没有未完成的时限" in browse(officer).get("/deadlines/?status=done").content.decode()


def test_query_count_does_not_grow(city, officer, browse):
    client, obligation, found = browse(officer), ObligationFactory(programme=city.programme), []
    for wanted in (1, 3, 50):
        while obligation.assignments.count() < wanted:
            enrolment = EnrolmentFactory(programme=city.programme, unit=UnitFactory())
            AssignmentFactory(obligation=obligation, enrolment=enrolment)
        url = f"/deadlines/?obligation={obligation.code}"
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        found.append(len(captured))
    assert len(set(found)) == 1, found


def test_weeks_leave_out_what_has_no_date(city):
    rows = [city.assignment(city.department, "plan"), city.assignment(city.department)]
    (week,) = weeks(rows, date(2022, 4, 15))
    assert week.sunday == date(2022, 5, 1)
    assert [day.rows for day in week.days] == [[rows[1]]]


# --- the calendar file ---------------------------------------------------------------------------


def unfold(data):
    text = data.decode()
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    return re.sub(r"\r\n[ \t]", "", text).split("\r\n")[:-1]


def events(lines):
    found, current = [], None
    for line in lines:
        if line == "BEGIN:VEVENT":
            current = {}
        elif line == "END:VEVENT":
            found.append(current)
            current = None
        elif current is not None:
            name, value = line.split(":", 1)
            current[name] = value
    return found


def test_the_file_holds_what_the_person_sees(city, data_officer, browse):
    response = browse(data_officer).get("/deadlines.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert 'filename="deadlines.ics"' in response["Content-Disposition"]
    lines = unfold(response.content)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    found = {event["UID"]: event for event in events(lines)}
    report, training = (
        city.assignment(city.department),
        city.assignment(city.department, "training"),
    )
    assert set(found) == {f"{row.number}@127.0.0.1" for row in (report, training)}
    event = found[f"{report.number}@127.0.0.1"]
    assert event["DTSTART;VALUE=DATE"] == "20220430"
    assert event["DTEND;VALUE=DATE"] == "20220501"
    assert event["SUMMARY"] == "工作总结（测试市公安局）"
    assert event["URL"] == f"http://127.0.0.1:8000/tasks/{report.number}/"
    assert event["SEQUENCE"] == "1"
    assert "口径待确认" in found[f"{training.number}@127.0.0.1"]["DESCRIPTION"]


def test_the_same_day_twice_is_the_same_file_and_a_moved_day_keeps_its_uid(city, officer, browse):
    client = browse(officer)
    before = client.get("/deadlines.ics").content
    assert client.get("/deadlines.ics").content == before
    services.decide_reading(
        city.obligations["training"], due_on=date(2022, 4, 30), by=officer, basis="来函"
    )
    after = {event["UID"]: event for event in events(unfold(client.get("/deadlines.ics").content))}
    assert set(after) == {event["UID"] for event in events(unfold(before))}
    number = city.assignment(city.department, "training").number
    assert after[f"{number}@127.0.0.1"]["SEQUENCE"] == "2"


def test_the_file_follows_the_filters_and_leaves_out_what_was_taken_off(city, officer, browse):
    services.take_off(city.assignment(city.department), Move.WITHDRAW, by=officer, reason="x")
    found = events(unfold(browse(officer).get("/deadlines.ics?nature=report").content))
    assert [event["SUMMARY"] for event in found] == ["工作总结（测试市福田区）"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a,b;c\\d", "a\\,b\\;c\\\\d"),
        ("一行\n二行\r\n三行\r四行", "一行\\n二行\\n三行\\n四行"),
        ("有\x00控制\x07符\t", "有控制符\t"),
    ],
)
def test_text_is_escaped(text, written):
    assert escaped(text) == written


def test_lines_are_cut_at_75_octets_between_characters():
    line = "SUMMARY:" + "数据官履职" * 30 + "x" * 80
    data = folded(line)
    pieces = data.split(b"\r\n")[:-1]
    assert all(len(piece) <= 75 for piece in pieces)
    assert all(piece.startswith(b" ") for piece in pieces[1:])
    assert "".join([pieces[0].decode(), *(piece[1:].decode() for piece in pieces[1:])]) == line
    assert folded("short") == b"short\r\n"


def test_moments_are_written_in_utc():
    moment = datetime(2022, 4, 15, 1, 2, 3, tzinfo=UTC)
    event = Event("u@h", date(2022, 12, 31), "s", "d", "http://h/", moment)
    text = calendar("名称", [event]).decode()
    assert "DTSTAMP:20220415T010203Z" in text
    assert "DTEND;VALUE=DATE:20230101" in text
