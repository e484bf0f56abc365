"""Every page × the role that owns it, in Chromium: axe, widths, both themes, no script, back, counts.

One city and one login a role for the whole file: each costs more than a page does.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.city import LivingCity

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
GRAVE = {"serious", "critical"}
# Both themes at both widths: the tokens decide colours, the width decides the layout.
VIEWS = [(1280, "light"), (375, "light"), (375, "dark"), (1280, "dark")]

# (role, path); {…} are codes of the living city.
PAGES = [
    ("officer", "/"),
    ("officer", "/overview/"),
    ("officer", "/overview/?on=2022-05-10&exceptions=on"),
    ("officer", "/units/"),
    ("officer", "/units/{department}/"),
    ("officer", "/search/?q=测试"),
    ("officer", "/audit/"),
    ("officer", "/audit/unit:{department}/"),
    ("officer", "/tasks/"),
    ("officer", "/tasks/{task}/"),
    ("officer", "/obligations/{obligation}/"),
    ("officer", "/areas/{area}/"),
    ("officer", "/deadlines/"),
    ("officer", "/programmes/"),
    ("officer", "/programmes/{programme}/"),
    ("officer", "/documents/{document}/"),
    ("officer", "/units/{department}/rename/"),
    ("officer", "/units/{department}/succeed/"),
    ("officer", "/members/"),
    ("officer", "/inbox/"),
    ("officer", "/deliveries/"),
    ("officer", "/feedback/"),
    ("officer", "/preferences/"),
    ("officer", "/password/"),
    ("officer", "/help/roles/"),
    ("data_officer", "/"),
    ("data_officer", "/tasks/"),
    ("data_officer", "/tasks/{task}/"),
    ("data_officer", "/units/{department}/"),
    ("data_officer", "/inbox/"),
    ("unit_cdo", "/"),
    ("head", "/"),
    ("head", "/overview/"),
    ("provincial_reader", "/"),
    ("evaluator", "/overview/"),
    ("auditor", "/audit/"),
    ("system_admin", "/"),
    ("security_admin", "/"),
    ("data_officer", "/overview/"),
    ("officer", "/nothing-here/"),
    ("", "/login/"),
    ("", "/help/"),
    ("", "/help/bureau/"),
    ("", "/help/terms/"),
    ("", "/help/accessibility/"),
]
REFUSED = {("data_officer", "/overview/"): 403, ("officer", "/nothing-here/"): 404}
"""Pages whose own status the browser writes to its console."""
NUMBERS = [("officer", "/"), ("officer", "/overview/"), ("head", "/"), ("provincial_reader", "/")]


@dataclass
class Tour:
    """A browser context a role; `open` gives a page and keeps what its console said."""

    browser: Browser
    url: str
    city: LivingCity
    contexts: dict[Any, BrowserContext] = field(default_factory=dict)

    def context(self, role: str, **options: Any) -> BrowserContext:
        key = (role, *sorted(options))
        if key not in self.contexts:
            made = self.browser.new_context(
                viewport={"width": 1280, "height": 900},
                reduced_motion="reduce",
                locale="zh-CN",
                **options,
            )
            if role:
                made.add_cookies([self.cookie(role)])
            self.contexts[key] = made
        return self.contexts[key]

    def cookie(self, role: str) -> dict[str, str]:
        client = Client()
        client.force_login(self.city.people[role], backend="accounts.backends.AccountBackend")
        name = settings.SESSION_COOKIE_NAME
        return {"name": name, "value": client.cookies[name].value, "url": self.url}

    def open(self, role: str, path: str, **options: Any) -> Page:
        page = self.context(role, **options).new_page()
        page.said = []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.answer = page.goto(self.url + path.format(**self.city.codes))
        return page


@pytest.fixture(scope="module")
def tour(browser: Browser, django_db_setup: Any, django_db_blocker: Any) -> Iterator[Tour]:
    """The city and the server stay for the whole file. pytest-django's own `live_server` would
    empty the database after each test."""
    with django_db_blocker.unblock():
        city, server = LivingCity.build(), LiveServer("localhost")
        made = Tour(browser, server.url, city)
        yield made
        for context in made.contexts.values():
            context.close()
        server.stop()
        LivingCity.clear()


def _named(pair: tuple[str, str]) -> str:
    return f"{pair[0] or 'nobody'} {pair[1]}"


def faults(page: Page) -> list[str]:
    """What axe finds serious or critical, what the console said, and sideways scrolling."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("options => axe.run(options)", RULES)["violations"]
    said = [
        f"axe {rule['id']}: {rule['nodes'][0]['html'][:120]}"
        for rule in found
        if rule["impact"] in GRAVE
    ]
    said += [f"console: {text}" for text in page.said if "autocomplete" not in text]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        said.append(f"wider than {page.viewport_size['width']} px")
    return said


def _without(said: list[str], status: int) -> list[str]:
    """Chromium itself notes a page that answers 403 or 404."""
    return [text for text in said if f"status of {status}" not in text]


@pytest.mark.parametrize("target", PAGES, ids=_named)
def test_a_page_is_accessible_quiet_and_fits(tour: Tour, target: tuple[str, str]) -> None:
    page = tour.open(*target)
    status = REFUSED.get(target, 200)
    assert page.answer.status == status
    assert page.locator("h1").count() == 1
    for width, scheme in VIEWS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert _without(faults(page), status) == [], f"{width} {scheme}"
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "320 px"
    page.close()


@pytest.mark.parametrize("target", NUMBERS, ids=_named)
def test_every_number_opens_a_list_of_as_many_rows(tour: Tour, target: tuple[str, str]) -> None:
    page = tour.open(*target)
    links = page.eval_on_selector_all(
        "main a[href]", "found => found.map(link => [link.textContent.trim(), link.href])"
    )
    wanted = {href: int(text) for text, href in links if text.isdigit() and "#" not in href}
    assert wanted, "no number at all"
    for href, count in wanted.items():
        page.goto(href)
        said = page.text_content("[data-announce]")
        assert f"共{count}" in said, f"{href}: {said} instead of {count}"
    page.close()


def test_a_filter_swaps_the_matrix_and_back_shows_a_whole_page(tour: Tour) -> None:
    page = tour.open("officer", "/overview/")
    page.select_option(".filters [name=kind]", "city_government")
    page.wait_for_selector(".chips")
    assert page.text_content("#live") == "共1个单位"
    page.fill(".filters [name=on]", "2022-05-10")
    page.wait_for_url("**on=2022-05-10**")
    page.wait_for_selector("#facts .late")
    for left in ("**kind=city_government**", "**/overview/"):
        # htmx asks the server again for a page it left, in the middle of Playwright's go_back().
        page.evaluate("history.back()")
        page.wait_for_url(left)
        page.wait_for_selector("header.top")
    page.wait_for_selector(".toolbar :text('共4个单位')")
    assert page.said == []
    page.close()


def test_without_script_filters_and_links_work(tour: Tour) -> None:
    page = tour.open("officer", "/overview/", java_script_enabled=False)
    page.fill(".filters [name=q]", "公安")
    page.click(".filters .btn:not(.q)")
    assert "共1个单位" in page.text_content(".toolbar")
    page.click("table[data-matrix] td a >> nth=0")
    assert "/units/" in page.url
    page.goto(f"{tour.url}/units/")
    page.select_option(".filters [name=account]", "none")
    page.click(".filters .btn:not(.q)")
    assert "共3个单位" in page.text_content(".toolbar")
    page.close()


def test_the_matrix_is_one_tab_stop_a_row_with_arrows_inside(tour: Tour) -> None:
    page = tour.open("officer", "/overview/")
    page.focus("table[data-matrix] tbody th a >> nth=0")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.closest('td') !== null")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('th, td').cellIndex") == 0
    page.close()


def test_search_is_one_key_away(tour: Tour) -> None:
    page = tour.open("officer", "/units/")
    page.keyboard.press("/")
    page.keyboard.type("gaj")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=gaj")
    assert "公安局" in page.text_content(".todo")
    page.close()


def test_printing_keeps_every_row_and_drops_the_controls(tour: Tour) -> None:
    page = tour.open("officer", "/overview/")
    page.emulate_media(media="print")
    assert page.locator("table[data-matrix] tbody th[scope=row]").count() == 3
    for gone in (".nav", ".filters", ".btn:visible"):
        assert page.locator(gone).locator("visible=true").count() == 0, gone
    page.close()


def test_today_is_the_day_of_the_tests(tour: Tour) -> None:
    assert tour.city.today == date(2022, 4, 15)
