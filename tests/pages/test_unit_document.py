"""单位档案 as Word: what the page shows, for whoever sees the page."""

import io
from datetime import date
from urllib.parse import unquote

import pytest
from docx import Document

from core.documents import pdf
from duties.services import record_progress
from reports import services
from reports.services import Asked
from tests.factories.duties import AssignmentFactory
from tests.factories.officers import AppointmentFactory, TeamFactory
from tests.factories.pilots import UnitFactory
from tests.officers.cast import ruled
from tests.reports.cast import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(city, officer, data_officer, unit_cdo):
    made = Desk(city, officer, data_officer, unit_cdo)
    made.open_period()
    return made


def words_of(content):
    document = Document(io.BytesIO(content))
    texts = [each.text for each in document.paragraphs]
    texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(texts)


def dossier(client, unit, status=200, **query):
    answer = client.get(f"/units/{unit.code}/dossier.docx", query)
    assert answer.status_code == status
    return answer


def test_it_says_what_the_page_says(desk, city, browse):
    report = desk.handed_in()
    services.accept(report, by=desk.officer)
    services.raise_support(
        city.enrolment(city.department), Asked("problem", "编码规则不一", "规则不同。"),
        by=desk.data_officer,
    )  # fmt: skip
    item = city.programme.areas.first().items.get(kinds=["municipal_department"])
    record_progress(
        item, city.enrolment(city.department), source_key="x", happened_on=date(2022, 4, 1),
        summary="开了两次培训。", by=None,
    )  # fmt: skip
    holder = AppointmentFactory(unit=city.department, document_number="测人〔2021〕3号")
    TeamFactory(unit=city.department, name="数据治理专班", leader=holder.person)
    client = browse(desk.officer)
    page = client.get(f"/units/{city.department.code}/").content.decode()
    assert f"/units/{city.department.code}/dossier.docx" in page
    answer = dossier(client, city.department)
    assert "单位档案20220415.docx" in unquote(answer["Content-Disposition"])
    words = words_of(answer.content)
    for said in (
        f"{city.department.full_name}单位档案", city.programme.display_name, holder.person.name,
        "测人〔2021〕3号", "数据治理专班", "项有进展", "报送试点工作总结", "2022年第一季度", "已通过",
        "编码规则不一", "2022-04-15摘自首席数据官履职管理平台",
    ):  # fmt: skip
        assert said in words, said
    if pdf.is_available():
        pages = pdf.to_pdf(answer.content).count(b"/Type /Page\n") or None
        assert pages is None or pages <= 3


def test_what_is_missing_is_said_and_long_tables_end(city, browse, officer):
    ruled(city)
    for _place in range(15):
        AssignmentFactory(
            enrolment=city.enrolment(city.department), obligation__programme=city.programme
        )
    words = words_of(dossier(browse(officer), city.department).content)
    assert "尚未任命首席数据官" in words
    assert "另有9件。" in words


def test_a_body_without_a_part_has_a_short_one(city, browse, officer):
    assert "试点工作总体情况" in words_of(dossier(browse(officer), city.bureau).content)
    words = words_of(dossier(browse(officer), city.superior).content)
    assert "没有任务。" in words
    assert "没有在任人员。" in words
    assert "履职进展" not in words


def test_only_whoever_sees_the_unit_gets_it(city, browse, stranger, data_officer, system_admin):
    dossier(browse(stranger), city.department, 404)
    dossier(browse(system_admin), city.department, 403)
    dossier(browse(data_officer), UnitFactory(), 404)
    page = browse(data_officer).get(f"/units/{city.department.code}/").content.decode()
    assert 'href="/support/new/"' in page
    other_day = dossier(browse(data_officer), city.department, on="2022-05-01")
    assert "20220501" in other_day["Content-Disposition"]
