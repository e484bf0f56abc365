"""Appointments through their services: reported, confirmed, ended, mended, voided."""

from datetime import date

import pgtrigger
import pytest
from django.core.exceptions import ValidationError

from core.errors import MoveNotAllowed, Refused, StaleVersion
from core.models import AuditEntry
from duties.models import Assignment
from officers import services
from officers.choices import MOVES, Ending, Kind, Move, Status
from officers.models import Appointment
from pilots.models import Membership
from tests.factories.accounts import UserFactory
from tests.factories.officers import AppointmentFactory, PersonFactory, PostFactory
from tests.factories.pilots import MembershipFactory, SuccessionFactory, UnitFactory

pytestmark = pytest.mark.django_db
SEPTEMBER, MARCH, TODAY = date(2021, 9, 16), date(2022, 3, 31), date(2022, 4, 15)
PAPER = services.Paper(number="深公[2021]12号", title="任命通知", signed_on=SEPTEMBER)


def _tasks(unit, nature):
    return Assignment.rows.filter(enrolment__unit=unit, obligation__nature=nature)


# --- who may appoint what ------------------------------------------------------------------------


def test_a_department_appoints_its_own_and_the_appointment_stands_at_once(register, data_officer):
    row = register.appoint(register.city.department, SEPTEMBER, by=data_officer, paper=PAPER)
    assert (row.status, row.document_number) == (Status.APPOINTED, "深公〔2021〕12号")
    assert (row.authority, row.appointed_by) == (register.city.department, data_officer)
    assert row.confirmed_on == TODAY
    assert Appointment.rows.in_office(SEPTEMBER).get() == row


def test_what_the_leading_group_appoints_a_district_only_proposes(register, stranger, officer):
    row = register.appoint(register.city.district, SEPTEMBER, by=stranger)
    assert (row.status, row.authority) == (Status.PROPOSED, register.leading_group)
    assert not Appointment.rows.in_office(SEPTEMBER).exists()
    row = services.confirm_appointment(row, by=officer, paper=PAPER, version=1)
    assert (row.status, row.appointed_by) == (Status.APPOINTED, officer)
    assert row.document_number == "深公〔2021〕12号"
    assert _tasks(register.city.district, "post").get().status == "done"
    assert _tasks(register.city.district, "post").get().done_on == SEPTEMBER


def test_the_bureau_enters_what_stands_at_once(register, officer):
    row = register.appoint(register.city.government, SEPTEMBER, by=officer)
    assert row.status == Status.APPOINTED


def test_where_no_rule_says_who_appoints_a_unit_proposes(register, data_officer):
    cio = PostFactory(code="cio", name="首席信息官")
    row = register.appoint(register.city.department, SEPTEMBER, by=data_officer, post=cio)
    assert (row.status, row.authority) == (Status.PROPOSED, None)


def test_a_slot_has_no_holder(register):
    slot = UnitFactory(is_slot=True, name="待补名01")
    with pytest.raises(Refused, match="先补名"):
        register.appoint(slot, SEPTEMBER)


# --- bad input -----------------------------------------------------------------------------------


def test_overlapping_terms_are_refused_with_the_name_days_and_number_of_the_other(register):
    first = register.appoint(register.city.department, SEPTEMBER)
    with pytest.raises(Refused) as caught:
        register.appoint(register.city.department, MARCH)
    said = str(caught.value)
    assert first.person.name in said
    assert first.number in said
    assert "2021-09-16至今" in said
    with pytest.raises(Refused, match="2021-09-16"):  # a former holder that reaches into it
        register.appoint(register.city.department, date(2021, 1, 1), ends_on=SEPTEMBER)
    assert Appointment.rows.count() == 1


def test_a_second_city_cdo_is_refused_and_a_former_one_is_not(register):
    register.appoint(register.city.government, SEPTEMBER)
    with pytest.raises(Refused, match="同一时间只能有一名"):
        register.appoint(register.city.government, MARCH)
    former = register.appoint(register.city.government, date(2021, 1, 1), ends_on=date(2021, 9, 15))
    assert (former.status, former.ending) == (Status.ENDED, Ending.LEFT)


def test_a_post_that_several_may_hold_has_numbered_seats(register):
    clerk = PostFactory(code="data_specialist", name="数据专员", is_single=False)
    register.appoint(register.city.district, SEPTEMBER, post=clerk, seat=1)
    register.appoint(register.city.district, SEPTEMBER, post=clerk, seat=2)
    with pytest.raises(Refused):
        register.appoint(register.city.district, SEPTEMBER, post=clerk, seat=2)


def test_an_end_before_the_start_and_no_start_at_all_are_refused_by_field(register):
    unit = register.city.department
    with pytest.raises(ValidationError) as caught:
        register.appoint(unit, SEPTEMBER, ends_on=date(2021, 9, 1))
    assert "ends_on" in caught.value.message_dict
    with pytest.raises(ValidationError) as caught:
        register.appoint(unit, None)
    assert "最早见于" in str(caught.value.message_dict["starts_on"])


@pytest.mark.parametrize("typed", ["2021年12号", "深公〔2021〕012号", "深公12号"])
def test_a_document_number_that_is_none_is_refused_with_what_was_typed(register, typed):
    paper = services.Paper(number=typed)
    with pytest.raises(ValidationError) as caught:
        register.appoint(register.city.department, SEPTEMBER, paper=paper)
    assert typed in str(caught.value.message_dict["document_number"])
    assert "六角括号" in str(caught.value)


def test_nobody_is_appointed_to_a_body_that_had_ceased_or_was_not_yet_founded(register):
    gone = UnitFactory(name="旧局", established_on=date(2010, 1, 1), ceased_on=date(2021, 8, 31))
    with pytest.raises(Refused, match=r"旧局已于2021-08-31撤销.*承接单位"):
        register.appoint(gone, SEPTEMBER)
    SuccessionFactory(from_unit=gone, to_unit=UnitFactory(name="新局"))
    with pytest.raises(Refused, match="改登记到新局"):
        register.appoint(gone, date(2021, 1, 1))
    with pytest.raises(Refused, match="2010-01-01成立"):
        register.appoint(gone, date(2009, 1, 1))
    former = register.appoint(gone, date(2015, 1, 1), ends_on=date(2021, 8, 31))
    assert former.status == Status.ENDED


def test_a_holder_whom_the_rank_rule_does_not_mean_needs_a_written_reason(register):
    person = PersonFactory(unit=register.city.department, level="other", is_in_charge=False)
    with pytest.raises(ValidationError) as caught:
        register.appoint(register.city.department, SEPTEMBER, person=person)
    assert "行政副职及以上" in str(caught.value.message_dict["rank_reason"])
    row = register.appoint(
        register.city.department, SEPTEMBER, person=person, rank_reason="由总工程师兼任"
    )
    assert row.rank_reason == "由总工程师兼任"


def test_the_rank_rule_does_not_ask_about_somebody_who_only_stands_in(register):
    person = PersonFactory(unit=register.city.department, level="other", is_in_charge=False)
    row = register.appoint(register.city.department, SEPTEMBER, person=person, kind=Kind.PRESIDING)
    assert row.is_stand_in


# --- change of holders ---------------------------------------------------------------------------


def test_a_successor_lets_the_predecessor_leave_in_the_same_step(register):
    first = register.appoint(register.city.department, SEPTEMBER)
    leaving = services.Departure(
        on=MARCH,
        ending=Ending.MOVED,
        paper=services.Paper(number="深公[2022]3号", signed_on=MARCH),
        reason="调任",
    )
    second = register.appoint(register.city.department, date(2022, 4, 1), departure=leaving)
    first.refresh_from_db()
    assert second.predecessor == first
    assert (first.status, first.ends_on, first.ending) == (Status.ENDED, MARCH, Ending.MOVED)
    assert (first.ending_number, first.ending_authority) == (
        "深公〔2022〕3号",
        register.city.department,
    )
    assert Appointment.rows.in_office(MARCH).get() == first
    assert Appointment.rows.in_office(date(2022, 4, 1)).get() == second


def test_a_departure_of_nobody_changes_nothing(register):
    row = register.appoint(
        register.city.department, SEPTEMBER, departure=services.Departure(on=MARCH)
    )
    assert row.predecessor is None


def test_when_the_successor_is_refused_the_predecessor_stays(register):
    first = register.appoint(register.city.department, SEPTEMBER)
    with pytest.raises(Refused):
        register.appoint(
            register.city.department, MARCH, departure=services.Departure(on=date(2022, 4, 10))
        )
    first.refresh_from_db()
    assert first.status == Status.APPOINTED


def test_one_who_stands_in_is_followed_by_another_and_does_not_end_the_holder(register):
    holder = register.appoint(register.city.department, SEPTEMBER)
    one = register.appoint(register.city.department, MARCH, kind=Kind.ACTING)
    two = register.appoint(
        register.city.department,
        date(2022, 4, 10),
        kind=Kind.PRESIDING,
        departure=services.Departure(on=date(2022, 4, 9)),
    )
    assert two.predecessor == one
    with pytest.raises(Refused, match="主持工作"):
        register.appoint(register.city.department, date(2022, 4, 12), kind=Kind.ACTING)
    holder.refresh_from_db()
    assert holder.status == Status.APPOINTED


def test_nobody_leaves_before_he_came(register):
    row = register.appoint(register.city.department, SEPTEMBER)
    with pytest.raises(ValidationError, match="2021-09-16起任职"):
        services.end_appointment(row, on=date(2021, 9, 15), ending=Ending.REMOVED, by=None)


# --- moves ---------------------------------------------------------------------------------------

ACTS = {
    Move.APPOINT: lambda row: services.confirm_appointment(row, by=None),
    Move.END: lambda row: services.end_appointment(row, on=MARCH, ending=Ending.LEFT, by=None),
    Move.REINSTATE: lambda row: services.reinstate(row, by=None, reason="登记有误"),
    Move.VOID: lambda row: services.void_appointment(row, by=None, reason="登记有误"),
}
FACTS = {
    Status.PROPOSED: {"appointed_at": None},
    Status.APPOINTED: {},
    Status.ENDED: {"ends_on": MARCH},
    Status.VOIDED: {"void_reason": "重复"},
}


@pytest.mark.parametrize("state", list(Status))
@pytest.mark.parametrize("move", list(Move))
def test_only_the_moves_of_the_table_pass(register, state, move):
    unit = register.city.department
    row = AppointmentFactory(unit=unit, post=register.cdo, status=state, **FACTS[state])
    sources, target = MOVES[move]
    if state in sources:
        assert ACTS[move](row).status == target
        return
    with pytest.raises(MoveNotAllowed):
        ACTS[move](row)
    assert Appointment.rows.get(pk=row.pk).status == state


def test_a_stale_form_changes_nothing(register):
    row = register.appoint(register.city.department, SEPTEMBER)
    services.mend_appointment(row, by=None, version=1, reason="补充说明")
    for act in (
        lambda: services.mend_appointment(row, by=None, version=1, reason="别的"),
        lambda: services.end_appointment(row, on=MARCH, ending="left", by=None, version=1),
        lambda: services.void_appointment(row, by=None, version=1, reason="x"),
    ):
        with pytest.raises(StaleVersion):
            act()


def test_every_change_is_on_the_record_with_before_and_after(register, officer):
    row = register.appoint(register.city.department, SEPTEMBER, by=officer)
    services.mend_appointment(row, by=officer, document_number="深公（2021）15号")
    entry = AuditEntry.objects.of(f"appointment:{row.number}").last()
    assert entry.verb == "appointment.mend"
    assert entry.before["document_number"] == ""
    assert entry.after["document_number"] == "深公〔2021〕15号"
    assert entry.unit_code == register.city.department.code


def test_who_where_and_which_post_are_not_mended(register):
    row = register.appoint(register.city.department, SEPTEMBER)
    with pytest.raises(ValueError, match="person"):
        services.mend_appointment(row, by=None, person=row.person)
    voided = services.void_appointment(row, by=None, reason="重复")
    with pytest.raises(Refused, match="已作废"):
        services.mend_appointment(voided, by=None, reason="x")


def test_mended_days_are_held_to_the_same_rules(register):
    first = register.appoint(register.city.department, SEPTEMBER, ends_on=MARCH)
    second = register.appoint(register.city.department, date(2022, 4, 1))
    with pytest.raises(Refused, match=first.number):
        services.mend_appointment(second, by=None, starts_on=MARCH)
    row = services.mend_appointment(second, by=None, starts_on=date(2022, 4, 2))
    assert row.starts_on == date(2022, 4, 2)
    proposed = register.appoint(
        register.city.district,
        SEPTEMBER,
        by=_clerk_of(register.city.district),
    )
    assert services.mend_appointment(proposed, by=None, starts_on=MARCH).starts_on == MARCH


def test_a_proposal_for_a_term_that_is_over_has_left_once_it_is_confirmed(register, officer):
    unit = register.city.district
    row = register.appoint(unit, SEPTEMBER, by=_clerk_of(unit), ends_on=MARCH)
    assert row.status == Status.PROPOSED
    row = services.confirm_appointment(row, by=officer)
    assert (row.status, row.ends_on, row.ending) == (Status.ENDED, MARCH, Ending.LEFT)
    assert (row.appointed_by, row.ended_by) == (officer, officer)
    assert row.ended_at == row.appointed_at


def _clerk_of(unit):
    user = UserFactory()
    MembershipFactory(user=user, unit=unit, role="data_officer")
    return user


# --- what it sets going --------------------------------------------------------------------------


def test_a_filed_appointment_has_its_task_and_each_change_the_next_occurrence(register):
    unit = register.city.department
    first = register.appoint(unit, SEPTEMBER)
    assert first.filing_task == _tasks(unit, "filing").get(occurrence="")
    assert _tasks(unit, "post").get().status == "assigned"  # done when the filing is accepted
    second = register.appoint(unit, date(2022, 4, 1), departure=services.Departure(on=MARCH))
    assert second.filing_task.occurrence == "change-2"
    assert second.filing_task.due_on is None
    third = register.appoint(
        unit, date(2022, 4, 10), departure=services.Departure(on=date(2022, 4, 9))
    )
    assert third.filing_task.occurrence == "change-3"


def test_a_voided_entry_gives_its_task_back_to_the_right_one(register):
    unit = register.city.department
    register.appoint(unit, SEPTEMBER)
    wrong = register.appoint(unit, date(2022, 4, 1), departure=services.Departure(on=MARCH))
    services.void_appointment(wrong, by=None, reason="登记错了人")
    assert wrong.filing_task.occurrence == "change-2"
    assert Assignment.rows.get(pk=wrong.filing_task_id).status == "withdrawn"
    right = register.appoint(unit, date(2022, 4, 1))
    assert right.filing_task.occurrence == "change-2"
    assert right.filing_task.status == "assigned"


def test_a_voided_appointment_no_longer_counts(register):
    unit = register.city.district
    row = register.appoint(unit, SEPTEMBER)
    assert _tasks(unit, "post").get().status == "done"
    with pytest.raises(Refused, match="作废原因"):
        services.void_appointment(row, by=None, reason="")
    services.void_appointment(row, by=None, reason="登记错了单位")
    assert _tasks(unit, "post").get().status != "done"
    again = register.appoint(unit, SEPTEMBER)
    assert _tasks(unit, "post").get().status == "done"
    assert again.number != row.number


def test_a_removal_entered_in_error_is_taken_back(register):
    row = register.appoint(register.city.department, SEPTEMBER)
    ended = services.end_appointment(row, on=MARCH, ending=Ending.REMOVED, by=None, reason="误")
    row = services.reinstate(ended, by=None, reason="免职文件登记到了别人名下")
    assert (row.status, row.ends_on, row.ending) == (Status.APPOINTED, None, "")
    services.end_appointment(row, on=MARCH, ending=Ending.LEFT, by=None)
    register.appoint(register.city.department, date(2022, 4, 1))
    with pytest.raises(Refused, match="正式担任"):
        services.reinstate(row, by=None, reason="x")


def test_a_removal_taken_back_takes_its_filing_off_the_desk(register, officer):
    row = register.appoint(register.city.department, SEPTEMBER)
    ended = services.end_appointment(row, on=MARCH, ending=Ending.REMOVED, by=officer)
    filing = services.file_appointment(ended, kind="removal", by=None)
    services.reinstate(ended, by=officer, reason="免职文件登记到了别人名下")
    filing.refresh_from_db()
    assert filing.status == "withdrawn"


def test_no_task_is_made_where_the_programme_asks_for_no_filing(register):
    with pgtrigger.ignore("duties.Assignment:assignment_is_never_deleted"):  # as if never made
        _tasks(register.city.department, "filing").delete()
    row = register.appoint(register.city.department, SEPTEMBER)
    assert row.filing_task is None


# --- rights --------------------------------------------------------------------------------------


@pytest.fixture
def holder(register):
    person = PersonFactory(unit=register.city.department, user=UserFactory())
    return register.appoint(register.city.department, SEPTEMBER, person=person)


def _live(user):
    return Membership.rows.live(TODAY).filter(user=user, role="unit_cdo")


def test_a_holder_signs_from_the_appointment_whatever_becomes_of_the_filing(holder):
    assert _live(holder.person.user).get().unit == holder.unit


def test_rights_end_with_the_post_the_same_second(holder, browse, officer):
    page = browse(holder.person.user)
    assert page.get("/").status_code == 200
    services.end_appointment(holder, on=TODAY, ending=Ending.REMOVED, by=officer)
    assert not _live(holder.person.user).exists()
    assert page.get("/").status_code in {302, 403}


def test_rights_of_one_who_leaves_next_week_end_next_week(holder):
    services.end_appointment(holder, on=date(2022, 4, 22), ending=Ending.REMOVED, by=None)
    assert _live(holder.person.user).get().ends_on == date(2022, 4, 22)


def test_one_who_only_changes_how_he_holds_the_post_keeps_the_rights(holder, register):
    register.appoint(register.city.department, MARCH, person=holder.person, kind=Kind.PRESIDING)
    services.end_appointment(holder, on=TODAY, ending=Ending.REMOVED, by=None)
    assert _live(holder.person.user).exists()


def test_other_posts_give_no_rights_and_take_none(register):
    person = PersonFactory(unit=register.city.department, user=UserFactory())
    cio = PostFactory(code="cio", name="首席信息官")
    row = register.appoint(register.city.department, SEPTEMBER, person=person, post=cio)
    assert not _live(person.user).exists()
    services.end_appointment(row, on=TODAY, ending=Ending.REMOVED, by=None)


# --- nothing has changed -------------------------------------------------------------------------


def test_one_click_confirms_all_entries_of_a_unit(register, data_officer):
    unit = register.city.department
    row = register.appoint(unit, SEPTEMBER)
    other = register.appoint(register.city.district, SEPTEMBER)
    Appointment.rows.update(confirmed_on=None)
    assert services.confirm_unchanged(unit, by=data_officer) == 1
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.confirmed_on, row.confirmed_by) == (TODAY, data_officer)
    assert other.confirmed_on is None
    assert AuditEntry.objects.latest("id").verb == "unit.confirm_officers"
