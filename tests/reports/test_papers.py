"""打包与汇编, 专报 and 通报: what the bureau makes of everybody's reports, and for whom."""

import io
import re
import zipfile
from datetime import date
from urllib.parse import unquote

import pytest
from django.http import Http404
from docx import Document
from openpyxl import load_workbook

from core import files
from core.documents import pdf
from core.models import AuditEntry
from core.uploads import Received
from duties import services as duties
from duties.models import DutyArea
from reports import services
from reports.documents import briefs, collection
from reports.queries.briefing import Briefing, Standing, briefing_of
from reports.queries.collecting import originals, said
from reports.queries.overall import AreaProgress
from reports.views.papers import bureau_of
from tests.conftest import make_city
from tests.factories.reports import SupportRequestFactory
from tests.reports.cast import Desk

pytestmark = pytest.mark.django_db
OFFICE = pytest.mark.skipif(not pdf.is_available(), reason="LibreOffice is not installed")
TODAY = date(2022, 4, 15)


@pytest.fixture
def summary(desk):
    report = desk.summary()
    for section, body in zip(report.sections.all(), ("编目。", "人手不足。", " "), strict=True):
        services.save_section(section, {"body": body}, by=desk.data_officer, version=None)
    return report


def hand_in(desk, report):
    """As it stands: a chapter without a word is filled."""
    last = report.sections.get(key="suggestions")
    services.save_section(last, {"body": "建议增加培训。"}, by=desk.data_officer, version=None)
    services.put_up_and_sign(report, by=desk.unit_cdo)


def zipped(client, query):
    answer = client.get(f"/papers/originals.zip?{query}")
    assert answer.status_code == 200
    return answer, zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def text_of(content):
    document = Document(io.BytesIO(content))
    words = [each.text for each in document.paragraphs]
    words += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(words)


def test_the_page_counts_what_can_be_made(desk, summary, browse):
    client = browse(desk.officer)
    page = client.get("/papers/").content.decode()
    assert "还没有报送的报告" in page
    assert "还没有问题建议" in page
    hand_in(desk, summary)
    desk.handed_in(problems="标准不一。")
    page = client.get("/papers/").content.decode()
    assert "kind=summary" in page
    assert "period=2022Q1" in page
    assert "还没有报送的报告" not in page
    assert "/papers/said.xlsx" in page


def test_the_zip_names_place_unit_and_title(desk, city, summary, browse):
    hand_in(desk, summary)
    answer, bundle = zipped(browse(desk.officer), "kind=summary")
    assert "报告汇编20220415.zip" in unquote(answer["Content-Disposition"])
    unit = city.department.short_name
    (name,) = bundle.namelist()
    assert name.startswith(f"01-{unit}-")
    assert name == f"{originals(city.programme, user=desk.officer, kind='summary')[0].label}.docx"
    assert "人手不足。" in text_of(bundle.read(name))
    entry = AuditEntry.objects.filter(verb="report.pack").get()
    assert (entry.after["reports"], entry.after["lost"]) == (1, 0)


def test_evidence_lies_in_the_folder_once_and_a_lost_file_is_named(desk, city, browse):
    stored = files.store([b"PK evidence"], media_type="application/zip")
    received = Received(stored, "目录清单.xlsx")
    report = desk.fill(desk.report())
    first, second = desk.section(report), desk.section(report, 1)
    kept = services.keep_evidence(
        received, unit=city.department, programme=city.programme, by=desk.data_officer
    )
    services.attach(first, kept, by=desk.data_officer)
    services.attach(second, kept, by=desk.data_officer)
    services.put_up_and_sign(report, by=desk.unit_cdo)
    client = browse(desk.officer)
    _answer, bundle = zipped(client, "kind=progress&period=2022Q1")
    names = bundle.namelist()
    folder = names[0].partition("/")[0]
    assert names[0] == f"{folder}/{folder}.docx"
    assert names[1:] == [f"{folder}/佐证材料/01-目录清单.xlsx"]
    assert bundle.read(names[1]) == b"PK evidence"
    files.path_of(stored.sha256).unlink()
    _answer, bundle = zipped(client, "kind=progress&period=2022Q1")
    assert bundle.namelist()[1:] == [collection.LOST]
    assert "01-目录清单.xlsx" in bundle.read(collection.LOST).decode()
    assert AuditEntry.objects.filter(verb="report.pack").order_by("-id")[0].after["lost"] == 1


def test_what_nobody_handed_in_is_not_packed(desk, summary, browse):
    client = browse(desk.officer)
    for query in ("kind=summary", "kind=progress&period=2021Q4", "kind=nonsense", ""):
        assert client.get(f"/papers/originals.zip?{query}").status_code == 404


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("甲/乙:丙?.docx", "甲_乙_丙_.docx"),
        ("..", "_"),
        ("长" * 200 + ".pdf", "长" * 94 + ".pdf"),
        ("长" * 200, "长" * 100),
        ("1.不是扩展名的尾巴", "1.不是扩展名的尾巴"),
    ],
)
def test_names_are_what_every_file_system_takes(name, cleaned):
    assert collection.safe(name) == cleaned


def test_problems_are_collected_from_summaries_the_newest_reports_and_requests(
    desk, city, summary, browse
):
    hand_in(desk, summary)
    desk.handed_in(problems="旧问题。")
    desk.open_period("2022Q2")
    newer = desk.handed_in(desk.report(code="2022Q2"), problems="新问题。")
    older = desk.open_period("2021Q4")
    desk.handed_in(desk.report(code=older.code), problems="更旧的问题。")
    asked = services.raise_support(
        city.enrolment(city.department), services.Asked("support", "经费", "缺。", "funds"),
        by=desk.data_officer,
    )  # fmt: skip
    services.answer_support(asked, "五月安排。", by=desk.officer)
    SupportRequestFactory(number="ZC-2022-0050", enrolment=city.enrolment(city.department))
    SupportRequestFactory(
        number="ZC-2022-0051", enrolment=city.enrolment(city.department), status="withdrawn",
        closed_on=TODAY,
    )  # fmt: skip
    lines = said(city.programme, user=desk.officer)
    texts = [line.text for line in lines]
    assert texts[:2] == ["人手不足。", "建议增加培训。"]
    assert "新问题。" in texts
    assert "旧问题。" not in texts
    assert "更旧的问题。" not in texts
    assert [(line.kind, line.source, line.answer) for line in lines[-2:]] == [
        ("经费", asked.number, "五月安排。"), ("问题", "ZC-2022-0050", "待受理"),
    ]  # fmt: skip
    assert newer.number in {line.source for line in lines}
    answer = browse(desk.officer).get("/papers/said.xlsx")
    assert "问题建议汇总20220415.xlsx" in unquote(answer["Content-Disposition"])
    sheet = load_workbook(io.BytesIO(answer.content)).active
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    assert {"序号", "人手不足。", "经费：缺。", "五月安排。"} <= set(cells)


# --- the brief and the circular --------------------------------------------------------------------


def test_the_brief_says_where_it_stands(desk, city, browse):
    duties.fulfil(
        city.assignment(city.department), source_key="x", happened_on=date(2022, 4, 10), by=None
    )
    duties.record_progress(
        city.programme.areas.first().items.get(kinds=["municipal_department"]),
        city.enrolment(city.department), source_key="y", happened_on=date(2022, 4, 1),
        summary="开了两次培训。", by=None,
    )  # fmt: skip
    answer = browse(desk.officer).get("/papers/brief.docx")
    assert "工作专报20220415.docx" in unquote(answer["Content-Disposition"])
    words = text_of(answer.content)
    found = briefing_of(city.programme, user=desk.officer, on=TODAY)
    assert (found.units, found.done, found.on_time) == (3, 1, 1)
    assert f"3个试点单位共有规定任务{found.total}件，已完成1件" in words
    assert "没有逾期任务。" in words
    assert "有1个单位登记进展" in words
    assert city.bureau.full_name in words
    later = browse(desk.officer).get("/papers/brief.docx?on=2022-06-30")
    assert "20220630" in later["Content-Disposition"]
    assert "逾期任务" in text_of(later.content)


def test_the_circular_lists_every_unit_without_a_ranking(desk, city, browse):
    report = desk.handed_in()
    remark = services.Remark(report.sections.first().key, "body", "vague", "写具体。")
    services.return_report(report, [remark], by=desk.officer)
    answer = browse(desk.officer).get("/papers/bulletin.docx")
    assert "工作通报20220415.docx" in unquote(answer["Content-Disposition"])
    document = Document(io.BytesIO(answer.content))
    heads, *rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert heads == ["单位", "任务", "已完成", "按时", "逾期", "退回"]
    units = [city.government, city.department, city.district]
    assert [row[0] for row in rows] == [unit.short_name for unit in units]
    assert rows[1][-1] == "1"


def standing(place, late=1, name="第局"):
    return Standing(f"{name}{place}", "市级部门", total=9, done=5, on_time=4, late=late, returns=0)


def crowded(city, count=64, name="第局"):
    """A city whose every unit is late, with six areas: the longest brief there is."""
    standings = [standing(place, name=name) for place in range(count)]
    area = DutyArea(medium_name="深化公共数据共享开放和要素市场化配置")
    areas = [AreaProgress(area, count, count, [])] * 6
    return Briefing(city.programme, TODAY, count, [], areas, standings)


def test_of_many_that_are_late_six_are_named(city):
    found = crowded(city)
    assert (
        briefs.late(found)
        == "逾期任务64件："
        + "、".join(f"第局{place}1件" for place in range(6))
        + "，另有58个单位。"
    )
    assert "另有61个单位" in briefs.late(
        crowded(city, name="某某新区某某管理委员会政务服务数据管理中心")
    )
    assert briefs.duties(found).count("有64个单位登记进展") == 3
    assert briefs.duties(found).endswith("；另有3项职责见履职总览。")
    nothing = Briefing(city.programme, TODAY, 0, [], [], [])
    assert "（—）" in briefs.overall(nothing)
    assert briefs.duties(nothing) == "文件没有设定职责事项。"


@OFFICE
def test_the_brief_is_one_page_also_when_every_unit_is_late(city):
    found = crowded(city, name="某某新区某某管理委员会政务服务数据管理中心")
    content = briefs.write_brief(found, city.bureau.code, city.bureau.full_name)
    printed = pdf.to_pdf(content)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1


# --- for whom ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["", "originals.zip?kind=summary", "said.xlsx", "brief.docx", "bulletin.docx"]
)
def test_only_the_bureaus_officers_make_them(path, city, browse, data_officer, head, foreigner):
    address = f"/papers/{path}"
    for user in (data_officer, head):
        assert browse(user).get(address).status_code == 403
    joint = "&" if "?" in path else "?"
    foreign = f"{address}{joint}programme={city.programme.code}"
    assert browse(foreigner).get(foreign).status_code == 404


def test_a_foreign_programme_is_never_packed(desk, city, summary, browse, foreigner):
    hand_in(desk, summary)
    assert browse(foreigner).get("/papers/originals.zip?kind=summary").status_code == 404
    other = make_city("440100", "别市")
    theirs = Desk(other, desk.officer, desk.data_officer, desk.unit_cdo)
    assert originals(theirs.city.programme, user=desk.officer, kind="summary") == []


def test_without_a_bureau_there_is_nobody_to_sign_a_brief(desk, city):
    city.programme.enrolments.filter(part="bureau").update(withdrawn_on="2022-04-01")
    with pytest.raises(Http404):
        bureau_of(city.programme)
