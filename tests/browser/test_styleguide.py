"""The style guide in Chromium: axe, widths, both themes, pinyin input, and no script at all."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.tour import RULES, Tour, violations

SIZES = [(1280, 900), (800, 900), (375, 800), (320, 700)]


@pytest.fixture
def opened(tour: Tour) -> Iterator[Any]:
    """Opens /styleguide/ in a context of its own: opened(width, height, **options of the context)."""
    contexts = []

    def open_page(width: int = 1280, height: int = 900, **options: Any) -> Page:
        viewport = {"width": width, "height": height}
        contexts.append(
            tour.browser.new_context(viewport=viewport, reduced_motion="reduce", **options)
        )
        page = contexts[-1].new_page()
        page.said = []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto(f"{tour.url}/styleguide/")
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_no_axe_finding_and_no_sideways_scroll(opened, size, scheme) -> None:
    page = opened(*size, color_scheme=scheme)
    assert violations(page, [*RULES, "best-practice"]) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [text for text in page.said if "autocomplete" not in text] == []


def test_pinyin_sends_nothing_until_the_word_is_chosen(opened) -> None:
    page = opened()
    sent: list[str] = []
    page.on(
        "request",
        lambda request: "/static/" in request.url or sent.append(request.url),
    )
    page.focus(".filters [name=q]")
    session = page.context.new_cdp_session(page)
    for typed in ("j", "jiao", "jiaoyu"):
        end = len(typed)
        composed = {"text": typed, "selectionStart": end, "selectionEnd": end}
        session.send("Input.imeSetComposition", composed)
        page.wait_for_timeout(500)
    assert sent == []
    session.send("Input.insertText", {"text": "教育"})
    page.wait_for_selector(".chips :text('教育')")
    assert len(sent) == 1
    assert page.evaluate("document.activeElement.name") == "q"
    assert "q=%E6%95%99%E8%82%B2" in page.url


def test_a_choice_filters_at_once_and_back_shows_a_whole_page(opened) -> None:
    page = opened()
    page.select_option(".filters [name=light]", "overdue")
    page.wait_for_selector(".chips :text('逾期')")
    assert page.text_content("#live") == "共64项"
    page.go_back()
    page.wait_for_selector("header.top")
    assert page.url.endswith("/styleguide/")


def test_without_script_everything_is_there(opened) -> None:
    page = opened(java_script_enabled=False)
    page.select_option(".filters [name=light]", "overdue")
    page.click(".filters .btn:not(.q)")
    assert "light=overdue" in page.url
    assert page.is_visible(".chips :text('逾期')")


def test_shortcuts_can_be_switched_off(opened) -> None:
    page = opened()
    page.keyboard.press("?")
    page.check("#keys-off")
    page.click("#keys .btn")
    page.keyboard.press("?")
    assert not page.evaluate("document.getElementById('keys').open")
