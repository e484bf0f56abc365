"""延期 and 提醒单 in Chromium, with and without JavaScript: asked in four clicks, signed, answered; ticked
in the ledger, previewed, sent, replied; and their pages on a desk and on a phone."""

import pytest
from playwright.sync_api import expect

from duties.models import Extension, Slip
from tests.browser.tour import Tour, faults, without
from tests.duties.chasing import REASON

SEEN = [(1280, "light"), (375, "dark")]
WAYS = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])


def look(page) -> None:
    for width, scheme in SEEN:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert without(faults(page), 422) == [], f"{page.url} {width} {scheme}"
    page.set_viewport_size({"width": 1280, "height": 900})


@WAYS
def test_a_later_day_is_asked_signed_and_answered(tour: Tour, script: bool) -> None:
    options = {} if script else {"java_script_enabled": False}
    page = tour.open("data_officer", "/tasks/?open=true&nature=report", **options)
    page.click("main tbody a")  # 1: the row
    page.click("main a:text-is('申请延期')")  # 2
    if script:
        look(page)
        page.fill("input[name=wanted_on]", "2022-06-10")
        page.locator("input[name=wanted_on]").blur()
        # Not wait_for_function: it asks by eval, which the page's policy forbids.
        expect(page.locator("#span")).to_contain_text("工作日", timeout=15_000)
        page.fill("input[name=wanted_on]", "")
    page.click("button:text-is('提交申请')")
    assert "有2处需要修改" in page.inner_text("main")
    if script:
        look(page)
    page.check("input[name=quick][value='15']")  # 3
    page.fill("textarea[name=reason]", REASON)
    page.click("button:text-is('提交申请')")  # 4
    assert "等本单位首席数据官审签" in page.inner_text("body")
    row = Extension.rows.order_by("pk").last()
    address = f"/extensions/{row.number}/"
    signing = tour.open("unit_cdo", address, **options)
    if script:
        look(signing)
    signing.click("button:text-is('同意并报送')")
    desk = tour.open("officer", "/extensions/", **options)
    if script:
        look(desk)
    desk.goto(tour.url + address)
    if script:
        look(desk)
    desk.check("input[name=verdict][value=refuse]")
    desk.click("button:text-is('提交审批意见')")
    assert "写明不同意的理由，单位会看到。" in desk.inner_text("main")
    desk.fill("textarea[name=answer]", "工作量不大，按原定日期报送。")
    desk.click("button:text-is('提交审批意见')")
    assert "10分钟内可以撤销" in desk.inner_text("body")
    if script:
        look(desk)
    page.goto(tour.url + address)
    assert "工作量不大，按原定日期报送。" in page.inner_text("main")


@WAYS
def test_ticked_tasks_are_reminded_of_and_the_unit_answers(tour: Tour, script: bool) -> None:
    Slip.rows.all().update(sent_on="2022-04-01")  # nothing cools down any more
    options = {} if script else {"java_script_enabled": False}
    page = tour.open("officer", "/tasks/?open=true&nature=training", **options)
    boxes = page.locator("input[name=tasks]")
    count = boxes.count()
    assert count > 1
    for place in range(count):
        boxes.nth(place).check()
    if script:
        assert f"已选{count}项" in page.inner_text("#batch")
        look(page)
    page.click("#batch button")
    page.check("input[name=level][value=chase]")
    page.click("button:text-is('预览')")
    said = page.inner_text("main")
    assert f"会发给{count}个单位" in said
    assert "尚未完成" in said
    if script:
        look(page)
    known = Slip.rows.count()
    page.click(f"button:text-is('发出{count}张')")
    assert f"已发出{count}张。" in page.inner_text("body")
    assert Slip.rows.count() == known + count
    if script:
        look(page)
    unit = tour.open("data_officer", "/", **options)
    unit.click("main a:has-text('催办：')")
    if script:
        look(unit)
    unit.fill("textarea[name=text]", "4月20日前完成。")
    unit.click("button:text-is('提交回复')")
    assert "市政数局会看到" in unit.inner_text("body")
    slip = unit.url.removeprefix(tour.url)
    page.goto(tour.url + slip)
    assert "4月20日前完成。" in page.inner_text("main")
    page.goto(f"{tour.url}{slip}print/")
    if script:
        look(page)


def test_the_names_of_the_levels_hold_on_a_desk_and_on_a_phone(tour: Tour) -> None:
    look(tour.open("officer", "/slips/levels/"))
