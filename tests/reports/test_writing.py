"""The writer's page without JavaScript: started from a task, saved as a whole, carried over, checked,
put up. Everything here is one HTML form."""

import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from duties.models import DutyArea
from reports import queries, services
from reports.models import Report, Section, SectionRevision, Submission
from tests.conftest import _member
from tests.core import made_files as made
from tests.reports.form import Form

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(desk, browse):
    """The form of the department's report as its clerk sees it."""
    report = desk.report()
    return Form(browse(desk.data_officer), report)


@pytest.fixture
def second(desk, browse):
    """The next quarter's form, after one was handed in."""
    desk.handed_in(body="第一季度编目80项。", problems="人手不足。")
    desk.open_period("2022Q2")
    return Form(browse(desk.data_officer), desk.report(code="2022Q2"))


def test_from_the_task_to_the_form_in_two_clicks(desk, city, browse):
    client, task = browse(desk.data_officer), city.assignment_of(city.department, "2022Q1")
    shown = client.get(f"/tasks/{task.number}/").content.decode()
    door = re.search(r'href="(/reports/start/[^"]+)"', shown)[1]
    started = client.get(door)
    assert "开始填写" in started.content.decode()
    assert Report.rows.count() == 0  # looking begins nothing
    answer = client.post(door)
    report = Report.rows.get()
    assert answer["Location"] == f"/reports/{report.number}/edit/"
    assert client.get(door)["Location"] == answer["Location"]
    assert client.get(answer["Location"]).status_code == 200


def test_what_is_typed_in_all_sections_is_saved_by_one_button(form):
    one, two = form.sections
    answer = form.send({one: {"body": "第一段\r\n", "completion": "done"}, two: {"body": "第二段"}})
    assert answer.status_code == 302
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.body, one.completion, two.body) == ("第一段", "done", "第二段")
    shown = form.shown()
    assert "已写完" in shown
    assert "写了一半" in shown
    assert "已保存" in form.send({}, follow=True).content.decode()


@pytest.mark.parametrize(("button", "target"), [("leave", "/"), ("check", "/check/")])
def test_each_button_saves_first(form, button, target):
    one = form.sections[0]
    answer = form.send({one: {"body": "先保存"}}, **{button: "1"})
    assert answer["Location"].endswith(target)
    one.refresh_from_db()
    assert one.body == "先保存"


def test_a_stranger_finds_no_form_and_the_bureau_no_draft(form, browse, desk, stranger):
    assert browse(stranger).get(form.url).status_code == 404
    assert browse(desk.officer).get(form.url).status_code == 404
    desk.handed_in(form.report)
    assert browse(desk.officer).get(form.url).status_code == 403


def test_what_was_handed_in_is_read_on_its_page(form, desk):
    desk.handed_in(form.report)
    answer = form.client.get(form.url, follow=True)
    assert answer.redirect_chain[0][0] == f"/reports/{form.report.number}/"
    assert "现在不能改" in answer.content.decode()


def test_a_text_that_comes_too_late_to_be_saved_is_still_on_the_page(form, desk):
    one = form.sections[0]
    fields = form.fields({one: {"body": "写到一半，同事提交了"}})
    desk.handed_in(form.report)
    answer = form.client.post(form.url, fields)
    assert answer.status_code == 409
    assert "写到一半，同事提交了" in answer.content.decode()
    one.refresh_from_db()
    assert one.body != "写到一半，同事提交了"


def test_six_hundred_characters_are_saved_and_said(form):
    one = form.sections[0]
    form.send({one: {"body": "字" * 600}})
    shown = form.shown()
    assert "已写600字，超出100字" in shown
    assert "maxlength" not in shown
    assert "“本期进展”超出上限100字，压缩到500字以内" in form.checked()


# --- figures -------------------------------------------------------------------------------------


@pytest.fixture
def figures(desk, city, browse):
    area = DutyArea.rows.filter(programme=city.programme).order_by("position")[0]
    asked = services.FigureAsked(area, "挂接率", "%", Decimal(0), Decimal(100))
    first = desk.open_period("2021Q4", figures=[asked])
    report = desk.report(code=first.code)
    for row in report.sections.all():
        given = {str(each.pk): Decimal("94.5") for each in queries.asked_figures(row)}
        content = {"body": "有", "completion": "done", "figures": given}
        services.save_section(row, content, by=desk.data_officer, version=None)
    services.put_up_and_sign(report, by=desk.unit_cdo)
    desk.open_period("2022Q2", figures=[asked])
    return Form(browse(desk.data_officer), desk.report(code="2022Q2"))


def test_last_periods_figure_stands_beside_an_empty_box(figures):
    shown = figures.shown()
    one = figures.sections[0]
    (figure,) = queries.asked_figures(one)
    box = re.search(rf'<input[^>]+name="s{one.pk}-figure-{figure.pk}"[^>]*>', shown)[0]
    assert "value" not in box
    assert "94.5" in shown
    services.carry_over(figures.report, by=None)
    assert not one.figures.filter(value__isnull=False).exists()


@pytest.mark.parametrize(("typed", "kept"), [("１，２３４.5", "1234.5"), ("12%", None), ("", None)])
def test_figures_are_read_as_people_type_them(figures, typed, kept):
    one = figures.sections[0]
    (figure,) = queries.asked_figures(one)
    answer = figures.send({one: {"body": "文字照样保存", f"figure-{figure.pk}": typed}})
    assert queries.content_of(one)["figures"].get(str(figure.pk)) == kept
    one.refresh_from_db()
    assert one.body == "文字照样保存"
    if typed == "12%":
        assert answer.status_code == 422
        said = answer.content.decode()
        assert said.count("“挂接率”只写数字，最多两位小数") == 2  # above, and at the field
        assert 'value="12%"' in said


# --- carried over --------------------------------------------------------------------------------


def test_last_periods_words_stand_above_each_box_with_their_origin(second):
    shown = second.shown()
    origin = queries.earlier_report(second.report).number
    assert shown.count("第一季度编目80项。") == 2
    assert shown.count("沿用上期内容再修改") == 4
    assert f'href="/reports/{origin}/"' in shown


def test_one_box_is_carried_over_and_marked_until_it_is_edited(second):
    one = second.sections[0]
    url = f"{second.base}carry/?section={one.key}&field=problems"
    answer = second.send({one: {"body": "自己写的"}}, url=url)
    assert answer["Location"] == f"{second.url}#id_s{one.pk}-problems"
    one.refresh_from_db()
    assert (one.body, one.problems, list(one.origins)) == ("自己写的", "人手不足。", ["problems"])
    assert second.shown().count("沿用上期，未修改") == 1
    second.send({one: {"body": "自己写的", "problems": "人手仍不足。"}})
    assert "沿用上期，未修改" not in second.shown()


def test_nothing_typed_is_overwritten_by_carrying_over(second):
    one, two = second.sections
    filled = {each: {"body": "写", "problems": "写", "next_steps": "写"} for each in (one, two)}
    answer = second.send(filled, url=f"{second.base}carry/")
    assert answer.status_code == 409
    assert "不会被覆盖" in answer.content.decode()
    one.refresh_from_db()
    assert one.body == "写"


def test_no_change_for_everything_from_the_task_in_three_clicks(second, desk, city):
    """The task, 「本期整体无变化」 on its door, 提交审签."""
    Section.rows.filter(report=second.report).update(body="")
    Report.rows.filter(pk=second.report.pk).update(status="draft")
    answer = second.send({}, url=f"{second.base}unchanged/")
    assert answer["Location"] == second.url
    checked = second.checked()
    assert checked.count("<dd>本期无变化</dd>") == 2
    assert "处需要修改" not in checked
    assert second.put_up()["Location"] == f"/reports/{second.report.number}/"
    second.report.refresh_from_db()
    assert second.report.status == "to_sign"


def test_the_door_itself_offers_no_change(desk, city, browse):
    desk.handed_in(body="第一季度。")
    desk.open_period("2022Q2")
    task = city.assignment_of(city.department, "2022Q2")
    client, door = browse(desk.data_officer), f"/reports/start/?task={task.number}"
    assert "本期整体无变化，沿用上期" in client.get(door).content.decode()
    answer = client.post(door, {"unchanged": "1"})
    report = Report.rows.get(assignment=task)
    assert answer["Location"] == f"/reports/{report.number}/check/"
    assert {row.completion for row in report.sections.all()} == {"unchanged"}


def test_where_nothing_was_reported_there_is_nothing_to_carry(form):
    assert "沿用上期" not in form.shown()
    answer = form.send({form.sections[0]: {"body": "留着"}}, url=f"{form.base}unchanged/")
    assert answer.status_code == 409
    assert "以前没有报送过" in answer.content.decode()
    assert "留着" in answer.content.decode()


def test_a_summary_is_one_text_a_chapter(desk, browse):
    form = Form(browse(desk.data_officer), desk.summary())
    shown = form.shown()
    assert shown.count("<textarea") == 3
    assert "不超过5000字" in shown
    assert "完成情况" not in shown
    assert "填写“工作进度”" in form.checked()


# --- checked and put up --------------------------------------------------------------------------


def test_every_fault_is_listed_once_and_leads_to_its_field_in_the_same_words(form):
    checked = form.checked()
    assert "有4处需要修改" in checked
    links = re.findall(r'<a href="([^"]+)">(填写“本期进展”|选择“完成情况”)</a>', checked)
    assert len(links) == 4
    assert "提交审签</button>" not in checked
    edit = form.client.get(links[0][0].partition("#")[0]).content.decode()
    for url, text in links:
        anchor = url.partition("#")[2]
        assert f'id="{anchor}"' in edit
        assert text in edit


def test_putting_up_with_faults_says_all_of_them(form):
    answer = form.client.post(f"{form.base}check/", {"version": form.report.version})
    assert answer.status_code == 422
    assert "有4处需要修改" in answer.content.decode()
    assert Report.rows.get().status == "draft"


def test_the_clerk_puts_up_and_the_cdo_hands_in(form, desk, browse):
    desk.fill(form.report)
    assert "提交审签</button>" in form.checked()
    answer = form.put_up(follow=True)
    assert f"已提交审签。编号{form.report.number}" in answer.content.decode()
    assert answer.redirect_chain[-1][0] == f"/reports/{form.report.number}/"
    again = form.client.post(f"{form.base}check/", {"version": 1}, follow=True)
    assert "现在不能改" in again.content.decode()
    assert Submission.rows.count() == 0
    services.take_back(form.report, by=desk.data_officer)
    cdo = Form(browse(desk.unit_cdo), Report.rows.for_lists().get(pk=form.report.pk))
    assert "同意并报送</button>" in cdo.checked()
    answer = cdo.put_up(sign="1")
    assert answer["Location"].startswith(f"/reports/{form.report.number}/")
    assert Report.rows.get().status == "submitted"
    assert Submission.rows.count() == 1


def test_a_clerk_who_asks_to_sign_only_puts_up(form, desk):
    desk.fill(form.report)
    form.put_up(sign="1")
    assert Report.rows.get().status == "to_sign"


def test_a_stale_check_page_puts_nothing_up(form, desk):
    desk.fill(form.report)
    answer = form.client.post(f"{form.base}check/", {"version": 99})
    assert answer.status_code == 412
    assert Report.rows.get().status == "draft"


# --- what came back ------------------------------------------------------------------------------


def test_remarks_stand_beside_their_fields_until_the_next_edition(form, desk):
    desk.handed_in(form.report)
    key = form.sections[0].key
    remarks = [
        services.Remark(key, "body", "vague", "写明数量。"),
        services.Remark(key, "completion", "other", "与正文不符。"),
        services.Remark(key, "evidence", "no_evidence", ""),
        services.Remark("", "", "not_signed", "补签。"),
    ]
    services.return_report(form.report, remarks, by=desk.officer)
    shown = form.shown()
    for text in ("没有写具体做了什么：写明数量。", "与正文不符。", "缺少佐证材料", "补签。"):
        assert text in shown
    at = shown.index("没有写具体做了什么：写明数量。")
    assert shown.index(f'for="id_s{form.sections[0].pk}-body"') < at
    assert at < shown.index(f'id="id_s{form.sections[0].pk}-body"')


# --- two windows ---------------------------------------------------------------------------------


def test_of_two_windows_the_second_sees_both_texts_and_chooses(form, desk, browse):
    colleague = _member(desk.city, desk.city.department, "data_officer")
    one = form.sections[0]
    mine = form.fields({one: {"body": "我的文字"}})
    Form(browse(colleague), form.report).send({one: {"body": "同事的文字"}})
    answer = form.client.post(form.url, mine)
    said = answer.content.decode()
    assert answer.status_code == 409
    assert "在另一窗口改过这一段，两份都已保留" in said
    assert "我的文字" in said
    assert "同事的文字" in said
    one.refresh_from_db()
    assert one.body == "同事的文字"


@pytest.mark.parametrize(
    ("choice", "body"), [("keep", "我的文字"), ("take", "同事的文字"), (None, "同事的文字")]
)
def test_the_choice_between_two_texts_loses_neither(form, desk, browse, choice, body):
    colleague = _member(desk.city, desk.city.department, "data_officer")
    one = form.sections[0]
    mine = form.fields({one: {"body": "我的文字"}})
    Form(browse(colleague), form.report).send({one: {"body": "同事的文字"}})
    asked = form.read(form.client.post(form.url, mine))
    if choice:
        asked[f"s{one.pk}-choose"] = choice
    answer = form.client.post(form.url, asked)
    assert answer.status_code == (302 if choice else 409)
    one.refresh_from_db()
    assert one.body == body
    kept = {row.content["body"] for row in SectionRevision.objects.filter(section=one)}
    assert {"我的文字", "同事的文字"} <= kept
    assert ("两份都已保留" in form.shown()) == (choice is None)


def test_a_text_that_came_too_late_is_offered_at_the_next_opening(form, desk):
    """The window was closed before it could be told: its text waits until somebody has chosen."""
    one = form.sections[0]
    services.save_section(one, {"body": "先到的"}, by=desk.data_officer, version=1, tab="a")
    late = services.save_section(one, {"body": "晚到的"}, by=desk.data_officer, version=1, tab="b")
    assert late.is_conflict
    shown = form.shown()
    assert "晚到的" in shown
    fields = form.read(form.client.get(form.url))
    fields[f"s{one.pk}-choose"] = "take"
    form.client.post(form.url, fields)
    one.refresh_from_db()
    assert one.body == "晚到的"
    assert "两份都已保留" not in form.shown()


def test_kept_for_good_is_not_asked_again(form, desk):
    one = form.sections[0]
    services.save_section(one, {"body": "先到的"}, by=desk.data_officer, version=1, tab="a")
    services.save_section(one, {"body": "晚到的"}, by=desk.data_officer, version=1, tab="b")
    fields = form.read(form.client.get(form.url))
    fields[f"s{one.pk}-choose"] = "keep"
    form.client.post(form.url, fields)
    one.refresh_from_db()
    assert one.body == "先到的"
    assert "两份都已保留" not in form.shown()


# --- former texts --------------------------------------------------------------------------------


def test_a_former_text_is_brought_back_and_the_present_one_stays(form):
    one = form.sections[0]
    form.send({one: {"body": "第一稿"}})
    form.send({one: {"body": "改坏了"}})
    url = f"{form.base}revisions/{one.key}/"
    shown = form.client.get(url).content.decode()
    assert "第一稿" in shown
    assert shown.count("恢复这一稿") == 1
    first = one.revisions.order_by("id")[0]
    answer = form.client.post(url, {"revision": first.pk}, follow=True)
    assert "恢复前的内容留在历次稿里" in answer.content.decode()
    one.refresh_from_db()
    assert one.body == "第一稿"
    assert one.revisions.filter(kind="restored").count() == 1
    assert form.client.post(url, {"revision": "x"}).status_code == 404


# --- files ---------------------------------------------------------------------------------------


def test_of_three_files_one_is_refused_by_name_and_two_are_kept(form):
    one = form.sections[0]
    files = [
        SimpleUploadedFile("市公安局总结.pdf", made.PDF),
        SimpleUploadedFile("照片.heic", b"x"),
        SimpleUploadedFile("清单.xlsx", made.xlsx()),
    ]
    answer = form.send({one: {"body": "同时保存", "files": files}})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert said.count("“照片.heic”的类型不接收") == 2
    assert "同时保存" in said
    names = set(one.attached.values_list("evidence__name", flat=True))
    assert names == {"市公安局总结.pdf", "清单.xlsx"}
