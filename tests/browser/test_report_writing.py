"""Writing a report in Chromium: nothing that was typed is lost, whatever happens to tab, session or
network; and the ways that have to be short (ux.md §13, criteria 3, 19 to 31)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, Route, expect

from cdo_portal.launcher.processes import until
from duties.models import Assignment
from duties.services import open_occurrence
from pilots.models import Programme
from reports import services
from reports.models import Period, Report, Section, SectionRevision
from tests.browser.tour import Tour, faults, without
from tests.core import made_files as made
from tests.factories.accounts import UserFactory
from tests.factories.pilots import EnrolmentFactory, MembershipFactory, UnitFactory

WIDTHS = [(1280, "light"), (375, "light"), (375, "dark"), (1280, "dark")]
TEXT = "完成公共数据目录编目，梳理业务系统，形成问题清单。" * 8  # 200 characters and more
SAVED = "已自动保存"


def period(tour: Tour, code: str, starts_on: date, ends_on: date) -> Period:
    programme = Programme.rows.get(code=tour.city.codes["programme"])
    known = Period.rows.filter(programme=programme, code=code).first()
    opening = services.Opening(
        code=code,
        title=f"{code}报告期",
        starts_on=starts_on,
        ends_on=ends_on,
        opens_on=ends_on,
        due_on=date(2022, 4, 29),
        basis_title="关于报送履职进展的通知",
    )
    return known or services.open_period(programme, opening, by=tour.city.people["officer"])


@dataclass
class Desk:
    """A department of its own with a clerk, a CDO and a report that nobody has written yet."""

    tour: Tour
    name: str
    clerk: str
    cdo: str
    report: Report

    @property
    def path(self) -> str:
        return f"/reports/{self.report.number}/edit/"

    def section(self, place: int = 0) -> Section:
        return self.report.sections.standing().order_by("position")[place]

    def box(self, place: int = 0, name: str = "body") -> str:
        return f"#id_s{self.section(place).pk}-{name}"

    def body(self, place: int = 0) -> str:
        return self.section(place).body

    def open(self, **options: Any) -> Page:
        return self.tour.open(self.clerk, self.path, **options)

    def fresh(self) -> tuple[BrowserContext, Page]:
        """A window of a browser of its own, to be killed or to lose its cookie."""
        context = self.tour.browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies([self.tour.cookie(self.clerk)])
        page = context.new_page()
        page.goto(self.tour.url + self.path)
        return context, page


_made = iter("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒")


@pytest.fixture
def desk(tour: Tour) -> Desk:
    name = next(_made)
    period(tour, "2021Q4", date(2021, 10, 1), date(2021, 12, 31))
    period(tour, "2022Q1", date(2022, 1, 1), date(2022, 3, 31))
    programme = Programme.rows.get(code=tour.city.codes["programme"])
    unit = UnitFactory(name=f"测试市{name}局")
    enrolment = EnrolmentFactory(programme=programme, unit=unit, position=9)
    for row in Period.rows.filter(programme=programme):
        open_occurrence(row.obligation, enrolment, occurrence=row.code, due_on=row.due_on, by=None)
    for role in ("data_officer", "unit_cdo"):
        user = UserFactory(display_name=f"{name}局{role}")
        MembershipFactory(user=user, unit=unit, role=role)
        tour.city.people[f"{name}{role}"] = user
    made = {
        code: services.start_report(
            Assignment.rows.get(enrolment__unit=unit, occurrence=code), by=None
        )
        for code in ("2021Q4", "2022Q1")
    }
    return Desk(tour, name, f"{name}data_officer", f"{name}unit_cdo", made["2022Q1"])


@pytest.fixture
def again(desk: Desk) -> Desk:
    """The same department after it handed in the quarter before."""
    row = Report.rows.get(
        assignment__enrolment=desk.report.assignment.enrolment_id, period__code="2021Q4"
    )
    for section in row.sections.all():
        content = {"body": f"{section.heading}上期进展。", "completion": "under_way"}
        services.save_section(section, content, by=None, version=None)
    services.put_up_and_sign(row, by=desk.tour.city.people[desk.cdo])
    return desk


def end_session(context: BrowserContext) -> None:
    """The cookie of the session is gone; that of the forms lives for a year."""
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)


def says(page: Page, text: str, timeout: float = 5000) -> None:
    expect(page.locator("#saved")).to_contain_text(text, timeout=timeout)


# --- nothing is lost -----------------------------------------------------------------------------


def test_two_hundred_characters_survive_the_death_of_the_tab(desk: Desk) -> None:
    context, page = desk.fresh()
    page.fill(desk.box(), TEXT)
    page.locator(desk.box()).blur()
    says(page, SAVED)
    context.close()  # no pagehide reaches a page whose browser is gone
    page = desk.open()
    assert page.input_value(desk.box()) == TEXT
    assert page.inner_text(f'.writing-nav [data-state="s{desk.section().pk}"]') == "写了一半"
    page.close()


def test_closing_the_page_at_once_saves_what_was_just_typed(desk: Desk) -> None:
    page = desk.open()
    page.fill(desk.box(), TEXT)
    page.goto(desk.tour.url + "/help/")  # the last words travel as a beacon
    assert until(lambda: desk.body() == TEXT, 5)
    page.goto(desk.tour.url + desk.path)
    assert page.input_value(desk.box()) == TEXT
    page.close()


def test_ten_seconds_of_typing_are_the_most_that_is_unsaved(desk: Desk) -> None:
    page = desk.open()
    page.click(desk.box())
    page.keyboard.insert_text("还在写，没有离开这一格。")
    says(page, SAVED, timeout=14000)
    assert desk.body() == "还在写，没有离开这一格。"
    page.close()


def test_a_lost_session_keeps_the_text_and_saves_it_after_a_login_elsewhere(desk: Desk) -> None:
    context, page = desk.fresh()
    page.fill(desk.box(), "登录还在时写的。")
    page.locator(desk.box()).blur()
    says(page, SAVED)
    end_session(context)
    page.fill(desk.box(1), TEXT)
    page.locator(desk.box(1)).blur()
    says(page, "登录已超时，填写的内容已保存到")
    assert page.get_attribute("#saved a", "href").endswith(desk.path.replace("/", "%2F")) or (
        desk.path in page.get_attribute("#saved a", "href")
    )
    assert page.input_value(desk.box(1)) == TEXT
    context.add_cookies([desk.tour.cookie(desk.clerk)])
    page.evaluate("dispatchEvent(new Event('focus'))")
    says(page, SAVED, timeout=10000)
    assert desk.body(1) == TEXT
    context.close()


def test_a_form_sent_without_a_session_comes_back_with_its_text_after_login(desk: Desk) -> None:
    user = desk.tour.city.people[desk.clerk]
    user.set_password("Trial-2022-pass")
    user.save()
    context, page = desk.fresh()
    page.click(desk.box(1))
    end_session(context)
    page.keyboard.insert_text(TEXT)
    page.click("button[name=check]")
    page.wait_for_url("**/login/**")
    page.fill("[name=username]", user.username)
    page.fill("[name=password]", "Trial-2022-pass")
    page.click("main button:has-text('登录')")
    page.wait_for_url(desk.tour.url + desk.path)
    assert page.input_value(desk.box(1)) == TEXT
    says(page, SAVED)
    assert page.evaluate("document.activeElement.id") == desk.box(1)[1:]
    assert desk.body(1) == TEXT
    context.close()


def test_without_a_network_the_page_says_so_and_saves_later(desk: Desk) -> None:
    context, page = desk.fresh()
    context.set_offline(True)
    page.fill(desk.box(), TEXT)
    page.locator(desk.box()).blur()
    says(page, "没有保存成功，正在重试（第1次）。内容还在本页，先不要关闭")
    says(page, "第2次", timeout=8000)
    assert desk.body() == ""
    context.set_offline(False)
    says(page, SAVED, timeout=15000)
    assert desk.body() == TEXT
    context.close()


def test_an_error_of_the_server_is_seen_and_retried(desk: Desk) -> None:
    page = desk.open()
    failures = iter([500, 500])

    def answer(route: Route) -> None:
        status = next(failures, None)
        route.fulfill(status=status, body="x") if status else route.continue_()

    page.route("**/sections/**", answer)
    page.fill(desk.box(), TEXT)
    page.locator(desk.box()).blur()
    says(page, "正在重试（第1次）")
    says(page, SAVED, timeout=15000)
    assert desk.body() == TEXT
    page.close()


def test_what_never_reached_the_server_is_back_after_a_reload(desk: Desk) -> None:
    context, page = desk.fresh()
    page.route("**/sections/**", lambda route: route.abort())
    page.fill(desk.box(), TEXT)
    page.locator(desk.box()).blur()
    says(page, "正在重试")
    page.evaluate("navigator.sendBeacon = () => false")
    page.unroute("**/sections/**")
    page.reload()
    expect(page.locator(desk.box())).to_have_value(TEXT, timeout=15_000)
    says(page, SAVED, timeout=8000)
    assert desk.body() == TEXT
    context.close()


def test_an_answer_that_got_lost_makes_no_conflict(desk: Desk) -> None:
    """The server saved, the page never heard of it and goes on."""
    page = desk.open()

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/sections/**", lose, times=1)
    page.fill(desk.box(), "第一句。")
    page.locator(desk.box()).blur()
    says(page, "正在重试")
    page.fill(desk.box(), "第一句。第二句。")
    says(page, SAVED, timeout=10000)
    assert desk.body() == "第一句。第二句。"
    assert not SectionRevision.objects.filter(section=desk.section(), kind="conflict").exists()
    page.close()


# --- two windows ---------------------------------------------------------------------------------


def test_the_second_of_two_tabs_sees_both_texts_and_chooses(desk: Desk) -> None:
    one, two = desk.open(), desk.open()
    one.fill(desk.box(), "第一个窗口写的。")
    one.locator(desk.box()).blur()
    says(one, SAVED)
    two.fill(desk.box(), "第二个窗口写的。")
    two.locator(desk.box()).blur()
    panel = two.locator(".contest")
    expect(panel).to_contain_text("第一个窗口写的。")
    expect(panel).to_contain_text("第二个窗口写的。")
    expect(panel).to_contain_text("两份都看")
    assert two.input_value(desk.box()) == "第二个窗口写的。"
    assert without(faults(two), 409) == []
    two.click("text=保留我的")
    two.wait_for_load_state()
    assert desk.body() == "第二个窗口写的。"
    kept = SectionRevision.objects.filter(section=desk.section())
    assert {row.content["body"] for row in kept} == {"第一个窗口写的。", "第二个窗口写的。"}
    one.close()
    two.close()


def test_tabs_that_write_different_sections_do_not_meet(desk: Desk) -> None:
    one, two = desk.open(), desk.open()
    one.fill(desk.box(0), "甲")
    two.fill(desk.box(1), "乙")
    for page, place in ((one, 0), (two, 1)):
        page.locator(desk.box(place)).blur()
        says(page, SAVED)
    one.click("button[name=check]")
    one.wait_for_url("**/check/")
    assert (desk.body(0), desk.body(1)) == ("甲", "乙")
    one.close()
    two.close()


# --- typing --------------------------------------------------------------------------------------


def test_composing_pinyin_sends_nothing_and_enter_submits_nothing(desk: Desk) -> None:
    page = desk.open()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.click(desk.box())
    keys = page.context.new_cdp_session(page)
    for letters in ("wan", "wancheng"):
        keys.send(
            "Input.imeSetComposition",
            {"text": letters, "selectionStart": len(letters), "selectionEnd": len(letters)},
        )
    page.wait_for_timeout(11000)  # longer than the pause between two savings
    page.keyboard.press("Enter")
    assert [url for url in sent if "/reports/" in url] == []
    assert page.url.endswith("/edit/")
    keys.send("Input.insertText", {"text": "完成"})
    page.locator(desk.box()).blur()
    says(page, SAVED)
    assert desk.body().strip().startswith("完成")
    page.close()


def test_six_hundred_characters_go_into_a_box_of_five_hundred(desk: Desk) -> None:
    page = desk.open()
    page.fill(desk.box(), "字" * 600)
    expect(page.locator(f"{desk.box()}-count")).to_have_text("已写600字，超出100字")
    page.locator(desk.box()).blur()
    says(page, SAVED)
    page.click("button[name=check]")
    page.wait_for_url("**/check/")
    assert page.locator("text=超出上限100字").count() == 1
    assert page.locator("main button:has-text('提交审签')").count() == 0
    page.close()


# --- short ways ----------------------------------------------------------------------------------


def test_no_change_for_all_areas_takes_five_clicks_from_the_first_page(again: Desk) -> None:
    page = again.tour.open(again.clerk, "/")
    clicks = 0

    def click(selector: str) -> None:
        nonlocal clicks
        clicks += 1
        page.click(selector)
        page.wait_for_load_state()

    click(f'main a[href$="task={again.report.assignment.number}"]')
    click("text=本期整体无变化，沿用上期")
    click("text=下一步：核对")
    click("main button:has-text('提交审签')")
    assert clicks <= 5
    again.report.refresh_from_db()
    assert again.report.status == "to_sign"
    assert again.report.number in page.inner_text("main")
    page.reload()
    assert again.report.status == "to_sign"
    page.close()


def test_a_full_report_takes_three_pages_after_the_form(desk: Desk) -> None:
    page = desk.open()
    loads: list[str] = []
    page.on("load", lambda _page: loads.append(page.url))
    for place in range(2):
        page.fill(desk.box(place), f"第{place + 1}部分的进展。")
        page.check(f"#id_s{desk.section(place).pk}-completion_1")
    page.click("text=下一步：核对")
    page.wait_for_url("**/check/")
    page.click("main button:has-text('提交审签')")
    page.wait_for_url(f"**/reports/{desk.report.number}/")
    assert len(loads) <= 3
    page.close()


def test_a_carried_text_is_marked_until_it_is_edited(again: Desk) -> None:
    page = again.open()
    page.click(f'[data-carry="{again.box()[1:]}"]')
    page.wait_for_load_state()
    mark = page.locator(f'[data-origin="{again.box()[1:]}"]')
    expect(mark).to_contain_text("沿用上期，未修改")
    page.fill(again.box(), "本期又做了一些。")
    page.locator(again.box()).blur()
    says(page, SAVED)
    expect(mark).to_have_count(0)
    page.close()


# --- files ---------------------------------------------------------------------------------------


def test_of_three_files_two_are_kept_and_the_third_is_named(desk: Desk) -> None:
    page = desk.open()
    box = f"#s{desk.section().pk}-evidence"
    page.fill(desk.box(), "同时在写的文字。")
    page.set_input_files(
        f"{box} input[type=file]",
        [
            {"name": "市公安局总结.pdf", "mimeType": "application/pdf", "buffer": made.PDF},
            {"name": "照片.heic", "mimeType": "image/heic", "buffer": b"x"},
            {"name": "公文.ofd", "mimeType": "", "buffer": made.ofd()},
        ],
    )
    expect(page.locator(f"{box} [data-faults]")).to_contain_text("“照片.heic”的类型不接收")
    expect(page.locator(f"{box} .file-list li")).to_have_count(2)
    assert page.input_value(desk.box()) == "同时在写的文字。"
    assert without(faults(page), 200) == []
    page.close()


def test_an_earlier_file_is_used_again_without_sending_it(desk: Desk) -> None:
    page = desk.open()
    page.set_input_files(
        f"#s{desk.section().pk}-evidence input[type=file]",
        [{"name": "制度.pdf", "mimeType": "application/pdf", "buffer": made.PDF}],
    )
    expect(page.locator(f"#s{desk.section().pk}-evidence .file-list li")).to_have_count(1)
    page.fill(desk.box(1), "离开前写的。")
    page.click(f"#s{desk.section(1).pk}-evidence button:has-text('引用以前的材料')")
    page.wait_for_url("**/pick/**")
    page.check("text=制度.pdf")
    page.click("text=引用选中的")
    page.wait_for_url("**/edit/**")
    assert desk.section(1).attached.count() == 1
    assert desk.body(1) == "离开前写的。"
    page.close()


# --- without JavaScript, and how it looks --------------------------------------------------------


def test_the_whole_way_without_a_script(again: Desk) -> None:
    page = again.open(java_script_enabled=False)
    page.fill(again.box(), "没有脚本也能写。")
    page.click("button[name=save]")
    assert "已保存" in page.inner_text("main")
    assert page.input_value(again.box()) == "没有脚本也能写。"
    page.click("text=下一步：核对")
    assert "处需要修改" in page.inner_text("main")
    page.click("text=选择“完成情况” >> nth=0")
    assert page.url.endswith("-completion")
    for place in range(2):
        page.fill(again.box(place), "没有脚本也能写。")
        page.check(f"#id_s{again.section(place).pk}-completion_1")
    page.click("text=下一步：核对")
    page.click("main button:has-text('提交审签')")
    again.report.refresh_from_db()
    assert again.report.status == "to_sign"
    assert again.report.number in page.inner_text("main")
    page.close()


@pytest.mark.parametrize("way", ["edit/", "edit/?check=1", "check/", "../", "start", "revisions"])
def test_pages_are_clean_in_both_themes_and_widths(again: Desk, way: str) -> None:
    services.save_section(again.section(), {"body": "一"}, by=None, version=None)
    path = f"/reports/{again.report.number}/{way}"
    if way == "start":
        path = f"/reports/start/?task={again.report.assignment.number}"
    if way == "revisions":
        path = f"/reports/{again.report.number}/revisions/{again.section().key}/"
    if way == "../":
        path = "/reports/"
    page = again.tour.open(again.clerk, path)
    for width, scheme in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert faults(page) == [], f"{path} {width} {scheme}"
    page.close()
