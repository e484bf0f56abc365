"""Whom the notices of the register reach, on which days, and that nobody is nagged.

The stages are checked day by day against a model in plain Python at the end of this file.
"""

import threading
from datetime import UTC, date, datetime, timedelta

import pgtrigger
import pytest
from django.db import connection, transaction
from django.utils import translation

from core import clock
from core.workdays import Calendar
from officers import services as officers
from officers.models import Appointment, Filing, PostRule
from pilots.models import Membership, Programme, Unit
from reminders import services
from reminders.models import Notice
from reminders.registry import holding, render
from tests.factories.officers import AppointmentFactory, FilingFactory, PostRuleFactory
from tests.factories.pilots import (
    EnrolmentFactory,
    MembershipFactory,
    ProgrammeFactory,
    before_the_start,
)
from tests.reminders.part import plan_only

ON = date(2022, 4, 15)  # a Friday
START = date(2021, 8, 3)
DAY = timedelta(days=1)


@pytest.fixture
def told(register):
    """`told(day, "vacancy")`: plan up to the day; who was told on it of what, at which stage."""

    def asked(on, name):
        plan_only("officers.", on)
        rows = Notice.rows.filter(type=f"officers.{name}", for_on=on)
        return {(row.recipient, row.unit, row.stage) for row in rows}

    return asked


@pytest.fixture
def held(register):
    """Somebody in each seat, confirmed lately and on record: nothing to tell of."""
    city = register.city
    for unit in (city.government, city.district, city.department):
        row = AppointmentFactory(unit=unit, confirmed_on=date(2022, 4, 1))
        if unit == city.department:
            FilingFactory(
                programme=city.programme, appointment=row, desk=register.office, accepted=True
            )
    Filing.rows.update(decided_at=datetime(2021, 10, 8, tzinfo=UTC))


def holder(register):
    return Appointment.rows.get(unit=register.city.department)


def test_where_all_is_in_order_nobody_is_told(held, told, data_officer, officer, stranger):
    assert sum(services.plan(ON).values()) - len(Notice.rows.filter(type__startswith="duties")) == 0


# --- empty seats ---------------------------------------------------------------------------------


def leave(register, on, **facts):
    Appointment.rows.filter(unit=register.city.department).update(
        status="ended", ends_on=on, ended_at=clock.now(), **facts
    )


def test_a_seat_that_becomes_vacant_is_told_to_the_clerk_and_the_desk(
    register, held, told, data_officer, unit_cdo, officer, stranger
):
    unit = register.city.department
    leave(register, date(2022, 4, 13))
    assert told(date(2022, 4, 13), "vacancy") == set()
    assert told(date(2022, 4, 14), "vacancy") == {
        (data_officer, unit, "vacant 2022-04-14"),
        (officer, unit, "vacant 2022-04-14"),
    }
    assert told(ON, "vacancy") == set()


def test_what_falls_on_a_weekend_waits_for_monday(register, held, told, data_officer):
    leave(register, date(2022, 4, 15))
    assert told(date(2022, 4, 16), "vacancy") == told(date(2022, 4, 17), "vacancy") == set()
    assert len(told(date(2022, 4, 18), "vacancy")) == 1


def test_after_that_it_is_said_once_a_month(register, held, told, data_officer):
    leave(register, date(2022, 3, 30))
    days = {}
    for step in range(100):
        on = date(2022, 3, 31) + step * DAY
        for _who, _unit, stage in told(on, "vacancy"):
            days[on] = stage
    assert days == {
        date(2022, 3, 31): "vacant 2022-03-31",
        date(2022, 5, 5): "month 2022-04-30",  # a Saturday, then the holidays of May
        date(2022, 5, 31): "month 2022-05-31",
        date(2022, 6, 30): "month 2022-06-30",
    }


def test_a_limit_is_told_before_and_after(register, held, told, data_officer):
    PostRule.rows.update(vacancy_days=30)
    leave(register, date(2022, 3, 31))
    stages = [
        stage
        for step in range(45)
        for _who, _unit, stage in told(date(2022, 4, 1) + step * DAY, "vacancy")
    ]
    assert stages == [
        "vacant 2022-04-01",
        "soon 2022-05-01",
        "over 2022-05-02",
    ]


@pytest.mark.parametrize("filled", [{"kind": "acting"}, {"status": "proposed"}])
def test_where_somebody_stands_in_or_is_proposed_nobody_is_nagged(
    register, held, told, data_officer, filled
):
    leave(register, date(2022, 4, 13))
    AppointmentFactory(unit=register.city.department, starts_on=date(2022, 4, 14), **filled)
    assert told(ON, "vacancy") == set()


def test_a_second_vacancy_of_the_same_seat_is_told_anew(register, held, told, data_officer):
    leave(register, date(2022, 4, 13))
    assert len(told(date(2022, 4, 14), "vacancy")) == 1
    AppointmentFactory(
        unit=register.city.department,
        status="ended",
        starts_on=date(2022, 4, 15),
        ends_on=date(2022, 4, 18),
    )
    assert {stage for _who, _unit, stage in told(date(2022, 4, 19), "vacancy")} == {
        "vacant 2022-04-19"
    }


def test_encouraged_posts_slots_and_bodies_of_the_past_are_never_vacant(
    register, told, data_officer, stranger, officer
):
    city = register.city
    PostRule.rows.filter(pk=register.department_rule.pk).update(is_encouraged=True)
    Unit.rows.filter(pk=city.district.pk).update(is_slot=True)
    Unit.rows.filter(pk=city.government.pk).update(ceased_on=date(2021, 12, 31))
    assert told(ON, "vacancy") == set()


def test_a_rule_for_named_units_binds_them_alone(register, told, data_officer, stranger):
    register.government_rule.units.add(register.city.government)
    register.department_rule.units.add(register.city.department)
    assert {who for who, _unit, _stage in told(ON, "vacancy")} == {data_officer}


def test_a_draft_or_closed_programme_tells_nothing(register, told, data_officer):
    programme = Programme.rows.filter(pk=register.city.programme.pk)
    with transaction.atomic():
        before_the_start()
        assert told(ON, "vacancy") == set()
        transaction.set_rollback(True)
    programme.update(phase="closed", started_on=START, closed_on=date(2022, 4, 1))
    assert told(ON, "vacancy") == set()


def test_nothing_dated_before_the_start_is_told(register, told, data_officer, held):
    leave(register, date(2022, 2, 15))
    PostRule.rows.update(vacancy_days=20)
    Programme.rows.update(started_on=date(2022, 4, 11))
    assert told(date(2022, 4, 14), "vacancy") == set()
    assert {stage for _who, _unit, stage in told(date(2022, 4, 18), "vacancy")} == {
        "month 2022-04-16"
    }


def test_a_limit_that_was_near_before_the_start_is_told_when_it_passes(
    register, told, data_officer, held
):
    leave(register, date(2022, 3, 31))
    PostRule.rows.update(vacancy_days=18)  # until 19 April, near since 2 April
    Programme.rows.update(started_on=date(2022, 4, 11))
    assert told(date(2022, 4, 14), "vacancy") == set()
    assert {stage for _who, _unit, stage in told(date(2022, 4, 20), "vacancy")} == {
        "over 2022-04-20"
    }


def test_the_desk_is_the_liaison_else_whoever_has_been_there_longest(register, held, told, officer):
    city = register.city
    second = MembershipFactory(unit=city.bureau, role="bureau_officer").user
    leave(register, date(2022, 4, 13))
    assert {who for who, _unit, _stage in told(date(2022, 4, 14), "vacancy")} == {officer}
    leave(register, date(2022, 4, 14))
    enrolment = city.enrolment(city.department)
    enrolment.liaison = second
    enrolment.save()
    assert {who for who, _unit, _stage in told(ON, "vacancy")} == {second}


def test_the_officers_of_a_bureau_are_the_clerks_of_its_own_seat(register, told, officer):
    PostRuleFactory(programme=register.city.programme, post=register.cdo, parts=["bureau"])
    stages = {unit: who for who, unit, _stage in told(ON, "vacancy")}
    assert stages[register.city.bureau] == officer


@pytest.mark.parametrize(
    "over",
    [
        {"ends_on": ON - DAY},
        {"starts_on": ON + DAY},
        {"revoked_at": datetime(2022, 4, 1, tzinfo=UTC), "revoked_by": "self"},
    ],
)
def test_whoever_does_not_act_for_the_unit_that_day_is_not_told(register, told, data_officer, over):
    over = {key: data_officer if value == "self" else value for key, value in over.items()}
    Membership.rows.filter(user=data_officer).update(**over)
    assert told(ON, "vacancy") == set()


# --- not on record -------------------------------------------------------------------------------


@pytest.fixture
def unfiled(register, held):
    with pgtrigger.ignore("officers.Filing:filing_moves_by_its_table"):  # as if never filed
        Filing.rows.update(status="withdrawn", accepted_on=None, receipt_number="")
    row = holder(register)
    row.signed_on = date(2022, 3, 15)
    row.save()
    return row


def test_what_is_not_on_record_is_said_once_a_month_to_the_clerk(
    register, unfiled, told, data_officer, officer
):
    unit = register.city.department
    assert told(date(2022, 4, 14), "unfiled") == set()
    assert told(ON, "unfiled") == {(data_officer, unit, "month 2022-04-15")}
    assert told(ON + DAY, "unfiled") == set()


def test_the_desk_is_told_once_the_limit_is_over(register, unfiled, told, data_officer, officer):
    PostRule.rows.filter(pk=register.department_rule.pk).update(
        own_filing_days=30, own_basis="工作要求"
    )
    assert {who for who, _unit, _stage in told(date(2022, 4, 11), "unfiled")} == {data_officer}
    assert {(who, stage) for who, _unit, stage in told(ON, "unfiled")} == {
        (data_officer, "over 2022-04-15"),
        (officer, "over 2022-04-15"),
    }
    assert {who for who, _unit, _stage in told(date(2022, 5, 16), "unfiled")} == {data_officer}


def test_what_waits_at_the_desk_is_not_asked_of_the_unit(register, unfiled, told, data_officer):
    filing = FilingFactory(
        programme=register.city.programme, appointment=unfiled, desk=register.office
    )
    assert told(ON, "unfiled") == set()
    officers.return_filing(filing, by=None, reason="缺扫描件")
    assert len(told(ON, "unfiled")) == 1


@pytest.mark.parametrize("over", [{"kind": "acting"}, {"status": "proposed", "appointed_at": None}])
def test_only_substantive_holders_are_filed(register, unfiled, told, data_officer, over):
    with pgtrigger.ignore(
        "officers.Appointment:appointment_moves_by_its_table"
    ):  # as if from the start
        Appointment.rows.filter(pk=unfiled.pk).update(**over)
    assert told(ON, "unfiled") == set()


# --- twelve months without a word ----------------------------------------------------------------


def test_after_twelve_months_the_clerk_is_asked_once_and_then_monthly(
    register, held, told, data_officer, officer
):
    Appointment.rows.update(confirmed_on=date(2021, 4, 14))
    found = {}
    for step in range(70):
        on = date(2022, 4, 10) + step * DAY
        for who, unit, stage in told(on, "confirm"):
            assert (who, unit) == (data_officer, register.city.department)
            found[on] = stage
    assert found == {
        date(2022, 4, 15): "old 2022-04-15",
        date(2022, 5, 16): "month 2022-05-15",
        date(2022, 6, 15): "month 2022-06-15",
    }


def test_one_word_a_unit_however_many_entries_and_programmes(register, held, told, data_officer):
    Appointment.rows.update(confirmed_on=None)
    city = register.city
    AppointmentFactory(unit=city.department, kind="acting", starts_on=date(2022, 4, 1))
    other = ProgrammeFactory(running=True)
    EnrolmentFactory(programme=other, unit=city.department)
    services.plan(ON)
    (notice,) = Notice.rows.filter(type="officers.confirm")
    assert (notice.facts["count"], notice.programme) == (2, city.programme)


def test_the_bodies_above_are_not_asked(register, told):
    AppointmentFactory(unit=register.city.superior)
    MembershipFactory(unit=register.city.superior, role="data_officer")
    assert told(ON, "confirm") == set()


# --- what wants an answer ------------------------------------------------------------------------


def test_a_proposal_is_told_to_the_desk_once(register, held, told, officer, stranger):
    AppointmentFactory(unit=register.city.district, status="proposed")
    assert told(ON, "proposed") == {(officer, register.city.district, "proposed")}
    assert told(ON + DAY, "proposed") == set()


def test_a_proposal_of_before_the_start_is_not_told(register, held, told, officer):
    row = AppointmentFactory(unit=register.city.district, status="proposed")
    Appointment.rows.filter(pk=row.pk).update(created_at=datetime(2021, 8, 2, 15, 59, tzinfo=UTC))
    assert told(ON, "proposed") == set()


@pytest.fixture
def waiting(register, held):
    """The department's filing, waiting at the office of the leading group."""
    undone = {"accepted_on": None, "receipt_number": "", "return_reason": "备案编号有误"}
    Filing.rows.update(status="returned", **undone)
    Filing.rows.update(status="submitted", decided_at=None)
    return Filing.rows.get()


def test_a_filing_is_told_to_the_people_of_the_desk(register, waiting, told, officer):
    clerk = MembershipFactory(unit=register.office, role="bureau_officer").user
    assert told(ON, "filing_submitted") == {(clerk, register.city.department, "submitted")}


def test_where_the_desk_has_nobody_the_bureau_is_told(register, waiting, told, officer, head):
    MembershipFactory(unit=register.office, role="bureau_head")
    second = MembershipFactory(unit=register.city.bureau, role="bureau_officer").user
    assert {who for who, *_rest in told(ON, "filing_submitted")} == {officer, second}


def test_a_plan_is_told_to_the_bureau(register, waiting, told, officer):
    MembershipFactory(unit=register.office, role="bureau_officer")
    Filing.rows.update(kind="plan", appointment=None)
    assert {who for who, *_rest in told(ON, "filing_submitted")} == {officer}


def test_whoever_reported_it_is_not_told(register, waiting, told, officer):
    Filing.rows.update(submitted_by=officer)
    assert told(ON, "filing_submitted") == set()


def test_a_filing_handed_in_again_is_told_again(register, waiting, told, officer, data_officer):
    told(ON, "filing_submitted")
    officers.return_filing(waiting, by=None, reason="缺扫描件")
    officers.resubmit_filing(waiting, by=data_officer)
    assert len(told(ON + DAY, "filing_submitted")) == 1


def test_an_answer_is_told_to_the_clerks_and_the_cdo(
    register, waiting, told, data_officer, unit_cdo, stranger
):
    unit = register.city.department
    officers.return_filing(waiting, by=None, reason="缺扫描件")
    assert told(ON, "filing_returned") == {
        (data_officer, unit, "returned"),
        (unit_cdo, unit, "returned"),
    }
    officers.resubmit_filing(waiting, by=data_officer)
    officers.accept_filing(waiting, by=None)
    assert told(ON, "filing_accepted") == {
        (data_officer, unit, "accepted"),
        (unit_cdo, unit, "accepted"),
    }
    officers.reopen_filing(waiting, by=None, reason="受理有误")
    assert len(told(ON + DAY, "filing_returned")) == 2


@pytest.mark.parametrize(("on", "is_news"), [(ON, True), (ON + DAY, False)])
def test_after_a_month_an_acceptance_is_no_news(register, held, told, data_officer, on, is_news):
    Filing.rows.update(decided_at=datetime(2022, 3, 15, 1, tzinfo=UTC))
    assert bool(told(on, "filing_accepted")) is is_news


# --- once, whoever plans -------------------------------------------------------------------------


def test_planning_twice_adds_nothing(register, waiting, data_officer, officer, stranger):
    Appointment.rows.update(confirmed_on=None)
    AppointmentFactory(unit=register.city.bureau, status="proposed")
    leave(register, date(2022, 4, 13))
    assert sum(services.plan(ON).values()) > 3
    assert sum(services.plan(ON).values()) == 0


@pytest.mark.django_db(transaction=True)
def test_four_workers_write_each_notice_once(register, data_officer, officer, stranger):
    start, counts, faults = threading.Barrier(4), [], []

    def work():
        try:
            start.wait()
            counts.append(services.plan(ON)["officers.vacancy"])
        except Exception as error:  # noqa: BLE001 - shown below, in the thread of the test
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (faults, sorted(counts)) == ([], [0, 0, 0, 5])
    assert Notice.rows.filter(type="officers.vacancy").count() == 5


# --- still true when the message leaves ----------------------------------------------------------


def test_a_notice_holds_until_its_matter_is_settled(register, held, data_officer, officer):
    unit = register.city.department
    leave(register, date(2022, 4, 13))
    services.plan(ON)
    notices = list(Notice.rows.filter(type="officers.vacancy"))
    assert holding(notices) == {row.pk for row in notices}
    AppointmentFactory(unit=unit, starts_on=ON)
    assert holding(notices) == set()


def test_a_notice_does_not_hold_for_whoever_left_the_unit(register, held, data_officer, officer):
    leave(register, date(2022, 4, 13))
    services.plan(ON)
    Membership.rows.filter(user=data_officer).update(ends_on=ON - DAY)
    notices = list(Notice.rows.filter(type="officers.vacancy"))
    assert holding(notices) == {row.pk for row in notices if row.recipient == officer}


def test_a_notice_does_not_hold_in_a_programme_that_is_closed(register, held, data_officer):
    leave(register, date(2022, 4, 13))
    services.plan(ON)
    Programme.rows.update(phase="closed", closed_on=ON)
    assert holding(Notice.rows.filter(type="officers.vacancy")) == set()


def test_what_was_handed_in_again_replaces_what_was_returned(register, waiting, data_officer):
    officers.return_filing(waiting, by=None, reason="缺扫描件")
    services.plan(ON)
    notice = Notice.rows.get(type="officers.filing_returned")
    assert holding([notice]) == {notice.pk}
    officers.resubmit_filing(waiting, by=data_officer)
    assert holding([notice]) == set()


# --- in words ------------------------------------------------------------------------------------


def words(name):
    return render(Notice.rows.filter(type=f"officers.{name}").first())


@pytest.mark.parametrize(
    ("rule", "limit"),
    [
        ({}, "文件未定时限。"),
        ({"vacancy_days": 5}, "文件规定最晚2022-04-19。"),
        ({"own_vacancy_days": 5, "own_basis": "要求"}, "市政数局期望最晚2022-04-19。"),
    ],
)
def test_a_vacancy_in_words(register, held, data_officer, rule, limit):
    PostRule.rows.filter(pk=register.department_rule.pk).update(**rule)
    leave(register, date(2022, 4, 13))
    services.plan(ON)
    said = words("vacancy")
    assert said.title == "测试市公安局首席数据官空缺1天"
    assert said.lines[:2] == ["空缺自2022-04-14起。", limit]
    assert said.path == f"/units/{register.city.department.code}/#officers"
    assert (said.to_do, said.urgency) == (True, 4 if rule else 1000)


def test_the_post_is_named_in_the_readers_language(register, held, data_officer):
    leave(register, date(2022, 4, 13))
    services.plan(ON)
    with translation.override("en"):
        assert "Chief Data Officer" in words("vacancy").title


def test_what_is_not_on_record_in_words(register, unfiled, data_officer):
    services.plan(ON)
    said = words("unfiled")
    assert said.title == "测试市公安局首席数据官任命已31天，还没有备案"
    assert said.path == f"/officers/{unfiled.number}/"


def test_old_entries_in_words(register, held, data_officer):
    Appointment.rows.update(confirmed_on=date(2021, 4, 14))
    services.plan(ON)
    assert words("confirm").title == "测试市公安局有1条任职信息超过12个月未确认"


def test_a_proposal_in_words(register, held, officer):
    row = AppointmentFactory(unit=register.city.district, status="proposed")
    services.plan(ON)
    said = words("proposed")
    assert said.title == "测试市福田区登记了首席数据官拟任，等待确认"
    assert said.path == f"/officers/{row.number}/"
    assert str(row.person) not in said.title + "".join(said.lines)


def test_filings_in_words(register, waiting, officer, data_officer):
    services.plan(ON)
    assert words("filing_submitted").title == "测试市公安局报来任命备案，等待办理"
    assert words("filing_submitted").path == f"/filings/{waiting.number}/"
    officers.return_filing(waiting, by=None, reason="缺扫描件")
    services.plan(ON)
    assert words("filing_returned").lines[0] == "补正要求：缺扫描件"
    officers.resubmit_filing(waiting, by=data_officer)
    officers.accept_filing(waiting, by=None, receipt_number="备〔2022〕3号")
    services.plan(ON)
    said = words("filing_accepted")
    assert said.title == "测试市公安局的任命备案已准予备案"
    assert (said.lines[0], said.to_do) == ("备案编号：备〔2022〕3号", False)


# --- a model in plain Python ---------------------------------------------------------------------


def add_months(day, count):
    """The same day so many months later, or the last of a shorter month."""
    year, month = divmod(day.month - 1 + count, 12)
    year += day.year
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (first_of_next - DAY).day
    return date(year, month + 1, min(day.day, last))


def stage_of(since, allowed, on, started_on, calendar):
    """What the clerk of a seat empty since that day is to have been told by `on`, or None."""
    workday = calendar.on_or_before(on)
    passed = [(since, "vacant")]
    passed += [(add_months(since, count), "month") for count in range(1, 40)]
    if allowed is not None:
        limit = since + timedelta(days=allowed)
        near_from = calendar.back(limit, 10)
        if near_from <= workday <= limit and since <= workday and near_from >= started_on:
            return f"soon {limit}"
        passed.append((limit + DAY, "over"))
    passed = [(day, name) for day, name in passed if started_on <= day <= workday]
    return " ".join(map(str, reversed(max(passed)))) if passed else None


@pytest.mark.parametrize(
    ("since", "started_on", "allowed"),
    [
        (date(2022, 1, 31), START, None),
        (date(2022, 1, 31), START, 0),
        (date(2021, 12, 18), START, 90),
        (date(2022, 2, 26), date(2022, 3, 12), 5),
        (date(2022, 2, 26), date(2022, 3, 12), 31),
    ],
)
def test_the_stages_are_those_of_a_plain_model(
    register, held, data_officer, since, started_on, allowed
):
    PostRule.rows.update(vacancy_days=allowed)
    Programme.rows.update(started_on=started_on)
    leave(register, since - DAY)
    calendar, wanted = Calendar.around(ON, margin=200), set()
    for step in range(100):
        on = date(2022, 1, 20) + step * DAY
        if on < since or on < started_on:
            continue
        plan_only("officers.vacancy", on)
        stage = stage_of(since, allowed, on, started_on, calendar)
        wanted |= {stage} if stage else set()
        told = set(Notice.rows.filter(type="officers.vacancy").values_list("stage", flat=True))
        assert told == wanted, on
