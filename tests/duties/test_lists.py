"""任务台账 (P6): filters in the address, the same number of queries whatever it lists, small pages."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from duties import services
from duties.choices import Light, Move
from duties.models import Assignment, Extension, LightRule
from duties.queries.lights import PRESETS, light_counts
from duties.services import follow_hand_in
from tests.factories.duties import AssignmentFactory, ExtensionFactory, ObligationFactory
from tests.factories.pilots import EnrolmentFactory, MembershipFactory, UnitFactory

MOST_BYTES = 60_000


def numbers(response):
    return [line.row.number for line in response.context["lines"]]


def queries(client, url):
    client.get(url)  # session and content types are warm
    with CaptureQueriesContext(connection) as found:
        response = client.get(url)
    assert response.status_code == 200
    return len(found), response


def test_the_bureau_sees_all_and_a_unit_its_own(city, officer, data_officer, browse):
    everything = browse(officer).get("/tasks/")
    assert len(numbers(everything)) == 8
    mine = browse(data_officer).get("/tasks/")
    assert {line.row.unit for line in mine.context["lines"]} == {city.department}
    assert city.district.short_name not in mine.content.decode()


def test_another_city_is_not_seen(city, foreigner, browse):
    assert not set(numbers(browse(foreigner).get("/tasks/"))) & set(
        Assignment.rows.filter(enrolment__programme=city.programme).values_list("number", flat=True)
    )
    assert browse(foreigner).get(f"/tasks/?programme={city.programme.code}").status_code == 404


@pytest.mark.parametrize("person", ["system_admin", "security_admin"])
def test_administrators_see_no_tasks(request, person, browse):
    assert browse(request.getfixturevalue(person)).get("/tasks/").status_code == 403


def test_the_auditor_sees_every_programme(city, foreigner, auditor, browse):
    assert len(numbers(browse(auditor).get("/tasks/?programme="))) == 16


def test_query_count_and_size_do_not_grow_with_the_rows(city, officer, browse):
    """1, 3 and 50 rows of units that each have their own name."""
    client, obligation = (
        browse(officer),
        ObligationFactory(programme=city.programme, area=city.programme.areas.first()),
    )
    url = f"/tasks/?obligation={obligation.code}&page_size=50"
    found, size = [], 0
    for wanted in (1, 3, 50):
        while obligation.assignments.count() < wanted:
            unit = UnitFactory(name=f"测试市某某管理局{obligation.assignments.count()}")
            enrolment = EnrolmentFactory(programme=city.programme, unit=unit)
            AssignmentFactory(obligation=obligation, enrolment=enrolment)
        count, response = queries(client, url)
        assert len(numbers(response)) == wanted
        found.append(count)
        size = len(response.content)
    assert len(set(found)) == 1, found
    assert size < MOST_BYTES


@pytest.mark.parametrize(
    ("query", "natures"),
    [
        ("light=normal", {"report"}),
        ("light=unconfirmed", {"training"}),
        ("light=undated", {"plan", "overall_report"}),
        ("light=overdue", set()),
        ("light=overdue&on=2022-05-10", {"report", "training"}),
        ("nature=plan", {"plan"}),
        ("status=done", set()),
        ("status=assigned&status=done", {"report", "training", "plan", "overall_report"}),
        ("due_before=2022-04-01", {"training"}),
        ("due_after=2022-04-01", {"report"}),
        ("open=false", set()),
        ("q=总结", {"report"}),
        ("q=szsj", {"overall_report"}),
    ],
)
def test_filters_are_in_the_address(city, officer, browse, query, natures):
    response = browse(officer).get(f"/tasks/?programme={city.programme.code}&{query}")
    assert {line.row.obligation.nature for line in response.context["lines"]} == natures
    if not natures:
        assert "没有符合条件的任务" in response.content.decode()


def test_a_chosen_unit_or_area_is_shown_by_name(city, officer, browse):
    area = city.programme.areas.get(short_name="人才")
    response = browse(officer).get(f"/tasks/?unit={city.district.code}&area={area.code}")
    page = response.content.decode()
    assert len(numbers(response)) == 1
    assert f"单位：{city.district.short_name}" in page
    assert "职责：人才队伍" in page


def test_what_stands_in_the_address_stays_choosable(city, officer, browse):
    response = browse(officer).get("/tasks/?unit=440300-elsewhere")
    assert response.status_code == 200
    assert numbers(response) == []


def test_presets_carry_the_number_of_the_list_they_open(city, officer, browse):
    client = browse(officer)
    for fact in client.get("/tasks/").context["facts"]:
        listed = client.get(fact["url"]).context["page_obj"].paginator.count
        assert fact["value"] == listed, fact


def test_what_was_handed_in_is_late_for_nobody(city, officer, data_officer):
    """The day passes while it waits for the bureau: neither list nor page nor row calls it late."""
    task = city.assignment(city.department)
    services.follow_hand_in(task, Move.SUBMIT, by=data_officer)
    rule = LightRule.for_day(date(2022, 5, 10))
    rows = Assignment.objects.visible_to(officer)
    row = rows.get(pk=task.pk)
    assert row.light(rule) == Light.NORMAL
    assert not row.is_overdue(rule.on)
    assert rows.with_light("normal", rule).contains(row)
    assert not rows.with_light("overdue", rule).contains(row)
    services.follow_hand_in(task, Move.RETURN, by=officer, note="补充数据")
    assert rows.get(pk=task.pk).light(rule) == Light.OVERDUE


@pytest.mark.parametrize(
    "on", [date(2022, 3, 20), date(2022, 4, 15), date(2022, 4, 30), date(2022, 5, 10)]
)
def test_counted_lights_are_the_filtered_ones(city, officer, on):
    services.fulfil(
        city.assignment(city.department), source_key="k", happened_on=date(2022, 4, 10), by=officer
    )
    rule, rows = LightRule.for_day(on), Assignment.rows.filter(enrolment__programme=city.programme)
    counts = light_counts(rows, rule)
    for light in PRESETS:
        assert counts[light] == rows.with_light(light, rule).count()
        assert counts[light] == sum(1 for row in rows if row.light(rule) == light)


def test_counted_quantities_and_doubt_are_said(city, officer, browse):
    services.fulfil(
        city.assignment(city.department, "training"),
        source_key="k",
        happened_on=date(2022, 4, 1),
        by=officer,
    )
    page = browse(officer).get("/tasks/?light=unconfirmed").content.decode()
    assert "已办1次，应办2次" in page
    assert "已办0次，应办2次" in page
    assert "2022-03-31～04-30" in page
    assert "在2022年4月前" in page


def test_open_ones_come_first_then_by_deadline(city, officer, browse):
    services.fulfil(
        city.assignment(city.department), source_key="k", happened_on=date(2022, 4, 10), by=officer
    )
    lines = browse(officer).get("/tasks/").context["lines"]
    assert lines[-1].row.status == "done"
    assert lines[-1].tone == "over"
    assert [line.row.due_on for line in lines[:3]] == [date(2022, 3, 31)] * 3


def test_sorting_is_in_the_address(city, officer, browse):
    found = numbers(browse(officer).get("/tasks/?ordering=-number"))
    assert found == sorted(found, reverse=True)


def test_another_day_is_said(city, officer, browse):
    page = browse(officer).get("/tasks/?on=2022-05-10").content.decode()
    assert "时限灯和完成数按2022-05-10计算" in page
    assert "逾期10天" in page


def test_a_day_that_is_none_is_today(city, officer, browse):
    assert browse(officer).get("/tasks/?on=gestern").context["other_day"] is None


def test_a_swap_is_only_the_results(city, officer, browse):
    response = browse(officer).get("/tasks/?light=undated", headers={"HX-Request": "true"})
    page = response.content.decode()
    assert page.lstrip().startswith('<div id="results">')
    assert "<html" not in page


def test_a_returned_task_is_marked(city, officer, browse):
    row = city.assignment(city.department)
    for move in (Move.SUBMIT, Move.RETURN):
        row = follow_hand_in(row, move, by=None)
    lines = browse(officer).get(f"/tasks/?q={row.number}").context["lines"]
    assert [line.tone for line in lines] == ["back"]


def test_a_programme_without_tasks_says_so(db, browse):
    bureau = EnrolmentFactory(part="bureau").unit
    somebody = MembershipFactory(unit=bureau, role="bureau_officer").user
    assert "还没有任务" in browse(somebody).get("/tasks/").content.decode()


def test_due_soon_says_how_long(city, officer, browse):
    line = browse(officer).get("/tasks/?on=2022-04-20&light=due_soon").context["lines"][0]
    assert (line.light, line.word) == (Light.DUE_SOON, "还剩10天")


def test_tasks_for_which_a_later_day_is_asked_are_found_by_who_sees_the_request(
    city, officer, data_officer, browse
):
    task = city.assignment(city.department)
    row = ExtensionFactory(assignment=task)  # a draft is the unit's own matter until it is signed
    assert numbers(browse(data_officer).get("/tasks/?extending=true")) == [task.number]
    assert numbers(browse(officer).get("/tasks/?extending=true")) == []
    assert task.number in numbers(browse(officer).get("/tasks/?extending=false"))
    now = clock.now()
    Extension.rows.filter(pk=row.pk).update(
        state="withdrawn", closed_on=date(2022, 4, 15), closed_at=now
    )
    assert numbers(browse(data_officer).get("/tasks/?extending=true")) == []
    page = browse(officer).get("/tasks/").content.decode()
    assert "extending=true" in page
    assert "已申请延期" in page
