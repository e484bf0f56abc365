"""Nobody looks over, answers or lends what is his own: four eyes where the house asks for four."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from approvals import queries
from approvals import services as approvals
from approvals.models import ApprovalStep
from core.errors import PermissionRefused, Refused, StaleVersion
from core.handover import Leaving, move_all
from duties import services as duties
from pilots.models import Membership
from reports import services
from reports.choices import Status
from reports.models import Report
from reports.queries import desk as desks
from tests.conftest import _member
from tests.duties.chasing import ask, request
from tests.factories.approvals import ChainStepFactory
from tests.factories.reports import EvidenceFactory
from tests.reports.conftest import desk, received, stored  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
TODAY = date(2022, 4, 15)
WHOLE = {"body": "有进展。", "completion": "under_way"}


def again(user):
    """The same person on another request."""
    return type(user).objects.get(pk=user.pk)


# --- who drafted signs not for the section -------------------------------------------------------


@pytest.fixture
def named(city, desk):  # noqa: F811
    """A chain whose section step is reserved for the clerk who drafts."""
    ChainStepFactory(unit=city.department, position=1, kind="section", signer=desk.data_officer)
    ChainStepFactory(unit=city.department, position=2, kind="cdo")
    return services.put_up(desk.fill(desk.report()), by=desk.data_officer)


def test_who_is_named_for_the_section_signs_not_what_he_drafted(city, desk, named):  # noqa: F811
    with pytest.raises(PermissionRefused):
        services.sign(named, by=desk.data_officer)
    assert list(queries.waiting_for(desk.data_officer)) == []
    other = _member(city, city.department, "data_officer")
    assert [row.subject for row in queries.waiting_for(other)] == [named.number]
    assert services.sign(named, by=other).status == Status.TO_SIGN


def test_what_somebody_else_drafted_he_signs(city, desk):  # noqa: F811
    other = _member(city, city.department, "data_officer")
    ChainStepFactory(unit=city.department, position=1, kind="section", signer=other)
    ChainStepFactory(unit=city.department, position=2, kind="cdo")
    row = services.put_up(desk.fill(desk.report()), by=desk.data_officer)
    with pytest.raises(PermissionRefused):
        services.sign(row, by=desk.unit_cdo)
    assert services.sign(row, by=other).status == Status.TO_SIGN


def test_a_round_in_which_the_drafter_is_named_all_the_same_waits_not_for_him(desk, named):  # noqa: F811
    """Rows that were there before: both ways of asking say no."""
    ApprovalStep.objects.filter(kind="section").update(signer=desk.data_officer)
    waiting = queries.last_round(named.number)
    assert not queries.may_sign(waiting, again(desk.data_officer))
    assert list(queries.waiting_for(desk.data_officer)) == []


def test_nor_does_he_come_by_it_when_somebody_leaves(city, desk):  # noqa: F811
    other = _member(city, city.department, "data_officer")
    ChainStepFactory(unit=city.department, position=1, kind="section", signer=other)
    ChainStepFactory(unit=city.department, position=2, kind="cdo")
    services.put_up(desk.fill(desk.report()), by=desk.data_officer)
    leaving = Leaving(
        user=other, unit=city.department, taker=desk.data_officer, on=None, by=desk.officer
    )
    move_all(leaving)
    assert ApprovalStep.objects.get(kind="section").signer is None


# --- who filed for a unit answers not for the bureau ---------------------------------------------


@pytest.fixture
def entered(city, desk, received):  # noqa: F811
    """A letter that one officer registered, a second one typed, and a third one handed in."""
    people = [desk.officer, *(_member(city, city.bureau, "bureau_officer") for _place in range(2))]
    task = city.assignment_of(city.department, "2022Q1")
    letter = services.Letter("测试市公安局", TODAY)
    report = services.start_letter(task, letter, received=received, by=people[0]).report
    for section in report.sections.standing():
        services.save_section(section, WHOLE, by=people[1], version=None)
    return services.finish_letter(report, by=people[2]), people


def test_a_letter_is_answered_by_none_of_those_who_entered_it(city, entered):
    report, people = entered
    for user in people:
        with pytest.raises(Refused, match="代录"):
            services.accept(report, by=user)
        with pytest.raises(Refused, match="代录"):
            services.return_report(report, [services.Remark(text="补充。")], by=user)
    assert services.accept(report, by=_member(city, city.bureau, "bureau_officer"))


def test_nor_is_it_offered_as_the_next_one_to_who_registered_it(city, desk, entered):  # noqa: F811
    before = Report(assignment=entered[0].assignment)
    assert desks.after(before, entered[1][0]) is None
    assert desks.after(before, _member(city, city.bureau, "bureau_officer")) == entered[0]


def test_where_one_body_is_both_nobody_answers_what_he_wrote_or_signed(city, desk):  # noqa: F811
    row = services.put_up(desk.fill(desk.report()), by=desk.data_officer)
    services.sign(row, by=desk.unit_cdo)
    for user in (desk.data_officer, desk.unit_cdo):
        with pytest.raises(Refused, match="由本人填报或审签"):
            services.accept(row, by=user)
    assert services.accept(row, by=desk.officer)


def test_the_same_of_a_request_for_a_later_day(city, desk):  # noqa: F811
    row = ask(city, desk.data_officer)
    row = duties.send_back_extension(row, by=desk.unit_cdo, reason="写明时间。")
    other = _member(city, city.department, "data_officer")
    row = duties.resubmit_extension(row, request(), by=other)
    row = duties.agree_extension(row, by=desk.unit_cdo)
    for user in (desk.data_officer, other, desk.unit_cdo):
        with pytest.raises(Refused, match="另一位经办人审批"):
            duties.decide_extension(row, "grant", by=user)
    assert duties.decide_extension(row, "grant", by=desk.officer)


# --- nothing is lent beyond what one has ---------------------------------------------------------


@pytest.mark.parametrize("whose", ["unit_cdo", "data_officer"])
def test_a_signature_is_lent_no_longer_than_both_act_for_the_unit(whose, city, cast):
    last = TODAY + timedelta(days=5)
    Membership.rows.filter(user=cast[whose]).update(ends_on=last)
    lend = lambda day: approvals.lend_signature(  # noqa: E731 - called twice
        cast["data_officer"], city.department, by=cast["unit_cdo"], starts_on=TODAY, ends_on=day
    )
    with pytest.raises(ValidationError, match="授权不能晚于这一天"):
        lend(last + timedelta(days=1))
    assert lend(last).ends_on == last


def test_a_lent_signature_signs_nothing_after_its_day(city, desk, browse):  # noqa: F811
    approvals.lend_signature(
        desk.data_officer, city.department, by=desk.unit_cdo, starts_on=TODAY, ends_on=TODAY
    )
    row = services.put_up(
        desk.fill(desk.report()), by=_member(city, city.department, "data_officer")
    )
    waiting = queries.last_round(row.number)
    assert queries.may_sign(waiting, again(desk.data_officer))
    Membership.rows.filter(user=desk.data_officer, role="unit_cdo").update(
        starts_on=TODAY - timedelta(days=2), ends_on=TODAY - timedelta(days=1)
    )
    assert not queries.may_sign(waiting, again(desk.data_officer))
    form = {"version": waiting.version}
    answer = browse(desk.data_officer).post(f"/reports/{row.number}/sign/agree/", form)
    assert answer.status_code in {403, 404, 409}
    assert Report.rows.get(pk=row.pk).status == Status.TO_SIGN


# --- what was read is what is changed ------------------------------------------------------------


def overall(city, by):
    return services.start_report(city.assignment(city.bureau, "overall_report"), by=by)


def test_passages_chosen_from_an_old_page_are_refused(city, desk):  # noqa: F811
    edition = desk.handed_in(desk.summary()).submissions.get()
    row = overall(city, desk.officer)
    picks = [services.Pick(edition, "progress")]
    services.choose_passages(row, picks, by=desk.officer, version=row.version)
    with pytest.raises(StaleVersion):
        services.choose_passages(row, [], by=desk.officer, version=row.version)
    assert row.passages.count() == 1


def test_what_the_api_changes_is_held_before_its_version_is_compared(city, desk, send):  # noqa: F811
    row, own = desk.report(), overall(city, desk.officer)
    for path in ("carry-over", "unchanged"):
        assert send(desk.data_officer, f"reports/{row.number}/{path}", version=9).status_code == 412
    for path, content in (("passages", {"passages": []}), ("draft", {})):
        answer = send(desk.officer, f"reports/{own.number}/{path}", content, version=9)
        assert answer.status_code == 412


def test_a_return_is_not_taken_back_once_a_file_was_added(city, desk):  # noqa: F811
    row = desk.handed_in()
    review = services.return_report(row, [services.Remark(text="补充。")], by=desk.officer)
    file = EvidenceFactory(unit=city.department, programme=city.programme)
    services.attach(desk.section(row), file, by=desk.data_officer)
    with pytest.raises(Refused, match="已经开始修改"):
        services.undo(review, by=desk.officer)


def test_a_section_laid_out_anew_keeps_what_was_just_saved(city, desk):  # noqa: F811
    row = desk.report()
    stale = Report.rows.prefetch_related("sections").get(pk=row.pk)
    section = desk.section(row)
    list(stale.sections.all())
    section.area.name = "改了名的职责"
    section.area.save()
    services.save_section(section, {"body": "刚刚保存"}, by=desk.data_officer, version=None)
    services.sync_sections(stale)
    section.refresh_from_db()
    assert (section.heading, section.body) == ("改了名的职责", "刚刚保存")
