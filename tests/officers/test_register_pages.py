"""P5 人员名册: rows, totals, filters, other days, the workbook, what each role sees of it."""

import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from core.models import AuditEntry
from tests.factories.officers import AppointmentFactory, FilingFactory, PersonFactory, PostFactory
from tests.factories.pilots import CohortFactory, EnrolmentFactory, UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(register):
    """The government and the department have their CDO, the district nobody."""
    city = register.city
    clerk = PersonFactory(unit=city.department, name="欧阳明月", mobile="13812345678")
    return {
        "government": register.appoint(city.government, date(2021, 9, 16)),
        "department": register.appoint(city.department, date(2021, 9, 28), person=clerk),
    }


def lines(client, query=""):
    answer = client.get(f"/officers/{query}")
    assert answer.status_code == 200
    return answer.context["lines"]


def names(client, query=""):
    return [line.row.person.name for line in lines(client, query)]


def test_the_register_shows_who_is_in_office_in_the_documents_order(people, officer, browse):
    rows = lines(browse(officer))
    assert [line.unit for line in rows] == ["测试市人民政府", "测试市公安局"]
    assert [line.status for line in rows] == ["在任", "在任"]
    assert [line.filing for line in rows] == ["不用备案", "未报备"]
    page = browse(officer).get("/officers/").content.decode()
    assert "3个岗位，在任2" in page
    assert "空缺1" in page


def test_what_the_page_narrows_by_on_its_own_stands_as_chips(people, officer, browse):
    page = browse(officer).get("/officers/").content.decode()
    assert "岗位：</" not in page
    assert "岗位：首席数据官" in page.replace("\n", "")
    assert "状态：在任" in page
    assert "?post=" in page
    PostFactory(code="cio", name="首席信息官")
    AppointmentFactory(unit=people["department"].unit, post=PostFactory(code="cio"))
    assert len(lines(browse(officer))) == 2
    assert len(lines(browse(officer), "?post=")) == 3


def test_the_vacant_posts_are_a_link_to_their_list(register, people, officer, browse, stranger):
    answer = browse(officer).get("/officers/vacancies/")
    seats = [row["seat"] for row in answer.context["rows"]]
    assert [seat.unit.display_name for seat in seats] == ["测试市福田区"]
    assert "文件未定时限" in answer.content.decode()
    address = answer.context["rows"][0]["url"]
    assert browse(officer).get(address).status_code == 200
    assert browse(officer).get("/officers/vacancies/?on=2021-09-20").context["rows"][0]["url"] == ""
    stand_in = register.appoint(register.city.district, date(2022, 1, 4), kind="acting")
    page = browse(stranger).get("/officers/vacancies/").content.decode()
    assert stand_in.person.name in page
    assert "其中1个有人主持工作或代理" in page


def test_a_vacancy_list_needs_a_programme(register, auditor, system_admin, browse):
    register.city.programme.withdrawn_on = date(2022, 1, 1)
    register.city.programme.save()
    assert browse(auditor).get("/officers/vacancies/").status_code == 404
    assert browse(system_admin).get("/officers/vacancies/").status_code == 403


def test_nothing_vacant_and_nobody_registered_have_words_of_their_own(register, officer, browse):
    page = browse(officer).get("/officers/").content.decode()
    assert "还没有人在任" in page
    assert "没有符合条件的任命" in browse(officer).get("/officers/?q=无此人").content.decode()
    city = register.city
    for unit in (city.government, city.department, city.district):
        register.appoint(unit, date(2022, 1, 4))
    assert "没有空缺" in browse(officer).get("/officers/").content.decode()
    assert "没有空缺" in browse(officer).get("/officers/vacancies/").content.decode()


@pytest.mark.parametrize("query", ["欧阳", "oymy", "公安", "gaj"])
def test_names_are_found_by_characters_and_initials(query, people, officer, browse):
    assert "欧阳明月" in names(browse(officer), f"?q={query}")


def test_each_filter_narrows(register, people, officer, browse):
    client, city = browse(officer), register.city
    acting = register.appoint(city.district, date(2022, 1, 4), kind="presiding")
    assert names(client, "?kind=presiding") == [acting.person.name]
    assert names(client, "?unit_kind=municipal_department") == ["欧阳明月"]
    assert names(client, "?programme=&unit_kind=municipal_department&post=") == ["欧阳明月"]
    assert names(client, "?filing=not_reported") == ["欧阳明月"]
    assert len(names(client, "?filing=not_asked")) == 2
    assert names(client, f"?unit={city.department.code}") == ["欧阳明月"]
    assert names(client, "?part=bureau") == []
    assert names(client, "?part=nonsense&page=99") == names(client)
    assert names(client, "?unconfirmed=true") == []
    type(acting).rows.filter(pk=acting.pk).update(confirmed_on=date(2021, 3, 1))
    assert names(client, "?unconfirmed=true") == [acting.person.name]
    assert len(names(client, "?unconfirmed=false")) == 2
    assert "超过12个月" in client.get("/officers/").content.decode()


def test_filings_are_told_by_where_they_are(register, people, officer, browse):
    client, row = browse(officer), people["department"]
    filing = FilingFactory(appointment=row, programme=register.city.programme, desk=register.office)
    for status, word in (("submitted", "待备案"), ("returned", "退回补正"), ("accepted", "已备案")):
        facts = {"status": status, "return_reason": "缺件", "decided_at": filing.created_at}
        if status == "accepted":
            facts |= {"accepted_on": date(2021, 10, 8), "receipt_number": "A1"}
        type(filing).rows.filter(pk=filing.pk).update(**facts)
        told = {line.row.number: line.filing for line in lines(client)}
        assert told[row.number] == word
    assert names(client, "?filing=accepted") == ["欧阳明月"]


def test_states_besides_in_office(register, people, officer, data_officer, stranger, browse):
    client, city = browse(officer), register.city
    proposed = register.appoint(city.district, date(2022, 4, 1), by=stranger)
    coming = register.appoint(city.district, date(2022, 5, 1), by=officer)
    gone = AppointmentFactory(
        unit=city.department, starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31), status="ended"
    )
    void = AppointmentFactory(unit=city.department, status="voided", void_reason="登记错")
    for status, row in (
        ("proposed", proposed), ("coming", coming), ("former", gone), ("voided", void),
    ):  # fmt: skip
        found = lines(client, f"?status={status}")
        assert [line.row.number for line in found] == [row.number]
    words = {line.row.number: line.status for line in lines(client, "?status=")}
    assert words[proposed.number] == "拟任"
    assert words[coming.number] == "待到任"
    assert words[gone.number] == "已卸任"
    assert words[void.number] == "已作废"
    assert len(words) == 6


def test_a_body_that_is_gone_has_nobody_in_office(register, people, officer, browse):
    unit = people["department"].unit
    type(unit).rows.filter(pk=unit.pk).update(ceased_on=date(2022, 3, 1))
    assert "欧阳明月" not in names(browse(officer))
    (line,) = lines(browse(officer), "?status=former")
    assert line.status == "单位已撤销"


def test_another_day_says_so_and_counts_anew(people, officer, browse):
    answer = browse(officer).get("/officers/?on=2021-09-20")
    assert [line.unit for line in answer.context["lines"]] == ["测试市人民政府"]
    page = answer.content.decode()
    assert "按2021-09-20计算" in page
    assert "3个岗位，在任1" in page
    assert browse(officer).get("/officers/?on=2021-09-99").context["other_day"] is None


def test_a_list_that_was_unknown_then_is_said_to_be(register, officer, browse):
    city = register.city
    cohort = CohortFactory(programme=city.programme, as_of=date(2022, 3, 1))
    enrolment = city.enrolment(city.department)
    enrolment.cohort = cohort
    enrolment.save()
    page = browse(officer).get("/officers/?on=2022-01-01").content.decode()
    assert "当时名单未知" in page
    assert "个岗位" not in page
    assert "当时名单未知" not in browse(officer).get("/officers/?on=2022-03-02").content.decode()


def test_all_programmes_are_shown_without_totals(people, officer, browse):
    page = browse(officer).get("/officers/?programme=").content.decode()
    assert "欧阳明月" in page
    assert "个岗位" not in page


def test_sorting_goes_by_the_address(people, officer, browse):
    assert names(browse(officer), "?ordering=-since")[0] == "欧阳明月"
    assert names(browse(officer), "?ordering=since")[-1] == "欧阳明月"


def test_page_and_workbook_have_the_same_rows_for_everybody(people, cast, browse):
    counts = {}
    for name, user in cast.items():
        answer = browse(user).get("/officers/?programme=")
        if answer.status_code != 200:
            assert browse(user).get("/officers/export.xlsx").status_code == 403
            continue
        counts[name] = answer.context["page_obj"].paginator.count
        book = load_workbook(
            io.BytesIO(browse(user).get("/officers/export.xlsx?programme=").content)
        )
        assert book.active.max_row - 2 == counts[name], name
    assert counts == {
        "officer": 2, "head": 2, "data_officer": 1, "unit_cdo": 1, "stranger": 0, "foreigner": 0,
        "provincial_reader": 2, "evaluator": 2, "api_client_user": 2, "auditor": 2,
    }  # fmt: skip


def test_the_workbook_tells_its_filters_and_no_mobile(people, officer, browse):
    answer = browse(officer).get("/officers/export.xlsx?q=欧阳")
    assert "filename*=UTF-8''" in answer["Content-Disposition"]
    sheet = load_workbook(io.BytesIO(answer.content)).active
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert any("岗位 首席数据官" in text for text in texts)
    assert "欧阳明月" in texts
    assert not any("138" in text for text in texts)
    assert sheet["G3"].value.date() == date(2021, 9, 28)
    entry = AuditEntry.objects.get(verb="officers.export")
    assert entry.after["count"] == 1
    assert entry.after["filters"]["姓名或单位"] == "欧阳"


def test_a_swap_brings_the_results_alone(people, officer, browse):
    page = browse(officer).get("/officers/?q=欧阳", headers={"HX-Request": "true"}).content.decode()
    assert page.lstrip().startswith('<div id="results">')


def test_the_page_costs_the_same_for_any_number_of_rows(register, officer, browse):
    def cost():
        browse(officer).get("/officers/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/officers/")
        return len(queries)

    client = browse(officer)
    client.get("/officers/")
    register.appoint(register.city.department, date(2022, 1, 4))
    few = cost()
    for _number in range(20):
        unit = UnitFactory()
        EnrolmentFactory(programme=register.city.programme, unit=unit)
        AppointmentFactory(unit=unit)
    assert cost() == few
