"""Every page × the role that owns it, in Chromium: axe, widths, both themes, no script, back, counts.

One city and one login a role for the whole file: each costs more than a page does.
"""

import re
from datetime import date

import pytest

from tests.browser.tour import Tour, faults, without

# Both widths and both themes. The width decides the layout and no colour, the theme colours and no
# layout: the other two pairs would show nothing that these do not.
VIEWS = [(1280, "light"), (375, "dark")]

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
    ("officer", "/tasks/?light=overdue&ordering=-number"),
    ("officer", "/obligations/{obligation}/missing/"),
    ("officer", "/deadlines/"),
    ("officer", "/week/"),
    ("officer", "/views/"),
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
    ("data_officer", "/week/"),
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
REGISTER = [
    ("officer", "/officers/"),
    ("officer", "/officers/?on=2021-12-01"),
    ("officer", "/officers/?q=没有这个人"),
    ("officer", "/officers/vacancies/?post="),
    ("officer", "/officers/people/"),
    ("officer", "/officers/people/{person}/"),
    ("officer", "/officers/people/{person}/edit/"),
    ("officer", "/officers/{appointment}/"),
    ("officer", "/officers/{appointment}/mend/"),
    ("officer", "/officers/{former}/"),
    ("officer", "/officers/{proposed}/"),
    ("officer", "/officers/new/"),
    ("officer", "/officers/new/?unit={department}"),
    ("officer", "/officers/settings/"),
    ("officer", "/officers/settings/?rule={rule}"),
    ("officer", "/officers/settings/templates/{office}/filing-receipt/"),
    ("officer", "/filings/"),
    ("officer", "/filings/{filing}/"),
    ("officer", "/filings/{accepted}/"),
    ("officer", "/filings/{accepted}/receipt/"),
    ("officer", "/filings/{returned}/"),
    ("officer", "/filings/new/"),
    ("officer", "/filings/new/?appointment={former}&kind=removal"),
    ("officer", "/filings/plan/?unit={district}"),
    ("officer", "/teams/"),
    ("officer", "/teams/{team}/"),
    ("officer", "/teams/{team}/edit/"),
    ("officer", "/teams/{team}/end/"),
    ("officer", "/teams/{team}/members/new/"),
    ("officer", "/teams/new/?unit={department}"),
    ("officer", "/teams/experts/"),
    ("officer", "/handover/{person}/"),
    ("officer", "/handovers/"),
    ("officer", "/handovers/{slip}/"),
    ("officer", "/units/{district}/"),
    ("officer", "/units/{department}/?on=2021-12-01"),
    ("data_officer", "/officers/"),
    ("data_officer", "/officers/{appointment}/"),
    ("data_officer", "/officers/new/"),
    ("data_officer", "/filings/"),
    ("data_officer", "/filings/{filing}/"),
    ("data_officer", "/filings/{returned}/"),
    ("data_officer", "/handover/{person}/"),
    ("head", "/officers/"),
    ("provincial_reader", "/filings/{accepted}/"),
    ("auditor", "/audit/filing:{filing}/"),
    ("", "/help/officers/"),
    ("", "/directory/{programme}/"),
]
REFUSED = {("data_officer", "/overview/"): 403, ("officer", "/nothing-here/"): 404}
"""Pages whose own status the browser writes to its console."""
NUMBERS = [
    ("officer", "/"),
    ("officer", "/overview/"),
    ("officer", "/filings/"),
    ("head", "/"),
    ("provincial_reader", "/"),
]


def _named(pair: tuple[str, str]) -> str:
    return f"{pair[0] or 'nobody'} {pair[1]}"


@pytest.mark.parametrize("target", [*PAGES, *REGISTER], ids=_named)
def test_a_page_is_accessible_quiet_and_fits(tour: Tour, target: tuple[str, str]) -> None:
    page = tour.open(*target)
    status = REFUSED.get(target, 200)
    assert page.answer.status == status
    assert page.locator("h1").count() == 1
    for width, scheme in VIEWS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert without(faults(page), status) == [], f"{width} {scheme}"
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
        said = page.text_content("[data-announce]", timeout=5000)
        assert re.match(rf"共{count}\D", said), f"{href}: {said} instead of {count}"
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


def test_without_script_every_page_of_the_register_is_whole(tour: Tour) -> None:
    """Nothing on it waits for a script: no dead button, no list that nobody can narrow."""
    windows = {role: tour.open(role, "/help/", java_script_enabled=False) for role, _ in REGISTER}
    for role, path in REGISTER:
        page = windows[role]
        url = tour.url + path.format(**tour.city.codes)
        assert page.goto(url, wait_until="domcontentloaded").status == 200, path
        assert page.is_visible("h1"), path
        assert page.locator("button[type=button]:visible").count() == 0, path
        if page.locator(".filters").count():
            assert page.is_visible(".filters .btn:not(.q)"), path
    for page in windows.values():
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
