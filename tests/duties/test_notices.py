"""Whom the reminders reach, and whom not (house.md §6.3 to §6.5)."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from core import clock
from duties import services as duties
from duties.choices import Move
from duties.models import Assignment
from duties.notices import DEADLINE, deadlines_holding, nobody_holding
from pilots import services as pilots
from reminders import services
from reminders.models import Notice
from reminders.registry import render
from tests.factories.accounts import UserFactory
from tests.factories.duties import AssignmentFactory, ObligationFactory
from tests.factories.pilots import (
    EnrolmentFactory,
    MembershipFactory,
    ProgrammeFactory,
    before_the_start,
)

DUE_MINUS = {14: date(2022, 4, 12), 7: date(2022, 4, 21), 3: date(2022, 4, 26)}
OVERDUE = date(2022, 5, 5)


def told(on=None, **filters):
    rows = Notice.rows.filter(type="duties.deadline", **filters)
    return rows.filter(for_on=on) if on else rows


def people(on):
    return set(told(on).values_list("recipient_id", flat=True))


@pytest.mark.parametrize(
    ("on", "cdo_too"),
    [
        (date(2022, 4, 12), False),
        (date(2022, 4, 21), False),
        (date(2022, 4, 26), True),
        (date(2022, 4, 28), True),
        (date(2022, 4, 29), True),
        (OVERDUE, True),
        (date(2022, 5, 7), True),
    ],
)
def test_the_clerk_is_told_at_each_stage_and_the_cdo_from_three_days_on(
    city, data_officer, unit_cdo, on, cdo_too
):
    services.plan(on)
    assert people(on) == {data_officer.pk, unit_cdo.pk} if cdo_too else {data_officer.pk}


def test_a_task_that_came_late_says_what_was_left_in_truth(city, data_officer):
    for on, left, said in [
        (date(2022, 4, 15), 11, "任务时限：提前11个工作日"),
        (DUE_MINUS[7], None, "任务时限：提前7个工作日"),
    ]:
        services.plan(on)
        (row,) = told(on, facts__title__startswith="组织")
        assert (row.facts.get("days_left"), DEADLINE.reason(row)) == (left, said)


def test_every_clerk_of_the_unit_is_told(city, data_officer):
    second = MembershipFactory(unit=city.department, role="data_officer").user
    services.plan(DUE_MINUS[14])
    assert people(DUE_MINUS[14]) == {data_officer.pk, second.pk}


def test_a_person_in_two_roles_is_told_once(city, data_officer):
    MembershipFactory(user=data_officer, unit=city.department, role="unit_cdo")
    services.plan(DUE_MINUS[3])
    numbers = told().values_list("facts__number", flat=True)
    assert len(numbers) == len(set(numbers)) == 2


@pytest.mark.parametrize(
    "over",
    [
        {"ends_on": date(2022, 4, 11)},
        {"starts_on": date(2022, 4, 13)},
        {"revoked_at": datetime(2022, 4, 1, tzinfo=UTC), "revoked_by": "self"},
    ],
)
def test_whoever_does_not_act_for_the_unit_that_day_is_not_told(city, over):
    user = UserFactory()
    over = {key: user if value == "self" else value for key, value in over.items()}
    MembershipFactory(user=user, unit=city.department, role="data_officer", **over)
    services.plan(DUE_MINUS[14])
    assert not told().exists()


def test_a_closed_account_is_not_told(city, data_officer):
    data_officer.is_active = False
    data_officer.save()
    services.plan(DUE_MINUS[14])
    assert not told().exists()


def test_other_roles_of_the_unit_are_not_told(city):
    MembershipFactory(unit=city.department, role="evaluator")
    services.plan(DUE_MINUS[14])
    assert not told().exists()


def test_a_closed_programme_is_silent(city, data_officer):
    pilots.close_programme(city.programme, on=date(2022, 4, 1), by=None)
    assert sum(services.plan(DUE_MINUS[14]).values()) == 0


def test_a_draft_programme_is_silent(city, data_officer):
    before_the_start()
    assert sum(services.plan(DUE_MINUS[14]).values()) == 0


def test_a_programme_that_starts_later_is_silent_until_then(city, data_officer):
    city.programme.started_on = date(2022, 4, 13)
    city.programme.save()
    assert sum(services.plan(DUE_MINUS[14]).values()) == 0
    services.plan(date(2022, 4, 15))
    assert not told().exists(), "stage 14 of 12 April lies before the start"
    services.plan(DUE_MINUS[7])
    assert set(told().values_list("stage", flat=True)) == {"7"}


@pytest.mark.parametrize(
    "over",
    [
        {"ends_on": date(2022, 4, 11)},
        {"starts_on": date(2022, 4, 13)},
        {"withdrawn_on": date(2022, 4, 1)},
    ],
)
def test_a_body_that_takes_no_part_that_day_is_not_told(city, data_officer, over):
    enrolment = city.enrolment(city.department)
    for name, value in over.items():
        setattr(enrolment, name, value)
    enrolment.save()
    services.plan(DUE_MINUS[14])
    assert not told().exists()


def test_done_withdrawn_and_inapplicable_assignments_are_silent(city, data_officer, officer):
    report = city.assignment(city.department)
    duties.fulfil(report, source_key="x", happened_on=date(2022, 4, 1), by=officer)
    training = city.assignment(city.department, "training")
    duties.take_off(training, "exempt", by=officer, reason="没有业务人员")
    services.plan(DUE_MINUS[14])
    assert not told().exists()


def test_a_reading_in_doubt_is_never_overdue_before_its_last_day(city, data_officer):
    for step in range(45):
        services.plan(date(2022, 3, 17) + timedelta(days=step))
    stages = told(facts__title__startswith="组织").values_list("stage", "reading", "for_on")
    assert not [stage for stage, _reading, _on in stages if stage.startswith("overdue")]
    assert {reading for _stage, reading, on in stages if on <= date(2022, 3, 31)} == {"due"}
    assert {reading for _stage, reading, on in stages if on > date(2022, 3, 31)} == {"latest"}
    services.plan(OVERDUE)
    assert told(OVERDUE, stage="overdue", facts__title__startswith="组织").exists()


def test_a_confirmed_reading_starts_a_new_set(city, data_officer, officer):
    services.plan(date(2022, 4, 12))
    obligation = city.obligations["training"]
    duties.decide_reading(obligation, due_on=date(2022, 4, 30), by=officer, basis="来函")
    new = told(deadline_version=2).get()
    assert (new.stage, new.reading, new.facts["latest_on"]) == ("14", "due", "2022-04-30")
    assert services.plan(date(2022, 4, 12))["duties.deadline"] == 0


def test_nobody_to_tell_reaches_the_desk_once(city, officer):
    first = services.plan(DUE_MINUS[14])
    assert first["duties.nobody"] == 2, (
        "the department and the district; the government owes nothing"
    )
    for stage in DUE_MINUS.values():
        assert services.plan(stage)["duties.nobody"] == 0
    notice = Notice.rows.filter(type="duties.nobody", unit=city.department).get()
    assert notice.recipient == officer
    said = render(notice)
    assert "无人可通知" in said.title
    assert city.department.code in said.path


@pytest.fixture
def city(city):
    """The government's training is done, so that only the department and the district are open."""
    for number in range(2):
        duties.fulfil(
            city.assignment(city.government, "training"),
            source_key=f"done:{number}",
            happened_on=date(2022, 3, 1),
            by=None,
        )
    return city


def test_the_desk_is_the_units_liaison_when_there_is_one(city, officer):
    liaison = MembershipFactory(unit=city.bureau, role="bureau_officer").user
    enrolment = city.enrolment(city.district)
    enrolment.liaison = liaison
    enrolment.save()
    services.plan(DUE_MINUS[14])
    desks = dict(Notice.rows.filter(type="duties.nobody").values_list("unit_id", "recipient_id"))
    assert desks == {city.department.pk: officer.pk, city.district.pk: liaison.pk}


def test_a_unit_with_somebody_is_no_matter_for_the_desk(city, officer, unit_cdo):
    services.plan(DUE_MINUS[14])
    units = Notice.rows.filter(type="duties.nobody").values_list("unit_id", flat=True)
    assert list(units) == [city.district.pk]


def test_the_bureaus_own_demands_go_to_its_officers(city, officer):
    AssignmentFactory(
        enrolment=city.bureau.enrolments.get(part="bureau"),
        obligation=ObligationFactory(programme=city.programme, parts=["bureau"]),
    )
    services.plan(DUE_MINUS[14])
    assert told(unit=city.bureau).get().recipient == officer
    assert not Notice.rows.filter(type="duties.nobody", unit=city.bureau).exists()


def test_one_unit_in_two_programmes_has_two_notices_to_the_desks(city, officer):
    other = ProgrammeFactory(running=True)
    EnrolmentFactory(programme=other, unit=city.bureau, part="bureau")
    AssignmentFactory(
        enrolment=EnrolmentFactory(programme=other, unit=city.department),
        obligation=ObligationFactory(programme=other),
    )
    services.plan(DUE_MINUS[14])
    rows = Notice.rows.filter(type="duties.nobody", unit=city.department)
    assert rows.count() == 2


def test_just_after_midnight_in_shanghai_the_new_day_counts(city, data_officer, settings):
    """00:30 of the 12th in Shanghai is still the 11th in UTC."""
    settings.TODAY = ""
    with time_machine.travel(datetime(2022, 4, 11, 16, 30, tzinfo=UTC), tick=False):
        assert clock.today() == date(2022, 4, 12)
        assert services.plan(clock.today())["duties.deadline"] == 2
    assert set(told().values_list("for_on", flat=True)) == {date(2022, 4, 12)}


def test_just_before_midnight_the_old_day_counts(city, data_officer, settings):
    settings.TODAY = ""
    with time_machine.travel(datetime(2022, 4, 11, 15, 59, tzinfo=UTC), tick=False):
        assert services.plan(clock.today())["duties.deadline"] == 0


def test_the_words_name_clause_deadline_unit_and_the_assignments_page(city, data_officer):
    services.plan(DUE_MINUS[14])
    row = city.assignment(city.department)
    said = render(told(facts__number=row.number).get())
    assert said.title == f"{city.department}：“报送试点工作总结”2022-04-30截止，还剩18天"
    text = "\n".join(said.lines)
    for word in (
        "测府办函〔2021〕",
        "四（三）2",
        "于2022年4月底前",
        "2022-04-29",
        city.department.full_name,
    ):
        assert word in text
    assert said.path == f"/tasks/{row.number}/"
    assert said.to_do


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2022, 4, 29), "2022-04-30截止，今天是最后一个工作日"),
        (date(2022, 4, 30), "今天（2022-04-30）截止"),
        (date(2022, 5, 2), "截止日期2022-04-30已过"),
        (date(2022, 5, 5), "已逾期5天，截止日期是2022-04-30"),
        (date(2022, 5, 20), "已逾期20天，截止日期是2022-04-30"),
    ],
)
def test_the_title_counts_from_the_day_of_the_notice(city, data_officer, on, words):
    services.plan(on)
    row = city.assignment(city.department)
    assert render(told(facts__number=row.number).get()).title.endswith(words)


def test_a_doubtful_day_says_that_it_is_in_doubt(city, data_officer):
    services.plan(date(2022, 3, 22))
    said = render(told(facts__title__startswith="组织").get())
    assert "口径待确认：按2022-03-31提醒，最晚2022-04-30" in said.lines


def test_overdue_comes_before_what_is_still_to_come(city, data_officer):
    services.plan(OVERDUE)
    report = told(facts__title__startswith="报送").get()
    assert render(report).urgency < 0


def test_a_notice_holds_while_the_task_is_open_and_the_person_acts(city, data_officer, officer):
    services.plan(DUE_MINUS[14])
    rows = list(told())
    assert deadlines_holding(rows) == {row.pk for row in rows}
    row = city.assignment(city.department)
    duties.fulfil(row, source_key="k", happened_on=date(2022, 4, 14), by=officer)
    assert len(deadlines_holding(rows)) == 1
    Assignment.rows.filter(obligation__nature="training").update(deadline_version=2)
    assert deadlines_holding(rows) == set()
    Assignment.rows.filter(obligation__nature="training").update(deadline_version=1)
    pilots.revoke_membership(data_officer.memberships.get(), by=officer)
    assert deadlines_holding(rows) == set()


def test_nobody_is_reminded_of_what_was_handed_in_until_it_comes_back(city, data_officer, officer):
    services.plan(DUE_MINUS[14])
    rows = list(told().filter(facts__title__startswith="报送"))
    assert deadlines_holding(rows) == {row.pk for row in rows}
    task = city.assignment(city.department)
    duties.follow_hand_in(task, Move.SUBMIT, by=data_officer)
    assert deadlines_holding(rows) == set()
    before = told().count()
    services.plan(OVERDUE)
    assert not told().filter(facts__number=task.number, stage="overdue").exists()
    assert told().count() > before  # the others are reminded
    duties.follow_hand_in(task, Move.RETURN, by=officer, note="补充数据")
    assert deadlines_holding(rows) == {row.pk for row in rows}


def test_a_notice_does_not_outlive_its_programme(city, data_officer):
    services.plan(DUE_MINUS[14])
    pilots.close_programme(city.programme, on=date(2022, 4, 15), by=None)
    assert deadlines_holding(told()) == set()


def test_nobody_holds_until_somebody_comes_or_the_officer_goes(city, officer):
    services.plan(DUE_MINUS[14])
    rows = list(Notice.rows.filter(type="duties.nobody"))
    assert len(nobody_holding(rows)) == 2
    MembershipFactory(unit=city.department, role="unit_cdo")
    assert len(nobody_holding(rows)) == 1
    pilots.revoke_membership(officer.memberships.get(), by=officer)
    assert nobody_holding(rows) == set()


def test_a_demand_without_a_clause_or_wording_still_reads_well(city, data_officer):
    obligation = ObligationFactory(
        programme=city.programme, clause=None, wording="", origin="bureau"
    )
    AssignmentFactory(enrolment=city.enrolment(city.department), obligation=obligation)
    services.plan(DUE_MINUS[14])
    said = render(told(facts__wording="").get())
    assert not any(line.startswith(("依据", "原文")) for line in said.lines)
