"""A report from its task to the bureau's answer: written, signed, handed in, reviewed, taken back."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, transaction

from approvals.services import PaperSignature
from core.errors import MoveNotAllowed, PermissionRefused, Refused, StaleVersion
from core.moves import target
from duties.models import Assignment, Fulfilment, ItemProgress
from reports import queries, services
from reports.choices import MOVES, Move, Status
from reports.models import Report, Review, Section, Submission
from tests.conftest import _member
from tests.factories.reports import (
    FigureValueFactory,
    ReportFactory,
    ReviewFactory,
    ReviewRemarkFactory,
    SectionEvidenceFactory,
    SectionFactory,
    SectionRevisionFactory,
    SubmissionEvidenceFactory,
    SubmissionFactory,
)

pytestmark = pytest.mark.django_db


def flaw(report):
    return services.Remark(report.sections.first().key, "body", "vague", "写明数量。")


def status(report):
    report = Report.rows.get(pk=report.pk)
    return report.status, Assignment.rows.get(pk=report.assignment_id).status


@pytest.mark.parametrize("state", Status)
@pytest.mark.parametrize("move", Move)
def test_only_the_moves_of_the_table_pass(state, move):
    sources, destination = MOVES[move]
    if state in sources:
        assert target(MOVES, state, move) == destination
    else:
        with pytest.raises(MoveNotAllowed):
            target(MOVES, state, move)


def test_a_report_has_a_section_for_each_area_that_applies(desk, city):
    report = desk.report()
    assert [row.heading for row in report.sections.all()] == [
        area.name for area in city.programme.areas.order_by("position")
    ]
    assert str(report) == f"{report.number} {report.title}"
    assert report.title.endswith("2022年第一季度首席数据官履职进展报告")
    district = services.start_report(city.assignment_of(city.district, "2022Q1"), by=None)
    assert district.sections.count() == 1  # the second area asks departments only
    assert services.start_report(report.assignment, by=None) == report


def test_a_summary_has_its_three_chapters(desk):
    report = desk.summary()
    assert [row.heading for row in report.sections.all()] == ["工作进度", "存在问题", "意见建议"]
    assert all(row.is_chapter and row.is_empty for row in report.sections.all())
    assert report.sections.first().audit_key == f"{report.number}/progress"


def test_what_asks_for_no_report_has_none(desk, city):
    with pytest.raises(Refused, match="不用写报告"):
        services.start_report(city.assignment(city.department, "training"), by=None)


def test_the_cdo_signs_and_it_waits_for_the_bureau(desk):
    report = desk.fill(desk.report())
    services.put_up(report, by=desk.data_officer, version=report.version)
    assert status(report) == ("to_sign", "assigned")
    with pytest.raises(PermissionRefused):
        services.sign(report, by=desk.data_officer)
    services.sign(report, by=desk.unit_cdo, remark="同意报送")
    assert status(report) == ("submitted", "submitted")
    edition = Submission.rows.get()
    assert (edition.edition, edition.counts_on, str(edition)) == (
        1, date(2022, 4, 15), f"{report.number}-1",
    )  # fmt: skip
    assert edition.approval.steps.get().remark == "同意报送"
    assert edition.sha256 == queries.digest_of(edition.content)
    report.refresh_from_db()
    assert (report.days_waiting(date(2022, 4, 18)), report.was_late()) == (3, False)


def test_an_edition_is_frozen_for_good(desk):
    desk.handed_in()
    with pytest.raises(InternalError), transaction.atomic():
        Submission.rows.update(sha256="1" * 64)
    with pytest.raises(InternalError), transaction.atomic():
        Submission.rows.all().delete()


def test_a_chain_of_two_hands_in_with_the_last_signature(desk, city):
    from approvals import services as approvals

    colleague = _member(city, city.department, "data_officer")
    chain = [approvals.ChainChoice("section"), approvals.ChainChoice("cdo")]
    approvals.choose_chain(city.department, chain, by=None, is_bureau=False)
    report = desk.fill(desk.report())
    services.put_up(report, by=desk.data_officer)
    services.sign(report, by=colleague)
    assert status(report)[0] == "to_sign"
    services.sign(report, by=desk.unit_cdo)
    assert status(report)[0] == "submitted"


def test_on_paper_the_last_signature_hands_in_too(desk, stored):
    report = desk.fill(desk.report())
    services.put_up(report, by=desk.data_officer)
    signatures = [PaperSignature("演示人员01", date(2022, 4, 15))]
    services.record_paper(
        report, signatures, scan=stored, scan_name="审签单.pdf", by=desk.data_officer
    )
    assert status(report)[0] == "submitted"


def test_a_signer_sends_back_and_the_writer_takes_back(desk):
    report = desk.fill(desk.report())
    services.put_up(report, by=desk.data_officer)
    services.turn_back(report, by=desk.unit_cdo, reason="第二部分太短。")
    assert status(report)[0] == "draft"
    services.put_up(report, by=desk.data_officer)
    services.take_back(report, by=desk.data_officer)
    assert status(report)[0] == "draft"
    with pytest.raises(MoveNotAllowed):
        services.take_back(report, by=desk.data_officer)


def test_nothing_to_sign_is_signed(desk):
    with pytest.raises(MoveNotAllowed):
        services.sign(desk.report(), by=desk.unit_cdo)


def test_it_is_recalled_until_the_bureau_opens_it(desk):
    report = desk.handed_in()
    services.recall(report, by=desk.data_officer)
    assert status(report) == ("draft", "accepted")
    services.put_up_and_sign(report, by=desk.unit_cdo)
    services.open_for_review(report, by=desk.officer)
    services.open_for_review(report, by=_member(desk.city, desk.city.bureau, "bureau_officer"))
    report.refresh_from_db()
    assert report.opened_by == desk.officer
    with pytest.raises(Refused, match=r"已打开.*不能撤回"):
        services.recall(report, by=desk.data_officer)
    assert Submission.rows.count() == 2


def test_two_forms_hand_in_once(desk):
    report = desk.fill(desk.report())
    seen = report.version
    services.put_up_and_sign(report, by=desk.unit_cdo, version=seen)
    with pytest.raises(StaleVersion):
        services.put_up_and_sign(report, by=desk.unit_cdo, version=seen)
    assert Submission.rows.count() == 1


def test_a_task_taken_off_the_table_takes_no_report(desk):
    from duties import services as duties

    report = desk.fill(desk.report())
    duties.take_off(report.assignment, "exempt", by=None, reason="本期不报")
    with pytest.raises(Refused, match="不用再报送"):
        services.put_up(report, by=desk.data_officer)


def test_a_draft_is_not_reviewed_and_waits_for_nobody(desk):
    report = desk.report()
    assert report.days_waiting(date(2022, 4, 20)) == 0
    with pytest.raises(MoveNotAllowed):
        services.accept(report, by=desk.officer)


def test_after_the_deadline_it_is_taken_and_late(desk):
    Assignment.rows.filter(occurrence="2022Q1").update(
        due_on="2022-04-11", latest_on="2022-04-11", last_workday_on="2022-04-11",
        latest_workday_on="2022-04-11",
    )  # fmt: skip
    assert desk.handed_in().was_late()


# --- the bureau ----------------------------------------------------------------------------------


def test_accepting_does_the_task_and_counts_the_items(desk):
    item = desk.city.programme.areas.order_by("position")[0].items.get(
        kinds=["municipal_department"]
    )
    report = desk.report()
    desk.fill(report)
    services.save_section(
        desk.section(report), {"items": [item.code]}, by=desk.data_officer, version=None
    )
    services.put_up_and_sign(report, by=desk.unit_cdo)
    review = services.accept(report, by=desk.officer, note="很好")
    assert status(report) == ("accepted", "done")
    mark, progress = Fulfilment.objects.get(), ItemProgress.rows.get()
    assert (mark.happened_on, progress.item) == (date(2022, 4, 15), item)
    assert str(review) == f"{report.number}-1 通过"


def test_returned_by_field_corrected_and_accepted_each_round_stays(desk):
    report = desk.handed_in()
    services.return_report(report, [flaw(report)], by=desk.officer)
    assert status(report) == ("returned", "returned")
    assert report.assignment.__class__.rows.get(pk=report.assignment_id).status_note == (
        "没有写具体做了什么：写明数量。"
    )
    desk.fill(report, body="编目120项。")
    services.put_up_and_sign(report, by=desk.unit_cdo)
    services.accept(report, by=desk.officer)
    report.refresh_from_db()
    assert (report.editions, report.returns) == (2, 1)
    decisions = Review.rows.order_by("id").values_list("decision", "submission__edition")
    assert list(decisions) == [("returned", 1), ("accepted", 2)]
    remark = Review.rows.order_by("id")[0].remarks.get()
    assert str(remark) == "没有写具体做了什么：写明数量。"


def test_a_return_says_what_is_to_be_changed(desk):
    report = desk.handed_in()
    wrong = [
        ([], "至少在一处"),
        ([services.Remark("nowhere", "body", text="x")], "没有这一栏"),
        ([services.Remark("", "colour", text="x")], "没有这一栏"),
        ([services.Remark("", "", "because")], "没有这条退回原因"),
        ([services.Remark("", "", "", " ")], "选一条原因"),
    ]
    for remarks, fault in wrong:
        with pytest.raises(ValidationError, match=fault):
            services.return_report(report, remarks, by=desk.officer)
    assert status(report)[0] == "submitted"


def test_the_second_reviewer_reads_who_when_and_what(desk):
    report = desk.handed_in()
    services.accept(report, by=desk.officer)
    other = _member(desk.city, desk.city.bureau, "bureau_officer")
    with pytest.raises(MoveNotAllowed, match=f"已由{desk.officer}在.*审核：通过"):
        services.return_report(report, [flaw(report)], by=other)


def test_an_old_page_decides_nothing(desk):
    report = desk.handed_in()
    with pytest.raises(StaleVersion):
        services.accept(report, by=desk.officer, version=report.version - 1)


def test_what_was_entered_from_a_letter_is_reviewed_by_somebody_else(desk):
    report = desk.report()
    letter = services.Letter("测试市公安局", date(2022, 4, 12), "测公函(2022)3号")
    with pytest.raises(ValidationError, match="先把来文内容录入"):
        services.enter_letter(report, letter, by=desk.officer)
    desk.fill(report)
    with pytest.raises(ValidationError, match="填写来文单位"):
        services.enter_letter(report, services.Letter(" ", date(2022, 4, 12)), by=desk.officer)
    with pytest.raises(ValidationError, match="不能晚于今天"):
        services.enter_letter(report, services.Letter("局", date(2022, 4, 16)), by=desk.officer)
    services.enter_letter(report, letter, by=desk.officer)
    edition = Submission.rows.get()
    assert (edition.route, edition.letter_number) == ("paper", "测公函〔2022〕3号")
    with pytest.raises(Refused, match="来文由本人代录"):
        services.accept(report, by=desk.officer)
    services.accept(report, by=_member(desk.city, desk.city.bureau, "bureau_officer"))
    assert Fulfilment.objects.get().happened_on == date(2022, 4, 12)  # the letter's day counts


def test_within_ten_minutes_a_decision_is_taken_back(desk):
    item = desk.city.programme.areas.order_by("position")[0].items.get(
        kinds=["municipal_department"]
    )
    report = desk.handed_in(desk.report(), items=[item.code])
    review = services.accept(report, by=desk.officer)
    services.undo(review, by=desk.officer)
    assert status(report) == ("submitted", "submitted")
    assert Fulfilment.objects.get().voided_at
    assert ItemProgress.rows.get().voided_at
    review = services.return_report(report, [flaw(report)], by=desk.officer)
    services.undo(review, by=desk.officer)
    report.refresh_from_db()
    assert (report.status, report.returns, report.decided_at) == ("submitted", 0, None)
    with pytest.raises(Refused, match="已撤销"):
        services.undo(review, by=desk.officer)
    services.accept(report, by=desk.officer)
    assert status(report) == ("accepted", "done")
    assert [row.decision for row in Review.rows.standing()] == ["accepted"]


def test_a_decision_on_which_something_was_built_stands(desk):
    report = desk.handed_in()
    review = services.return_report(report, [flaw(report)], by=desk.officer)
    desk.fill(report, body="改过了。")
    with pytest.raises(Refused, match="已经开始修改"):
        services.undo(review, by=desk.officer)
    services.put_up_and_sign(report, by=desk.unit_cdo)
    with pytest.raises(Refused, match="已撤销，或单位已继续办理"):
        services.undo(review, by=desk.officer)
    services.return_report(report, [flaw(report)], by=desk.officer)
    with pytest.raises(Refused, match="已重新报送"):
        services.undo(review, by=desk.officer)


def test_after_ten_minutes_it_stands(desk, later):
    report = desk.handed_in()
    review = services.accept(report, by=desk.officer)
    later(timedelta(minutes=11))
    with pytest.raises(Refused, match="超过10分钟"):
        services.undo(review, by=desk.officer)


def test_an_overall_report_is_not_reviewed_here_and_keeps_its_chapters(city, officer):
    report = services.start_report(city.assignment(city.bureau, "overall_report"), by=officer)
    assert report.kind == "overall"
    SectionFactory(report=report, key="intro", heading="基本情况")
    assert services.sync_sections(report).sections.get().dropped_on is None
    with pytest.raises(MoveNotAllowed, match="登记报送"):
        services.accept(report, by=officer)


def test_a_report_at_the_desk_without_an_edition_cannot_be(city, officer):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportFactory(status="submitted", assignment=city.assignment(city.department))


def test_one_report_a_task_and_one_standing_review_an_edition(desk):
    report = desk.handed_in()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportFactory(assignment=report.assignment)
    services.accept(report, by=desk.officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewFactory(submission=report.submissions.get())


# --- who sees what -------------------------------------------------------------------------------


def test_a_draft_is_its_units_matter_and_an_edition_the_bureaus(desk, auditor, city):
    report = desk.fill(desk.report())
    see = lambda user: list(Report.objects.visible_to(user))  # noqa: E731
    assert see(desk.data_officer) == see(desk.unit_cdo) == see(auditor) == [report]
    assert see(desk.officer) == []
    neighbour = _member(city, city.district, "data_officer")
    services.put_up_and_sign(report, by=desk.unit_cdo)
    assert see(desk.officer) == [report]
    assert see(neighbour) == []
    assert Section.objects.visible_to(desk.officer).count() == 0
    assert Section.objects.visible_to(desk.data_officer).count() == 2
    assert Section.objects.visible_to(auditor).count() == 2
    assert Submission.objects.visible_to(desk.officer).count() == 1
    services.accept(report, by=desk.officer)
    assert Review.objects.visible_to(desk.data_officer).count() == 1
    assert Review.objects.visible_to(neighbour).count() == 0
    assert list(Report.rows.waiting()) == []
    assert Report.rows.of_programme(city.programme).with_unit_name().get().unit_label


def test_rows_name_themselves(db):
    for row in (
        SectionRevisionFactory(), FigureValueFactory(value=3), SectionEvidenceFactory(),
        SubmissionEvidenceFactory(), ReviewRemarkFactory(), SubmissionFactory(),
    ):  # fmt: skip
        assert str(row)
