"""评分表 in Chromium: a reviewer completes a sheet of 40 leaves by keyboard alone; every cell is saved; the
pages around it."""

from datetime import date
from decimal import Decimal

from playwright.sync_api import expect

from evaluations.models import Indicator, Score
from pilots.models import Enrolment, Programme, Unit
from tests.browser.tour import Tour, faults
from tests.factories.approvals import ApprovalFactory, ApprovalStepFactory
from tests.factories.evaluations import (
    EditionFactory,
    IndicatorFactory,
    ObjectionFactory,
    ResultFactory,
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
    # The sum may be of an answer that another one has overtaken: a reason may still be on its way.
    expect(page.locator("[data-note]", has_text="正在保存")).to_have_count(0, timeout=15_000)
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


def test_the_pages_around_a_sheet_are_accessible_and_fit(tour: Tour) -> None:
    """A final result whose publication waits for the head: each page at one width."""
    programme = Programme.rows.get(code=tour.city.codes["programme"])
    place = Enrolment.rows.get(
        programme=programme, unit__code=tour.city.codes["department"], part="pilot"
    )
    final = {"state": "final", "finalised_on": date(2022, 4, 15), "editions": 1}
    round_ = RoundFactory(programme=programme, **final)
    leaf = IndicatorFactory(scheme_version=round_.scheme_version, weight=Decimal(100))
    card = ScorecardFactory(round=round_, enrolment=place)
    got = {"points": "80", "weight": "100", "by": "first", "reason": "材料不全。"}
    edition = EditionFactory(round=round_)
    ResultFactory(edition=edition, scorecard=card, roots={leaf.key: "80"}, leaves={leaf.key: got})
    ObjectionFactory(scorecard=card, indicator=leaf)
    waiting = ApprovalFactory(
        purpose="evaluation",
        subject=round_.number,
        unit=tour.city.ground.bureau,
        programme=programme,
    )
    ApprovalStepFactory(approval=waiting, kind="bureau_head")
    base, version = f"/evaluations/{round_.number}/", round_.scheme_version
    for role, path, width in (
        ("head", base, 1280),
        ("head", f"{base}results/", 375),
        ("officer", f"/objections/?round={round_.number}", 375),
        ("officer", f"/evaluations/schemes/{version.scheme.code}/{version.number}/", 1280),
    ):
        page = tour.open(role, path)
        page.set_viewport_size({"width": width, "height": 900})
        assert (page.answer.status, faults(page)) == (200, []), path
        page.close()
