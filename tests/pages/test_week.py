"""「本周要办」: a sheet for each contact of the bureau; a unit's people see their own unit."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from duties.models import Assignment
from pilots.models import Enrolment
from tests.factories.pilots import MembershipFactory

pytestmark = pytest.mark.django_db


def on(day):
    return dict.fromkeys(("due_on", "latest_on", "last_workday_on", "latest_workday_on"), day)


def move(task, day):
    Assignment.rows.filter(pk=task.pk).update(**on(day))


@pytest.fixture
def due(city):
    """The department's report is overdue, the district's due on Sunday; other tasks later."""
    Assignment.rows.all().update(**on("2022-05-31"))
    for unit, day in ((city.department, "2022-04-12"), (city.district, "2022-04-17")):
        move(city.assignment(unit), day)
    return city


def sheets(answer):
    return [
        (
            sheet["title"],
            [(group["unit"].pk, len(group["lines"])) for group in sheet["units"]],
        )
        for sheet in answer.context["sheets"]
    ]


def test_units_stand_below_their_contact_and_those_of_nobody_come_last(due, officer, head, browse):
    Enrolment.rows.filter(unit=due.district).update(liaison=head)
    answer = browse(officer).get("/week/")
    assert sheets(answer) == [
        (f"对口联系人：{head}", [(due.district.pk, 1)]),
        ("未指定对口联系人", [(due.department.pk, 1)]),
    ]
    page = answer.content.decode()
    assert "2022-04-11～2022-04-17" in page
    assert "工作日：周一、周二、周三、周四、周五" in page
    assert "逾期3天" in page
    assert "还剩2天" in page
    assert 'class="upright"' in page


def test_the_week_after_has_what_is_due_in_it_alone(due, officer, browse):
    move(due.assignment(due.department, "plan"), "2022-04-20")
    answer = browse(officer).get("/week/?week=2022-04-18")
    assert sheets(answer) == [("未指定对口联系人", [(due.department.pk, 1)])]
    assert "回到本周" in answer.content.decode()


def test_a_week_that_is_over_and_an_odd_day_give_the_present_one(due, officer, browse):
    for odd in ("2020-01-01", "nonsense", ""):
        answer = browse(officer).get(f"/week/?week={odd}")
        assert len(answer.context["sheets"][0]["units"]) == 2


def test_a_week_of_holidays_says_that_nobody_works(due, officer, browse):
    page = browse(officer).get("/week/?week=2022-10-03").content.decode()
    assert "工作日：周六、周日" in page  # 2022-10-08 and 09 were worked for the National Day
    assert "这一周没有到期的任务" in page


def test_what_is_done_is_not_to_be_done(due, officer, browse):
    Assignment.rows.filter(pk=due.assignment(due.department).pk).update(
        status="withdrawn", closed_at="2022-04-13T00:00:00Z"
    )
    assert sheets(browse(officer).get("/week/")) == [("未指定对口联系人", [(due.district.pk, 1)])]


def test_people_of_a_unit_see_their_own(due, data_officer, stranger, browse):
    assert sheets(browse(data_officer).get("/week/"))[0][1] == [(due.department.pk, 1)]
    assert sheets(browse(stranger).get("/week/"))[0][1] == [(due.district.pk, 1)]


def test_who_sees_no_programme_sees_an_empty_week(db, browse):
    page = browse(MembershipFactory().user).get("/week/").content.decode()
    assert "本周没有到期或逾期的任务" in page


def test_desks_and_deadlines_lead_here(due, officer, data_officer, unit_cdo, browse):
    for user in (officer, data_officer, unit_cdo):
        assert 'href="/week/"' in browse(user).get("/").content.decode()
    assert 'href="/week/"' in browse(officer).get("/deadlines/").content.decode()


def test_it_costs_the_same_for_two_units_and_for_fifty(due, officer, grow, browse):
    client = browse(officer)
    Assignment.rows.update(**on("2022-04-15"))

    def cost():
        with CaptureQueriesContext(connection) as found:
            assert client.get("/week/").status_code == 200
        return len(found)

    cost()
    before = cost()
    grow(50)
    Assignment.rows.update(**on("2022-04-15"))
    assert cost() == before
