"""Reporting by the unit, and letters entered by the desk."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.errors import Refused
from duties.models import Assignment
from officers import services
from officers.choices import FilingKind, FilingStatus, Route
from officers.models import Filing
from tests.factories.officers import FilingFactory
from tests.factories.pilots import MembershipFactory

from .desk import SEPTEMBER, TODAY, accepted, address, scan, send

pytestmark = pytest.mark.django_db


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


def test_a_scan_is_not_lost_when_the_rest_comes_back(holder, data_officer, browse):
    where, client = f"/filings/new/?appointment={holder.number}", browse(data_officer)
    answer = client.post(where, {"document_number": "12", "note": "", "file": scan()})
    assert "“任命文件.pdf”已收到，不用再传" in answer.content.decode()
    kept = answer.context["form"].data["kept"]
    client.post(where, {"document_number": "", "note": "", "kept": kept})
    assert Filing.rows.get().file_name == "任命文件.pdf"


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
