"""代录: what came as a letter is typed in by the bureau's officer, and by nobody else meanwhile."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core.errors import MoveNotAllowed, PermissionRefused, Refused
from reports import services
from reports.choices import Route, Status
from reports.models import Evidence, IncomingLetter, Report, Section
from reports.queries import allowed
from reports.services import Letter
from tests.conftest import _member
from tests.factories.reports import IncomingLetterFactory
from tests.officers.desk import scan

pytestmark = pytest.mark.django_db
LETTER = Letter("测试市公安局", date(2022, 4, 12), "测公函〔2022〕7号")


@pytest.fixture
def task(desk, city):
    return city.assignment_of(city.department, "2022Q1")


@pytest.fixture
def entry(desk, task, received):
    return services.start_letter(task, LETTER, received=received, by=desk.officer)


def page_of(report):
    return f"/reports/{report.number}/"


def now(report):
    return Report.rows.for_lists().get(pk=report.pk)


def typed(desk, report):
    """The officer types the text in, as the edit page does."""
    for section in report.sections.standing():
        services.save_section(section, {"body": "来文写的进展。"}, by=desk.officer, version=None)
    return now(report)


def test_a_letter_begins_the_report_with_its_scan_as_evidence(desk, entry, received):
    report = now(entry.report)
    assert report.status == Status.DRAFT
    assert str(entry) == "测试市公安局 测公函〔2022〕7号"
    assert (entry.came_on, entry.begun_by) == (date(2022, 4, 12), desk.officer)
    use = desk.section(report).attached.get()
    assert use.evidence.stored == received.stored == entry.scan.stored


def test_meanwhile_the_bureau_writes_and_nobody_else(city, desk, entry, head):
    report = now(entry.report)
    colleague = _member(city, city.bureau, "bureau_officer")
    for user, writes in (
        (desk.officer, True),
        (colleague, True),
        (desk.data_officer, False),
        (desk.unit_cdo, False),
        (head, False),
    ):
        assert allowed.may_write(report, user) is writes, user
    with pytest.raises(PermissionRefused, match="正在按来文代录"):
        allowed.require_writer(report, desk.data_officer)
    allowed.require_writer(report, desk.officer)


def test_only_the_own_bureau_sees_what_is_entered(desk, entry, foreigner, stranger, head, auditor):
    report = entry.report
    assert report in Report.objects.visible_to(desk.officer)
    assert Section.objects.visible_to(desk.officer).filter(report=report).exists()
    assert entry.scan in Evidence.objects.visible_to(desk.officer)
    for user in (foreigner, stranger, head):
        assert report not in Report.objects.visible_to(user)
        assert not Section.objects.visible_to(user).filter(report=report).exists()
        assert entry.scan not in Evidence.objects.visible_to(user)
    assert report in Report.objects.visible_to(auditor)


def test_what_is_entered_counts_on_the_day_of_the_letter(desk, entry):
    report = services.finish_letter(typed(desk, entry.report), by=desk.officer)
    edition = report.submissions.get()
    assert (report.status, report.handed_in_on) == (Status.SUBMITTED, date(2022, 4, 12))
    assert (edition.route, edition.letter_from) == (Route.PAPER, "测试市公安局")
    assert edition.letter_number == "测公函〔2022〕7号"
    entry.refresh_from_db()
    assert (entry.outcome, entry.closed_at is not None) == ("entered", True)
    assert allowed.open_letter(report) is None
    with pytest.raises(Refused, match="请另一名经办人审核"):
        services.accept(report, by=desk.officer)


def test_nothing_is_handed_in_without_text_or_without_a_letter(desk, entry):
    with pytest.raises(ValidationError, match="先把来文内容录入"):
        services.finish_letter(entry.report, by=desk.officer)
    services.drop_letter(entry.report, by=desk.officer)
    for act in (services.finish_letter, services.drop_letter):
        with pytest.raises(MoveNotAllowed, match="没有在代录"):
            act(entry.report, by=desk.officer)


def test_a_dropped_letter_gives_the_report_back_to_its_unit(desk, task, entry, received):
    report = typed(desk, entry.report)
    services.drop_letter(report, by=desk.officer)
    assert allowed.may_write(report, desk.data_officer)
    assert not allowed.may_write(report, desk.officer)
    assert report not in Report.objects.visible_to(desk.officer)
    again = services.start_letter(task, LETTER, received=received, by=desk.officer)
    assert again.report == report


def test_what_the_unit_wrote_itself_is_not_entered_over(desk, task, received):
    desk.fill(desk.report())
    with pytest.raises(Refused, match="已在网上填写"):
        services.start_letter(task, LETTER, received=received, by=desk.officer)
    assert not IncomingLetter.objects.exists()


def test_a_report_that_is_under_way_takes_no_letter(desk, task, received):
    report = services.put_up(desk.fill(desk.report()), by=desk.data_officer)
    with pytest.raises(Refused, match=f"报告{report.number}现在是“待审签”"):
        services.start_letter(task, LETTER, received=received, by=desk.officer)


def test_what_came_by_letter_and_went_back_may_come_by_letter_again(
    city, desk, task, entry, received
):
    report = services.finish_letter(typed(desk, entry.report), by=desk.officer)
    colleague = _member(city, city.bureau, "bureau_officer")
    services.return_report(report, [services.Remark("", "", "vague", "")], by=colleague)
    second = services.start_letter(task, LETTER, received=received, by=desk.officer)
    assert second.report == report


def test_two_letters_are_not_entered_at_once(desk, task, entry, received):
    with pytest.raises(ValidationError, match="正在按另一份来文代录"):
        services.start_letter(task, LETTER, received=received, by=desk.officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        IncomingLetterFactory(report=entry.report)
    with pytest.raises(IntegrityError), transaction.atomic():
        IncomingLetter.objects.filter(pk=entry.pk).update(outcome="entered")


def test_a_letter_of_tomorrow_is_refused(desk, task, received):
    letter = Letter("测试市公安局", date(2022, 4, 16))
    with pytest.raises(ValidationError, match="来文日期不能晚于今天"):
        services.start_letter(task, letter, received=received, by=desk.officer)


# --- pages ---------------------------------------------------------------------------------------

SENT = {"came_from": "测试市公安局", "number": "", "came_on": "2022-04-12"}


def test_the_officer_walks_from_the_letter_to_the_queue(city, desk, task, browse):
    client = browse(desk.officer)
    new = f"/reports/letters/new/?task={task.number}"
    assert task.unit.full_name in client.get(new).content.decode()
    answer = client.post(new, {**SENT, "file": scan()})
    report = Report.rows.get(assignment=task)
    assert answer["Location"] == f"{page_of(report)}edit/"
    assert client.get(answer["Location"]).status_code == 200
    assert client.get(f"{page_of(report)}check/")["Location"] == page_of(report)
    assert client.post(f"{page_of(report)}check/", {})["Location"] == page_of(report)
    page = client.get(page_of(report)).content.decode()
    assert "按来文录入，录完后登记报送" in page
    own = browse(desk.data_officer).get(page_of(report)).content.decode()
    assert "市政数局正在按来文代录" in own
    assert "登记报送" not in own
    empty = client.post(
        f"{page_of(report)}letter/enter/", {"version": now(report).version}, follow=True
    )
    assert "先把来文内容录入各部分" in empty.content.decode()
    typed(desk, report)
    answer = client.post(f"{page_of(report)}letter/enter/", {"version": now(report).version})
    assert answer["Location"] == f"{page_of(report)}handed-in/"
    assert "测试市公安局来文代录" in client.get(page_of(report)).content.decode()
    refused = client.post(f"/review/{report.number}/accept/", {"version": now(report).version})
    assert refused.status_code == 409
    assert "请另一名经办人审核" in refused.content.decode()


def test_every_fault_of_a_letter_is_said_and_the_scan_kept(desk, task, browse):
    client = browse(desk.officer)
    new = f"/reports/letters/new/?task={task.number}"
    faulty = client.post(new, {**SENT, "came_from": "", "came_on": "2022-04-16", "file": scan()})
    text = faulty.content.decode()
    assert faulty.status_code == 422
    assert "填写“来文单位”" in text
    assert "还没有到" in text
    assert "已收到，不用再传" in text
    bare = client.post(new, SENT).content.decode()
    assert "选择“来文扫描件”" in bare
    odd = client.post(new, {**SENT, "number": "随便写", "file": scan()})
    assert odd.status_code == 422
    desk.fill(desk.report())
    refused = client.post(new, {**SENT, "file": scan()})
    assert refused.status_code == 409
    assert "已在网上填写" in refused.content.decode()


def test_who_may_not_enter_letters(desk, task, browse, head, foreigner):
    new = f"/reports/letters/new/?task={task.number}"
    for user, status in ((head, 403), (desk.data_officer, 403), (foreigner, 404)):
        assert browse(user).get(new).status_code == status


def test_dropping_leads_back_to_the_task(desk, entry, browse):
    client = browse(desk.officer)
    address = f"{page_of(entry.report)}letter/drop/"
    assert client.get(address)["Location"] == page_of(entry.report)
    assert browse(desk.data_officer).post(address).status_code == 403
    answer = client.post(address)
    assert answer["Location"] == f"/tasks/{entry.report.assignment.number}/"
