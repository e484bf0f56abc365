"""Every page of the duty cycle × a role that uses it, in Chromium: axe, widths, both themes."""

import pytest

from tests.browser.cycle import lay
from tests.browser.test_pages import VIEWS, _named
from tests.browser.tour import Tour, faults

PAGES = [
    ("data_officer", "/"),
    ("data_officer", "/reports/"),
    ("data_officer", "/reports/{draft}/"),
    ("data_officer", "/reports/{draft}/edit/"),
    ("data_officer", "/reports/{draft}/check/"),
    ("data_officer", "/reports/{draft}/revisions/{section}/"),
    ("data_officer", "/reports/{draft}/evidence/pick/{section}/"),
    ("data_officer", "/extensions/new/?task={order_task}"),
    ("data_officer", "/tasks/{order_task}/"),
    ("data_officer", "/orders/{order}/"),
    ("data_officer", "/slips/{reminder}/"),
    ("data_officer", "/support/new/"),
    ("data_officer", "/support/{wish}/edit/"),
    ("data_officer", "/projects/new/"),
    ("data_officer", "/projects/{project}/mend/"),
    ("data_officer", "/findings/new/"),
    ("data_officer", "/findings/{finding}/mend/"),
    ("unit_cdo", "/"),
    ("unit_cdo", "/approvals/"),
    ("unit_cdo", "/approvals/lent/"),
    ("unit_cdo", "/approvals/chain/{department}/"),
    ("unit_cdo", "/approvals/{round}/slip/"),
    ("unit_cdo", "/reports/{signing}/"),
    ("unit_cdo", "/extensions/{extension}/"),
    ("unit_cdo", "/projects/{project}/opinion/"),
    ("officer", "/"),
    ("officer", "/overview/"),
    ("officer", "/week/"),
    ("officer", "/approvals/chain/"),
    ("officer", "/reports/?status=accepted"),
    ("officer", "/reports/letters/new/?task={unwritten}"),
    ("officer", "/reports/{done}/"),
    ("officer", "/reports/{done}/editions/"),
    ("officer", "/reports/{done}/print/"),
    ("officer", "/periods/"),
    ("officer", "/periods/new/"),
    ("officer", "/periods/{period}/"),
    ("officer", "/periods/{period}/change/"),
    ("officer", "/review/"),
    ("officer", "/review/{waiting}/"),
    ("officer", "/overall/"),
    ("officer", "/overall/{overall}/"),
    ("officer", "/overall/{overall}/passages/"),
    ("officer", "/reports/{overall}/edit/"),
    ("officer", "/papers/"),
    ("officer", "/orders/"),
    ("officer", "/orders/new/"),
    ("officer", "/orders/{order}/"),
    ("officer", "/tasks/{order_task}/"),
    ("officer", "/extensions/"),
    ("officer", "/extensions/{extension}/"),
    ("officer", "/slips/"),
    ("officer", "/slips/new/?task={order_task}"),
    ("officer", "/slips/levels/?programme={programme}"),
    ("officer", "/slips/{reminder}/"),
    ("officer", "/slips/{reminder}/print/"),
    ("officer", "/support/"),
    ("officer", "/support/{wish}/"),
    ("officer", "/projects/"),
    ("officer", "/projects/{project}/"),
    ("officer", "/findings/"),
    ("officer", "/findings/{finding}/"),
    ("head", "/"),
    ("head", "/orders/{proposed_order}/"),
    ("provincial_reader", "/reports/"),
    ("provincial_reader", "/overall/"),
]


@pytest.fixture(scope="module")
def cycle(tour: Tour, django_db_blocker) -> Tour:
    with django_db_blocker.unblock():
        tour.city.codes.update(lay(tour.city))
    return tour


@pytest.mark.parametrize("target", PAGES, ids=_named)
def test_a_page_is_accessible_quiet_and_fits(cycle: Tour, target: tuple[str, str]) -> None:
    page = cycle.open(*target)
    assert page.answer.status == 200
    assert page.locator("h1").count() == 1
    for width, scheme in VIEWS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert faults(page) == [], f"{width} {scheme}"
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "320 px"
    page.close()
