"""备案 on screen: the list, the page of one, every move, the paper route, the receipt."""

import io
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from docx import Document

from core.documents import pdf
from core.errors import Refused
from core.models import AuditEntry
from core.uploads import receive
from duties.models import Assignment
from officers import services
from officers.choices import FilingKind, FilingMove, FilingStatus, Route
from officers.filing_forms import REASONS
from officers.models import Appointment, Filing
from officers.queries import desks
from tests.conftest import _member
from tests.factories.officers import FilingFactory
from tests.factories.pilots import MembershipFactory

pytestmark = pytest.mark.django_db
SEPTEMBER, REPORTED, TODAY = date(2021, 9, 16), date(2021, 9, 28), date(2022, 4, 15)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def scan(name="任命文件.pdf"):
    return SimpleUploadedFile(name, PDF)


@pytest.fixture
def holder(register) -> Appointment:
    paper = services.Paper(number="深公〔2021〕12号", signed_on=SEPTEMBER)
    return register.appoint(register.city.department, SEPTEMBER, paper=paper)


@pytest.fixture
def filing(holder, data_officer) -> Filing:
    letter = services.Letter("深公〔2021〕13号", note="请予备案", reported_on=REPORTED)
    return services.file_appointment(holder, letter=letter, by=data_officer)


@pytest.fixture
def clerk(register):
    """An officer at the desk itself."""
    return _member(register.city, register.office, "bureau_officer")


def address(filing, act=""):
    return f"/filings/{filing.number}/{act}"


def send(client, filing, act, **data):
    return client.post(address(filing, f"{act}/"), {"version": filing.version, **data})


def accepted(filing, **given):
    return {"receipt_number": filing.number, "accepted_on": "2022-04-15", **given}


# --- list ----------------------------------------------------------------------------------------


def _numbers(client, query=""):
    return [row.number for row in client.get(f"/filings/{query}").context["rows"]]


def _some(city, register, filing):
    """One of each state, older and newer than the one that waits."""
    same = {"programme": city.programme, "desk": register.office, "unit": city.department}
    made = {
        "newer": FilingFactory(**same, reported_on=date(2022, 4, 1)),
        "returned": FilingFactory(**same, returned=True),
        "accepted": FilingFactory(**same, accepted=True),
    }
    return {name: row.number for name, row in made.items()} | {"filing": filing.number}


def test_the_desk_reads_what_waits_first_and_the_longest_waiting_on_top(
    city, register, filing, officer, data_officer, browse
):
    rows = _some(city, register, filing)
    desk_order = [rows["filing"], rows["newer"], rows["returned"], rows["accepted"]]
    assert _numbers(browse(officer)) == desk_order
    unit_order = [rows["returned"], rows["filing"], rows["newer"], rows["accepted"]]
    assert _numbers(browse(data_officer)) == unit_order
    page = browse(officer).get("/filings/").content.decode()
    assert "199天" in page  # since 2021-09-28
    assert "来文登记" in page
    assert "报送备案" in browse(data_officer).get("/filings/").content.decode()


def test_the_numbers_above_the_list_are_those_of_the_lists_they_open(
    city, register, filing, officer, browse
):
    _some(city, register, filing)
    services.set_own_days(
        register.department_rule, vacancy_days=None, filing_days=30, basis="会议纪要", by=officer
    )
    client = browse(officer)
    facts = client.get("/filings/").context["facts"]
    assert [fact["value"] for fact in facts] == [2, 1, 3, 1]
    for fact in facts:
        assert len(client.get(fact["url"]).context["rows"]) == fact["value"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q={number}", 1),
        ("?q=深公〔2021〕13", 1),
        ("?q=公安", 1),
        ("?q=cssgaj", 1),
        ("?q={person}", 1),
        ("?q=别的单位", 0),
        ("?kind=plan", 0),
        ("?status=submitted", 1),
        ("?unit={unit}&desk={desk}", 1),
        ("?desk=nobody", 0),
        ("?overdue=true", 0),
        ("?overdue=false", 1),
        ("?mine=true", 1),
        ("?mine=false", 0),
        ("?route=paper", 0),
        ("?reported_after=2021-09-29", 0),
        ("?appointment={appointment}", 1),
        ("?programme=", 1),
        ("?ordering=-reported_on", 1),
    ],
)
def test_the_list_narrows(query, found, register, filing, officer, browse):
    address = query.format(
        number=filing.number,
        person=filing.appointment.person.name,
        unit=filing.unit.code,
        desk=filing.desk.code,
        appointment=filing.appointment.number,
    )
    assert len(_numbers(browse(officer), address)) == found


def test_an_empty_list_says_whether_anything_was_filtered(register, officer, browse):
    client = browse(officer)
    assert "还没有备案" in client.get("/filings/").content.decode()
    assert "没有符合条件的备案" in client.get("/filings/?q=无").content.decode()


def test_what_is_late_shows_its_light(register, filing, officer, browse):
    services.set_own_days(
        register.department_rule, vacancy_days=None, filing_days=30, basis="会议纪要", by=officer
    )
    assert 'class="light late"' in browse(officer).get("/filings/").content.decode()


# --- who sees, who decides -----------------------------------------------------------------------


def test_everybody_sees_the_filings_of_units_they_see(filing, cast, browse):
    status = {name: browse(user).get(address(filing)).status_code for name, user in cast.items()}
    unseen = {name for name, code in status.items() if code == 404}
    refused = {name for name, code in status.items() if code == 403}
    assert unseen == {"stranger", "foreigner"}
    assert refused == {"system_admin", "security_admin"}
    assert set(status.values()) == {200, 403, 404}


def test_only_the_desk_accepts_and_the_others_read_who_can(filing, cast, browse):
    for name, user in cast.items():
        answer = send(browse(user), filing, "accept", **accepted(filing))
        if name == "officer":
            assert answer.status_code == 302
            services.reopen_filing(Filing.rows.get(), by=None, reason="再来")
            services.resubmit_filing(Filing.rows.get(), by=None)
            filing.refresh_from_db()
        else:
            assert answer.status_code in {403, 404}, name
    page = send(browse(cast["head"]), filing, "accept", **accepted(filing)).content.decode()
    assert f"由测试市市政数局（{cast['officer']}）办理" in page


def test_where_the_desk_has_an_officer_the_bureaus_do_not_act_for_it(
    filing, officer, clerk, browse
):
    assert send(browse(officer), filing, "accept", **accepted(filing)).status_code == 403
    assert not browse(officer).get(address(filing)).context["accept"]
    assert "等领导小组办公室" in browse(officer).get(address(filing)).content.decode()
    assert send(browse(clerk), filing, "accept", **accepted(filing)).status_code == 302


def test_a_head_without_a_pen_does_not_make_the_desk_an_own_one(register, filing, officer):
    _member(register.city, register.office, "bureau_head")
    assert desks.may_decide(officer, filing)


def test_plans_are_the_bureaus_whoever_sits_at_the_office(register, city, officer, clerk):
    plan = services.file_plan(city.enrolment(city.district), title="", by=None)
    assert desks.may_decide(officer, plan)
    assert not desks.may_decide(clerk, plan)


@pytest.mark.parametrize("with_clerk", [False, True])
def test_a_list_asks_who_decides_as_the_page_does(
    with_clerk, register, city, filing, cast, request
):
    if with_clerk:
        cast = {**cast, "clerk": request.getfixturevalue("clerk")}
    services.file_plan(city.enrolment(city.district), title="", by=None)
    for user in cast.values():
        for row in Filing.rows.all():
            asked = Filing.rows.filter(desks.decidable(user, TODAY), pk=row.pk).exists()
            assert asked == desks.may_decide(user, row)


def test_what_waits_for_somebody_is_what_he_or_she_decides(city, filing, officer, data_officer):
    plan = services.file_plan(
        city.enrolment(city.district), title="", by=None, letter=services.Letter()
    )
    assert list(desks.waiting_for(officer, TODAY)) == [filing, plan]
    assert list(desks.waiting_for(data_officer, TODAY)) == []


def test_nobody_can_decide_where_nobody_logs_in_and_the_desk_is_named(register, filing):
    assert desks.deciders_named(filing) == "领导小组办公室"


# --- moves ---------------------------------------------------------------------------------------


def test_one_click_on_the_page_accepts_and_the_task_is_done(filing, officer, browse, register):
    client = browse(officer)
    page = client.get(address(filing))
    form = page.context["accept"]
    assert form["receipt_number"].value() == filing.number
    assert form["accepted_on"].value() == TODAY
    assert 'form="accept">准予备案' in page.content.decode()
    answer = send(client, filing, "accept", **accepted(filing))
    assert answer.status_code == 302
    filing.refresh_from_db()
    assert (filing.status, filing.decided_by) == (FilingStatus.ACCEPTED, officer)
    task = Assignment.rows.get(pk=filing.assignment_id)
    assert (task.status, task.done_on) == ("done", REPORTED)
    page = client.get(address(filing)).content.decode()
    assert f"{filing.number}已备案" in page
    assert f"备案编号{filing.number}，备案日期2022-04-15" in page
    assert f"/filings/{filing.number}/receipt/" in page
    assert task.number in page


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"receipt_number": ""}, "填写“备案编号”"),
        ({"accepted_on": "2022-04-16"}, "还没有到"),
        ({"accepted_on": "2021-09-01"}, "早于报备日期2021-09-28"),
        ({"receipt_number": "备001"}, "已用于另一件备案（别的单位，BA-2021-0999）"),
    ],
)
def test_a_wrong_acceptance_comes_back_with_what_is_wrong(
    data, said, city, register, filing, officer, browse
):
    from tests.factories.pilots import UnitFactory

    taken = FilingFactory(
        accepted=True,
        number="BA-2021-0999",
        receipt_number="备001",
        desk=register.office,
        programme=city.programme,
        unit=UnitFactory(name="别的单位"),
    )
    answer = send(browse(officer), filing, "accept", **accepted(filing, **data))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Filing.rows.get(pk=filing.pk).status == FilingStatus.SUBMITTED
    assert taken.receipt_number == "备001"


def test_a_return_names_what_is_missing_and_the_unit_mends_it(
    filing, officer, data_officer, browse
):
    data = {"return-reasons": ["scan", "number"], "return-text": "第2页补签字"}
    assert send(browse(officer), filing, "return", **data).status_code == 302
    filing.refresh_from_db()
    assert filing.return_reason == "缺盖章文件的扫描件；文号与扫描件不一致。第2页补签字"
    client = browse(data_officer)
    page = client.get(address(filing)).content.decode()
    assert "按补正要求改好后再报" in page
    assert filing.return_reason in page
    mended = {
        "resubmit-document_number": "深公[2021]14号",
        "resubmit-note": "已补",
        "resubmit-file": scan(),
    }
    assert send(client, filing, "resubmit", **mended).status_code == 302
    filing.refresh_from_db()
    assert (filing.status, filing.document_number) == (FilingStatus.SUBMITTED, "深公〔2021〕14号")
    assert filing.file_name == "任命文件.pdf"
    answer = client.get(address(filing, "file/"))
    assert b"".join(answer.streaming_content) == PDF


def test_a_second_report_may_keep_the_scan(filing, officer, data_officer, browse):
    received = receive(scan())
    filing.file, filing.file_name = received.stored, received.name
    filing.save()
    services.return_filing(filing, by=officer, reason="补签字")
    filing.refresh_from_db()
    client = browse(data_officer)
    assert "已有“任命文件.pdf”" in client.get(address(filing)).content.decode()
    data = {"resubmit-document_number": "", "resubmit-note": ""}
    assert send(client, filing, "resubmit", **data).status_code == 302
    assert Filing.rows.get().file == received.stored


def test_a_return_without_a_word_is_sent_back(filing, officer, browse):
    answer = send(browse(officer), filing, "return")
    assert answer.status_code == 422
    assert "勾选补正事项，或写明要补正什么" in answer.content.decode()


def test_each_kind_of_filing_has_its_usual_reasons():
    assert set(REASONS) == set(FilingKind.values)


def test_reasons_reach_the_unit_in_chinese_whatever_the_desk_reads(filing, officer, browse):
    officer.language = "en"
    officer.save()
    send(browse(officer), filing, "return", **{"return-reasons": ["scan"]})
    assert Filing.rows.get().return_reason == "缺盖章文件的扫描件"


def test_an_acceptance_in_error_is_reopened_with_its_reason(filing, officer, browse):
    services.accept_filing(filing, by=officer)
    filing.refresh_from_db()
    client = browse(officer)
    assert "撤销备案" in client.get(address(filing)).content.decode()
    assert send(client, filing, "reopen").status_code == 422
    assert send(client, filing, "reopen", **{"reopen-reason": "文号错"}).status_code == 302
    page = client.get(address(filing)).content.decode()
    assert "等测试市公安局补正后再报" in page
    assert "文号错" in page


def test_the_unit_withdraws_and_reports_anew(filing, holder, data_officer, head, browse):
    answer = send(browse(head), filing, "withdraw", **{"withdraw-reason": "x"})
    assert answer.status_code == 403
    assert "由测试市公安局的经办人或首席数据官补正和撤回" in answer.content.decode()
    client = browse(data_officer)
    assert send(client, filing, "withdraw", **{"withdraw-reason": "重报"}).status_code == 302
    page = client.get(address(filing)).content.decode()
    assert "已撤回，无须再办" in page
    answer = client.get(f"/filings/new/?appointment={holder.number}")
    assert answer.status_code == 200


def test_whoever_reported_online_does_not_decide(register, officer, holder, browse):
    own = services.file_appointment(holder, by=officer)
    page = browse(officer).get(address(own)).content.decode()
    assert "由另一位经办人办理" in page
    answer = send(browse(officer), own, "accept", **accepted(own))
    assert answer.status_code == 409
    assert "由另一位经办人办理" in answer.content.decode()


def test_acts_by_address_alone_lead_back_to_the_page(filing, officer, browse):
    for act in ("accept", "return", "reopen", "resubmit", "withdraw"):
        answer = browse(officer).get(address(filing, f"{act}/"))
        assert (answer.status_code, answer["Location"]) == (302, address(filing))


def test_the_second_of_two_clerks_reads_who_did_what_and_when(filing, officer, city, browse):
    other = _member(city, city.bureau, "bureau_officer")
    assert send(browse(officer), filing, "accept", **accepted(filing)).status_code == 302
    said = AuditEntry.objects.filter(verb="filing.accept").get()
    answer = send(browse(other), filing, "return", **{"return-text": "补签字"})
    assert answer.status_code == 412
    at = f"{timezone.localtime(said.at):%Y-%m-%d %H:%M}"
    words = f"{said.actor}在{at}已办理：准予备案"
    assert words in answer.content.decode()
    assert Filing.rows.get().status == FilingStatus.ACCEPTED
    filing.refresh_from_db()
    answer = send(browse(other), filing, "accept", **accepted(filing))
    assert answer.status_code == 409
    assert words in answer.content.decode()


def test_a_form_without_its_version_is_as_stale_as_any(filing, officer, browse):
    answer = browse(officer).post(address(filing, "accept/"), accepted(filing))
    assert answer.status_code == 412
    assert answer.context["accept"].is_bound  # nothing typed is lost


def test_a_filing_from_before_the_record_still_says_that_it_changed(
    officer, city, register, browse
):
    row = FilingFactory(programme=city.programme, desk=register.office, unit=city.department)
    row.version = 5
    answer = send(browse(officer), row, "accept", **accepted(row))
    assert "刚被别人改过" in answer.content.decode()


# --- reporting and entering letters --------------------------------------------------------------


def test_a_unit_reports_an_appointment_in_one_form(holder, data_officer, browse, register):
    client = browse(data_officer)
    page = client.get(f"/filings/new/?appointment={holder.number}")
    assert "报送任命备案" in page.content.decode()
    assert page.context["form"]["document_number"].value() == "深公〔2021〕12号"
    data = {"document_number": "深公〔2022〕3号", "note": "", "file": scan()}
    answer = client.post(f"/filings/new/?appointment={holder.number}", data)
    filing = Filing.rows.get()
    assert answer["Location"] == address(filing)
    assert (filing.route, filing.submitted_by) == (Route.ONLINE, data_officer)
    assert (filing.reported_on, filing.file_name) == (TODAY, "任命文件.pdf")
    page = client.get(address(filing)).content.decode()
    assert f"已报送。编号{filing.number}，由领导小组办公室办理" in page
    again = client.get(f"/filings/new/?appointment={holder.number}")
    assert again["Location"] == address(filing)


def test_a_removal_is_reported_when_the_holder_has_left(holder, data_officer, browse):
    where = f"/filings/new/?appointment={holder.number}&kind=removal"
    client = browse(data_officer)
    answer = client.post(where, {"document_number": "", "note": ""})
    assert answer.status_code == 409
    assert "先登记离任" in answer.content.decode()
    services.end_appointment(holder, on=TODAY, ending="removed", by=None)
    assert "最后任职日" in client.get(where).content.decode()
    client.post(where, {"document_number": "", "note": ""})
    assert Filing.rows.get().kind == FilingKind.REMOVAL


def test_the_desk_enters_a_letter_and_accepts_it_in_one_step(holder, officer, browse):
    client = browse(officer)
    page = client.get(f"/filings/new/?appointment={holder.number}")
    assert "来文登记：任命备案" in page.content.decode()
    data = {
        "sender": "测试市公安局",
        "document_number": "深公【2021】15号",
        "reported_on": "2021-10-08",
        "note": "原件存档",
        "file": scan(),
        "accept": "on",
        "receipt_number": "办备〔2022〕7号",
        "accepted_on": "2022-04-14",
    }
    answer = client.post(f"/filings/new/?appointment={holder.number}", data)
    filing = Filing.rows.get()
    assert answer["Location"] == address(filing)
    assert (filing.route, filing.status) == (Route.PAPER, FilingStatus.ACCEPTED)
    assert (filing.receipt_number, filing.accepted_on) == ("办备〔2022〕7号", date(2022, 4, 14))
    assert (filing.document_number, filing.reported_on) == ("深公〔2021〕15号", date(2021, 10, 8))
    assert filing.note == "来文：测试市公安局。原件存档"
    task = Assignment.rows.get(pk=filing.assignment_id)
    assert (task.status, task.done_on) == ("done", date(2021, 10, 8))
    page = client.get(address(filing)).content.decode()
    assert "来文登记" in page


def test_a_letter_may_wait_and_the_desk_may_mend_or_take_it_back(holder, officer, browse):
    client = browse(officer)
    data = {"sender": "公安局", "document_number": "", "reported_on": "2022-04-01", "note": ""}
    answer = client.post(f"/filings/new/?appointment={holder.number}", data)
    filing = Filing.rows.get()
    assert filing.status == FilingStatus.SUBMITTED
    assert "来文已登记" in client.get(answer["Location"]).content.decode()
    answer = send(client, filing, "withdraw", **{"withdraw-reason": "登记错了"})
    assert answer.status_code == 302


def test_a_letter_that_cannot_be_accepted_is_not_entered_at_all(
    holder, officer, register, city, browse
):
    FilingFactory(
        accepted=True, receipt_number="备1", desk=register.office, programme=city.programme
    )
    data = {
        "sender": "公安局", "document_number": "", "reported_on": "2022-04-01", "note": "",
        "accept": "on", "receipt_number": "备1", "accepted_on": "2022-04-14",
    }  # fmt: skip
    answer = browse(officer).post(f"/filings/new/?appointment={holder.number}", data)
    assert answer.status_code == 422
    assert "备案编号“备1”已用于另一件备案" in answer.content.decode()
    assert Filing.rows.count() == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"document_number": "12"}, "“12”"),
        ({"note": "长" * 301}, "超出上限1字"),
        ({"file": SimpleUploadedFile("x.exe", b"MZ")}, "“x.exe”的类型不接收"),
    ],
)
def test_a_wrong_report_comes_back_with_what_is_wrong(data, said, holder, data_officer, browse):
    where = f"/filings/new/?appointment={holder.number}"
    answer = browse(data_officer).post(where, {"document_number": "", "note": "", **data})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Filing.rows.exists()


def test_who_may_neither_report_nor_enter_reads_who_can(holder, head, clerk, stranger, browse):
    answer = browse(head).get(f"/filings/new/?appointment={holder.number}")
    assert answer.status_code == 403
    assert "由测试市公安局的经办人报送；来文由领导小组办公室" in answer.content.decode()
    where = f"/filings/new/?appointment={holder.number}"
    assert browse(head).post(where, {}).status_code == 403
    assert browse(stranger).get(where).status_code == 404
    kind = f"/filings/new/?appointment={holder.number}&kind=plan"
    assert browse(head).get(kind).status_code == 404


def test_the_bureau_may_report_for_a_unit_where_another_desk_decides(
    holder, officer, clerk, browse
):
    where = f"/filings/new/?appointment={holder.number}"
    assert browse(officer).post(where, {"document_number": "", "note": ""}).status_code == 302
    filing = Filing.rows.get()
    assert (filing.route, filing.submitted_by) == (Route.ONLINE, officer)
    assert browse(clerk).get(address(filing)).context["accept"]


def test_what_no_rule_asks_for_is_not_filed(register, city, officer, browse):
    row = register.appoint(city.district, SEPTEMBER)
    answer = browse(officer).get(f"/filings/new/?appointment={row.number}", follow=True)
    assert "不用备案：文件没有这项要求" in answer.content.decode()


def test_without_a_number_the_page_lists_what_is_still_to_be_filed(
    register, city, holder, officer, data_officer, browse
):
    page = browse(officer).get("/filings/new/").content.decode()
    assert f"?appointment={holder.number}" in page
    assert f"/filings/plan/?unit={city.district.code}" in page
    assert f"/filings/plan/?unit={city.department.code}" in page
    own = browse(data_officer).get("/filings/new/").content.decode()
    assert f"?unit={city.district.code}" not in own
    services.file_appointment(holder, by=data_officer)
    services.file_plan(city.enrolment(city.department), title="", by=data_officer)
    own = browse(data_officer).get("/filings/new/").content.decode()
    assert "都已报备" in own
    assert "没有要报备的实施方案" in own


def test_who_sees_no_programme_is_shown_an_empty_page(db, browse):
    from tests.factories.accounts import UserFactory

    user = UserFactory()
    MembershipFactory(user=user, role="data_officer")
    assert browse(user).get("/filings/new/").status_code == 200


def test_a_unit_reports_its_plan_and_the_bureau_puts_it_on_record(
    city, register, data_officer, officer, browse
):
    client = browse(data_officer)
    page = client.get("/filings/plan/")
    assert page.context["form"]["title"].value() == "测试市公安局首席数据官实施方案"
    data = {"title": "实施方案", "document_number": "", "note": ""}
    assert "选择“实施方案”" in client.post("/filings/plan/", data).content.decode()
    answer = client.post("/filings/plan/", {**data, "file": scan("方案.pdf")})
    filing = Filing.rows.get()
    assert answer["Location"] == address(filing)
    assert (filing.kind, filing.desk) == (FilingKind.PLAN, city.bureau)
    send(browse(officer), filing, "accept", **accepted(filing))
    assert city.assignment(city.department, "plan").status == "done"
    assert "已报备" in client.get("/filings/plan/", follow=True).content.decode()


def test_the_bureau_enters_a_plan_that_came_on_paper(city, register, officer, browse):
    where = f"/filings/plan/?unit={city.district.code}"
    data = {
        "title": "福田区实施方案", "sender": "福田区", "document_number": "",
        "reported_on": "2022-03-01", "note": "", "accept": "on", "accepted_on": "2022-04-15",
    }  # fmt: skip
    assert browse(officer).post(where, data).status_code == 302
    filing = Filing.rows.get()
    assert (filing.title, filing.status) == ("福田区实施方案", FilingStatus.ACCEPTED)
    assert filing.receipt_number == filing.number


def test_a_plan_reported_twice_is_refused_by_the_number_of_the_first(city, register):
    row = city.enrolment(city.district)
    first = services.file_plan(row, title="", by=None)
    with pytest.raises(Refused, match=first.number):
        services.file_plan(row, title="", by=None)


def test_a_plan_goes_where_the_demand_says(city, register):
    city.obligations["plan"].received_by = register.office
    city.obligations["plan"].save()
    filing = services.file_plan(city.enrolment(city.district), title="", by=None)
    assert filing.desk == register.office


def test_a_plan_without_a_bureau_has_nowhere_to_go(city, register, data_officer, browse):
    city.programme.enrolments.filter(part="bureau").update(ends_on=date(2022, 1, 1))
    page = browse(data_officer).get("/filings/plan/", follow=True).content.decode()
    assert "还没有登记牵头单位" in page


# --- receipt -------------------------------------------------------------------------------------


@pytest.fixture
def receipt(filing, officer) -> Filing:
    return services.accept_filing(filing, by=officer, receipt_number="办备〔2022〕7号")


def test_there_is_no_receipt_for_what_is_not_on_record(filing, officer, browse):
    for act in ("receipt/", "receipt.docx", "receipt.pdf"):
        assert browse(officer).get(address(filing, act)).status_code == 404


def test_the_receipt_is_a_page_that_prints_as_a_document(receipt, data_officer, stranger, browse):
    page = browse(data_officer).get(address(receipt, "receipt/")).content.decode()
    assert '<body class="doc slip"' in page
    for words in (
        "测试市公安局：",
        receipt.title,
        "办备〔2022〕7号",
        "2022年4月15日",
        "2021年9月28日",
    ):
        assert words in page
    assert ("receipt.pdf" in page) == pdf.is_available()
    assert browse(stranger).get(address(receipt, "receipt/")).status_code == 404


def test_the_receipt_as_word_has_the_geometry_and_the_facts(receipt, data_officer, browse):
    answer = browse(data_officer).get(address(receipt, "receipt.docx"))
    assert "filename*=utf-8''%E5%A4%87%E6%A1%88%E5%9B%9E%E6%89%A7" in answer["Content-Disposition"]
    document = Document(io.BytesIO(answer.content))
    section = document.sections[0]
    edges = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    assert [round(edge.mm) for edge in edges] == [37, 28, 26, 35]
    assert [round(size.mm) for size in (section.page_width, section.page_height)] == [210, 297]
    facts = {row.cells[0].text: row.cells[1].text for row in document.tables[0].rows}
    assert facts == {
        "件号": receipt.number,
        "报备单位": receipt.unit.full_name,
        "备案事项": receipt.title,
        "来文文号": "深公〔2021〕13号",
        "报备日期": "2021年9月28日",
        "备案编号": "办备〔2022〕7号",
        "备案日期": "2022年4月15日",
        "备案机关": receipt.desk.full_name,
    }
    said = [paragraph.text for paragraph in document.paragraphs]
    assert said[:2] == ["备案回执", f"{receipt.unit.full_name}："]
    assert receipt.desk.full_name in said


def test_the_receipt_is_chinese_whoever_reads_english(receipt, data_officer, browse):
    data_officer.language = "en"
    data_officer.save()
    document = Document(
        io.BytesIO(browse(data_officer).get(address(receipt, "receipt.docx")).content)
    )
    assert document.paragraphs[0].text == "备案回执"


@pytest.mark.skipif(not pdf.is_available(), reason="LibreOffice is not installed")
def test_the_receipt_as_pdf(receipt, data_officer, browse):
    answer = browse(data_officer).get(address(receipt, "receipt.pdf"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_where_libreoffice_is_missing_there_is_no_pdf(receipt, data_officer, browse, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    assert browse(data_officer).get(address(receipt, "receipt.pdf")).status_code == 404
    assert (
        "receipt.pdf" not in browse(data_officer).get(address(receipt, "receipt/")).content.decode()
    )


def test_where_libreoffice_fails_the_reader_is_sent_to_word(
    receipt, data_officer, browse, monkeypatch, tmp_path
):
    broken = tmp_path / "soffice"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    answer = browse(data_officer).get(address(receipt, "receipt.pdf"), follow=True)
    assert "下载Word版自行转换" in answer.content.decode()


def test_no_scan_no_file(filing, officer, browse):
    assert browse(officer).get(address(filing, "file/")).status_code == 404


def test_a_number_that_no_column_holds_is_refused_by_its_field(filing):
    with pytest.raises(ValidationError) as caught:
        services.accept_filing(filing, by=None, receipt_number="号" * 61)
    assert list(caught.value.message_dict) == ["receipt_number"]


# --- from the unit's report to the receipt -------------------------------------------------------


def test_from_report_to_receipt(holder, data_officer, officer, browse):
    unit, desk = browse(data_officer), browse(officer)
    unit.post(f"/filings/new/?appointment={holder.number}", {"document_number": "", "note": ""})
    filing = Filing.rows.get()
    assert filing.number in _numbers(desk, "?mine=true")
    send(desk, filing, "accept", **accepted(filing))
    assert unit.get(address(filing, "receipt/")).status_code == 200
    assert list(
        AuditEntry.objects.of(f"filing:{filing.number}").values_list("verb", flat=True)
    ) == [
        "filing.submit",
        "filing.accept",
    ]
    assert FilingMove.ACCEPT == "accept"


def test_a_long_list_takes_no_more_queries_than_a_short_one(
    city, register, filing, officer, browse, django_assert_max_num_queries
):
    client = browse(officer)
    client.get("/filings/")
    for _place in range(3):
        _some(city, register, filing)
    with django_assert_max_num_queries(18):
        client.get("/filings/")
