"""Pages of orders: the list, the form, the check page, the order itself, by everybody's role."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from openpyxl import load_workbook

from core.models import AuditEntry
from duties import services
from duties.choices import OrderState
from duties.models import Opening, Order, OrderHelper
from duties.queries import orders as queries
from pilots import services as pilots
from tests.conftest import _member
from tests.factories.duties import DutyAreaFactory
from tests.factories.pilots import ProgrammeFactory

from .ordering import FACTS, issued, put_up, scan  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def page_of(response):
    return response.content.decode()


def typed(city, *units, **more):
    facts = {
        "title": "报送公共数据共享需求清单",
        "level": "normal",
        "wanted": "梳理本单位共享需求。",
        "acceptance": "清单盖章。",
        "due_on": "2022-04-29",
        "leads": [unit.code for unit in units],
        "act": "save",
    }
    return {**facts, **more}


def draft(city, officer, *units, **facts):
    leads = [city.enrolment(unit) for unit in units or [city.department]]
    return services.draft_order(city.programme, by=officer, leads=leads, **{**FACTS, **facts})


# --- list -----------------------------------------------------------------------------------------


def test_the_list_shows_states_counts_and_progress(city, officer, head, browse, stranger):
    sent = issued(city, officer, head, units=[city.department, city.district])
    services.accept(queries.tasks_of(sent).get(enrolment__unit=city.district), by=stranger)
    waits = put_up(city, officer, level="urgent")
    page = page_of(browse(officer).get("/orders/"))
    for words in (sent.number, waits.number, "签收1/2，完成0/2", "紧急", "发通知", "导出Excel"):
        assert words in page
    page = page_of(browse(officer).get("/orders/?state=to_sign&level=urgent"))
    assert waits.number in page
    assert sent.number not in page
    assert "没有符合条件的通知" in page_of(browse(officer).get("/orders/?q=查无此件"))
    assert waits.number in page_of(browse(officer).get("/orders/?programme="))


def test_a_unit_lists_what_it_was_sent_and_sees_no_drafts(
    city, officer, head, data_officer, browse
):
    assert "还没有专项通知" in page_of(browse(data_officer).get("/orders/"))
    sent, waits = issued(city, officer, head), put_up(city, officer)
    page = page_of(browse(data_officer).get("/orders/"))
    assert sent.number in page
    assert waits.number not in page
    assert "草稿" not in page
    assert "发通知" not in page


def test_the_workbook_holds_exactly_the_rows_of_the_page(city, officer, head, browse):
    sent, _waits = issued(city, officer, head), put_up(city, officer)
    response = browse(officer).get("/orders/export.xlsx?state=issued")
    rows = list(load_workbook(io.BytesIO(response.content)).active.values)[2:]
    assert [row[0] for row in rows] == [sent.number]
    entry = AuditEntry.objects.get(verb="orders.export")
    assert entry.after == {"count": 1, "query": "state=issued"}


# --- form -----------------------------------------------------------------------------------------


def test_who_drafts_opens_the_form_and_nobody_else(city, cast, browse):
    for name, user in cast.items():
        status = browse(user).get("/orders/new/").status_code
        assert status == (200 if name in {"officer", "foreigner"} else 403), name


def test_where_nothing_is_followed_there_is_nothing_to_send(city, officer, browse):
    pilots.close_programme(city.programme, on=date(2022, 4, 15), by=officer)
    response = browse(officer).get("/orders/new/", follow=True)
    assert "还没有开始跟踪，或已结束" in page_of(response)
    other = ProgrammeFactory(running=True)
    assert browse(officer).get(f"/orders/new/?programme={other.code}").status_code == 404


def test_a_draft_is_saved_with_its_title_alone(city, officer, browse):
    response = browse(officer).post(
        "/orders/new/", {"title": "先存着", "level": "normal", "act": "save"}, follow=True
    )
    row = Order.rows.get()
    assert (row.title, row.state) == ("先存着", OrderState.DRAFT)
    assert f"已保存草稿{row.number}" in page_of(response)
    assert "核对并提交审签" in page_of(response)


def test_everything_goes_in_and_the_check_page_follows(city, officer, browse):
    area = DutyAreaFactory(programme=city.programme)
    sent = typed(
        city,
        city.department,
        city.district,
        act="check",
        area=area.code,
        source_title="2022年工作要点",
        source_number="深数[2022]3号",
        due_on="2022-04-20",
        file=SimpleUploadedFile("模板.pdf", PDF, "application/pdf"),
    )
    response = browse(officer).post("/orders/new/", sent, follow=True)
    row = Order.rows.get()
    assert response.redirect_chain == [(f"/orders/{row.number}/submit/", 302)]
    page = page_of(response)
    for words in (
        "主办单位2个", "公安局", "福田区", "深数〔2022〕3号", "模板.pdf", "还有3个工作日", "不足5个工作日",
        "分管局领导审定", "任务当场交办到2个单位",
    ):  # fmt: skip
        assert words in page, words
    assert row.area == area
    response = browse(officer).post(
        f"/orders/{row.number}/submit/", {"version": row.version}, follow=True
    )
    assert "已提交审签" in page_of(response)
    assert "等bureau_head人员审签" not in page_of(response)


def test_with_the_check_everything_missing_is_said_and_everything_typed_is_kept(
    city, officer, browse
):
    sent = {
        "title": "只有标题",
        "level": "urgent",
        "act": "check",
        "source_number": "粤府1号",
        "file": SimpleUploadedFile("模板.pdf", PDF, "application/pdf"),
    }
    response = browse(officer).post("/orders/new/", sent)
    assert response.status_code == 422
    page = page_of(response)
    for words in (
        "填写“工作要求”", "填写“验收要求”", "填写“截止日期”", "选择“主办单位”", "六角括号",
        "只有标题", "“模板.pdf”已收到",
    ):  # fmt: skip
        assert words in page, words
    assert not Order.rows.exists()


def test_all_units_of_a_group_are_ticked_without_script_and_nothing_is_lost(city, officer, browse):
    sent = typed(city, city.district, pick="department", title="")
    page = page_of(browse(officer).post("/orders/new/", sent))
    assert f'value="{city.department.code}" checked' in page
    assert f'value="{city.district.code}" checked' in page
    assert f'value="{city.government.code}" checked' not in page
    assert "部门全不选" in page
    assert "填写“通知标题”" not in page
    assert "梳理本单位共享需求。" in page
    sent = typed(city, city.department, city.district, pick="department")
    page = page_of(browse(officer).post("/orders/new/", sent))
    assert f'value="{city.department.code}" checked' not in page


def test_a_draft_is_edited_and_a_stale_form_keeps_its_text(city, officer, browse, scan):  # noqa: F811 - the fixture
    row = draft(city, officer, template=scan, template_name="旧模板.pdf")
    url = f"/orders/{row.number}/edit/"
    page = page_of(browse(officer).get(url))
    assert "报送公共数据共享需求清单" in page
    assert "已有“旧模板.pdf”" in page
    assert f'value="{city.department.code}" checked' in page
    sent = typed(city, city.district, title="改过", version=row.version, drop_template="on")
    assert browse(officer).post(url, sent).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.template, row.version) == ("改过", None, 2)
    response = browse(officer).post(url, {**sent, "title": "又改过"})
    assert response.status_code == 412
    assert "又改过" in page_of(response)
    assert "改过这条记录" in page_of(response)


def test_a_unit_that_left_between_reading_and_sending_is_named(city, officer, browse):
    """The choice is no longer offered, so the form itself refuses it."""
    left = city.enrolment(city.district)
    left.ends_on = "2022-04-14"
    left.save()
    response = browse(officer).post("/orders/new/", typed(city, city.district))
    assert response.status_code == 422
    assert "不在可选范围内" in page_of(response)


def test_what_the_model_refuses_stands_beside_its_field(city, officer, browse):
    row = draft(city, officer)
    sent = typed(city, city.department, title="标" * 121, version=row.version)
    response = browse(officer).post(f"/orders/{row.number}/edit/", sent)
    assert response.status_code == 422


def test_only_a_draft_is_edited_and_only_by_its_bureau(city, officer, head, browse, foreigner):
    row = put_up(city, officer)
    for act in ("edit", "helpers", "submit"):
        url = f"/orders/{row.number}/{act}/"
        assert "只有草稿可以修改" in page_of(browse(officer).get(url, follow=True))
        assert browse(head).get(url).status_code == 403
        assert browse(foreigner).get(url).status_code == 404


def test_a_bureau_officer_of_another_desk_does_not_edit(city, officer, browse):
    row = draft(city, officer)
    other = services.draft_order(city.programme, by=officer, **FACTS)
    row.issuer = city.superior
    row.save()
    assert browse(officer).get(f"/orders/{row.number}/edit/").status_code == 404
    assert browse(officer).get(f"/orders/{other.number}/edit/").status_code == 200


# --- helpers --------------------------------------------------------------------------------------


def test_helpers_are_chosen_for_each_lead(city, officer, browse):
    row = draft(city, officer, city.department, city.district)
    first, second = queries.leads_of(row)
    url = f"/orders/{row.number}/helpers/"
    page = page_of(browse(officer).get(url))
    assert "测试市公安局的协办单位" in page
    sent = {
        "version": row.version,
        f"units-{first.pk}": [city.district.pk, city.bureau.pk],
        f"note-{first.pk}": "提供数据",
    }
    assert browse(officer).post(url, sent).status_code == 302
    assert set(OrderHelper.objects.values_list("lead", "unit", "note")) == {
        (first.pk, city.district.pk, "提供数据"),
        (first.pk, city.bureau.pk, "提供数据"),
    }
    page = page_of(browse(officer).get(url))
    assert "协办2个" in page
    assert 'value="提供数据"' in page
    stale = browse(officer).post(url, sent)
    assert stale.status_code == 412
    sent[f"units-{second.pk}"] = [city.district.pk]
    wrong = browse(officer).post(url, {**sent, "version": 2})
    assert wrong.status_code == 422
    assert "不在可选范围内" in page_of(wrong)
    page = page_of(browse(officer).get(f"/orders/{row.number}/"))
    assert "协办：" in page


# --- check and put up -----------------------------------------------------------------------------


def test_what_is_incomplete_is_not_put_up(city, officer, browse):
    row = services.draft_order(city.programme, by=officer, title="只有标题")
    url = f"/orders/{row.number}/submit/"
    page = page_of(browse(officer).get(url))
    assert "还不能提交审签" in page
    assert "选择至少一个主办单位" in page
    assert '<button class="btn">提交审签' not in page
    assert browse(officer).post(url, {"version": row.version}).status_code == 422
    whole = draft(city, officer, due_on="2022-04-30")
    url = f"/orders/{whole.number}/submit/"
    assert "最后一个工作日是4月29日" in page_of(browse(officer).get(url))
    assert browse(officer).post(url, {"version": 9}).status_code == 412
    pilots.close_programme(city.programme, on=date(2022, 4, 15), by=officer)
    response = browse(officer).post(url, {"version": whole.version})
    assert (response.status_code, "或已结束" in page_of(response)) == (409, True)


# --- the order ------------------------------------------------------------------------------------


def test_the_head_signs_on_the_page_and_it_goes_out(city, officer, head, browse):
    row = put_up(city, officer, units=[city.department, city.district], level="important")
    page = page_of(browse(head).get(f"/orders/{row.number}/"))
    assert "同意并发出" in page
    assert "同意并发出" not in page_of(browse(officer).get(f"/orders/{row.number}/"))
    response = browse(head).post(
        f"/orders/{row.number}/sign/agree/", {"version": 1, "agree-remark": "同意。"}, follow=True
    )
    page = page_of(response)
    assert "已发出，任务已交办到2个单位" in page
    assert "已签收0，已看未签0，未看2" in page
    assert "等2个单位签收" in page


def test_sent_back_recalled_and_entered_from_paper_on_the_page(city, officer, head, browse):
    row = put_up(city, officer)
    url = f"/orders/{row.number}/sign/"
    page = browse(head).post(f"{url}send-back/", {"version": 1, "back-reason": ""})
    assert page.status_code == 422
    browse(head).post(f"{url}send-back/", {"version": 1, "back-reason": "期限太紧"})
    page = page_of(browse(officer).get(f"/orders/{row.number}/"))
    assert "期限太紧" in page
    assert "修改后再提交审签" in page
    row.refresh_from_db()
    services.submit_order(row, by=officer)
    assert browse(officer).post(f"{url}recall/", {"version": 1}).status_code == 302
    row.refresh_from_db()
    assert row.is_draft
    services.submit_order(row, by=officer)
    sent = {
        "version": 1,
        "paper-name-0": "王局长",
        "paper-on-0": "2022-04-15",
        "paper-remark-0": "",
        "paper-file": SimpleUploadedFile("审签单.pdf", PDF, "application/pdf"),
    }
    response = browse(officer).post(f"{url}paper/", sent, follow=True)
    row.refresh_from_db()
    assert row.state == OrderState.ISSUED
    assert "已发出，任务已交办到1个单位" in page_of(response)


def test_receipts_are_filtered_and_counted(city, officer, head, data_officer, stranger, browse):
    units = [city.government, city.department, city.district]
    row = issued(city, officer, head, units=units)
    by_unit = {task.unit: task for task in queries.tasks_of(row)}
    browse(data_officer).get(f"/tasks/{by_unit[city.department].number}/")
    services.accept(by_unit[city.district], by=stranger)
    url = f"/orders/{row.number}/"
    page = page_of(browse(officer).get(url))
    assert "已签收1，已看未签1，未看1" in page
    assert "data_officer人员" in page
    page = page_of(browse(officer).get(f"{url}?receipt=unopened"))
    assert by_unit[city.government].number in page
    assert by_unit[city.department].number not in page
    assert "没有这样的单位" in page_of(browse(officer).get(f"{url}?receipt=off"))
    assert "已撤销或不适用" not in page
    services.take_off(by_unit[city.government], "exempt", by=officer, reason="不涉及")
    assert "已撤销或不适用1" in page_of(browse(officer).get(f"{url}?receipt=nonsense"))


def test_a_unit_reads_the_order_opens_its_own_task_and_nobody_elses(
    city, officer, head, data_officer, stranger, browse
):
    row = issued(city, officer, head, units=[city.department, city.government])
    mine = queries.tasks_of(row).get(enrolment__unit=city.department)
    other = queries.tasks_of(row).get(enrolment__unit=city.government)
    url = f"/orders/{row.number}/"
    page = page_of(browse(data_officer).get(url))
    assert mine.number in page
    assert other.number not in page
    for words in ("签收回执", "撤销通知", "办理过程", "未看"):
        assert f">{words}<" not in page
    assert "打开任务签收" in page
    assert Opening.objects.get().assignment == mine
    services.accept(mine, by=data_officer)
    assert "已签收，按要求完成" in page_of(browse(data_officer).get(url))
    assert browse(stranger).get(url).status_code == 404


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("officer", 200), ("head", 200), ("data_officer", 200), ("unit_cdo", 200), ("stranger", 404),
        ("foreigner", 404), ("provincial_reader", 200), ("evaluator", 200), ("api_client_user", 200),
        ("auditor", 200), ("system_admin", 403), ("security_admin", 403),
    ],
)  # fmt: skip
def test_pages_of_an_issued_order_by_role(city, cast, browse, name, status):
    row = issued(city, cast["officer"], cast["head"])
    for act in ("", "order.docx"):
        assert browse(cast[name]).get(f"/orders/{row.number}/{act}").status_code == status


def test_withdrawn_it_says_why(city, officer, head, data_officer, browse):
    row = issued(city, officer, head)
    url = f"/orders/{row.number}/withdraw/"
    assert browse(officer).get(url).status_code == 302
    assert browse(officer).post(url, {"version": row.version}).status_code == 422
    reason = {"withdraw-reason": "并入年度工作。"}
    assert browse(officer).post(url, {"version": 1, **reason}).status_code == 412
    assert browse(data_officer).post(url, {"version": row.version, **reason}).status_code == 403
    response = browse(head).post(url, {"version": row.version, **reason}, follow=True)
    assert "已撤销，无须再办" in page_of(response)
    row.refresh_from_db()
    late = browse(officer).post(url, {"version": row.version, **reason})
    assert late.status_code == 409
    page = page_of(browse(data_officer).get(f"/orders/{row.number}/"))
    assert "并入年度工作。" in page
    task = queries.tasks_of(row).get()
    assert "并入年度工作。" in page_of(browse(data_officer).get(f"/tasks/{task.number}/"))


def test_the_document_is_chinese_and_names_everybody(city, officer, head, browse, scan):  # noqa: F811 - the fixture
    row = issued(
        city, officer, head,
        units=[city.department, city.district], helpers=[city.bureau],
        source_title="工作要点", source_number="深数〔2022〕3号",
        document_number="深政数〔2022〕12号", template=scan, template_name="需求清单.pdf",
    )  # fmt: skip
    response = browse(head).get(f"/orders/{row.number}/order.docx")
    document = Document(io.BytesIO(response.content))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for words in (
        "深政数〔2022〕12号", f"{city.department.full_name}、{city.district.full_name}：",
        "根据《工作要点》（深数〔2022〕3号）",
        "梳理本单位共享需求，按模板填报。", "请于2022年4月29日前完成", "附件：需求清单", city.bureau.full_name,
        "2022年4月15日",
    ):  # fmt: skip
        assert words in text, words
    assert document.tables[0].cell(1, 1).text == city.bureau.full_name
    plain = services.draft_order(city.programme, by=officer, title="只有标题")
    assert browse(officer).get(f"/orders/{plain.number}/order.docx").status_code == 200


def test_the_template_is_given_to_who_sees_the_order(city, officer, head, data_officer, browse):
    client = browse(officer)
    sent = typed(city, city.department, file=SimpleUploadedFile("模板.pdf", PDF, "application/pdf"))
    client.post("/orders/new/", sent)
    row = Order.rows.get()
    url = f"/orders/{row.number}/template/"
    assert browse(data_officer).get(url).status_code == 404
    services.sign_order(services.submit_order(row, by=officer), by=head)
    assert browse(data_officer).get(url).getvalue() == PDF
    bare = issued(city, officer, head)
    assert browse(officer).get(f"/orders/{bare.number}/template/").status_code == 404


def test_the_round_is_in_the_heads_queue_and_leads_to_the_order(city, officer, head):
    from approvals import doors
    from approvals.queries import waiting_for

    row = put_up(city, officer)
    assert [doors.url_of(each) for each in waiting_for(head)] == [f"/orders/{row.number}/"]


def test_everybody_accepted_is_said(city, officer, head, data_officer, browse):
    row = issued(city, officer, head)
    services.accept(queries.tasks_of(row).get(), by=data_officer)
    assert "各单位都已签收" in page_of(browse(head).get(f"/orders/{row.number}/"))
    _member(city, city.department, "data_officer")
