"""A request for support in Chromium, with and without JavaScript: raised, given a day, answered, closed."""

import pytest

from reports.models import SupportRequest
from tests.browser.tour import Tour, faults, without

SEEN = [(1280, "light"), (375, "dark")]
WAYS = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])


def look(page) -> None:
    for width, scheme in SEEN:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert without(faults(page), 422) == [], f"{page.url} {width} {scheme}"
    page.set_viewport_size({"width": 1280, "height": 900})


@WAYS
def test_it_is_raised_answered_and_closed(tour: Tour, script: bool) -> None:
    options = {} if script else {"java_script_enabled": False}
    page = tour.open("data_officer", "/support/", **options)
    page.click("main a:text-is('提出支持事项')")
    page.check("input[name=nature][value=support]")
    page.fill("input[name=title]", "申请目录编制经费")
    page.click("main button:text-is('提出')")
    assert "有2处需要修改" in page.inner_text("main")
    if script:
        look(page)
    page.check("input[name=kind][value=funds]")
    page.fill("textarea[name=text]", "目录编制缺经费。")
    page.click("main button:text-is('提出')")
    assert "等市政数局定答复期限" in page.inner_text("main")
    address = f"/support/{SupportRequest.rows.order_by('pk').last().number}/"
    desk = tour.open("officer", "/support/", **options)
    if script:
        look(desk)
    desk.goto(tour.url + address)
    if script:
        look(desk)
    desk.click("main button:text-is('定答复期限')")
    assert "单位会收到提醒" in desk.inner_text("body")
    desk.click("main button:text-is('提交答复')")
    assert "填写“答复内容”" in desk.inner_text("main")
    desk.fill("main textarea", "已列入五月预算。")
    desk.click("main button:text-is('提交答复')")
    assert "已列入五月预算。" in desk.inner_text("main")
    page.goto(tour.url + address)
    if script:
        look(page)
    page.click("main button:text-is('确认结束')")
    assert "已结束，无须再办" in page.inner_text("main")
