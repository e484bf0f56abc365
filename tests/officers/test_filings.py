"""备案 through its services: reported, returned, accepted, taken back; and what it counts for."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from core.errors import MoveNotAllowed, Refused, StaleVersion
from duties import services as duties
from duties.models import Assignment
from officers import services
from officers.choices import FILING_MOVES, FilingKind, FilingMove, FilingStatus, Kind, Route
from officers.models import Filing
from pilots.models import Enrolment
from tests.factories.officers import FilingFactory, PostFactory

pytestmark = pytest.mark.django_db
SEPTEMBER, REPORTED, TODAY = date(2021, 9, 16), date(2021, 9, 28), date(2022, 4, 15)


def _task(unit, nature, occurrence=""):
    return Assignment.rows.get(
        enrolment__unit=unit, obligation__nature=nature, occurrence=occurrence
    )


@pytest.fixture
def holder(register):
    return register.appoint(
        register.city.department,
        SEPTEMBER,
        paper=services.Paper(number="深公〔2021〕12号", signed_on=SEPTEMBER),
    )


@pytest.fixture
def filing(holder, data_officer):
    letter = services.Letter("深公〔2021〕13号", reported_on=REPORTED)
    return services.file_appointment(holder, letter=letter, by=data_officer)


def test_a_department_files_its_appointment_at_the_office_of_the_leading_group(
    register, filing, holder, data_officer
):
    assert (filing.status, filing.route) == (FilingStatus.SUBMITTED, Route.ONLINE)
    assert (filing.desk, filing.unit) == (register.office, register.city.department)
    assert filing.assignment == _task(register.city.department, "filing")
    assert filing.title == f"{holder.person.name}首席数据官任命备案"
    assert (filing.reported_on, filing.submitted_by) == (REPORTED, data_officer)


def test_accepting_fulfils_the_filing_and_the_post_on_the_days_on_which_they_were_done(
    register, filing, officer
):
    unit = register.city.department
    row = services.accept_filing(
        filing, by=officer, receipt_number="深智数办备〔2021〕3号", version=1
    )
    assert (row.status, row.receipt_number) == (FilingStatus.ACCEPTED, "深智数办备〔2021〕3号")
    assert (row.accepted_on, row.decided_by) == (TODAY, officer)
    assert _task(unit, "filing").done_on == REPORTED
    assert _task(unit, "post").done_on == SEPTEMBER


def test_without_a_number_of_its_own_the_desk_gives_the_filings(filing, officer):
    assert services.accept_filing(filing, by=officer).receipt_number == filing.number


def test_one_receipt_number_is_given_once_at_a_desk(register, filing, officer):
    services.accept_filing(filing, by=officer, receipt_number="备001")
    removed = services.end_appointment(filing.appointment, on=TODAY, ending="removed", by=None)
    second = services.file_appointment(removed, kind=FilingKind.REMOVAL, by=None)
    with pytest.raises(ValidationError, match=r"已用于.*BA-"):
        services.accept_filing(second, by=officer, receipt_number="备001")


@pytest.mark.parametrize(
    ("on", "said"), [(date(2022, 4, 16), "晚于今天"), (date(2021, 9, 27), "早于报备日期2021-09-28")]
)
def test_a_day_of_acceptance_that_cannot_be_is_refused(filing, officer, on, said):
    with pytest.raises(ValidationError) as caught:
        services.accept_filing(filing, by=officer, on=on)
    assert said in str(caught.value.message_dict["accepted_on"])
    assert Filing.rows.get().status == FilingStatus.SUBMITTED


def test_whoever_filed_for_a_unit_does_not_decide_it_unless_it_came_on_paper(
    register, holder, officer
):
    own = services.file_appointment(holder, by=officer)
    for act in (
        lambda: services.accept_filing(own, by=officer),
        lambda: services.return_filing(own, by=officer, reason="缺件"),
    ):
        with pytest.raises(Refused, match="另一位经办人"):
            act()
    services.take_off_desk(own, FilingMove.WITHDRAW, by=officer, reason="改为来文登记")
    paper = services.file_appointment(
        holder, by=officer, route=Route.PAPER, letter=services.Letter(reported_on=REPORTED)
    )
    assert services.accept_filing(paper, by=officer).status == FilingStatus.ACCEPTED


def test_a_return_says_what_to_mend_and_the_day_of_the_first_report_counts(
    filing, officer, data_officer, register
):
    with pytest.raises(Refused, match="补正什么"):
        services.return_filing(filing, by=officer, reason=" ")
    row = services.return_filing(filing, by=officer, reason="缺任命文件扫描件")
    assert (row.status, row.returns) == (FilingStatus.RETURNED, 1)
    row = services.resubmit_filing(
        row, by=data_officer, document_number="深公[2021]14号", note="已补齐", version=row.version
    )
    assert (row.status, row.document_number) == (FilingStatus.SUBMITTED, "深公〔2021〕14号")
    assert (row.reported_on, row.decided_at, row.note) == (REPORTED, None, "已补齐")
    services.accept_filing(row, by=officer)
    assert _task(register.city.department, "filing").done_on == REPORTED


def test_an_acceptance_in_error_is_taken_back_with_what_it_counted_for(
    filing, officer, data_officer, register
):
    unit = register.city.department
    row = services.accept_filing(filing, by=officer)
    with pytest.raises(Refused, match="撤销备案的原因"):
        services.reopen_filing(row, by=officer, reason="")
    row = services.reopen_filing(row, by=officer, reason="文号登记有误")
    assert (row.status, row.receipt_number, row.accepted_on) == (FilingStatus.RETURNED, "", None)
    for nature in ("filing", "post"):
        assert _task(unit, nature).status != "done"
    row = services.resubmit_filing(row, by=data_officer)
    services.accept_filing(row, by=officer)
    for nature in ("filing", "post"):
        assert _task(unit, nature).status == "done"


def test_a_voided_appointment_takes_its_filing_along(filing, officer, register):
    services.accept_filing(filing, by=officer)
    services.void_appointment(filing.appointment, by=officer, reason="登记错了人")
    assert Filing.rows.get().status == FilingStatus.WITHDRAWN
    for nature in ("filing", "post"):
        assert _task(register.city.department, nature).status != "done"
    again = register.appoint(register.city.department, SEPTEMBER)
    assert services.file_appointment(again, by=None).assignment == filing.assignment


def test_the_task_reads_as_its_filing_does(filing, officer, data_officer, register):
    def status():
        return _task(register.city.department, "filing").status

    assert status() == "submitted"
    row = services.return_filing(filing, by=officer, reason="缺任命文件扫描件")
    assert status() == "returned"
    assert _task(register.city.department, "filing").status_note == "缺任命文件扫描件"
    row = services.resubmit_filing(row, by=data_officer)
    assert status() == "submitted"
    row = services.take_off_desk(row, FilingMove.WITHDRAW, by=data_officer, reason="另行报送")
    assert status() == "accepted"
    again = services.file_appointment(row.appointment, by=data_officer)
    services.accept_filing(again, by=officer)
    assert status() == "done"
    services.reopen_filing(again, by=officer, reason="文号有误")
    assert status() == "returned"


def test_what_was_done_by_another_way_stays_done(register, holder, officer, data_officer):
    duties.fulfil(
        _task(register.city.department, "filing"),
        source_key="letter",
        happened_on=REPORTED,
        by=officer,
    )
    filing = services.file_appointment(holder, by=data_officer)
    services.return_filing(filing, by=officer, reason="缺件")
    assert _task(register.city.department, "filing").status == "done"


def test_after_a_change_the_filing_of_the_new_holder_fulfils_the_next_occurrence(
    filing, officer, register
):
    services.accept_filing(filing, by=officer)
    new = register.appoint(
        register.city.department,
        date(2022, 4, 1),
        departure=services.Departure(on=date(2022, 3, 31)),
    )
    again = services.file_appointment(new, by=None)
    assert again.assignment.occurrence == "change-2"
    services.accept_filing(again, by=officer)
    assert _task(register.city.department, "filing", "change-2").status == "done"
    assert again.document_number == new.document_number


# --- what needs no filing, or not yet ------------------------------------------------------------


def test_what_no_rule_asks_for_is_not_filed(register, data_officer):
    district = register.appoint(register.city.district, SEPTEMBER)
    with pytest.raises(Refused, match="不用备案"):
        services.file_appointment(district, by=None)
    cio = PostFactory(code="cio", name="首席信息官")
    other = register.appoint(register.city.department, SEPTEMBER, post=cio)
    with pytest.raises(Refused, match="不用备案"):
        services.file_appointment(other, by=None)


def test_what_is_voided_or_filed_already_or_has_not_ended_is_not_filed(register, filing):
    with pytest.raises(Refused, match=f"{filing.number}（待备案）"):
        services.file_appointment(filing.appointment, by=None)
    with pytest.raises(Refused, match="先登记离任"):
        services.file_appointment(filing.appointment, kind=FilingKind.REMOVAL, by=None)
    services.void_appointment(filing.appointment, by=None, reason="x")
    with pytest.raises(Refused, match="已作废"):
        services.file_appointment(filing.appointment, by=None)


def test_one_who_stands_in_may_be_filed_and_counts_for_nothing(register, officer):
    row = register.appoint(register.city.department, SEPTEMBER, kind=Kind.PRESIDING)
    filing = services.file_appointment(row, by=None)
    assert filing.assignment is None
    services.accept_filing(filing, by=officer)
    assert _task(register.city.department, "post").status != "done"


def test_an_entry_made_before_the_rules_were_known_gets_its_task_when_filed(register, holder):
    type(holder).rows.filter(pk=holder.pk).update(filing_task=None)
    assert services.file_appointment(holder, by=None).assignment.occurrence == ""


@pytest.mark.parametrize("facts", [{"reported_on": date(2022, 4, 16)}, {"document_number": "1号"}])
def test_a_letter_of_tomorrow_or_with_a_wrong_number_is_refused(holder, facts):
    with pytest.raises(ValidationError):
        services.file_appointment(holder, by=None, letter=services.Letter(**facts))
    assert not Filing.rows.exists()


# --- plans ---------------------------------------------------------------------------------------


def test_an_implementation_plan_goes_to_the_bureau_and_fulfils_its_task(register, officer):
    row = register.city.enrolment(register.city.district)
    filing = services.file_plan(row, title="", by=None)
    assert (filing.kind, filing.desk) == (FilingKind.PLAN, register.city.bureau)
    assert filing.title.endswith("首席数据官实施方案")
    services.accept_filing(filing, by=officer)
    assert _task(register.city.district, "plan").status == "done"
    with pytest.raises(Refused, match="没有要报备的实施方案"):
        services.file_plan(row, title="", by=None)


def test_a_programme_without_a_bureau_takes_no_plans(register):
    Enrolment.rows.filter(unit=register.city.bureau).update(ends_on=date(2022, 1, 1))
    with pytest.raises(Refused, match="牵头单位"):
        services.file_plan(register.city.enrolment(register.city.district), title="方案", by=None)


# --- moves ---------------------------------------------------------------------------------------

ACTS = {
    FilingMove.RETURN: lambda row: services.return_filing(row, by=None, reason="缺件"),
    FilingMove.RESUBMIT: lambda row: services.resubmit_filing(row, by=None),
    FilingMove.ACCEPT: lambda row: services.accept_filing(row, by=None),
    FilingMove.REOPEN: lambda row: services.reopen_filing(row, by=None, reason="有误"),
    FilingMove.WITHDRAW: lambda row: services.take_off_desk(
        row, FilingMove.WITHDRAW, by=None, reason="重复"
    ),
    FilingMove.CANCEL: lambda row: services.take_off_desk(
        row, FilingMove.CANCEL, by=None, reason="作废"
    ),
}
TRAITS = {"accepted": {"accepted": True}, "returned": {"returned": True}}


@pytest.mark.parametrize("state", list(FilingStatus))
@pytest.mark.parametrize("move", list(FilingMove))
def test_only_the_moves_of_the_table_pass(register, holder, state, move):
    facts = {"appointment": holder, "programme": register.city.programme, "desk": register.office}
    row = FilingFactory(**facts, **TRAITS.get(state, {}))
    if state == FilingStatus.WITHDRAWN:
        row = services.take_off_desk(row, FilingMove.WITHDRAW, by=None, reason="")
    sources, target = FILING_MOVES[move]
    if state in sources:
        assert ACTS[move](row).status == target
        return
    with pytest.raises(MoveNotAllowed):
        ACTS[move](row)
    assert Filing.rows.get().status == state


def test_a_stale_form_changes_nothing(filing, officer):
    services.return_filing(filing, by=officer, reason="缺件")
    with pytest.raises(StaleVersion):
        services.accept_filing(filing, by=officer, version=1)
