"""April 2022 in Shenzhen, from the first line of a unit's summary to the document that went to the
province: twelve units report, two are sent back and mend, one is late, one was given more time."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from cdo_portal.demo import story
from core import clock
from duties.choices import Status as TaskStatus
from duties.models import Assignment
from reports.choices import Status
from reports.models import Report
from reports.queries.overall import demands_of
from tests.browser.shenzhen import UNITS, Shenzhen, figure_of
from tests.browser.tour import Tour, Walk
from tests.core.documents import standard
from tests.duties.chasing import REASON

FIRST, LATE, EXTENDED = story.SECURITY, story.NANSHAN, story.FUTIAN
RETURNED = {story.INSURANCE: "写明培训人次。", story.DEPARTMENTS[2]: "写明目录的范围。"}
MENDED = "市级部门业务人员共86人次参加。"
NUMBER = "深政数函〔2022〕18号"


@pytest.fixture(scope="module")
def tour(browser: Browser, django_db_setup: Any, django_db_blocker: Any) -> Iterator[Tour]:
    """Shenzhen in place of the small city."""
    with django_db_blocker.unblock():
        city, server = Shenzhen.build(), LiveServer("localhost")
        made = Tour(browser, server.url, city)
        yield made
        for context in made.contexts.values():
            context.close()
        server.stop()
        city.clear()


def at_home(tour: Tour, role: str) -> Walk:
    return Walk(tour.open(role, "/"))


def row_of(code: str) -> Report:
    return Report.rows.for_lists().get(assignment=Shenzhen.task(code))


# --- the units -----------------------------------------------------------------------------------


def writes(tour: Tour, code: str) -> None:
    """The clerk's way: from the desk to 提交审签."""
    clerk = at_home(tour, f"{code} clerk")
    clerk.click(f"main a[href*='{Shenzhen.task(code).number}']")
    if "/tasks/" in clerk.page.url:
        clerk.click("main a:text-is('填写报告')")
    clerk.click("button:text-is('开始填写')")
    boxes = clerk.page.locator("textarea[name$=-body]")
    for place, text in enumerate(tour.city.texts(code)):
        boxes.nth(place).fill(text)
    puts_up(clerk)


def puts_up(clerk: Walk) -> None:
    clerk.click("button:text-is('下一步：核对')")
    clerk.click("main button:text-is('提交审签')")
    clerk.page.close()


def signs(tour: Tour, code: str) -> str:
    """The CDO's way, in three clicks and two pages at most; returns what the last page says."""
    cdo = at_home(tour, f"{code} cdo")
    cdo.click(f"main a[href*='/reports/{row_of(code).number}/']")
    cdo.click("button:text-is('同意并报送')")
    assert cdo.clicks <= 3
    assert len(cdo.pages) <= 2
    said = cdo.page.inner_text("main")
    assert f"已报送{row_of(code).number}" in said
    cdo.page.close()
    return said


def asks_for_time(tour: Tour, code: str) -> None:
    """The clerk asks, the CDO confirms, the bureau grants."""
    clerk = Walk(tour.open(f"{code} clerk", f"/tasks/{Shenzhen.task(code).number}/"))
    clerk.click("main a:text-is('申请延期')")
    clerk.page.fill("input[name=wanted_on]", "2022-05-06")
    clerk.page.fill("textarea[name=reason]", REASON)
    clerk.click("button:text-is('提交申请')")
    path = clerk.page.url.removeprefix(tour.url)
    clerk.page.close()
    cdo = Walk(tour.open(f"{code} cdo", path))
    cdo.click("button:text-is('同意并报送')")
    cdo.page.close()
    bureau = Walk(tour.open("officer", path))
    bureau.page.check("input[name=verdict][value=grant]")
    bureau.click("button:text-is('提交审批意见')")
    bureau.page.close()
    task = Shenzhen.task(code)
    assert (task.original_due_on, task.due_on) == (date(2022, 4, 30), date(2022, 5, 6))


def mends(tour: Tour, code: str) -> None:
    """The remark stands beside its field; the clerk mends that field, the CDO signs again."""
    clerk = at_home(tour, f"{code} clerk")
    clerk.click(f"main a[href*='{Shenzhen.task(code).number}']")
    if not clerk.page.url.endswith("/edit/"):
        clerk.click("main a:text-is('去修改')")
    assert RETURNED[code] in clerk.page.inner_text("main")
    box = clerk.page.locator("textarea[name$=-body]").first
    box.fill(box.input_value() + MENDED)
    puts_up(clerk)
    signs(tour, code)


# --- the bureau ----------------------------------------------------------------------------------


def returns(tour: Tour, code: str) -> None:
    """With a remark beside one field."""
    desk = Walk(tour.open("officer", f"/review/{row_of(code).number}/"))
    desk.page.click(".part .point summary >> nth=0")
    desk.page.select_option(".part .point select >> nth=0", "no_figures")
    desk.page.fill(".part .point textarea >> nth=0", RETURNED[code])
    desk.click("button:text-is('退回')")
    desk.page.close()


def passes_all(tour: Tour) -> None:
    """Twelve in a row, never back to the list, each in two clicks at most."""
    desk = at_home(tour, "officer")
    desk.click(".nav a:has-text('审核')")
    desk.click("a:text('从第一件开始审')")
    for left in range(len(UNITS), 0, -1):
        before = desk.clicks
        assert f"共{left}份待审核" in desk.page.inner_text("main")
        desk.click("button:text-is('通过')")
        assert desk.clicks - before <= 2
    desk.page.close()


def drafts(tour: Tour) -> Report:
    """The overall report from the units' passages, one of them left out and one word changed."""
    desk = Walk(tour.open("officer", "/overall/"))
    desk.click("main button:text-is('开始起草')")
    desk.click("main a:text-is('选用段落')")
    boxes = desk.page.locator("input[name=pick]")
    assert boxes.count() == 3 * len(UNITS)
    assert all(boxes.nth(place).is_checked() for place in range(boxes.count()))
    boxes.last.uncheck()
    desk.click("button:text-is('选用勾选的段落')")
    assert "已选用12份报告的35段" in desk.page.inner_text("main")
    desk.click("main button:text-is('起草')")
    box = desk.page.locator("textarea[name$=-body]").last
    box.fill(box.input_value() + "\n建议省级适时组织经验交流。")
    desk.click("button:text-is('下一步：核对')")
    desk.click("main button:text-is('提交审签')")
    desk.page.close()
    return Report.rows.get(kind="overall")


def issues(tour: Tour, report: Report, folder: Path) -> Path:
    """Signed by the head, downloaded, and entered as sent."""
    head = at_home(tour, "head")
    head.click(f"main a[href*='/reports/{report.number}/']")
    head.click(".sign-bar > button")
    head.page.close()
    desk = Walk(tour.open("officer", f"/overall/{report.number}/"))
    page = desk.page
    page.fill("[name=signed_by_name]", "演示人员19")
    page.fill("[name=document_number]", NUMBER)
    page.fill("[name=sent_on]", "2022-05-10")
    desk.click("button:text-is('登记报送')")
    assert "已登记报送，任务完成。" in page.inner_text("body")
    with page.expect_download() as waiting:
        page.click("a:has-text('下载Word')")
    saved = folder / waiting.value.suggested_filename
    waiting.value.save_as(saved)
    page.close()
    return saved


def words_of(opened: Any) -> tuple[str, list[list[str]]]:
    """All text of the document, and the rows of its tables."""
    rows = [[cell.text for cell in row.cells] for table in opened.tables for row in table.rows]
    return "\n".join(row.text for row in opened.paragraphs), rows


def holds_everything(tour: Tour, opened: Any) -> None:
    """Every unit with its own words and figure and its summary as an annex; every count of a demand."""
    said, rows = words_of(opened)
    unbroken = said.replace("\n", "")  # a long title stands on two lines
    for code in UNITS:
        report = row_of(code)
        name = report.unit.short_name
        assert f"{name}：印发本单位实施方案" in said
        assert f"编制数据目录{figure_of(code)}项" in said
        assert unbroken.count(report.title) == 2  # in the list of annexes, and above its own
    assert said.count(MENDED) == 2 * len(RETURNED)
    assert NUMBER in said
    assert "建议省级适时组织经验交流。" in said
    programme = tour.city.programme
    for each in demands_of(programme, on=clock.today()):
        counts = (each.units, each.quantity, each.done, each.units_done, each.on_time)
        assert [each.obligation.short_title, *map(str, counts)] in rows, each.obligation.code
    for area in programme.areas.all():
        assert area.name in said


def test_april_from_the_first_line_to_the_province(tour: Tour, settings: Any, tmp_path: Path):
    settings.TODAY = "2022-04-20"
    writes(tour, FIRST)
    signs(tour, FIRST)
    for code in set(UNITS) - {FIRST, LATE, EXTENDED}:
        tour.city.hand_in(code)
    settings.TODAY = "2022-04-22"
    for code in RETURNED:
        returns(tour, code)
    settings.TODAY = "2022-04-25"
    for code in RETURNED:
        mends(tour, code)
    settings.TODAY = "2022-04-26"
    asks_for_time(tour, EXTENDED)
    settings.TODAY = "2022-05-05"
    writes(tour, EXTENDED)
    assert "逾期报送" not in signs(tour, EXTENDED)
    settings.TODAY = "2022-05-07"
    writes(tour, LATE)
    assert "逾期报送" in signs(tour, LATE)
    settings.TODAY = "2022-05-09"
    passes_all(tour)
    reports = [row_of(code) for code in UNITS]
    assert {row.status for row in reports} == {Status.ACCEPTED}
    assert [row.unit.code for row in reports if row.was_late()] == [LATE]
    assert {row.unit.code for row in reports if row.returns} == RETURNED.keys()
    settings.TODAY = "2022-05-10"
    overall = drafts(tour)
    saved = issues(tour, overall, tmp_path)
    owed = Assignment.rows.get(pk=overall.assignment_id)
    assert owed.status == TaskStatus.DONE
    opened = Document(str(saved))
    assert saved.name == f"{overall.title}.docx"
    standard.keeps_the_standard(opened)
    holds_everything(tour, opened)
