"""Lists in Chromium: saved views and columns with and without script, back and forward, paper."""

import pytest
from playwright.sync_api import Page

from tests.browser.tour import Tour, faults

HERE = "/tasks/?open=true&ordering=-number"
UNIT = 'td[data-label="单位"]'


def rows(page: Page) -> list[str]:
    return page.locator(".ledger tbody tr th").all_inner_texts()


def unit_cells(page: Page) -> int:
    return page.locator(f"{UNIT}:visible").count()


def tick(page: Page, *, shown: bool) -> None:
    page.click(".toolbar .panel > summary")
    page.set_checked(".panel-in [name=columns][value=unit]", shown)
    page.click(".toolbar .panel-in .btn")
    page.wait_for_load_state()


@pytest.mark.parametrize("script", [True, False])
def test_columns_come_and_go_and_filters_stay(tour: Tour, script: bool) -> None:
    page = tour.open("officer", HERE, java_script_enabled=script)
    before = rows(page)
    assert len(before) > 1
    assert unit_cells(page) == len(before)
    tick(page, shown=False)
    assert page.url == tour.url + HERE
    assert rows(page) == before
    assert unit_cells(page) == 0
    assert "未完成：是" in page.inner_text(".chips")
    page.emulate_media(media="print")
    assert unit_cells(page) == len(before)  # paper keeps every column
    page.emulate_media(media="screen")
    tick(page, shown=True)
    assert unit_cells(page) == len(before)
    page.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_view_is_kept_followed_and_removed(tour: Tour, script: bool) -> None:
    page = tour.open("officer", HERE, java_script_enabled=script)
    before = rows(page)
    page.click(".chips .panel > summary")
    page.fill(".panel-in [name=name]", "未完成的任务")
    page.click(".chips .panel-in .btn")
    page.wait_for_load_state()
    assert page.locator(".views [aria-current]").inner_text() == "未完成的任务"
    page.goto(f"{tour.url}/tasks/")
    assert page.locator(".views [aria-current]").count() == 0
    page.click(".views >> text=未完成的任务")
    page.wait_for_load_state()
    assert rows(page) == before
    page.click(".views >> text=管理常用筛选")
    page.click("text=修改或移除")
    page.click("button[value=remove]")
    page.wait_for_load_state()
    assert "已移除“未完成的任务”" in page.inner_text(".banner")
    page.close()


def test_the_view_that_applies_is_marked_after_a_swap_and_back_shows_whole_pages(
    tour: Tour,
) -> None:
    page = tour.open("officer", "/tasks/?light=normal")
    page.click(".chips .panel > summary")
    page.fill(".panel-in [name=name]", "都正常")
    page.click(".chips .panel-in .btn")
    page.wait_for_load_state()
    states = ["due_soon", "unconfirmed", "normal", "overdue", "due_soon"]
    for light in states:
        page.select_option(".filters [name=light]", light)
        page.wait_for_url(f"**light={light}**")
    assert page.locator(".views [aria-current]").count() == 0
    for light in [*reversed(states[:-1]), "normal"]:
        page.evaluate("history.back()")
        page.wait_for_url(f"**light={light}**")
        page.wait_for_selector("header.top")
        page.wait_for_selector(
            f".filters [name=light] option[value={light}]:checked", state="attached"
        )
    page.evaluate("history.forward()")
    page.wait_for_url("**light=due_soon**")
    page.wait_for_selector("header.top")
    assert page.said == []
    page.close()


def test_panels_fit_on_a_phone(tour: Tour) -> None:
    page = tour.open("officer", HERE)
    page.set_viewport_size({"width": 375, "height": 800})
    for opener in (".chips .panel > summary", ".toolbar .panel > summary"):
        page.click(opener)
        assert faults(page) == []
        page.keyboard.press("Escape")
        assert not page.locator(f"{opener} + form").is_visible()
    page.close()


def test_the_list_of_who_is_missing_is_copied_on_plain_http(tour: Tour) -> None:
    page = tour.open("officer", "/obligations/{obligation}/missing/")
    page.evaluate(
        "document.addEventListener('copy', () => { window.copied = getSelection() + ''; })"
    )
    page.click("[data-copy]")
    assert page.inner_text("[data-copy]") == "已复制"
    assert page.evaluate("document.activeElement.value").startswith("【")
    assert page.text_content("#live") == "已复制"
    page.close()


def test_the_week_is_printed_upright(tour: Tour) -> None:
    page = tour.open("officer", "/week/")
    paper = page.pdf(prefer_css_page_size=True)
    assert b"/MediaBox [0 0 594.9" in paper
    page.emulate_media(media="print")
    assert page.locator(".btn:visible").count() == 0
    page.close()
