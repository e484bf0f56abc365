"""The way of an order in Chromium, with and without JavaScript: the bureau drafts it for 13 units, the
head signs, a unit opens and accepts; and its pages as they look on a desk and on a phone."""

import pytest

from duties.models import Assignment, Order
from pilots.models import Programme
from tests.browser.tour import Tour, faults, without
from tests.factories.pilots import EnrolmentFactory, UnitFactory

SEEN = [(1280, "light"), (375, "dark")]
UNITS = 13


def thirteen(tour: Tour) -> None:
    """As many pilots as Shenzhen has."""
    programme = Programme.rows.get(code=tour.city.codes["programme"])
    known = programme.enrolments.filter(part="pilot", unit__is_slot=False).count()
    for place in range(known, UNITS):
        kind = "district_government" if place % 3 == 0 else "municipal_department"
        unit = UnitFactory(kind=kind, name=f"测试市第{place}局")
        EnrolmentFactory(programme=programme, unit=unit, position=place)


def look(page) -> None:
    for width, scheme in SEEN:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert without(faults(page), 422) == [], f"{page.url} {width} {scheme}"
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_an_order_goes_out_to_thirteen_units_and_one_accepts(tour: Tour, script: bool) -> None:
    thirteen(tour)
    title = f"关于报送需求清单的通知{script}"
    options = {} if script else {"java_script_enabled": False}
    page = tour.open("officer", "/tasks/", **options)
    page.click("main a:text-is('发通知')")
    page.click("button:text-is('保存并核对')")
    assert "填写“工作要求”" in page.inner_text("main")
    page.fill("#id_title", title)
    page.check("input[name=level][value=important]")
    page.fill("#id_wanted", "梳理本单位共享需求，按模板填报。")
    page.fill("#id_acceptance", "清单盖章，字段完整。")
    page.fill("#id_due_on", "2022-04-20")
    for group in ("government", "department", "district"):
        page.click(f"button[name=pick][value={group}]")
        assert page.input_value("#id_title") == title
    if script:
        look(page)
    page.click("button:text-is('保存并核对')")
    said = page.inner_text("main")
    assert f"主办单位{UNITS}个" in said
    assert "不足5个工作日" in said
    if script:
        look(page)
    page.click("button:text-is('提交审签')")
    row = Order.rows.get(title=title)
    signing = tour.open("head", f"/orders/{row.number}/", **options)
    if script:
        look(signing)
    signing.click("button:text-is('同意并发出')")
    said = signing.inner_text("body")
    assert f"任务已交办到{UNITS}个单位" in said
    assert f"已签收0，已看未签0，未看{UNITS}" in said
    accept(tour, row, options)
    page.goto(f"{tour.url}/orders/{row.number}/")
    assert f"已签收1，已看未签0，未看{UNITS - 1}" in page.inner_text("main")
    if script:
        look(page)
    page.click("nav.picks a:has-text('已签收')")
    assert page.locator("table tbody tr").count() == 1


def accept(tour: Tour, row: Order, options: dict) -> None:
    """The department's clerk comes from the order to the task and accepts it."""
    unit = tour.open("data_officer", f"/orders/{row.number}/", **options)
    task = Assignment.rows.get(
        obligation__order=row, enrolment__unit__code=tour.city.codes["department"]
    )
    unit.click(f"main a:text-is('{task.number}')")
    assert "清单盖章，字段完整。" in unit.inner_text("main")
    if not options:
        look(unit)
    unit.click("main button:text-is('签收')")
    assert f"已签收{task.number}" in unit.inner_text("body")


def test_lists_and_helpers_hold_on_a_desk_and_on_a_phone(tour: Tour) -> None:
    thirteen(tour)
    page = tour.open("officer", "/orders/new/")
    page.fill("#id_title", "另一件通知")
    page.click("button[name=pick][value=district]")
    page.click("button:text-is('保存草稿'):not(.vh)")
    look(page)
    page.click("main a:text-is('选定协办单位')")
    page.click("main details summary >> nth=0")
    look(page)
    for role, path in (("officer", "/orders/"), ("head", "/orders/"), ("data_officer", "/orders/")):
        look(tour.open(role, path))
