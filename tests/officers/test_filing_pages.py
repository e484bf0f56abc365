"""The page of one filing: who sees it, who decides, every move."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.models import AuditEntry
from core.uploads import receive
from duties.models import Assignment
from officers import services
from officers.choices import FilingKind, FilingStatus
from officers.forms.filings import REASONS
from officers.models import Filing
from officers.queries import desks
from tests.conftest import _member
from tests.factories.officers import FilingFactory

from .desk import PDF, REPORTED, TODAY, accepted, address, scan, send

pytestmark = pytest.mark.django_db


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


def test_a_number_that_no_column_holds_is_refused_by_its_field(filing):
    with pytest.raises(ValidationError) as caught:
        services.accept_filing(filing, by=None, receipt_number="号" * 61)
    assert list(caught.value.message_dict) == ["receipt_number"]
