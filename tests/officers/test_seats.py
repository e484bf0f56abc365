"""Seats: who is in them on a day, since when nobody, and how long that may last."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import workdays
from core.workdays import Calendar
from duties.choices import Light
from officers.choices import SeatState
from officers.models import PostRule
from officers.queries.reckoning import Reckoning, reckoning
from officers.queries.register import (
    confirmed_since,
    counts,
    history_of,
    holders_of,
    registered,
    stale,
)
from officers.queries.seats import rulings_on, seats_of, vacancies
from pilots.models import Enrolment, Programme, Unit
from tests.factories.officers import (
    AppointmentFactory,
    FilingFactory,
    PostFactory,
    PostRuleFactory,
)
from tests.factories.pilots import EnrolmentFactory, ProgrammeFactory, UnitFactory

pytestmark = pytest.mark.django_db
ON = date(2022, 4, 15)
START = date(2021, 8, 3)


@pytest.fixture
def seats(register, officer):
    """`seats()`: the CDO seats of the city as its bureau sees them, by unit."""

    def asked(on=ON, **over):
        rows = seats_of(register.city.programme, user=officer, on=on, **over)
        return {(seat.unit.pk, seat.number): seat for seat in rows}

    return asked


@pytest.fixture
def seat(register, seats):
    """`seat()`: that of the department."""
    return lambda on=ON: seats(on)[register.city.department.pk, 1]


def limit(rule, days, **over):
    PostRule.rows.filter(pk=rule.pk).update(vacancy_days=days, **over)


def test_every_pilot_has_a_seat_in_the_order_of_the_document(register, seats):
    city = register.city
    assert [unit for unit, _number in seats()] == [
        city.government.pk,
        city.department.pk,
        city.district.pk,
    ]


def test_a_seat_nobody_ever_had_is_vacant_since_the_programme_is_followed(seat):
    found = seat()
    assert (found.state, found.vacant_since) == (SeatState.VACANT, START)
    assert (found.days, found.word) == ((ON - START).days, "空缺255天")
    assert found.is_vacant


@pytest.mark.parametrize(
    ("joined", "started", "since"),
    [
        (date(2021, 10, 1), START, date(2021, 10, 1)),
        (date(2021, 1, 1), START, START),
        (date(2021, 10, 1), None, date(2021, 10, 1)),
        (date(2021, 10, 1), date(2022, 5, 1), date(2021, 10, 1)),
        (None, None, None),
    ],
)
def test_the_first_day_is_the_later_of_joining_and_following(
    register, seat, joined, started, since
):
    city = register.city
    Enrolment.rows.filter(unit=city.department).update(starts_on=joined)
    city.programme.started_on = started
    assert seat().vacant_since == since


def test_without_a_known_first_day_no_day_is_counted_and_no_light_is_red(register, seat):
    limit(register.department_rule, 30)
    register.city.programme.started_on = None
    found = seat()
    assert (found.days, found.light, found.word) == (None, Light.UNDATED, "空缺，起算日期未知")


def test_after_a_holder_the_day_after_the_last_one_counts(register, seat):
    unit = register.city.department
    AppointmentFactory(unit=unit, status="ended", ends_on=date(2021, 12, 31))
    AppointmentFactory(
        unit=unit, status="ended", starts_on=date(2022, 1, 4), ends_on=date(2022, 3, 31)
    )
    found = seat()
    assert (found.vacant_since, found.days) == (date(2022, 4, 1), 14)


def test_a_holder_of_before_the_body_took_part_opens_no_vacancy_earlier(register, seat):
    unit = register.city.department
    AppointmentFactory(
        unit=unit, status="ended", starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31)
    )
    Enrolment.rows.filter(unit=unit).update(starts_on=date(2021, 9, 1))
    assert seat().vacant_since == date(2021, 9, 1)


def test_a_holder_with_an_end_ahead_is_in_office_until_then(register, seat):
    unit = register.city.department
    held = AppointmentFactory(unit=unit, status="ended", ends_on=date(2022, 4, 20))
    found = seat()
    assert (found.state, found.holder, found.light) == (SeatState.HELD, held, Light.NORMAL)
    assert (found.word, found.is_vacant) == ("在任", False)
    assert seat(date(2022, 4, 21)).vacant_since == date(2022, 4, 21)


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2021, 9, 15), SeatState.VACANT),
        (date(2021, 9, 16), SeatState.HELD),
        (date(2022, 1, 31), SeatState.HELD),
        (date(2022, 2, 1), SeatState.VACANT),
    ],
)
def test_any_day_can_be_asked_about(register, seat, on, state):
    AppointmentFactory(unit=register.city.department, status="ended", ends_on=date(2022, 1, 31))
    assert seat(on).state == state


@pytest.mark.parametrize("status", ["proposed", "voided"])
def test_what_is_only_proposed_or_was_voided_fills_no_seat(register, seat, status):
    AppointmentFactory(unit=register.city.department, status=status, void_reason="错")
    assert seat().state == SeatState.VACANT


def test_a_stand_in_stops_the_red_and_stays_visible(register, seat):
    limit(register.department_rule, 10)
    unit = register.city.department
    AppointmentFactory(unit=unit, status="ended", ends_on=date(2022, 1, 31))
    acting = AppointmentFactory(unit=unit, kind="presiding", starts_on=date(2022, 2, 1))
    found = seat()
    assert (found.state, found.stand_in, found.light) == (SeatState.STOOD_IN, acting, Light.NORMAL)
    assert (found.word, found.is_vacant, found.days) == ("主持工作", True, 73)
    assert seat(date(2022, 1, 31)).state == SeatState.HELD


def test_without_a_limit_the_document_sets_none(seat):
    assert (seat().light, seat().allowed, seat().limit) == (Light.UNDATED, None, "文件未定时限")


@pytest.mark.parametrize(
    ("on", "light"),
    [
        (date(2021, 8, 4), Light.NORMAL),
        (date(2021, 8, 18), Light.NORMAL),
        (date(2021, 8, 19), Light.DUE_SOON),
        (date(2021, 9, 2), Light.DUE_SOON),
        (date(2021, 9, 3), Light.OVERDUE),
    ],
)
def test_a_limit_of_thirty_days_nears_ten_working_days_before_and_passes(register, seat, on, light):
    limit(register.department_rule, 30)
    assert seat(on).light == light
    assert (seat(on).allowed, seat(on).limit) == (30, "文件规定30天内")


def test_the_expectation_of_the_bureau_is_marked_as_such(register, seat):
    limit(register.department_rule, None, own_vacancy_days=15, own_basis="工作要求")
    assert (seat().allowed, seat().is_own_days, seat().light) == (15, True, Light.OVERDUE)


@pytest.mark.parametrize("allowed", range(0, 40, 3))
def test_soon_is_ten_working_days_before_the_last_working_day(allowed):
    calendar = Calendar.around(ON, margin=200)
    for back in range(60):
        begun = ON - timedelta(days=back)
        last_day = begun + timedelta(days=allowed)
        plain = Light.NORMAL
        if last_day < ON:
            plain = Light.OVERDUE
        elif calendar.on_or_before(last_day) <= calendar.forward(ON, 10):
            plain = Light.DUE_SOON
        assert Reckoning.for_day(ON).light(begun, allowed) == plain


def test_no_calendar_is_read_where_no_limit_is_set(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert reckoning(ON, [None, None]).light(START, None) == Light.UNDATED
    workdays.seed([2023])
    with django_assert_num_queries(1):
        reckoning(ON, [None, 3])


def test_a_rule_may_ask_for_several_holders(register, seats):
    city = register.city
    PostRule.rows.filter(pk=register.department_rule.pk).update(count=2)
    held = AppointmentFactory(unit=city.department, seat=2)
    found = seats()
    assert found[city.department.pk, 1].is_vacant
    assert found[city.department.pk, 2].holder == held


def test_an_encouraged_post_is_never_vacant(register, seats):
    city = register.city
    PostRule.rows.filter(pk=register.department_rule.pk).update(is_encouraged=True)
    found = seats()[city.department.pk, 1]
    assert (found.state, found.light) == (SeatState.NOT_SET_UP, Light.NOT_APPLICABLE)
    assert (found.word, found.is_vacant) == ("鼓励设立，未设", False)
    AppointmentFactory(unit=city.department, kind="acting")
    found = seats()[city.department.pk, 1]
    assert (found.state, found.is_vacant) == (SeatState.STOOD_IN, False)


def test_slots_and_bodies_that_do_not_exist_that_day_have_no_seat(register, seats):
    city = register.city
    Unit.rows.filter(pk=city.department.pk).update(is_slot=True)
    Unit.rows.filter(pk=city.district.pk).update(ceased_on=date(2022, 3, 1))
    assert [unit for unit, _number in seats()] == [city.government.pk]
    assert (city.district.pk, 1) in seats(date(2022, 3, 1))


def test_a_body_with_two_parts_is_asked_once_for_a_post(register, seats):
    city = register.city
    EnrolmentFactory(programme=city.programme, unit=city.department, part="bureau")
    PostRuleFactory(programme=city.programme, post=register.cdo, parts=["bureau"])
    assert len(seats()) == 4  # three pilots and the bureau itself
    assert len(seats(parts=["pilot"])) == 3
    assert seats()[city.bureau.pk, 1].is_vacant


def test_other_posts_are_asked_about_by_name_or_all_at_once(register, seats):
    executive = PostFactory(code="executive", name="首席数据执行官")
    PostRuleFactory(programme=register.city.programme, post=executive)
    assert len(seats()) == 3
    found = seats(post="executive").values()
    assert {seat.post for seat in found} == {executive}
    both = seats_of(register.city.programme, user=_officer(register), on=ON, post=None)
    assert len(both) == 6


def _officer(register):
    return register.city.bureau.memberships.get(role="bureau_officer").user


def test_a_rule_that_was_withdrawn_asks_for_nothing(register, seats):
    PostRule.rows.update(withdrawn_on=ON)
    assert seats() == {}


def test_a_clerk_sees_the_seat_of_the_own_unit_and_a_foreigner_none(
    register, data_officer, foreigner
):
    programme = register.city.programme
    mine = seats_of(programme, user=data_officer, on=ON)
    assert [seat.unit for seat in mine] == [register.city.department]
    assert seats_of(programme, user=foreigner, on=ON) == []


def test_names_are_those_of_the_day(register, seats):
    unit = register.city.department
    unit.names.update(ends_on=date(2022, 2, 28))
    unit.names.create(full_name="新名", short_name="新名", starts_on=date(2022, 3, 1))
    assert seats()[unit.pk, 1].unit.display_name == "新名"
    assert seats(date(2022, 2, 1))[unit.pk, 1].unit.display_name == "测试市公安局"


def test_vacancies_are_the_seats_without_a_substantive_holder(register, officer):
    city = register.city
    AppointmentFactory(unit=city.government)
    AppointmentFactory(unit=city.district, kind="acting")
    found = vacancies(city.programme, user=officer, on=ON)
    assert [(seat.unit, seat.state) for seat in found] == [
        (city.department, SeatState.VACANT),
        (city.district, SeatState.STOOD_IN),
    ]


# --- the numbers of the register ----------------------------------------------------------------


def test_counts_are_those_of_the_lists(register, officer):
    city = register.city
    AppointmentFactory(unit=city.government, confirmed_on=date(2022, 1, 1))
    AppointmentFactory(unit=city.district, kind="acting", confirmed_on=date(2021, 4, 14))
    holder = AppointmentFactory(unit=city.department)
    FilingFactory(programme=city.programme, appointment=holder, desk=register.office)
    found = counts(city.programme, user=officer, on=ON)
    assert (found.seats, found.held, found.vacant, found.stood_in) == (3, 2, 1, 1)
    assert (found.unfiled, found.stale) == (1, 2)


def test_a_post_at_the_bureau_is_none_of_the_pilots(register, officer):
    city = register.city
    PostRuleFactory(programme=city.programme, post=register.cdo, parts=["bureau"])
    found = counts(city.programme, user=officer, on=ON)
    assert (found.seats, found.vacant) == (3, 4)


def test_an_encouraged_post_is_counted_once_it_is_held(register, officer):
    city = register.city
    PostRule.rows.filter(pk=register.department_rule.pk).update(is_encouraged=True)
    assert counts(city.programme, user=officer, on=ON).seats == 2
    AppointmentFactory(unit=city.department)
    assert counts(city.programme, user=officer, on=ON).seats == 3


def test_the_queries_do_not_grow_with_the_city(register, officer):
    programme = register.city.programme
    limit(register.department_rule, 30)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            counts(programme, user=officer, on=ON)
        return len(queries)

    first = cost()
    for _number in range(12):
        unit = UnitFactory()
        EnrolmentFactory(programme=programme, unit=unit)
        AppointmentFactory(unit=unit)
    assert first == cost() == 8


def test_seats_take_three_queries(register, officer, django_assert_num_queries):
    assert officer.site_role_kind == ""  # read once a request
    programme = register.city.programme
    with django_assert_num_queries(3):
        seats = seats_of(programme, user=officer, on=ON)
        assert all(seat.unit.display_name and seat.post.name for seat in seats)
    found = rulings_on(programme, user=officer, on=ON)
    with django_assert_num_queries(1):
        assert seats_of(programme, user=officer, on=ON, found=found) == seats


def test_holders_of_units_are_read_at_once(register, django_assert_num_queries):
    city = register.city
    acting = AppointmentFactory(unit=city.department, kind="acting")
    holder = AppointmentFactory(unit=city.department)
    executive = AppointmentFactory(
        unit=city.department, post=PostFactory(code="executive", name="执行官", position=1)
    )
    AppointmentFactory(unit=city.district, status="ended", ends_on=date(2022, 1, 31))
    with django_assert_num_queries(1):
        found = holders_of([city.department, city.district], ON)
        assert found == {city.department.pk: [holder, acting, executive]}
        assert found[city.department.pk][0].person.name
    assert holders_of([city.department], ON, posts=["cdo"]) == {
        city.department.pk: [holder, acting]
    }


def test_holders_are_shown_to_whom_they_are_visible(register, data_officer, stranger):
    unit = register.city.department
    row = AppointmentFactory(unit=unit, status="ended", ends_on=date(2022, 1, 31))
    assert holders_of([unit], date(2022, 1, 31), user=data_officer) == {unit.pk: [row]}
    assert holders_of([unit], date(2022, 1, 31), user=stranger) == {}
    assert history_of(unit, ON, user=data_officer) == [row]
    assert history_of(unit, ON, user=stranger) == []


def test_the_history_of_a_unit_is_what_was_over_by_the_day(register):
    unit = register.city.department
    first = AppointmentFactory(unit=unit, status="ended", ends_on=date(2021, 12, 31))
    second = AppointmentFactory(
        unit=unit, status="ended", starts_on=date(2022, 1, 4), ends_on=date(2022, 3, 31)
    )
    AppointmentFactory(unit=unit, starts_on=date(2022, 4, 1))
    assert history_of(unit, ON) == [second, first]
    assert history_of(unit, date(2022, 2, 1)) == [first]


@pytest.mark.parametrize(
    ("on", "since"),
    [
        (date(2022, 4, 15), date(2021, 4, 15)),
        (date(2021, 2, 28), date(2020, 2, 28)),
        (date(2020, 2, 29), date(2019, 3, 1)),
    ],
)
def test_twelve_months_are_calendar_months(on, since):
    assert confirmed_since(on) == since


@pytest.mark.parametrize(
    ("confirmed_on", "is_old"),
    [(None, True), (date(2021, 4, 14), True), (date(2021, 4, 15), False), (ON, False)],
)
def test_what_nobody_confirmed_for_twelve_months_is_old(register, officer, confirmed_on, is_old):
    row = AppointmentFactory(unit=register.city.department, confirmed_on=confirmed_on)
    rows = registered(register.city.programme, user=officer, on=ON)
    assert stale(rows, ON).exists() is is_old
    assert row.needs_confirmation(ON, confirmed_since(ON)) is is_old


def test_whoever_has_left_needs_no_confirmation(register):
    row = AppointmentFactory(
        unit=register.city.department, status="ended", ends_on=date(2022, 1, 31)
    )
    assert not stale(type(row).rows.all(), ON).exists()


def test_a_programme_without_rules_has_no_seats_but_its_holders(officer, city):
    AppointmentFactory(unit=city.department)
    found = counts(city.programme, user=officer, on=ON)
    assert (found.seats, found.held, found.vacant) == (0, 1, 0)


def test_another_programme_does_not_count_here(register, officer):
    other = ProgrammeFactory(running=True)
    EnrolmentFactory(programme=other, unit=register.city.department)
    PostRuleFactory(programme=other, post=register.cdo)
    assert seats_of(Programme.rows.get(pk=other.pk), user=officer, on=ON) == []
