"""The ways of a report that have to be short, in Chromium against a live server: the CDO signs and
sends it, the reviewer passes ten in a row or returns one field by field, with and without JavaScript.
"""

import hashlib
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page

from core.uploads import Received
from pilots.models import Programme, Unit
from reports import services
from reports.models import Period, Report, Review
from tests.browser.tour import Tour, Walk, faults, without
from tests.factories.accounts import UserFactory
from tests.factories.core import StoredFileFactory
from tests.factories.pilots import EnrolmentFactory, MembershipFactory, UnitFactory

SEEN = [(1280, "light"), (375, "dark")]
BOTH = [pytest.param(True, id="with script"), pytest.param(False, id="without script")]


def walk(tour: Tour, role: str, path: str, *, script: bool) -> Walk:
    options = {} if script else {"java_script_enabled": False}
    return Walk(tour.open(role, path, **options))


def look(page: Page, status: int = 200) -> None:
    for width, scheme in SEEN:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert without(faults(page), status) == [], f"{page.url} {width} {scheme}"
    page.set_viewport_size({"width": 1280, "height": 900})


def unit_of(tour: Tour, name: str) -> tuple[Unit, Any, Any]:
    """One more department, its clerk and its CDO (`name` in the cast)."""
    programme = Programme.rows.get(code=tour.city.codes["programme"])
    unit = UnitFactory(name=f"测试市{name}局")
    EnrolmentFactory(programme=programme, unit=unit, position=9)
    clerk, cdo = UserFactory(display_name=f"{name}经办"), UserFactory(display_name=f"{name}局长")
    MembershipFactory(user=clerk, unit=unit, role="data_officer")
    MembershipFactory(user=cdo, unit=unit, role="unit_cdo")
    tour.city.people[name] = cdo
    return unit, clerk, cdo


def period_of(tour: Tour, code: str) -> Period:
    programme = Programme.rows.get(code=tour.city.codes["programme"])
    number = int(code[-1])
    opening = services.Opening(
        code=code,
        title=f"{code[:4]}年第{number}期",
        starts_on=date(int(code[:4]), number * 3 - 2, 1),
        ends_on=date(int(code[:4]), number * 3, 28),
        opens_on=date(2022, 4, 1),
        due_on=date(2022, 4, 29),
        basis_title="关于报送履职进展的通知",
    )
    return services.open_period(programme, opening, by=tour.city.people["officer"])


def written(period: Period, unit: Unit, by: Any) -> Report:
    """A clean report: something new in every section, and evidence."""
    task = unit.enrolments.get().assignments.get(occurrence=period.code)
    report = services.start_report(task, by=by)
    for section in report.sections.standing():
        content = {"body": f"{unit}：{section.heading}有进展。", "completion": "under_way"}
        services.save_section(section, content, by=by, version=None)
    digest = hashlib.sha256(report.number.encode()).hexdigest()
    received = Received(StoredFileFactory(sha256=digest), "目录清单.xlsx")
    evidence = services.keep_evidence(received, unit=unit, programme=period.programme, by=by)
    services.attach(report.sections.standing().order_by("position")[0], evidence, by=by)
    return Report.rows.get(pk=report.pk)


@pytest.mark.parametrize("script", BOTH)
def test_the_cdo_signs_and_sends_in_three_clicks_and_two_pages(tour: Tour, script: bool) -> None:
    name = "司法" if script else "审计"
    unit, clerk, _cdo = unit_of(tour, name)
    report = written(period_of(tour, "2021Q1" if script else "2021Q2"), unit, clerk)
    services.put_up(report, by=clerk)
    own = walk(tour, name, "/", script=script)
    own.click(f"main a[href*='/reports/{report.number}/']")
    if script:
        look(own.page)
    own.click("button:text('同意并报送')")
    assert own.clicks <= 3
    assert f"已报送{report.number}" in own.page.inner_text("h1")
    own.page.reload()
    assert Report.rows.get(pk=report.pk).editions == 1
    assert len(own.pages) <= 2
    if script:
        look(own.page)
    own.page.close()


@pytest.mark.parametrize("script", BOTH)
def test_ten_clean_reports_are_passed_without_going_back_to_the_list(
    tour: Tour, script: bool
) -> None:
    for row in Report.rows.waiting():  # what another way left behind
        services.accept(row, by=tour.city.people["head"])
    many = [unit_of(tour, f"{'甲' if script else '乙'}{number}") for number in range(10)]
    period = period_of(tour, "2021Q3" if script else "2021Q4")
    waiting = []
    for unit, clerk, cdo in many:
        report = written(period, unit, clerk)
        services.put_up_and_sign(report, by=cdo)
        waiting.append(report)
    desk = walk(tour, "officer", "/", script=script)
    desk.click(".nav a:has-text('审核')")
    if script:
        look(desk.page)
    desk.click("a:text('从第一件开始审')")
    assert desk.clicks <= 2
    if script:
        look(desk.page)
    desk.pages.clear()
    before = desk.clicks
    for _report in waiting:
        assert "/review/BG-" in desk.page.url
        desk.click("button:text('通过')")
    assert desk.clicks - before == 10
    assert Review.rows.filter(submission__report__in=waiting).count() == 10
    lists = [url for url in desk.pages if url.rstrip("/").endswith("/review")]
    assert len(lists) <= 1  # only when nothing is left
    assert "已通过" in desk.page.inner_text("main")
    desk.click("button:text('撤销')")
    assert Review.rows.filter(submission__report__in=waiting).standing().count() == 9
    desk.click("button:text('通过')")
    desk.page.close()


@pytest.mark.parametrize("script", BOTH)
def test_a_report_is_returned_field_by_field_and_read_there(tour: Tour, script: bool) -> None:
    name = "水务" if script else "文旅"
    unit, clerk, cdo = unit_of(tour, name)
    report = written(period_of(tour, "2020Q3" if script else "2020Q4"), unit, clerk)
    services.put_up_and_sign(report, by=cdo)
    desk = walk(tour, "officer", f"/review/{report.number}/", script=script)
    page = desk.page
    page.fill("#id_note", "先留着这句。")
    desk.click("button:text-is('退回')")
    assert "至少在一处写明要改什么" in page.inner_text("main")
    assert page.input_value("#id_note") == "先留着这句。"
    if script:
        look(page, 422)
    page.click(".part .point summary >> nth=0")
    page.select_option(".part .point select >> nth=0", "vague")
    page.fill(".part .point textarea >> nth=0", "写明数量。")
    desk.click("button:text-is('退回')")
    page.close()
    own = walk(tour, name, f"/reports/{report.number}/", script=script)
    part = own.page.locator(".part").first
    assert "没有写具体做了什么：写明数量。" in part.inner_text()
    if script:
        look(own.page)
    own.page.close()


def test_pages_of_editions_periods_and_letters_are_accessible_and_fit(tour: Tour) -> None:
    unit, clerk, cdo = unit_of(tour, "体育")
    period = period_of(tour, "2020Q2")
    report = written(period, unit, clerk)
    services.put_up_and_sign(report, by=cdo)
    officer = tour.city.people["officer"]
    services.return_report(report, [services.Remark("", "", "vague", "")], by=officer)
    section = report.sections.standing().order_by("position")[0]
    services.save_section(section, {"body": "改过的正文。"}, by=clerk, version=None)
    services.put_up_and_sign(Report.rows.get(pk=report.pk), by=cdo)
    other, _clerk, _cdo = unit_of(tour, "民政")
    later = period_of(tour, "2022Q1")
    task = other.enrolments.get().assignments.get(occurrence=later.code)
    for path in (
        f"/reports/{report.number}/",
        f"/reports/{report.number}/?view=changes",
        f"/reports/{report.number}/editions/",
        f"/reports/{report.number}/print/",
        "/periods/",
        f"/periods/{later.audit_key}/",
        f"/periods/{later.audit_key}/?show=in",
        f"/periods/{later.audit_key}/change/",
        "/periods/new/",
        f"/reports/letters/new/?task={task.number}",
    ):
        page = tour.open("officer", path)
        assert page.answer.status == 200, path
        assert page.locator("h1").count() == 1, path
        look(page)
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        page.close()
