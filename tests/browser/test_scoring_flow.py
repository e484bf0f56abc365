"""评分表 in Chromium: a reviewer completes a sheet of 40 leaves by keyboard alone; every cell is saved."""

from datetime import date
from decimal import Decimal

from playwright.sync_api import expect

from evaluations.models import Indicator, Score
from pilots.models import Enrolment, Programme, Unit
from tests.browser.tour import Tour, faults
from tests.factories.evaluations import (
    IndicatorFactory,
    ReviewSeatFactory,
    RoundFactory,
    ScorecardFactory,
)

LEAVES = 40


def made(tour: Tour) -> tuple[str, list[Indicator]]:
    """A sheet with 40 leaves of 2.5 points that the evaluator was given; its address and its leaves."""
    programme = Programme.rows.get(code=tour.city.codes["programme"])
    unit = Unit.rows.get(code=tour.city.codes["department"])
    round_ = RoundFactory(programme=programme, state="review", facts_on=date(2022, 4, 15))
    leaves = [
        IndicatorFactory(
            scheme_version=round_.scheme_version, name=f"第{place}项", position=place,
            weight=Decimal("2.5"),
        )
        for place in range(1, LEAVES + 1)
    ]  # fmt: skip
    place = Enrolment.rows.get(programme=programme, unit=unit, part="pilot")
    card = ScorecardFactory(round=round_, enrolment=place)
    ReviewSeatFactory(scorecard=card, user=tour.city.people["evaluator"])
    ReviewSeatFactory(scorecard=card, hand="second")
    return f"/evaluations/{round_.number}/{unit.code}/", leaves


def test_forty_leaves_are_scored_by_keyboard_alone(tour: Tour) -> None:
    path, leaves = made(tour)
    page = tour.open("evaluator", path)
    assert faults(page) == []
    page.locator(f"#id_{leaves[0].key}-points").focus()
    keys = page.keyboard
    for place in range(LEAVES):
        keys.type("2" if place % 10 == 0 else "2.5")
        keys.press("Enter")
        if place % 10 == 0:  # points were taken away: the reason comes before the next leaf
            keys.type("材料不全。")
            keys.press("Enter")
    expect(page.locator("[data-progress]")).to_have_text("已评40/40项，合计98分", timeout=15_000)
    expect(page.locator("[data-left-link]")).to_be_hidden()
    scores = Score.rows.filter(indicator__in=leaves, hand="first")
    assert scores.filter(points=Decimal("2.5")).count() == LEAVES - 4
    assert scores.filter(points=2, reason="材料不全。").count() == 4
    keys.press("Enter")  # the focus stands on 下一步：核对
    page.wait_for_url("**/check/")
    assert "还有" not in page.inner_text("main h1")
    page.locator("button:text-is('评完提交')").press("Enter")
    page.wait_for_url(f"**{path}")
    assert "撤回修改" in page.inner_text("main")
    page.set_viewport_size({"width": 375, "height": 900})
    assert faults(page) == []


def test_what_was_not_saved_is_tried_again_and_comes_back(tour: Tour) -> None:
    path, leaves = made(tour)
    page = tour.open("evaluator", path)
    page.route("**/cells/**", lambda route: route.abort())
    page.fill(f"#id_{leaves[0].key}-points", "1.5")
    page.keyboard.press("Tab")
    expect(page.locator("#saved")).to_contain_text("正在重试", timeout=10_000)
    page.unroute("**/cells/**")
    page.reload()
    expect(page.locator(f"#id_{leaves[0].key}-points")).to_have_value("1.5")
    expect(page.locator(f"#c-{leaves[0].key} [data-note]")).to_contain_text(
        "已保存", timeout=10_000
    )
    assert Score.rows.get(indicator=leaves[0]).points == Decimal("1.5")
