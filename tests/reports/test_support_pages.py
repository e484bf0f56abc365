"""问题建议与支持事项 on its pages: raised, promised, answered, opened again, closed; who sees what; what is
said of it, to whom; what is kept of a form that comes back."""

import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from cdo_portal.pages import audit_words
from core.handover import Fate, Leaving
from core.models import AuditEntry
from pilots.choices import Phase
from reminders import registry
from reminders import services as reminders
from reminders.models import Notice
from reports import handover, services
from reports.models import SupportReply, SupportRequest
from reports.queries import support as queries
from reports.queries.reading import reading_of
from tests.conftest import _member
from tests.factories.pilots import MembershipFactory
from tests.factories.reports import SupportReplyFactory, SupportRequestFactory

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PROBLEM = services.Asked("problem", "编码规则不一", "各处室的编码规则不同。")
DAY = date(2022, 4, 29)
TODAY = date(2022, 4, 15)


@pytest.fixture
def raised(city, data_officer):
    return services.raise_support(city.enrolment(city.department), PROBLEM, by=data_officer)


@pytest.fixture
def answered(raised, officer):
    return services.answer_support(raised, "五月培训。", by=officer)


def page_of(client, url, status=200):
    answer = client.get(url)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def sent(client, url, status, **data):
    answer = client.post(url, data)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer if status == 302 else answer.content.decode()


def url_of(row, act=""):
    return f"/support/{row.number}/" + (f"{act}/" if act else "")


# --- raising ---------------------------------------------------------------------------------------


def test_the_unit_raises_it_on_a_form_that_asks_for_no_unit(city, data_officer, browse):
    client = browse(data_officer)
    page = page_of(client, "/support/")
    assert 'href="/support/new/"' in page
    page = page_of(client, "/support/new/")
    assert city.department.full_name[:2] in page
    assert 'name="place"' not in page
    answer = sent(
        client, "/support/new/", 302,
        nature="support", kind="funds", title="申请经费", text="目录编制缺经费。",
    )  # fmt: skip
    row = SupportRequest.rows.get()
    assert answer["Location"] == url_of(row)
    assert (row.nature, row.kind, row.raised_by, row.unit) == (
        "support", "funds", data_officer, city.department,
    )  # fmt: skip
    page = page_of(client, url_of(row))
    assert "已提出ZC-2022-0001，市政数局会定答复期限。" in page
    assert "等市政数局定答复期限" in page


def test_every_fault_is_said_at_once_and_nothing_typed_is_lost(data_officer, browse):
    client = browse(data_officer)
    page = sent(client, "/support/new/", 422, nature="support", title="", text="甲" * 2001)
    for said in ("选择“支持事项”", "填写“标题”", "“具体情况”超出上限1字"):
        assert said in page
    assert "甲" * 2001 in page
    page = sent(client, "/support/new/", 422, nature="other", kind="other", title="甲", text="乙")
    assert "“性质”不在可选范围内" in page
    page = sent(client, "/support/new/", 422, nature="support", kind="other", title="甲", text="乙")
    assert "“支持事项”不在可选范围内" in page
    assert not SupportRequest.rows.exists()


def test_whoever_works_for_two_units_chooses_one(city, data_officer, browse):
    MembershipFactory(user=data_officer, unit=city.district, role="data_officer")
    client = browse(data_officer)
    assert 'name="place"' in page_of(client, "/support/new/")
    fields = {"nature": "problem", "title": "甲", "text": "乙"}
    assert "选择“单位”" in sent(client, "/support/new/", 422, **fields)
    place = city.enrolment(city.district).pk
    sent(client, "/support/new/", 302, place=place, **fields)
    assert SupportRequest.rows.get().unit == city.district


def test_out_of_a_section_it_is_filled_in(desk, city, browse):
    report = desk.handed_in(problems="历史数据标准不一，目录无法合并。\n需要统一规则。")
    client = browse(desk.data_officer)
    section = report.sections.first()
    page = page_of(client, f"/reports/{report.number}/")
    address = f"/support/new/?report={report.number}&amp;section={section.key}"
    assert address in page
    page = page_of(client, address.replace("&amp;", "&"))
    assert 'value="历史数据标准不一，目录无法合并"' in page
    assert "需要统一规则。" in page
    assert f"“{section.heading}”" in page
    sent(
        client, "/support/new/", 302, report=report.number, section=section.key,
        nature="problem", title="标准不一", text="目录无法合并。",
    )  # fmt: skip
    row = SupportRequest.rows.get()
    assert (row.report, row.section_key) == (report, section.key)
    page = page_of(client, url_of(row))
    assert f"/reports/{report.number}/#{section.key}" in page
    assert row.number in page_of(client, f"/support/?report={report.number}")
    # A report without problems offers nothing; neither does it to the bureau.
    assert "/support/new/" not in page_of(browse(desk.officer), f"/reports/{report.number}/")


def test_a_summary_gives_its_chapters(desk, browse):
    report = desk.summary()
    for section, body in zip(report.sections.all(), ("进度。", "人手不足。", ""), strict=True):
        services.save_section(section, {"body": body}, by=desk.data_officer, version=None)
    assert queries.asking_sections(reading_of(report, desk.data_officer), desk.data_officer) == {
        "problems"
    }
    assert queries.asking_sections(reading_of(report, desk.officer), desk.officer) == set()
    found = queries.prefilled(report, "problems", desk.data_officer)
    assert (found.nature, found.title, found.text) == ("problem", "人手不足", "人手不足。")
    assert queries.prefilled(report, "suggestions", desk.data_officer).nature == "suggestion"
    assert queries.prefilled(report, "nothing", desk.data_officer) is None
    page = page_of(browse(desk.data_officer), f"/support/new/?report={report.number}&section=no")
    assert report.number in page


def test_nobody_raises_for_others(desk, city, browse, stranger, officer):
    report = desk.handed_in()
    assert browse(officer).get("/support/new/").status_code == 403
    assert browse(stranger).get(f"/support/new/?report={report.number}").status_code == 404
    both = _member(city, city.bureau, "bureau_officer")
    MembershipFactory(user=both, unit=city.district, role="data_officer")
    page = page_of(browse(both), f"/support/new/?report={report.number}", 403)
    assert "的经办人或首席数据官提出，当前账号不能提出" in page


def test_of_a_closed_programme_or_for_no_pilot_nothing_is_raised(city, data_officer, browse):
    type(city.programme).rows.filter(pk=city.programme.pk).update(
        phase=Phase.CLOSED, closed_on=TODAY
    )
    page = page_of(browse(data_officer), "/support/new/", 403)
    assert "本单位不是试点单位" in page
    assert 'href="/support/new/"' not in page_of(browse(data_officer), "/support/")


# --- mending ---------------------------------------------------------------------------------------


def test_it_is_reworded_until_a_day_is_set(raised, data_officer, officer, browse):
    client = browse(data_officer)
    assert url_of(raised, "edit") in page_of(client, url_of(raised))
    page = page_of(client, url_of(raised, "edit"))
    assert "各处室的编码规则不同。" in page
    given = {"nature": "suggestion", "title": "统一编码", "text": "建议统一。"}
    sent(client, url_of(raised, "edit"), 302, version=1, **given)
    raised.refresh_from_db()
    assert (raised.title, raised.version) == ("统一编码", 2)
    page = sent(client, url_of(raised, "edit"), 412, version=1, **(given | {"title": "再改"}))
    assert "改过这条记录。填写的内容还在" in page
    assert "再改" in page
    assert sent(client, url_of(raised, "edit"), 422, version=2, nature="problem", title="")
    services.promise_support(raised, answer_by=DAY, by=officer)
    page = sent(client, url_of(raised, "edit"), 409, version=3, **given)
    assert "统一编码" in page
    assert url_of(raised, "edit") not in page_of(client, url_of(raised))
    assert browse(officer).get(url_of(raised, "edit")).status_code == 403


# --- the bureau ------------------------------------------------------------------------------------


def test_the_bureau_sets_a_day_and_answers_with_a_file(raised, officer, data_officer, browse):
    client = browse(officer)
    page = page_of(client, url_of(raised))
    assert "定答复期限，或直接答复" in page
    assert 'value="2022-04-28"' in page  # ten working days on, one of them a Sunday
    assert "建议10个工作日" in page
    page = sent(
        client, url_of(raised, "promise"), 422, **{"promise-answer_by": "2022-04-14"}, version=1
    )
    assert "答复期限不能早于今天。" in page
    page = sent(client, url_of(raised, "promise"), 422, **{"promise-answer_by": ""}, version=1)
    assert "填写“答复期限”" in page
    sent(client, url_of(raised, "promise"), 302, **{"promise-answer_by": "2022-04-29"}, version=1)
    assert "市政数局2022-04-29前答复" in page_of(browse(data_officer), url_of(raised))
    page = page_of(client, url_of(raised))
    assert "2022-04-29前答复" in page
    assert "改答复期限" in page
    file = SimpleUploadedFile("编码规则.pdf", PDF, "application/pdf")
    page = sent(
        client,
        url_of(raised, "answer"),
        422,
        **{"answer-text": " ", "answer-file": file},
        version=2,
    )
    assert "填写“答复内容”" in page
    assert "“编码规则.pdf”已收到，不用再传" in page
    kept = re.search(r'name="answer-kept" value="([^"]+)"', page)[1]
    given = {"answer-text": "五月培训。", "answer-kept": kept}
    sent(client, url_of(raised, "answer"), 302, version=2, **given)
    reply = SupportReply.objects.get()
    assert (reply.text, reply.file_name, reply.said_by) == ("五月培训。", "编码规则.pdf", officer)
    page = page_of(browse(data_officer), url_of(raised))
    assert "五月培训。" in page
    assert "看答复，确认是否解决" in page
    assert f"files/{reply.pk}/" in page


def test_a_file_goes_only_to_those_who_see_the_request(raised, officer, browse, stored, stranger):
    services.answer_support(
        raised, "见附件。", by=officer, enclosure=services.Enclosure(stored, "规则.pdf")
    )
    reply = SupportReply.objects.get()
    assert browse(stranger).get(url_of(raised, f"files/{reply.pk}")).status_code == 404
    assert browse(officer).get(url_of(raised, "files/999999")).status_code == 404
    bare = SupportReplyFactory(request=raised)
    assert browse(officer).get(url_of(raised, f"files/{bare.pk}")).status_code == 404


def test_a_kept_file_is_given_out_to_the_unit(raised, officer, data_officer, browse):
    file = SimpleUploadedFile("规则.pdf", PDF, "application/pdf")
    given = {"answer-text": "见附件。", "answer-file": file}
    sent(browse(officer), url_of(raised, "answer"), 302, version=1, **given)
    answer = browse(data_officer).get(url_of(raised, f"files/{SupportReply.objects.get().pk}"))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == PDF


def test_who_comes_second_is_told_and_keeps_what_was_typed(raised, officer, browse):
    client = browse(officer)
    services.promise_support(raised, answer_by=DAY, by=officer)
    page = sent(client, url_of(raised, "answer"), 412, **{"answer-text": "我的答复"}, version=1)
    assert "已办理：定答复期限。填写的内容还在" in page
    assert ">\n我的答复</textarea>" in page.replace("\r", "")
    services.answer_support(raised, "同事的答复", by=officer)
    page = sent(client, url_of(raised, "answer"), 412, **{"answer-text": "我的答复"}, version=2)
    assert "已办理：答复。" in page
    assert "刚才填写的内容" in page
    assert "我的答复" in page
    page = sent(client, url_of(raised, "answer"), 409, **{"answer-text": "我的答复"}, version=3)
    assert "我的答复" in page
    page = sent(
        client, url_of(raised, "promise"), 409, **{"promise-answer_by": "2022-04-29"}, version=3
    )
    assert "已办理：答复。" in page
    bare = SupportRequestFactory(
        number="ZC-2022-0090", enrolment=raised.enrolment, status="answered", answered_on=TODAY
    )
    page = sent(client, url_of(bare, "answer"), 409, **{"answer-text": "晚了"}, version=1)
    assert "这件事项刚被别人改过" in page


# --- the unit after the answer ---------------------------------------------------------------------


def test_the_unit_opens_it_again_and_then_closes_it(answered, officer, data_officer, browse):
    client = browse(data_officer)
    assert "填写“还需要什么”" in sent(client, url_of(answered, "reopen"), 422, version=2)
    sent(client, url_of(answered, "reopen"), 302, **{"reopen-text": "五月太晚。"}, version=2)
    page = page_of(browse(officer), url_of(answered))
    assert "五月太晚。" in page
    assert "去答复" in page
    services.answer_support(answered, "改到四月。", by=officer)
    page = page_of(browse(officer), url_of(answered))
    assert "确认是否解决" in page
    sent(client, url_of(answered, "close"), 302, version=4)
    page = page_of(client, url_of(answered))
    assert "已结束，无须再办" in page
    assert "办理过程" in page
    page = sent(client, url_of(answered, "close"), 409, version=5)
    assert "已办理：确认结束" in page


def test_it_is_withdrawn_with_a_reason(raised, data_officer, browse):
    client = browse(data_officer)
    page = sent(client, url_of(raised, "withdraw"), 422, version=1)
    assert "填写“撤回的原因”" in page
    sent(client, url_of(raised, "withdraw"), 302, **{"withdraw-reason": "已自行解决。"}, version=1)
    page = page_of(client, url_of(raised))
    assert "已撤回" in page
    assert "已自行解决。" in page


@pytest.mark.parametrize("act", ["promise", "answer", "reopen", "close", "withdraw"])
def test_each_side_does_only_its_own(act, raised, officer, head, data_officer, stranger, browse):
    bureau = act in {"promise", "answer"}
    refused = data_officer if bureau else officer
    page = sent(browse(refused), url_of(raised, act), 403, version=1)
    assert ("由市政数局经办人答复" if bureau else "的经办人或首席数据官办理") in page
    assert browse(head).post(url_of(raised, act), {"version": 1}).status_code == 403
    assert browse(stranger).post(url_of(raised, act), {"version": 1}).status_code == 404
    answer = browse(officer).get(url_of(raised, act))
    assert answer["Location"] == url_of(raised)


# --- the list --------------------------------------------------------------------------------------


def test_the_list_is_narrowed_and_exported(city, raised, officer, data_officer, stranger, browse):
    late = SupportRequestFactory(
        number="ZC-2022-0091", enrolment=city.enrolment(city.district), status="promised", answer_by=date(2022, 4, 14),
        nature="support", kind="funds", title="申请经费",
    )  # fmt: skip
    client = browse(officer)
    page = page_of(client, "/support/")
    assert page.index(late.number) < page.index(raised.number)  # waits longer
    assert "超期" in page
    for query, found in {
        "overdue=true": [late], "overdue=false": [raised], "nature=support": [late],
        "kind=funds": [late], "status=raised": [raised], "open=true": [late, raised],
        "open=false": [], "waiting=true": [late, raised], "waiting=false": [],
        f"unit={city.district.code}": [late], "q=经费": [late], f"q={raised.number}": [raised],
        "q=公安": [raised],
    }.items():  # fmt: skip
        rows = client.get(f"/support/?{query}").context["rows"]
        assert [row.number for row in rows] == [row.number for row in found], query
    assert "没有符合条件的支持事项" in page_of(client, "/support/?kind=platform")
    content = client.get("/support/export.xlsx?overdue=true").content
    sheet = load_workbook(io.BytesIO(content)).active
    texts = [cell.value for row in sheet.iter_rows() for cell in row]
    assert late.number in texts
    assert raised.number not in texts
    assert late.number not in page_of(browse(data_officer), "/support/")
    assert raised.number not in page_of(browse(stranger), "/support/")
    services.answer_support(raised, "答复。", by=officer)
    mine = browse(data_officer).get("/support/?waiting=true").context["rows"]
    assert [row.number for row in mine] == [raised.number]
    services.withdraw_support(late, "不用了。", by=officer)
    assert "已撤回" in page_of(client, "/support/?programme=")
    assert "还没有支持事项" in page_of(
        browse(_member(city, city.government, "data_officer")), "/support/"
    )


def test_lists_and_pages_cost_the_same_however_much_there_is(city, raised, officer, browse):
    client = browse(officer)

    def cost(url):
        client.get(url)
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        return len(found)

    few, one = cost("/support/"), cost(url_of(raised))
    for place in range(30):
        SupportRequestFactory(number=f"ZC-2022-{place + 100}", enrolment=raised.enrolment)
        SupportReplyFactory(request=raised)
    assert (cost("/support/"), cost(url_of(raised))) == (few, one)
    assert few <= 20


# --- what people are told --------------------------------------------------------------------------


def told(kind, on=TODAY):
    reminders.plan(on)
    return list(Notice.rows.filter(type=kind).order_by("id"))


def test_each_side_is_told_of_what_waits_for_it(raised, officer, data_officer, foreigner):
    (notice,) = told("support.raised")
    assert (notice.recipient, notice.unit) == (officer, raised.unit)
    words = registry.render(notice)
    assert words.title == "测试市公安局提出“编码规则不一”，等待答复"
    assert (words.path, words.to_do) == (url_of(raised), True)
    services.mend_support(raised, PROBLEM, by=data_officer)
    assert len(told("support.raised")) == 1
    services.promise_support(raised, answer_by=DAY, by=officer)
    assert registry.holding([notice]) == set()
    (notice,) = told("support.promised")
    assert notice.recipient == data_officer
    assert (
        registry.render(notice).title
        == "测试市公安局提出的“编码规则不一”，市政数局2022-04-29前答复"
    )
    services.answer_support(raised, "五月培训。", by=officer)
    assert registry.holding([notice]) == set()
    (notice,) = told("support.answered")
    assert notice.recipient == data_officer
    words = registry.render(notice)
    assert words.title == "测试市公安局提出的“编码规则不一”已答复"
    services.reopen_support(raised, "太晚。", by=data_officer)
    assert registry.holding([notice]) == set()
    notice = told("support.raised")[-1]
    assert registry.render(notice).title == "测试市公安局再次提出“编码规则不一”，等待答复"


def test_the_bureau_is_told_when_the_day_is_over(raised, officer):
    services.promise_support(raised, answer_by=date(2022, 4, 18), by=officer)
    assert told("support.overdue", date(2022, 4, 18)) == []
    (notice,) = told("support.overdue", date(2022, 4, 20))
    assert notice.recipient == officer
    words = registry.render(notice)
    assert words.title == "测试市公安局提出的“编码规则不一”超过答复期限2022-04-18"
    assert words.days == -2
    services.answer_support(raised, "五月培训。", by=officer)
    assert registry.holding([notice]) == set()


def test_what_is_open_stays_with_the_unit(city, raised, data_officer, unit_cdo):
    leaving = Leaving(data_officer, city.department, None, TODAY, by=unit_cdo)
    (item,) = handover.open_requests(leaving)
    assert (item.title, item.fate) == ("支持事项：编码规则不一", Fate.STAYS)
    assert item.detail == f"{raised.number}，待受理"
    assert item.path == url_of(raised)
    assert handover.SUPPORT.move(leaving) == 0


def test_the_record_says_it_in_words(answered):
    verbs = [entry.verb for entry in AuditEntry.objects.of(f"supportrequest:{answered.number}")]
    assert [audit_words.verb_word(verb) for verb in verbs] == ["提出支持事项", "答复"]
    assert audit_words.subject_url(f"supportrequest:{answered.number}") == url_of(answered)
