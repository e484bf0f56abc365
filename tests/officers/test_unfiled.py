"""Appointed but not filed: which appointments a desk should have on record by a day."""

from datetime import date

import pytest

from duties.choices import Light
from officers.choices import FilingState
from officers.models import PostRule
from officers.queries.filings import filings_of, unfiled
from tests.factories.officers import AppointmentFactory, FilingFactory
from tests.factories.pilots import EnrolmentFactory, UnitFactory

pytestmark = pytest.mark.django_db
ON = date(2022, 4, 15)


@pytest.fixture
def off(register, officer):
    """`off()`: what is not on record in the city, as its bureau sees it."""
    return lambda on=ON: unfiled(register.city.programme, user=officer, on=on)


@pytest.fixture
def holder(register):
    """The department's holder since 2021-09-16, signed the day before."""
    return AppointmentFactory(unit=register.city.department, signed_on=date(2021, 9, 15))


def reported(register, holder, **facts):
    return FilingFactory(
        programme=register.city.programme, appointment=holder, desk=register.office, **facts
    )


def test_an_appointment_that_is_to_be_filed_counts_from_its_signature(off, holder, register):
    (found,) = off()
    assert (found.appointment, found.state) == (holder, FilingState.NOT_REPORTED)
    assert (found.days, found.word) == (212, "未报备212天")
    assert (found.light, found.allowed, found.filing) == (Light.UNDATED, None, None)
    assert found.ruling.rule == register.department_rule


def test_without_a_signature_the_first_day_in_office_counts(off, register):
    AppointmentFactory(
        unit=register.city.department, starts_on=None, known_on=date(2022, 4, 5), signed_on=None
    )
    assert off()[0].days == 10


def test_a_signature_after_the_day_asked_about_counts_nothing_yet(off, register):
    AppointmentFactory(
        unit=register.city.department, starts_on=date(2022, 4, 1), signed_on=date(2022, 5, 1)
    )
    assert off()[0].days == 0


def test_what_the_leading_group_appoints_is_filed_nowhere(off, register):
    AppointmentFactory(unit=register.city.government)
    assert off() == []


@pytest.mark.parametrize("facts", [{"kind": "acting"}, {"status": "proposed"}])
def test_stand_ins_and_proposals_are_not_filed(off, register, facts):
    AppointmentFactory(unit=register.city.department, **facts)
    assert off() == []


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2021, 9, 27), FilingState.NOT_REPORTED),
        (date(2021, 9, 28), FilingState.AT_DESK),
        (date(2021, 10, 7), FilingState.AT_DESK),
        (date(2021, 10, 8), None),
    ],
)
def test_each_day_answers_as_it_was(off, register, holder, on, state):
    reported(register, holder, accepted=True)
    assert [row.state for row in off(on)] == ([state] if state else [])


def test_a_returned_filing_is_the_units_turn(off, register, holder):
    filing = reported(register, holder, returned=True)
    (found,) = off()
    assert (found.state, found.filing, found.word) == (
        FilingState.RETURNED,
        filing,
        "退回补正212天",
    )


def test_a_withdrawn_filing_is_as_if_none_had_been(off, register, holder):
    reported(register, holder, status="withdrawn", decided_at="2021-10-01T09:00:00+08:00")
    assert off()[0].state == FilingState.NOT_REPORTED


def test_a_filed_removal_does_not_file_the_appointment(off, register):
    holder = AppointmentFactory(
        unit=register.city.department, status="ended", ends_on=date(2022, 1, 31)
    )
    reported(register, holder, accepted=True, kind="removal")
    assert off()[0].state == FilingState.NOT_REPORTED


def test_who_left_unfiled_stays_on_the_list_unless_it_was_before_the_start(off, register):
    unit = register.city.department
    AppointmentFactory(
        unit=unit, status="ended", starts_on=date(2020, 1, 1), ends_on=date(2021, 8, 2)
    )
    kept = AppointmentFactory(unit=unit, status="ended", ends_on=date(2022, 1, 31))
    assert [row.appointment for row in off()] == [kept]
    register.city.programme.started_on = None
    assert off() == []


@pytest.mark.parametrize(
    ("on", "light"),
    [
        (date(2021, 9, 16), Light.NORMAL),
        (date(2021, 10, 15), Light.DUE_SOON),
        (date(2021, 10, 16), Light.OVERDUE),
    ],
)
def test_a_limit_gives_a_light(off, register, holder, on, light):
    PostRule.rows.filter(pk=register.department_rule.pk).update(
        own_filing_days=30, own_basis="工作要求"
    )
    (found,) = off(on)
    assert (found.light, found.allowed, found.is_own_days) == (light, 30, True)
    assert found.limit == "市政数局期望30天内"


def test_the_order_is_that_of_the_document_and_the_queries_do_not_grow(
    off, register, holder, django_assert_num_queries
):
    programme = register.city.programme
    later = [UnitFactory() for _number in range(3)]
    for place, unit in enumerate(reversed(later)):
        EnrolmentFactory(programme=programme, unit=unit, position=10 + place)
        reported(register, AppointmentFactory(unit=unit))
    off()  # what a request reads once of its user
    with django_assert_num_queries(4):
        rows = off()
        assert all(row.appointment.unit.display_name for row in rows)
    assert [row.appointment.unit for row in rows] == [register.city.department, *reversed(later)]


def test_a_clerk_sees_the_own(register, holder, data_officer, stranger):
    programme = register.city.programme
    assert len(unfiled(programme, user=data_officer, on=ON)) == 1
    assert unfiled(programme, user=stranger, on=ON) == []


def test_live_filings_are_found_by_appointment(register, holder):
    filing = reported(register, holder, accepted=True)
    assert filings_of([holder], ON) == {holder.pk: filing}
    assert filings_of([holder], date(2021, 9, 27)) == {}
