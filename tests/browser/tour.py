"""A way through the portal in Chromium: a browser context a role, and what is wrong with a page."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.city import LivingCity

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# All that passed stays in the browser: handing it over takes as long as finding it.
RUN = """async rules => {
    const found = await axe.run({runOnly: rules, resultTypes: ["violations"]});
    return found.violations.map(({id, impact, nodes}) =>
        ({id, impact, count: nodes.length, html: nodes[0].html}));
}"""
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
GRAVE = {"serious", "critical"}


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
        page.click = arriving(page)
        return page


@dataclass
class Walk:
    """A page that counts the clicks on it and the pages it came to."""

    page: Page
    clicks: int = 0
    pages: set[str] = field(default_factory=set)

    def click(self, selector: str) -> None:
        with self.page.expect_navigation():
            self.page.click(selector)
        self.clicks += 1
        self.pages.add(self.page.url)


def arriving(page: Page) -> Callable[..., None]:
    """A click that is over when the page it leads to is whole: Playwright's own is when its first
    bytes came, and whoever counts rows then counts too few on a busy machine."""
    click = page.click

    def clicked(selector: str, **options: Any) -> None:
        click(selector, **options)
        page.wait_for_load_state("domcontentloaded")

    return clicked


def violations(page: Page, rules: list[str]) -> list[dict[str, Any]]:
    """What axe finds by these rules: id, impact, count of places and the first one's html."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return page.evaluate(RUN, rules)


def faults(page: Page) -> list[str]:
    """What axe finds serious or critical, what the console said, and sideways scrolling."""
    said = [
        f"axe {rule['id']}: {rule['html'][:120]}"
        for rule in violations(page, RULES)
        if rule["impact"] in GRAVE
    ]
    said += [f"console: {text}" for text in page.said if "autocomplete" not in text]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        said.append(f"wider than {page.viewport_size['width']} px")
    return said


def without(said: list[str], status: int) -> list[str]:
    """Chromium itself notes a page that answers 403 or 404."""
    return [text for text in said if f"status of {status}" not in text]
