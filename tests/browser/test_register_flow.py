"""The ways through the register that have to be short or to hold, in Chromium against a live server.

A click is a link or a button; filling in a form is typing. Each test has a department of its own.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from docx import Document
from playwright.sync_api import Page

from core import files
from duties.services import sync_assignments
from officers import services
from officers.models import Appointment, Filing, Handover, Person, Post
from pilots.models import Programme, Unit
from tests.browser.tour import Tour, faults, without
from tests.factories.accounts import TokenFactory, UserFactory
from tests.factories.officers import AppointmentFactory, PersonFactory
from tests.factories.pilots import EnrolmentFactory, MembershipFactory, UnitFactory

SECRET = "cdo_test-secret"  # of TokenFactory
SEEN = [(1280, "light"), (375, "dark")]


@dataclass
class Walk:
    """A page that counts the clicks on it."""

    page: Page
    clicks: int = 0

    def click(self, selector: str) -> None:
        self.page.click(selector)
        self.clicks += 1

    def says(self, text: str) -> bool:
        return text in self.page.inner_text("main")


def walk(tour: Tour, role: str, path: str = "/", **options: Any) -> Walk:
    return Walk(tour.open(role, path, **options))


def department(tour: Tour, name: str) -> Unit:
    """One more department that takes part and has no CDO; its clerk is `name` in the cast."""
    programme = Programme.rows.get(code=tour.city.codes["programme"])
    unit = UnitFactory(name=f"测试市{name}局")
    EnrolmentFactory(programme=programme, unit=unit, position=9)
    sync_assignments(programme, by=None)
    member(tour, name, unit, "data_officer")
    return unit


def member(tour: Tour, name: str, unit: Unit, role: str) -> Any:
    tour.city.people[name] = user = UserFactory(display_name=f"{name}人员")
    MembershipFactory(user=user, unit=unit, role=role)
    return user


def holder(unit: Unit, **facts: Any) -> Appointment:
    """Its CDO since September, entered past the services."""
    return AppointmentFactory(unit=unit, post=Post.objects.get(code="cdo"), **facts)


def look(page: Page, status: int = 200) -> None:
    """A page that only a sent form shows, as test_pages.py looks at those with an address."""
    for width, scheme in SEEN:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert without(faults(page), status) == [], f"{page.url} {width} {scheme}"
    page.set_viewport_size({"width": 1280, "height": 900})


# --- a new CDO, from the unit's first page to the receipt ------------------------------------------


def report(tour: Tour, unit: Unit, clerk: str, **options: Any) -> Filing:
    """The clerk enters who was appointed and sends the filing along."""
    own = walk(tour, clerk, **options)
    page = own.page
    own.click(f"main a:text('{unit.display_name}还没有任命首席数据官')")
    page.fill("#id_name", "陈明")
    page.fill("#id_job_title", "副局长")
    page.select_option("#id_level", "deputy")
    page.check("#id_is_in_charge")
    page.fill("#id_document_number", "测教〔2022〕8号")
    page.fill("#id_signed_on", "2022-04-11")
    own.click("main form .btn")
    assert own.says("生效后")
    if not options:
        look(page)
    own.click("button[name=confirmed]")
    filing = Filing.rows.get(unit=unit)
    assert own.says(f"已报领导小组办公室备案，编号{filing.number}")
    assert own.clicks <= 4
    page.goto(tour.url)
    assert not own.says("还没有任命首席数据官")
    page.close()
    return filing


def accept(tour: Tour, filing: Filing, **options: Any) -> None:
    """The bureau's officer puts it on record and takes the receipt."""
    desk = walk(tour, "officer", **options)
    page = desk.page
    desk.click(f"#waiting a:text('{filing.unit.display_name} ')")
    desk.click("button:text('准予备案')")
    assert desk.says(f"{filing.number}已备案，回执可以打印")
    desk.click("a:text('备案回执')")
    assert desk.clicks <= 3
    prints(page, filing)
    page.close()


def prints(page: Page, filing: Filing) -> None:
    """On one sheet of paper the letter and nothing else; as Word the same words."""
    page.emulate_media(media="print")
    for gone in (".acts-bar", ".top-in", ".banner"):
        assert page.locator(f"{gone}:visible").count() == 0, gone
    assert re.findall(rb"/Count (\d+)", page.pdf(prefer_css_page_size=True)) == [b"1"]
    letter = page.inner_text("article.letter")
    words = ("备案回执", filing.unit.full_name, filing.number, "领导小组办公室", "2022年4月15日")
    assert [word for word in words if word not in letter] == []
    page.emulate_media(media="screen")
    with page.expect_download() as download:
        page.click("a:text('下载Word')")
    document = Document(str(download.value.path()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*(each.text for each in document.paragraphs), *cells])
    assert filing.unit.full_name in text
    assert filing.number in text


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_new_cdo_is_four_clicks_for_the_unit_and_three_for_the_bureau(
    tour: Tour, script: bool
) -> None:
    clerk = "教育" if script else "民政"
    unit = department(tour, clerk)
    options = {} if script else {"java_script_enabled": False}
    filing = report(tour, unit, clerk, **options)
    accept(tour, filing, **options)
    filing.refresh_from_db()
    assert (filing.status, filing.assignment.status) == ("accepted", "done")
    task = tour.open("officer", f"/tasks/{filing.assignment.number}/")
    assert "已完成" in task.inner_text("main")
    task.close()


def test_a_form_sent_empty_names_every_fault_and_is_as_accessible(tour: Tour) -> None:
    unit = department(tour, "交通")
    own = walk(tour, "交通", f"/officers/new/?unit={unit.code}")
    own.click("main form .btn")
    assert own.page.title().startswith("错误：")
    assert own.page.locator("#errors li").count() >= 3
    look(own.page, 422)
    own.page.close()


# --- one click, two windows, and none any more ----------------------------------------------------


def test_an_old_entry_is_confirmed_unchanged_in_one_click_from_the_first_page(tour: Tour) -> None:
    unit = department(tour, "水务")
    row = holder(unit, starts_on=date(2021, 3, 1))
    own = walk(tour, "水务")
    own.click("button:text('信息无变化')")
    assert own.says(f"已确认{unit.display_name}的1条任命信息无变化")
    row.refresh_from_db()
    assert (own.clicks, row.confirmed_on) == (1, tour.city.today)
    own.page.goto(tour.url)
    assert own.page.locator("button:text('信息无变化')").count() == 0
    own.page.close()


def test_the_second_of_two_officers_reads_who_did_what_and_when(tour: Tour) -> None:
    bureau = tour.city.people["officer"].memberships.get().unit
    member(tour, "second", bureau, "bureau_officer")
    unit = department(tour, "卫生")
    filing = services.file_appointment(holder(unit), by=tour.city.people["卫生"])
    first, second = (walk(tour, who, f"/filings/{filing.number}/") for who in ("officer", "second"))
    for window in (first, second):
        window.click("button:text('准予备案')")
    assert first.says("已备案，回执可以打印")
    said = second.page.inner_text(".banner.error")
    who = tour.city.people["officer"].display_name
    assert re.search(rf"^{who}.*在\d{{4}}-\d\d-\d\d \d\d:\d\d已办理：准予备案", said), said
    assert second.page.locator("button:text('准予备案')").count() == 0
    look(second.page, 412)
    for window in (first, second):
        window.page.close()


def test_whoever_handed_over_is_refused_at_the_next_request(tour: Tour) -> None:
    unit = department(tour, "财政")
    leaver = member(tour, "leaver", unit, "unit_cdo")
    person = PersonFactory(unit=unit, name="周明", user=leaver)
    stored = files.store([b"%PDF-1.4 test"], media_type="application/pdf")
    row = holder(unit, person=person, file=stored, file_name="任命.pdf")
    token = TokenFactory(user=leaver)
    link, api = f"{tour.url}/officers/{row.number}/file/", f"{tour.url}/api/v1/units/"
    bearer = {"Authorization": f"Bearer {SECRET}"}
    opened = tour.open("leaver", f"/units/{unit.code}/")
    request, system = opened.context.request, tour.context("").request
    assert (request.get(link).status, system.get(api, headers=bearer).status) == (200, 200)

    hand_over(tour, person)
    token.refresh_from_db()
    assert (token.revoked_at is not None, Handover.rows.filter(leaver=person).count()) == (True, 1)
    opened.reload()
    assert opened.url.startswith(f"{tour.url}/login/")
    assert request.get(link, max_redirects=0).status == 302
    assert system.get(api, headers=bearer).status == 401
    opened.close()


def hand_over(tour: Tour, person: Person) -> None:
    """From the leaver's page: the list of what is open, what will happen, the slip."""
    desk = walk(tour, "officer", f"/officers/people/{person.uuid}/")
    page = desk.page
    desk.click("a:text('办理交接')")
    assert desk.says("岗位：首席数据官")
    page.check("input[name=ending][value=moved]")
    page.fill("#id_note", "台账在共享文件夹")
    desk.click("main form .btn")
    assert desk.says("已登录的页面、接口令牌和下载链接随即失效")
    look(page)
    desk.click("button[name=confirmed]")
    assert desk.says("工作交接单")
    assert desk.clicks <= 3
    look(page)
    page.close()


def test_contacts_are_shown_once_on_a_page_that_fits(tour: Tour) -> None:
    desk = walk(tour, "officer", "/officers/people/{person}/")
    desk.click("summary:text('查看联系方式')")
    desk.page.fill("#purpose", "通知开会")
    desk.click("button:text('查看联系方式')")
    assert desk.says("13800138001")
    look(desk.page)
    desk.page.close()
