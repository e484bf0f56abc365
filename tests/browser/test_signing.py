"""Signing in Chromium: two clicks online, the paper route without any script, pages that fit and print."""

import re
from datetime import date
from typing import Any

import pytest

from approvals import services
from approvals.choices import Purpose, State
from approvals.models import Approval
from pilots.models import Programme, Unit
from tests.browser.tour import Tour, faults

pytestmark = pytest.mark.urls("tests.approvals.things")
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
TITLE = "2022年第一季度进展报告"
PAGES = [
    ("unit_cdo", "/approvals/"),
    ("data_officer", "/approvals/"),
    ("unit_cdo", "/approvals/chain/{department}/"),
    ("officer", "/approvals/chain/"),
    ("unit_cdo", "/approvals/lent/"),
    ("data_officer", "/things/{subject}/"),
    ("unit_cdo", "/things/{subject}/"),
    ("unit_cdo", "/approvals/{round}/slip/"),
]


def _put_up(tour: Tour, subject: str, **facts: Any) -> Approval:
    return services.open_approval(
        Purpose.EXTENSION,
        subject,
        title=TITLE,
        unit=Unit.rows.get(code=tour.city.codes["department"]),
        programme=Programme.rows.get(code=tour.city.codes["programme"]),
        by=tour.city.people["data_officer"],
        **facts,
    )


@pytest.fixture(scope="module")
def codes(tour: Tour) -> dict[str, str]:
    """A round that waits, one that was sent back, a signature that is lent."""
    cdo = tour.city.people["unit_cdo"]
    services.send_back(_put_up(tour, "YQ-2022-9001"), by=cdo, reason="缺数字")
    row = _put_up(tour, "YQ-2022-9001", length=935, due_on=date(2022, 4, 20))
    tour.city.codes |= {"subject": row.subject, "round": row.number}
    return tour.city.codes


@pytest.mark.parametrize("target", PAGES, ids=" ".join)
def test_a_page_is_accessible_quiet_and_fits(
    tour: Tour, codes: dict[str, str], target: tuple[str, str]
) -> None:
    page = tour.open(*target)
    assert page.answer.status == 200
    for summary in page.locator("main details > summary").all():
        summary.click()
    for width, scheme in ((1280, "light"), (375, "dark"), (320, "light")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert faults(page) == [], f"{width} {scheme}"
    page.close()


def test_the_slip_prints_on_one_page(tour: Tour, codes: dict[str, str]) -> None:
    page = tour.open("unit_cdo", "/approvals/{round}/slip/")
    printed = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    page.close()


def test_on_paper_without_any_script(tour: Tour) -> None:
    row = _put_up(tour, "YQ-2022-9002")
    page = tour.open("data_officer", f"/things/{row.subject}/", java_script_enabled=False)
    page.click("#paper > summary")
    page.click("text=登记纸质审签")
    assert page.locator("#errors li").count() == 3
    page.fill("[name=paper-name-0]", "演示人员01")
    page.set_input_files(
        "[name=paper-file]", {"name": "审签单.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.click("text=登记纸质审签")
    assert "“审签单.pdf”已收到" in page.inner_text("main")
    page.fill("[name=paper-on-0]", "2022-04-15")
    page.click("text=登记纸质审签")
    said = page.inner_text("main")
    assert f"已登记纸质审签，“{TITLE}”审签完毕。" in said
    assert "审签单.pdf" in said
    assert Approval.rows.get(pk=row.pk).state == State.SIGNED
    page.close()


def test_the_cdo_signs_in_one_click_and_sends_back_in_three(tour: Tour) -> None:
    for subject in ("YQ-2022-9003", "YQ-2022-9004"):
        _put_up(tour, subject)
    page = tour.open("unit_cdo", "/things/YQ-2022-9003/")
    page.click(".sign-bar > button")
    page.wait_for_selector(f"text=已审签“{TITLE}”")
    page.goto(f"{tour.url}/things/YQ-2022-9004/")
    page.click(".sign-bar summary")
    page.fill("[name=back-reason]", "第二部分没有数字。")
    page.click("text=确定退回")
    page.wait_for_selector(f"text=已退回“{TITLE}”")
    states = Approval.rows.filter(subject__in=["YQ-2022-9003", "YQ-2022-9004"])
    assert set(states.values_list("state", flat=True)) == {State.SIGNED, State.SENT_BACK}
    page.close()
