"""P2: the matrix of house.md §6.1, its facts, filters, days, size and queries."""

from datetime import date

import pytest
from django.db import connection

from duties.models import DutyItem
from duties.services import fulfil, record_progress
from pilots.models import Enrolment
from tests.factories.duties import DutyAreaFactory, DutyItemFactory, ObligationFactory
from tests.factories.pilots import CohortFactory, EnrolmentFactory, ProgrammeFactory, UnitFactory

pytestmark = pytest.mark.django_db
SWAP = {"HTTP_HX_REQUEST": "true"}


def overview(client, **query):
    answer = client.get("/overview/", query)
    assert answer.status_code == 200
    return answer


def cells_of(answer, unit):
    """{column label: (state, text)} of a unit's row."""
    grid = answer.context["grid"]
    columns = [column.label for group in grid.column_groups for column in group.columns]
    for group in grid.row_groups:
        for row in group.rows:
            if row.name == str(unit):
                said = [(str(cell.state), cell.text) for cell in row.cells]
                return dict(zip(columns, said, strict=True))
    raise AssertionError(f"no row of {unit}")


def test_rows_stand_in_the_documents_groups(city, browse, officer):
    grid = overview(browse(officer)).context["grid"]
    assert [(group.label, len(group.rows)) for group in grid.row_groups] == [
        ("市政府", 1),
        ("市级部门", 1),
        ("区（县、市）政府", 1),
    ]
    assert [group.label for group in grid.column_groups] == [
        "两项职责（已有进展/适用事项）",
        "规定任务（已完成/应完成）",
    ]


def test_a_duty_counts_items_and_shows_the_worst_light_of_its_tasks(city, browse, officer):
    item = DutyItem.rows.get(name="行业特色数据应用")
    record_progress(
        item,
        city.enrolment(city.department),
        source_key="p",
        happened_on=date(2022, 4, 1),
        summary="已上线",
        by=officer,
    )
    cells = cells_of(overview(browse(officer)), city.department)
    assert cells["特色应用"] == ("done", "1/1")
    assert cells["人才队伍"] == ("unconfirmed", "0/1")


def test_what_does_not_apply_is_a_dash(city, browse, officer):
    cells = cells_of(overview(browse(officer)), city.government)
    assert cells["特色应用"] == ("not_applicable", "")
    assert cells["工作总结"] == ("not_applicable", "")
    assert cells["培训"] == ("unconfirmed", "0/2")


def test_a_demand_counts_what_was_done_by_the_day(city, browse, officer):
    row = city.assignment(city.department, "training")
    fulfil(row, source_key="a", happened_on=date(2022, 3, 1), by=officer)
    fulfil(row, source_key="b", happened_on=date(2022, 4, 1), by=officer)
    client = browse(officer)
    assert cells_of(overview(client), city.department)["培训"] == ("done", "2/2")
    then = cells_of(overview(client, on="2022-03-15"), city.department)["培训"]
    assert then == ("normal", "1/2")


def test_every_cell_opens_what_it_counts(city, browse, officer):
    client = browse(officer)
    grid = overview(client).context["grid"]
    for group in grid.row_groups:
        for row in group.rows:
            for cell in row.cells:
                assert bool(cell.url) == (cell.state != "not_applicable")
                if cell.url:
                    place = client.get(f"/overview/{cell.url}")
                    assert place.status_code == 302
                    assert place["Location"].startswith(("/units/", "/tasks/"))


def test_a_cell_of_another_city_is_not_found(city, browse, foreigner):
    task = city.assignment(city.department)
    client = browse(foreigner)
    assert client.get(f"/overview/t{task.pk}").status_code == 404
    assert client.get(f"/overview/{task.enrolment_id}a1").status_code == 404
    assert client.get("/overview/x").status_code == 404


RECOUNTS = {
    "应报总结": "nature = 'report' AND status NOT IN ('withdrawn', 'not_applicable')",
    "已报": "nature = 'report' AND status = 'done' AND done_on <= %(on)s",
    "按时报送": "nature = 'report' AND status = 'done' AND done_on <= %(on)s"
    " AND (a.latest_on IS NULL OR done_on <= a.latest_on)",
    "口径待确认": "(status IN ('assigned','accepted','submitted','returned') OR done_on > %(on)s)"
    " AND a.due_on < %(on)s AND a.latest_on >= %(on)s",
    "逾期": "(status IN ('assigned','accepted','submitted','returned') OR done_on > %(on)s)"
    " AND a.latest_on < %(on)s",
}


@pytest.mark.parametrize("on", ["2022-03-15", "2022-04-15", "2022-05-10"])
def test_a_fact_is_its_list_is_a_recount(city, browse, officer, grow, rows_behind, on):
    grow(4)
    for unit, day in ((city.department, date(2022, 4, 2)), (city.district, date(2022, 3, 2))):
        fulfil(city.assignment(unit), source_key=unit.code, happened_on=day, by=officer)
    client = browse(officer)
    facts = overview(client, on=on).context["facts"]
    assert [fact["label"] for fact in facts] == list(RECOUNTS)
    for fact in facts:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM duties_assignment a"
                " JOIN duties_obligation o ON o.id = a.obligation_id"
                " WHERE " + RECOUNTS[fact["label"]],
                {"on": on},
            )
            assert cursor.fetchone()[0] == fact["value"], fact["label"]
        if fact["value"]:
            assert rows_behind(client, fact["url"]) == fact["value"], fact["label"]


def test_slots_are_folded_into_a_count(city, browse, officer):
    for _number in range(3):
        slot = UnitFactory(is_slot=True)
        EnrolmentFactory(programme=city.programme, unit=slot, certainty="slot")
    answer = overview(browse(officer))
    group = answer.context["grid"].row_groups[1]
    assert (group.folded, group.count, len(group.rows)) == ("另有3家待补名", 4, 1)
    listed = browse(officer).get(group.folded_url)
    assert listed.context["page_obj"].paginator.count == 3


def test_filters_narrow_the_rows(city, browse, officer):
    client = browse(officer)
    assert overview(client, kind="city_government").context["count"] == 1
    assert overview(client, q="公安").context["count"] == 1
    assert overview(client, q="gaj").context["count"] == 1
    assert overview(client, q="没有这个").context["count"] == 0
    fulfil_all(city, officer)
    assert overview(client, exceptions="on").context["count"] == 2


def fulfil_all(city, officer):
    row = city.assignment(city.department, "training")
    for key in ("a", "b"):
        fulfil(row, source_key=key, happened_on=date(2022, 4, 1), by=officer)


def test_a_wrong_date_shows_today(city, browse, officer):
    answer = overview(browse(officer), on="2022-13-99")
    assert answer.context["on"] == date(2022, 4, 15)


def test_another_day_says_that_statuses_are_todays(city, browse, officer):
    page = overview(browse(officer), on="2022-04-01").content.decode()
    assert "办理状态是今天的" in page


def test_a_number_without_names_says_that_the_list_was_unknown(city, browse, officer):
    cohort = CohortFactory(programme=city.programme, as_of=date(2024, 7, 9))
    Enrolment.rows.filter(programme=city.programme, part="pilot").update(cohort=cohort)
    client = browse(officer)
    assert "当时名单未知" in overview(client, on="2022-01-01").content.decode()
    assert "当时名单未知" in overview(client).content.decode()  # today is 2022-04-15
    assert "当时名单未知" not in overview(client, on="2024-07-09").content.decode()


def test_a_programme_without_duties_and_tasks_lists_its_units(city, browse, officer):
    bare = ProgrammeFactory()
    EnrolmentFactory(programme=bare, unit=city.bureau, part="bureau")
    EnrolmentFactory(programme=bare, unit=city.district, certainty="inferred")
    answer = overview(browse(officer), programme=bare.code)
    assert answer.context["grid"] is None
    assert "据公开材料推定" in answer.content.decode()


def test_the_lede_reads_off_the_deadlines(city, browse, officer):
    lede = overview(browse(officer)).context["lede"]
    assert "3个试点单位。" in lede
    assert "工作总结2022-04-30截止，最后一个工作日2022-04-29，还有11个工作日。" in lede
    assert "培训“在2022年4月前”完成，口径待确认。" in lede


def test_a_swap_brings_rows_and_facts_without_the_frame(city, browse, officer):
    answer = browse(officer).get("/overview/?on=2022-05-10", **SWAP)
    page = answer.content.decode()
    assert "<html" not in page
    assert 'id="results"' in page
    assert 'id="facts" hx-swap-oob="true"' in page
    assert "HX-Request" in answer["Vary"]


def test_the_chart_has_its_table(city, browse, officer):
    fulfil(
        city.assignment(city.department), source_key="r", happened_on=date(2022, 4, 2), by=officer
    )
    chart = overview(browse(officer)).context["chart"]
    assert chart.rows[-1] == ("2022-04-30", 5, "—")
    assert ("2022-04-15", 0, 1) in chart.rows


def test_the_matrix_costs_the_same_for_any_number_of_units(city, browse, officer, grow, cost):
    client = browse(officer)
    first = cost(client, "/overview/")[0]
    grow(2)
    second = cost(client, "/overview/")[0]
    grow(61)
    assert first == second == cost(client, "/overview/")[0]


def test_64_units_with_6_duties_and_8_tasks_stay_below_80_kilobytes(
    city, browse, officer, grow, cost
):
    for _number in range(4):
        DutyItemFactory(area=DutyAreaFactory(programme=city.programme))
    for _number in range(5):
        ObligationFactory(programme=city.programme, due_on=None, nature="office")
    grow(61)
    client = browse(officer)
    answer = overview(client)
    grid = answer.context["grid"]
    assert answer.context["count"] == 64
    assert sum(len(group.columns) for group in grid.column_groups) == 14
    assert len(answer.content) < 80_000
