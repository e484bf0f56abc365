"""延期 on its pages: asked in the form, signed, answered, undone; what is said to whom."""

import re
from datetime import date

import pytest

from core import clock
from duties import services
from duties.choices import ExtensionState, Verdict
from duties.models import Extension
from duties.queries import extensions as queries

from .chasing import REASON, WANTED, ask, extension_in, finish, fresh

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def make(city, officer, head, data_officer, unit_cdo):
    return lambda state: extension_in(state, city, officer, head, data_officer, unit_cdo)


@pytest.fixture
def task(city):
    return city.assignment(city.department)


def page_of(client, url, status=200):
    answer = client.get(url)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def sent(client, url, status, **data):
    answer = client.post(url, data)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer if status == 302 else answer.content.decode()


def form_of(task, **more):
    return {"task": task.number, "version": task.version, "reason": REASON, **more}


def test_the_unit_asks_with_a_day_and_a_reason_only(task, data_officer, browse):
    client = browse(data_officer)
    page = page_of(client, f"/tasks/{task.number}/")
    assert f"/extensions/new/?task={task.number}" in page
    page = page_of(client, f"/extensions/new/?task={task.number}")
    assert "15个工作日，至2022-05-24" in page
    answer = sent(client, "/extensions/new/", 302, **form_of(task, quick="15", opener="data"))
    row = Extension.rows.get()
    assert answer["Location"] == f"/extensions/{row.number}/"
    assert row.wanted_on == date(2022, 5, 24)
    assert row.reason == f"数据核对和汇总的工作量超出预期。{REASON}"
    page = page_of(client, answer["Location"])
    assert "等本单位首席数据官审签" in page
    assert "共延15个工作日" in page
    page = page_of(client, f"/tasks/{task.number}/")
    assert "延期审批中" in page
    assert "申请延期</a>" not in page
    answer = client.get(f"/extensions/new/?task={task.number}")
    assert answer["Location"] == f"/extensions/{row.number}/"


def test_the_list_of_tasks_marks_it_beside_its_true_light(task, data_officer, unit_cdo, browse):
    services.ask_extension(task, services.Request(WANTED, REASON), by=unit_cdo)
    page = page_of(browse(data_officer), "/tasks/")
    assert re.search(r"正常</span><span class=\"sub\">延期审批中", page.replace("\n", ""))


def test_every_fault_is_said_at_once_and_nothing_typed_is_lost(task, data_officer, browse):
    client = browse(data_officer)
    page = sent(client, "/extensions/new/", 422, **form_of(task, reason="短"))
    assert "选择“申请延至”" in page
    page = sent(client, "/extensions/new/", 422, **form_of(task, quick="other", reason=""))
    assert "填写“延至日期”" in page
    assert "填写“理由”" in page
    given = form_of(task, quick="other", wanted_on="2022-04-30", reason="短理由")
    page = sent(client, "/extensions/new/", 422, **given)
    assert "延期日期要晚于原定的2022-04-30" in page
    assert "“理由”至少50字，现在3字" in page
    assert "短理由" in page
    page = sent(client, "/extensions/new/", 422, **form_of(task, wanted_on="someday"))
    assert "“延至日期”写成2022-04-29这样" in page
    assert not Extension.rows.exists()


def test_a_day_of_the_three_wins_over_a_slip_beside_it(task, data_officer, browse):
    given = form_of(task, quick="7", wanted_on="someday")
    sent(browse(data_officer), "/extensions/new/", 302, **given)
    assert Extension.rows.get().wanted_on == date(2022, 5, 12)


def test_a_file_is_kept_while_the_form_goes_back_and_forth(task, data_officer, unit_cdo, browse):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = browse(data_officer)
    file = SimpleUploadedFile("说明.pdf", PDF, "application/pdf")
    page = sent(client, "/extensions/new/", 422, **form_of(task, reason="短", quick="7", file=file))
    assert "“说明.pdf”已收到，不用再传" in page
    kept = re.search(r'name="kept" value="([^"]+)"', page)[1]
    sent(client, "/extensions/new/", 302, **form_of(task, quick="7", kept=kept))
    row = Extension.rows.get()
    assert row.file_name == "说明.pdf"
    answer = client.get(f"/extensions/{row.number}/file/")
    assert answer.status_code == 200
    assert client.get("/extensions/YQ-2022-9999/file/").status_code == 404


def test_without_a_file_there_is_none_to_read(make, officer, browse):
    row = make(ExtensionState.ASKED)
    assert browse(officer).get(f"/extensions/{row.number}/file/").status_code == 404


def test_a_stale_form_says_who_was_quicker(task, data_officer, officer, browse):
    services.accept(task, by=officer)
    page = sent(browse(data_officer), "/extensions/new/", 412, **form_of(task, quick="7"))
    assert "改过这条记录。填写的内容还在" in page


def test_a_task_that_was_asked_for_meanwhile_is_said(task, data_officer, unit_cdo, browse):
    ask_first = services.ask_extension(task, services.Request(WANTED, REASON), by=unit_cdo)
    page = sent(browse(data_officer), "/extensions/new/", 409, **form_of(task, quick="7"))
    assert f"已申请延期：{ask_first.number}" in page


def test_beside_the_day_it_says_how_long(task, data_officer, browse):
    client = browse(data_officer)
    url = f"/extensions/span/?task={task.number}&wanted_on="
    assert "共延20个工作日" in page_of(client, f"{url}2022-05-31")
    assert "延期日期要晚于2022-04-30" in page_of(client, f"{url}2022-04-30")
    assert page_of(client, f"{url}someday").count("个工作日") == 0


def test_who_may_not_ask_and_what_is_not_to_be_extended(
    city, task, officer, data_officer, stranger, browse
):
    url = f"/extensions/new/?task={task.number}"
    assert browse(officer).get(url).status_code == 403
    assert browse(stranger).get(url).status_code == 404
    client = browse(data_officer)
    assert client.get("/extensions/new/?task=RW-2022-9999").status_code == 404
    assert client.get("/extensions/new/?task=%00").status_code == 400
    plan = city.assignment(city.department, "plan")
    answer = client.get(f"/extensions/new/?task={plan.number}", follow=True)
    assert "没有定时限，不用申请延期" in answer.content.decode()
    finish(task, officer)
    answer = client.get(url, follow=True)
    assert "已完成，不用再延期" in answer.content.decode()


def test_a_clerk_of_two_units_is_refused_where_he_or_she_only_reads(
    city, task, evaluator, data_officer, browse
):
    from pilots.services import add_membership

    add_membership(data_officer, city.bureau, "evaluator", by=None)
    other = city.assignment(city.district)
    page = page_of(browse(data_officer), f"/extensions/new/?task={other.number}", 403)
    assert "由测试市福田区的经办人或首席数据官申请延期" in page


def test_the_cdo_signs_on_the_page(city, data_officer, unit_cdo, officer, browse):
    row = ask(city, data_officer)
    client = browse(unit_cdo)
    page = page_of(client, f"/extensions/{row.number}/")
    assert "同意并报送" in page
    round_ = queries.round_of(row)
    url = f"/extensions/{row.number}/sign/"
    sent(client, f"{url}agree/", 302, version=round_.version)
    assert fresh(row).state == ExtensionState.ASKED
    assert client.get(f"{url}agree/").status_code == 302
    assert "今天申请" in page_of(browse(officer), f"/extensions/{row.number}/")


def test_sent_back_taken_back_and_mended(city, data_officer, unit_cdo, browse):
    row = ask(city, data_officer)
    url = f"/extensions/{row.number}/"
    version = queries.round_of(row).version
    given = {"version": version, "back-reason": "写明完成时间。"}
    sent(browse(unit_cdo), f"{url}sign/send-back/", 302, **given)
    client = browse(data_officer)
    assert "修改后再提交" in page_of(client, url)
    page = page_of(client, f"{url}edit/")
    assert "退回意见：写明完成时间。" in page
    assert REASON in page
    row = fresh(row)
    given = {"version": row.version, "quick": "30", "reason": REASON}
    sent(client, f"{url}edit/", 302, **given)
    row = fresh(row)
    assert row.state == ExtensionState.TO_SIGN
    assert client.get(f"{url}edit/")["Location"] == url
    sent(client, f"{url}sign/recall/", 302, version=queries.round_of(row).version)
    assert fresh(row).state == ExtensionState.RETURNED
    page = sent(client, f"{url}edit/", 412, version=1, quick="30", reason=REASON)
    assert "改过这条记录" in page


def test_a_paper_signature_is_entered(city, data_officer, browse):
    from django.core.files.uploadedfile import SimpleUploadedFile

    row = ask(city, data_officer)
    file = SimpleUploadedFile("审签单.pdf", PDF, "application/pdf")
    given = {
        "version": queries.round_of(row).version,
        "paper-name-0": "演示人员01",
        "paper-on-0": "2022-04-15",
        "paper-file": file,
    }
    sent(browse(data_officer), f"/extensions/{row.number}/sign/paper/", 302, **given)
    assert fresh(row).state == ExtensionState.ASKED


def test_the_bureau_answers_and_undoes(make, officer, data_officer, browse, city):
    row = make(ExtensionState.ASKED)
    client, url = browse(officer), f"/extensions/{row.number}/"
    page = page_of(client, url)
    assert "提交审批意见" in page
    assert 'value="2022-05-31"' in page
    page = sent(client, f"{url}answer/", 422, version=row.version, verdict="refuse")
    assert "写明不同意的理由，单位会看到。" in page
    page = sent(client, f"{url}answer/", 422, version=row.version, verdict="perhaps")
    assert "重新选择" in page
    answer = client.post(
        f"{url}answer/",
        {"version": row.version, "verdict": "partly", "granted_on": "2022-05-16"},
        follow=True,
    )
    page = answer.content.decode()
    assert "已同意YQ-2022-0001延至2022-05-16，单位会收到提醒。10分钟内可以撤销。" in page
    assert "撤销审批结果" in page
    page = page_of(browse(data_officer), f"/tasks/{row.assignment.number}/")
    assert "2022-05-16" in page
    assert "原定" in page_of(browse(data_officer), "/tasks/")
    page = sent(client, f"{url}undo/", 302, version=fresh(row).version)
    assert fresh(row).state == ExtensionState.ASKED
    answer = client.post(
        f"{url}answer/",
        {"version": fresh(row).version, "verdict": "refuse", "answer": "工作量不大。"},
        follow=True,
    )
    assert "不同意YQ-2022-0001，单位会看到理由。" in answer.content.decode()


def test_the_second_officer_reads_who_when_and_what(make, officer, city, browse):
    row = make(ExtensionState.ASKED)
    client, url = browse(officer), f"/extensions/{row.number}/answer/"
    given = {"version": row.version, "verdict": "grant"}
    sent(client, url, 302, **given)
    page = sent(client, url, 412, **given)
    row = fresh(row)
    at = f"{row.decided_at.astimezone(clock.SHANGHAI):%H:%M}"
    assert f"这件延期申请已由bureau_officer人员在{at}同意，无须再处理。" in page


def test_a_move_in_between_is_said_too(make, officer, data_officer, browse):
    row = make(ExtensionState.ASKED)
    services.withdraw_extension(row, by=data_officer)
    given = {"version": row.version, "verdict": "grant"}
    page = sent(browse(officer), f"/extensions/{row.number}/answer/", 412, **given)
    assert "已办理：撤回申请。核对后再办。" in page


def test_with_a_chain_the_answer_is_put_up_and_the_head_signs(make, officer, head, browse, city):
    from .chasing import with_chain

    row = make(ExtensionState.ASKED)
    with_chain(city)
    client, url = browse(officer), f"/extensions/{row.number}/"
    assert "提交审定</button>" in page_of(client, url)
    answer = client.post(f"{url}answer/", {"version": row.version, "verdict": "grant"}, follow=True)
    assert "已提交审定，YQ-2022-0001审定后生效。" in answer.content.decode()
    page = page_of(browse(head), url)
    assert "同意审批意见" in page
    version = queries.round_of(fresh(row)).version
    sent(browse(head), f"{url}sign/agree/", 302, version=version)
    assert fresh(row).state == ExtensionState.GRANTED


def test_the_unit_withdraws_and_others_may_not(make, officer, data_officer, browse):
    row = make(ExtensionState.ASKED)
    url = f"/extensions/{row.number}/withdraw/"
    assert browse(officer).post(url, {"version": row.version}).status_code == 403
    assert browse(data_officer).get(url)["Location"] == f"/extensions/{row.number}/"
    long = {"version": row.version, "withdraw-reason": "长" * 201}
    assert "超出上限1字" in sent(browse(data_officer), url, 422, **long)
    given = {"version": row.version, "withdraw-reason": "已提前完成。"}
    sent(browse(data_officer), url, 302, **given)
    page = page_of(browse(data_officer), f"/extensions/{row.number}/")
    assert "已撤回，无须再办" in page
    assert "已提前完成。" in page
    post = browse(data_officer).post(f"/extensions/{row.number}/undo/", {"version": 1})
    assert post.status_code == 403


def test_an_officer_who_asked_for_a_unit_is_told_another_decides(
    city, data_officer, unit_cdo, browse
):
    from pilots.services import add_membership

    add_membership(data_officer, city.bureau, "bureau_officer", by=None)
    row = services.agree_extension(ask(city, data_officer), by=unit_cdo)
    client = browse(data_officer)
    assert "由另一位经办人审批" in page_of(client, f"/extensions/{row.number}/")
    given = {"version": row.version, "verdict": "grant"}
    page = sent(client, f"/extensions/{row.number}/answer/", 409, **given)
    assert "由另一位经办人审批" in page


def test_what_was_built_on_a_decision_is_said_when_it_is_to_be_undone(make, officer, browse, city):
    row = make(ExtensionState.GRANTED)
    finish(city.assignment(city.department), officer)
    url = f"/extensions/{row.number}/undo/"
    page = sent(browse(officer), url, 409, version=row.version)
    assert "已完成，这次审批不能撤销" in page


def test_every_state_reads_well_to_both_sides(make, officer, data_officer, browse):
    from django.db import transaction

    said = {
        ExtensionState.TO_SIGN: ("", "等测试市公安局首席数据官审签"),
        ExtensionState.RETURNED: ("", "修改后再提交"),
        ExtensionState.ASKED: ("审批：同意、部分同意或不同意", "等市政数局审批"),
        ExtensionState.TO_APPROVE: ("等市政数局领导审定", "等市政数局领导审定"),
        ExtensionState.GRANTED: ("已同意，无须再办", "已同意，无须再办"),
        ExtensionState.PARTLY: ("部分同意，无须再办", "部分同意，无须再办"),
        ExtensionState.REFUSED: ("不同意，无须再办", "不同意，无须再办"),
        ExtensionState.WITHDRAWN: ("", "已撤回，无须再办"),
    }
    for state, (to_bureau, to_unit) in said.items():
        with transaction.atomic():
            url = f"/extensions/{make(state).number}/"
            if to_bureau:
                assert to_bureau in page_of(browse(officer), url), state
            else:
                assert browse(officer).get(url).status_code == 404, state
            assert to_unit in page_of(browse(data_officer), url), state
            transaction.set_rollback(True)


def test_the_list_narrows_counts_and_exports_the_same_rows(
    city, make, officer, data_officer, unit_cdo, browse
):
    import io

    from openpyxl import load_workbook

    row = make(ExtensionState.GRANTED)
    second = ask(city, unit_cdo, wanted_on=date(2022, 6, 30))
    client = browse(officer)
    page = page_of(client, "/extensions/")
    assert page.index(second.number) < page.index(row.number)
    assert "最初2022-04-30" in page
    assert "第2次" in page
    for query, found in (
        ("state=granted", {row.number}),
        ("waiting=true", {second.number}),
        ("waiting=false", {row.number}),
        ("open=true", {second.number}),
        ("open=false", {row.number}),
        ("late=true", set()),
        ("late=false", {row.number, second.number}),
        ("q=公安", {row.number, second.number}),
        (f"assignment={row.assignment.number}", {row.number, second.number}),
        ("programme=", {row.number, second.number}),
        ("unit=nobody", set()),
        ("asked_after=2022-04-16", set()),
    ):
        page = page_of(client, f"/extensions/?{query}")
        assert set(re.findall(r"/extensions/(YQ-[\d-]+)/\"", page)) == found, query
    assert "没有符合条件的延期申请" in page
    book = load_workbook(
        io.BytesIO(client.get("/extensions/export.xlsx?state=granted").content)
    ).active
    assert [cell.value for cell in book[3]][:2] == [row.number, "已同意"]
    assert book.max_row == 3
    assert "待本单位审签" in page_of(browse(data_officer), "/extensions/")


def test_an_empty_list_says_how_requests_come(city, officer, browse):
    assert "单位在任务页面申请" in page_of(browse(officer), "/extensions/")


def test_the_first_page_of_the_bureau_names_what_waits(make, officer, head, browse):
    make(ExtensionState.ASKED)
    assert "1件延期申请待审批" in page_of(browse(officer), "/")
    assert "件延期申请待审批" not in page_of(browse(head), "/")


def test_a_record_without_entries_is_no_error(make, officer, browse):
    """Rows that came past the services (a restored backup) have no course; the page opens."""
    from tests.factories.duties import ExtensionFactory

    row = make(ExtensionState.WITHDRAWN)
    bare = ExtensionFactory(
        assignment=row.assignment, place=2, state="asked", signed_at=clock.now()
    )
    assert "延期申请" in page_of(browse(officer), f"/extensions/{bare.number}/")
    given = {"version": 99, "verdict": "grant"}
    page = sent(browse(officer), f"/extensions/{bare.number}/answer/", 412, **given)
    assert "这件延期申请刚被别人改过。核对后再办。" in page
    assert Verdict.GRANT.label == "同意"


def test_the_course_of_the_task_says_what_moved(make, officer, data_officer, browse):
    row = make(ExtensionState.GRANTED)
    client = browse(data_officer)
    url = f"/tasks/{row.assignment.number}/"
    page = page_of(client, url)
    assert "延长截止日期" in page
    assert "由2022-04-30改为2022-05-31" in page
    services.undo_decision(row, by=officer)
    assert "恢复原来的截止日期" in page_of(client, url)
