"""P3 单位名册 and P4 单位档案."""

from datetime import date

import pytest

from core.models import AuditEntry
from duties.models import DutyItem
from duties.services import fulfil, record_progress
from pilots.services import rename_unit, succeed_unit
from tests.factories.pilots import EnrolmentFactory, ProgrammeFactory, UnitFactory

pytestmark = pytest.mark.django_db


def listed(client, **query):
    return client.get("/units/", query).context["rows"]


def test_the_register_stands_in_the_documents_order(city, browse, officer):
    assert [row["unit"] for row in listed(browse(officer))] == [
        city.government,
        city.department,
        city.district,
    ]


def test_a_row_says_duties_tasks_and_accounts(city, browse, officer, data_officer, rows_behind):
    client = browse(officer)
    row = listed(client, q="公安")[0]
    assert [cell["state"] for cell in row["cells"]] == ["unconfirmed", "normal"]
    assert (row["done"], row["asked"]) == (0, 3)
    assert (row["cdos"], row["accounts"]) == ([], [data_officer])
    assert rows_behind(client, row["tasks_url"]) == 3


def test_units_without_an_account_can_be_listed(city, browse, officer, data_officer):
    client = browse(officer)
    assert [row["unit"] for row in listed(client, account="none")] == [
        city.government,
        city.district,
    ]
    assert [row["unit"] for row in listed(client, account="some")] == [city.department]


def test_all_units_are_those_that_the_reader_sees(city, browse, officer, foreigner):
    units = {row["unit"] for row in listed(browse(officer), programme="")}
    assert units == {city.bureau, city.superior, city.government, city.department, city.district}


@pytest.mark.parametrize("query", [{}, {"programme": ""}, {"ordering": "-named_pinyin"}])
def test_the_register_costs_the_same_for_any_number_of_units(
    city, browse, officer, grow, cost, query
):
    client = browse(officer)
    path = "/units/?" + "&".join(f"{key}={value}" for key, value in query.items())
    first = cost(client, path)[0]
    grow(2)
    second = cost(client, path)[0]
    grow(47)
    third, size = cost(client, path)
    assert first == second == third
    assert size < 70_000


def test_a_swap_of_the_register_has_no_frame(city, browse, officer):
    page = browse(officer).get("/units/?q=gaj", HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in page
    assert "共1个单位" in page


def dossier(client, unit, **query):
    answer = client.get(f"/units/{unit.code}/", query)
    assert answer.status_code == 200
    return answer


def test_a_dossier_shows_areas_items_and_tasks(city, browse, officer):
    item = DutyItem.rows.get(name="行业特色数据应用")
    record_progress(
        item,
        city.enrolment(city.department),
        source_key="p",
        happened_on=date(2022, 4, 1),
        summary="气象数据服务已上线",
        by=officer,
    )
    fulfil(
        city.assignment(city.department), source_key="r", happened_on=date(2022, 4, 2), by=officer
    )
    answer = dossier(browse(officer), city.department)
    page = answer.content.decode()
    assert [(area["done"], area["total"]) for area in answer.context["areas"]] == [(0, 1), (1, 1)]
    assert "气象数据服务已上线" in page
    assert 'id="a1"' in page
    assert 'id="a2"' in page
    assert len(answer.context["open_rows"]) == 2
    assert len(answer.context["closed_rows"]) == 1
    assert answer.context["next"]["title"] == "组织面对部门业务人员的培训"


def test_a_dossiers_numbers_open_lists_of_as_many_rows(city, browse, officer, rows_behind):
    fulfil(
        city.assignment(city.department), source_key="r", happened_on=date(2022, 4, 2), by=officer
    )
    client = browse(officer)
    context = dossier(client, city.department).context
    assert rows_behind(client, context["open_url"]) == len(context["open_rows"])
    assert rows_behind(client, context["closed_url"]) == len(context["closed_rows"])


def test_old_names_and_successors_are_kept(city, browse, officer):
    rename_unit(
        city.department,
        full_name="测试市公安总局",
        short_name="公安总局",
        on=date(2022, 4, 1),
        by=officer,
        basis="机构改革",
    )
    client = browse(officer)
    page = dossier(client, city.department).content.decode()
    assert "<h1>测试市公安总局</h1>" in page
    assert "测试市测试市公安局" in page
    then = dossier(client, city.department, on="2022-03-31").content.decode()
    assert "<h1>测试市测试市公安局</h1>" in then
    assert "看今天的" in then


def test_a_body_that_ended_says_when_and_who_follows(city, browse, officer):
    heir = UnitFactory(name="新局")
    EnrolmentFactory(programme=city.programme, unit=heir)
    succeed_unit(city.department, heir, on=date(2022, 4, 10), kind="merger", by=officer)
    page = dossier(browse(officer), city.department).content.decode()
    assert "这个单位的最后一天是2022-04-09" in page
    assert "新局" in page
    assert "承接（合并）" in dossier(browse(officer), heir).content.decode()


def test_acts_are_offered_to_those_who_may(city, browse, officer, data_officer):
    acts = dossier(browse(officer), city.department).context["acts"]
    assert [act["label"] for act in acts] == ["下载Word", "更名", "合并、分设"]
    acts = dossier(browse(data_officer), city.department).context["acts"]
    assert [act["label"] for act in acts] == ["下载Word", "提出支持事项"]
    slot = UnitFactory(is_slot=True)
    EnrolmentFactory(programme=city.programme, unit=slot, certainty="slot")
    acts = dossier(browse(officer), slot).context["acts"]
    assert [act["label"] for act in acts] == ["下载Word", "补名", "对应到已有单位"]


def test_history_is_the_record_of_the_unit_without_addresses(city, browse, officer, data_officer):
    rename_unit(
        city.department, full_name="新全称", short_name="新简称", on=date(2022, 4, 1), by=officer
    )
    AuditEntry.objects.create(
        at="2022-04-01T00:00:00Z",
        actor="某人",
        verb="unit.rename",
        subject=f"unit:{city.department.code}",
        ip="10.9.8.7",
    )
    page = dossier(browse(data_officer), city.department).content.decode()
    assert "单位更名" in page
    assert "10.9.8.7" not in page


def test_a_unit_in_two_programmes_is_shown_in_the_current_one(city, browse, officer):
    other = ProgrammeFactory()
    EnrolmentFactory(programme=other, unit=city.bureau, part="bureau")
    EnrolmentFactory(programme=other, unit=city.department)
    client = browse(officer)
    assert dossier(client, city.department).context["enrolment"].programme == city.programme
    chosen = dossier(client, city.department, programme=other.code)
    assert chosen.context["enrolment"].programme == other
    assert len(chosen.context["parts"]) == 2


def test_a_dossier_costs_the_same_for_any_number_of_tasks(city, browse, officer, cost):
    from tests.factories.duties import AssignmentFactory, DutyItemFactory

    client = browse(officer)
    enrolment = city.enrolment(city.department)
    path = f"/units/{city.department.code}/"

    def add(count):
        for _number in range(count):
            AssignmentFactory(enrolment=enrolment, obligation__programme=city.programme)
            DutyItemFactory(area=city.programme.areas.first())

    first = cost(client, path)[0]
    add(2)
    second = cost(client, path)[0]
    add(47)
    assert first == second == cost(client, path)[0]
