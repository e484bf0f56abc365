"""提醒单 on its pages: ticked, previewed, sent exactly as shown, answered, printed."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from duties import services
from duties.choices import SlipState
from duties.models import Slip
from duties.queries import slips as queries
from duties.queries.merging import TEMPLATES

from .chasing import draft, finish, fresh, slip_in
from .test_extension_pages import PDF, page_of, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def make(city, officer, head, data_officer):
    return lambda state: slip_in(state, city, officer, head, data_officer)


def seen_in(page):
    return re.search(r'name="seen" value="(\w+)"', page)[1]


def given(tasks, level="hint", **more):
    facts = {"tasks": [task.number for task in tasks], "level": level, "reply_by": "2022-04-22"}
    return {**facts, "template": TEMPLATES[level], **more}


def test_the_ledger_offers_boxes_to_the_bureau_only(city, officer, head, data_officer, browse):
    page = page_of(browse(officer), "/tasks/")
    assert page.count('form="batch"') == 8
    assert 'action="/slips/new/"' in page
    for user in (head, data_officer):
        assert 'form="batch"' not in page_of(browse(user), "/tasks/")
    finish(city.assignment(city.department), officer)
    assert page_of(browse(officer), "/tasks/").count('form="batch"') == 7


def test_exactly_what_was_ticked_and_shown_is_sent(city, officer, unit_cdo, stranger, browse):
    client = browse(officer)
    tasks = [city.assignment(city.district), city.assignment(city.department)]
    page = sent(client, "/slips/new/", 200, tasks=[task.number for task in tasks])
    assert "会发给2个单位，2人，共2张。" in page
    assert "你单位“报送试点工作总结”" in page
    facts = given(tasks, "chase", act="preview", show=tasks[1].number)
    page = sent(client, "/slips/new/", 200, **facts)
    assert "催办：测试市公安局" in page
    answer = client.post(
        "/slips/new/", {**facts, "act": "send", "seen": seen_in(page)}, follow=True
    )
    assert "已发出2张。" in answer.content.decode()
    assert set(Slip.rows.values_list("assignment__number", flat=True)) == {
        task.number for task in tasks
    }


def test_what_was_changed_since_the_preview_is_shown_again(city, officer, browse):
    client, tasks = browse(officer), [city.assignment(city.department)]
    page = page_of(client, f"/slips/new/?tasks={tasks[0].number}")
    seen = seen_in(page)
    changed = given(tasks, template="请今天办理。", act="send", seen=seen)
    page = sent(client, "/slips/new/", 200, **changed)
    assert "内容和预览时不一样，还没有发出" in page
    more = given([*tasks, city.assignment(city.district)], act="send", seen=seen)
    assert "还没有发出" in sent(client, "/slips/new/", 200, **more)
    assert not Slip.rows.exists()


def test_a_level_brings_its_own_words_unless_others_were_written(city, officer, browse):
    client, tasks = browse(officer), [city.assignment(city.department)]
    facts = given(tasks, "hint", act="preview") | {"level": "supervise"}
    page = sent(client, "/slips/new/", 200, **facts)
    assert "请由首席数据官牵头研究" in page
    assert "提交审定1张" in page
    page = sent(client, "/slips/new/", 200, **(facts | {"template": "请今天办理。"}))
    assert "请今天办理。" in page
    assert "请由首席数据官牵头研究" not in page


def test_the_strongest_is_put_up_and_one_slip_leads_to_its_page(city, officer, browse):
    client, tasks = browse(officer), [city.assignment(city.district)]
    facts = given(tasks, "supervise", act="preview")
    seen = seen_in(sent(client, "/slips/new/", 200, **facts))
    answer = client.post("/slips/new/", {**facts, "act": "send", "seen": seen}, follow=True)
    page = answer.content.decode()
    assert "已提交审定1张，审定后发出。" in page
    assert "关于工作总结的提醒函" in page
    assert "等本机关审定，审定后发出" in page


def test_only_the_strongest_leaves_at_night_and_the_page_says_so_before(city, officer, browse):
    client, tasks = browse(officer), [city.assignment(city.department)]
    facts = given(tasks, "chase", act="preview", is_at_once="on")
    assert "“即时发送”只用于最高一级" in sent(client, "/slips/new/", 422, **facts)
    facts = given(tasks, "supervise", act="preview", is_at_once="on")
    page = sent(client, "/slips/new/", 200, **facts)
    assert "18:00至8:30、周末和节假日也发" in page
    assert "审定后立即发送，晚上和休息日也发" in page
    facts |= {"act": "send", "seen": seen_in(page)}
    assert "还没有发出" in sent(client, "/slips/new/", 200, **(facts | {"is_at_once": ""}))
    sent(client, "/slips/new/", 302, **facts)
    assert Slip.rows.get().is_at_once


def test_what_may_not_be_sent_is_named_before_and_after(city, officer, browse):
    client = browse(officer)
    tasks = [city.assignment(city.department), city.assignment(city.district)]
    facts = given(tasks, act="preview")
    page = sent(client, "/slips/new/", 200, **facts)
    finish(tasks[0], officer)
    answer = client.post(
        "/slips/new/", {**facts, "act": "send", "seen": seen_in(page)}, follow=True
    )
    page = answer.content.decode()
    assert f"没有发给测试市公安局：{tasks[0].number}已完成，不用再提醒。" in page
    page = sent(client, "/slips/new/", 200, **facts)
    assert "不发：" in page
    assert "共0张" in page
    assert "发出0张" not in page


def test_faults_of_the_form_are_said_and_nothing_is_lost(city, officer, browse):
    client, tasks = browse(officer), [city.assignment(city.department)]
    facts = given(tasks, template="{{姓名}}请办理", act="preview", reply_by="someday")
    page = sent(client, "/slips/new/", 422, **facts)
    assert "没有“{{姓名}}”这一项" in page
    assert "“回复期限”写成2022-04-29这样" in page
    assert "{{姓名}}请办理" in page
    assert "选择“级别”" in sent(client, "/slips/new/", 422, **(facts | {"level": ""}))
    past = given(tasks, act="send", reply_by="2022-04-14")
    assert "“回复期限”2022-04-14已经过了" in sent(client, "/slips/new/", 422, **past)


def test_without_tasks_it_says_where_to_tick_them(city, officer, head, browse):
    assert "还没有选任务" in page_of(browse(officer), "/slips/new/")
    assert "还没有选任务" in sent(browse(officer), "/slips/new/", 422, act="send")
    assert browse(head).get("/slips/new/").status_code == 403


def test_tasks_of_another_city_are_not_there_and_of_a_read_one_refused(
    city, officer, foreigner, browse
):
    number = city.assignment(city.department).number
    assert "还没有选任务" in page_of(browse(foreigner), f"/slips/new/?tasks={number}")
    from pilots.services import add_membership

    add_membership(foreigner, city.bureau, "evaluator", by=None)
    page = page_of(browse(foreigner), f"/slips/new/?tasks={number}", 403)
    assert "提醒单由该方案的牵头单位发" in page


def test_the_unit_reads_and_answers(make, data_officer, officer, city, browse):
    row = make(SlipState.SENT)
    client, url = browse(data_officer), f"/slips/{row.number}/"
    assert "1张提醒单待回复" in page_of(client, "/")
    assert url in page_of(client, f"/tasks/{row.assignment.number}/")
    page = page_of(client, url)
    assert "办理任务，并回复市政数局" in page
    assert "请于2022年4月22日前回复。" in page
    page = sent(client, f"{url}reply/", 422, version=row.version, text="")
    assert "填写“回复”" in page
    file = SimpleUploadedFile("说明.pdf", PDF, "application/pdf")
    answer = client.post(
        f"{url}reply/",
        {"version": row.version, "text": "4月20日前完成。", "file": file},
        follow=True,
    )
    assert f"已回复{row.number}，市政数局会看到。" in answer.content.decode()
    page = page_of(browse(officer), url)
    assert "4月20日前完成。" in page
    assert "测试市公安局已回复" in page
    reply = row.replies.get()
    assert browse(officer).get(f"{url}replies/{reply.pk}/file/").status_code == 200
    assert client.get(f"{url}replies/{reply.pk + 1}/file/").status_code == 404
    page = page_of(client, url)
    assert "补充回复" in page
    page = sent(client, f"{url}reply/", 412, version=row.version, text="已完成八成。")
    assert "已办理：回复。核对后再办。" in page
    assert "已完成八成。" in page
    sent(client, f"{url}reply/", 302, version=fresh(row).version, text="已完成八成。")
    second = row.replies.last()
    assert client.get(f"{url}replies/{second.pk}/file/").status_code == 404


def test_who_may_not_answer_is_told_who_can(make, officer, browse):
    row = make(SlipState.SENT)
    page = browse(officer).post(f"/slips/{row.number}/reply/", {"version": 1, "text": "好"})
    assert page.status_code == 403
    assert "由测试市公安局的经办人或首席数据官回复" in page.content.decode()
    assert "等测试市公安局回复" in page_of(browse(officer), f"/slips/{row.number}/")


def test_an_answer_that_is_late_reads_so(make, data_officer, officer, browse):
    row = make(SlipState.SENT)
    Slip.rows.filter(pk=row.pk).update(reply_by="2022-04-14")
    for client in (browse(officer), browse(data_officer)):
        assert "逾期未回复" in page_of(client, f"/slips/{row.number}/")
        assert "逾期未回复" in page_of(client, f"/tasks/{row.assignment.number}/")
    assert "应于2022-04-14前回复，逾期未回复" in page_of(browse(data_officer), "/")


def test_signed_sent_back_mended_and_cancelled(make, officer, head, browse):
    row = make(SlipState.TO_APPROVE)
    url = f"/slips/{row.number}/"
    assert "同意并发出" in page_of(browse(head), url)
    version = queries.round_of(row).version
    back = {"version": version, "back-reason": "写明要求。"}
    sent(browse(head), f"{url}sign/send-back/", 302, **back)
    row = fresh(row)
    page = page_of(browse(officer), url)
    assert "写明要求。" in page
    bad = {"version": row.version, "edit-template": "{{x}}"}
    assert "没有“{{x}}”这一项" in sent(browse(officer), f"{url}edit/", 422, **bad)
    past = {"version": row.version, "edit-template": "请办理。", "edit-reply_by": "2022-04-01"}
    assert "已经过了" in sent(browse(officer), f"{url}edit/", 422, **past)
    assert browse(head).post(f"{url}edit/", past).status_code == 403
    good = {**past, "edit-reply_by": "2022-04-29", "edit-is_at_once": "on"}
    sent(browse(officer), f"{url}edit/", 302, **good)
    row = fresh(row)
    assert (row.state, row.text) == (SlipState.TO_APPROVE, "请办理。")
    assert "是，工作时间以外也发" in page_of(browse(head), url)
    sent(browse(officer), f"{url}sign/recall/", 302, version=queries.round_of(row).version)
    row = fresh(row)
    assert browse(officer).get(f"{url}cancel/")["Location"] == url
    cancel = {"version": row.version, "cancel-reason": "已电话提醒。"}
    sent(browse(officer), f"{url}cancel/", 302, **cancel)
    assert "没有发出，无须再办" in page_of(browse(officer), url)


def test_a_task_done_meanwhile_is_told_to_the_head(make, city, officer, head, browse):
    row = make(SlipState.TO_APPROVE)
    finish(city.assignment(city.department), officer)
    version = queries.round_of(row).version
    url = f"/slips/{row.number}/"
    answer = browse(head).post(f"{url}sign/agree/", {"version": version}, follow=True)
    assert f"{row.number}没有发出：{row.assignment.number}已完成" in answer.content.decode()


def test_a_task_done_meanwhile_is_told_to_whoever_mends(make, city, officer, browse):
    row = make(SlipState.RETURNED)
    finish(city.assignment(city.department), officer)
    facts = {"version": row.version, "edit-template": "请办理。"}
    page = sent(browse(officer), f"/slips/{row.number}/edit/", 409, **facts)
    assert "已完成，不用再提醒" in page


def test_signed_on_paper_and_sent(make, officer, browse):
    row = make(SlipState.TO_APPROVE)
    facts = {
        "version": queries.round_of(row).version,
        "paper-name-0": "演示领导",
        "paper-on-0": "2022-04-15",
        "paper-file": SimpleUploadedFile("审签单.pdf", PDF, "application/pdf"),
    }
    sent(browse(officer), f"/slips/{row.number}/sign/paper/", 302, **facts)
    assert fresh(row).state == SlipState.SENT


def test_it_prints_on_one_page_and_writes_word(make, data_officer, officer, city, browse):
    row = make(SlipState.SENT)
    client = browse(data_officer)
    page = page_of(client, f"/slips/{row.number}/print/")
    assert "关于工作总结的提醒单（督导）" in page
    answer = client.get(f"/slips/{row.number}/slip.docx")
    words = "\n".join(each.text for each in Document(io.BytesIO(answer.content)).paragraphs)
    assert "测试市公安局：" in words
    assert "请于2022年4月22日前回复。" in words
    assert city.bureau.full_name in words
    assert client.get("/slips/TX-2022-9999/slip.docx").status_code == 404


def test_a_pdf_where_there_is_a_writer_of_it(make, officer, browse, settings, monkeypatch):
    row = make(SlipState.SENT)
    from core.documents import pdf

    url, client = f"/slips/{row.number}/slip.pdf", browse(officer)
    answer = client.get(url)
    assert answer.status_code == (200 if pdf.is_available() else 404)


def test_the_list_narrows_counts_and_exports_the_same_rows(
    city, make, officer, data_officer, browse
):
    from openpyxl import load_workbook

    row = make(SlipState.REPLIED)
    other = services.issue_slip(city.assignment(city.district), draft("hint"), by=officer)
    client = browse(officer)
    for query, found in (
        ("", {row.number, other.number}),
        ("state=replied", {row.number}),
        ("level=hint", {other.number}),
        ("overdue=true", set()),
        ("overdue=false", {row.number, other.number}),
        ("q=福田", {other.number}),
        (f"assignment={row.assignment.number}", {row.number}),
        ("sent_after=2022-04-16", set()),
    ):
        page = page_of(client, f"/slips/?{query}")
        assert set(re.findall(r"/slips/(TX-[\d-]+)/\"", page)) == found, query
    assert "没有符合条件的提醒单" in page
    book = load_workbook(io.BytesIO(client.get("/slips/export.xlsx?state=replied").content)).active
    assert [cell.value for cell in book[3]][:2] == [row.number, "督导"]
    assert book.max_row == 3
    assert row.number in page_of(browse(data_officer), "/slips/")
    assert "级别名称" not in page_of(browse(data_officer), "/slips/")


def test_an_empty_list_says_how_slips_come(city, officer, browse):
    assert "勾选任务后发出" in page_of(browse(officer), "/slips/")


def test_a_bureau_names_its_levels(city, officer, foreigner, browse):
    client, url = browse(officer), f"/slips/levels/?programme={city.programme.code}"
    assert 'value="督导"' in page_of(client, url)
    names = {"hint": "提醒", "chase": "催办", "supervise": "督办"}
    assert "政府督查一类的名称只由有职权的机构使用" in sent(client, url, 422, **names)
    assert "填写“第一级”" in sent(client, url, 422, **(names | {"hint": ""}))
    sent(client, url, 302, **(names | {"supervise": "重点提醒"}))
    page = page_of(client, f"/slips/new/?tasks={city.assignment(city.department).number}")
    assert "重点提醒（先经本机关审定；发给区的称提醒函）" in page
    assert browse(foreigner).get(url).status_code == 404


def test_a_reader_of_a_programme_does_not_name_its_levels(city, foreigner, browse):
    from pilots.services import add_membership

    add_membership(foreigner, city.bureau, "evaluator", by=None)
    url = f"/slips/levels/?programme={city.programme.code}"
    assert browse(foreigner).get(url).status_code == 403
