"""What of an event counts, and that one correction moves quota, list, desk and API together."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from core.errors import PermissionRefused, Refused, StaleVersion
from duties.models import Assignment, LightRule
from duties.services import take_off
from tests.factories.duties import ObligationFactory
from tests.trainings.conftest import MARCH, prove
from trainings import services
from trainings.models import CountingRule, Credit, Event
from trainings.queries.quota import coverage, quotas, skills

TODAY = date(2022, 4, 15)


def test_an_event_counts_once_it_was_held_and_something_shows_it(city, plan, officer, count):
    row = plan(city.department)
    assert count(city.department) == 0
    prove(row, officer)
    assert count(city.department) == 0
    row = services.hold_event(row, by=officer)
    assert count(city.department) == 1
    file = row.files.get()
    services.remove_file(file, by=officer, reason="传错了")
    assert count(city.department) == 0
    prove(row, officer, "material")
    assert count(city.department) == 1
    keys = Credit.objects.filter(event=row).values_list("mark__source_key", flat=True)
    assert len(set(keys)) == 2
    assert all(key.startswith(f"event:{row.number}:") for key in keys)


def test_minutes_and_files_of_other_kinds_and_notices_show_what_they_show(
    city, hold, officer, count
):
    row = hold(city.department, proof=False)
    prove(row, officer, "notice")
    prove(row, officer, "other", b"%PDF-1.4 else")
    assert count(city.department) == 0
    prove(row, officer, "minutes")
    assert count(city.department) == 1


def test_a_joint_meeting_counts_for_each_organiser_and_a_pilot_without_the_demand_for_none(
    city, exchange, hold, count
):
    hold(city.government, city.district, city.department, kind="exchange")
    assert count(city.government, "exchange") == 1
    assert count(city.district, "exchange") == 1
    assert not Assignment.rows.filter(obligation=exchange, enrolment__unit=city.department).exists()


def test_meetings_and_skills_count_towards_no_demand(city, hold, count):
    for kind in ("meeting", "skills", "officer"):
        hold(city.department, kind=kind)
    assert count(city.department) == 0
    assert not Credit.objects.exists()


def test_read_together_any_meeting_counts_for_all_and_apart_for_its_organisers(
    city, exchange, hold, officer, count
):
    hold(city.government, kind="exchange")
    assert (count(city.government, "exchange"), count(city.district, "exchange")) == (1, 0)
    rule = services.set_counting(
        city.programme, by=officer, exchange_reading="together", note="市政数局2022年3月复函"
    )
    assert (count(city.government, "exchange"), count(city.district, "exchange")) == (1, 1)
    rule = services.set_counting(
        city.programme, by=officer, version=rule.version, exchange_reading="each"
    )
    assert (count(city.government, "exchange"), count(city.district, "exchange")) == (1, 0)
    with pytest.raises(StaleVersion):
        services.set_counting(city.programme, by=officer, version=1, note="重写")


def test_another_reading_needs_its_reason_and_the_bureau(city, officer, data_officer):
    with pytest.raises(Refused, match="写明"):
        services.set_counting(city.programme, by=officer, exchange_reading="together")
    with pytest.raises(PermissionRefused):
        services.set_counting(
            city.programme, by=data_officer, exchange_reading="together", note="我说的"
        )
    assert not CountingRule.rows.exists()


def test_the_day_of_the_event_decides_the_light(city, hold, officer):
    hold(city.department, starts_on=date(2022, 2, 1))
    second = hold(city.department, starts_on=MARCH)
    task = city.assignment(city.department, "training")
    assert (task.status, task.done_on) == ("done", MARCH)
    services.mend_event(second, by=officer, starts_on=date(2022, 4, 6), ends_on=date(2022, 4, 7))
    task.refresh_from_db()
    assert task.done_on == date(2022, 4, 7)
    for day, light in (
        (date(2022, 3, 31), "due_soon"),
        (date(2022, 4, 6), "unconfirmed"),
        (date(2022, 4, 7), "done"),
    ):
        assert quotas(officer, day, unit=city.department)[0].light == light
        assert LightRule.for_day(day).light_of(task) == light


def test_of_two_occurrences_the_day_takes_the_first_whose_last_day_is_not_over(city, hold, officer):
    demand = city.obligations["training"]
    first = city.assignment(city.department, "training")
    other = ObligationFactory(
        programme=city.programme,
        clause=demand.clause,
        nature="training",
        title="另一项培训",
        due_on=None,
        wording="",
    )
    later = Assignment.rows.get(pk=first.pk)
    later.pk, later.number, later.occurrence = None, "RW-2022-9001", "2022H2"
    later.due_on = later.latest_on = later.original_due_on = date(2022, 9, 30)
    later.last_workday_on = later.latest_workday_on = date(2022, 9, 30)
    later.save()
    hold(city.department, starts_on=date(2022, 3, 1))
    assert first.fulfilments.count() == 1
    Assignment.rows.filter(pk=first.pk).update(
        due_on=date(2022, 2, 28), latest_on=date(2022, 2, 28),
        last_workday_on=date(2022, 2, 28), latest_workday_on=date(2022, 2, 28),
    )  # fmt: skip
    hold(city.department, starts_on=date(2022, 3, 8))
    assert (first.fulfilments.count(), later.fulfilments.count()) == (1, 1)
    assert not Assignment.rows.filter(obligation=other).exists()


def test_a_task_that_was_taken_off_gets_nothing_and_stops_nobody(city, hold, officer, count):
    from duties.choices import Move

    task = city.assignment(city.department, "training")
    take_off(task, Move.EXEMPT, by=officer, reason="不适用")
    row = hold(city.department)
    assert row.is_held
    assert count(city.department) == 0


def test_one_correction_moves_quota_list_desk_and_api_together(
    city, hold, officer, count, browse, api
):
    hold(city.department, starts_on=date(2022, 2, 1))
    row = hold(city.department)
    query = {"programme": city.programme.code, "kind": "training", "counts": "true"}

    def seen():
        quota = quotas(officer, TODAY, unit=city.department)[0]
        listed = api(officer).get("/api/v1/events/", query).json()["count"]
        task = city.assignment(city.department, "training")
        address = f"/api/v1/assignments/{task.number}/"
        told = api(officer).get(address).json()
        matrix = browse(officer).get("/overview/").content.decode()
        page = browse(officer).get("/trainings/quota/").content.decode()
        light = "已完成" if quota.done == 2 else "口径待确认"
        assert light in page
        return quota.done, quota.short, listed, told["status"], "1/2" in matrix

    assert seen() == (2, 0, 2, "done", False)
    services.reopen_event(row, by=officer, reason="实际改期，没有举办")
    assert seen() == (1, 1, 1, "accepted", True)
    assert count(city.department) == 1
    again = services.hold_event(Event.rows.get(pk=row.pk), by=officer)
    assert seen() == (2, 0, 2, "done", False)
    services.mend_event(again, by=officer, kind="skills")
    assert seen() == (1, 1, 1, "accepted", True)
    services.mend_event(again, by=officer, kind="training")
    services.mend_event(again, by=officer, organisers=[city.enrolment(city.district)])
    assert seen()[0] == 1
    assert (count(city.department), count(city.district)) == (1, 1)


def test_a_training_of_cdos_counts_for_the_units_whose_cdo_was_there(
    register, city, hold, officer, count
):
    post = register.appoint(city.department, date(2021, 9, 1))
    services.set_counting(city.programme, by=officer, trains="officer", note="培训首席数据官本人")
    row = hold(city.government, kind="officer")
    assert count(city.department) == 0
    seat = services.Seat(person=post.person)
    services.add_people(row, [seat], route="ticked", by=officer)
    assert (count(city.department), count(city.government)) == (1, 0)
    told = coverage(officer, city.programme, TODAY)
    assert (told.trained, told.all, told.percent, told.missing) == (1, 1, 100, [])
    services.strike_out(row, row.attendance.all(), by=officer, reason="记错了")
    assert count(city.department) == 0
    told = coverage(officer, city.programme, TODAY)
    assert (told.trained, told.percent) == (0, 0)
    assert [each.unit for each in told.missing] == [city.department]


def test_nobody_in_office_is_no_coverage(city, officer):
    assert coverage(officer, city.programme, TODAY).percent is None


def test_skills_say_how_many_of_how_many(city, hold, officer, data_officer, stranger):
    row = hold(city.department, kind="skills", expected=40)
    seats = [services.Seat(f"演示人员{n}", unit=city.department) for n in range(600, 610)]
    services.add_people(row, seats, route="pasted", by=officer)
    again = hold(city.department, kind="skills", starts_on=date(2022, 3, 9))
    services.add_people(again, seats[:4], route="pasted", by=officer)
    hold(city.government, kind="skills", proof=False)
    told = {line.unit: line for line in skills(officer, TODAY, programme=city.programme)}
    line = told[city.department]
    assert (line.came, line.expected, line.percent) == (10, 40, 25)
    assert told[city.government].percent is None
    said = services.declare(again, city.enrolment(city.department), headcount=6, by=data_officer)
    services.confirm_declaration(said, by=officer)
    own = skills(data_officer, TODAY, programme=city.programme, units=[city.department])
    assert [(line.came, line.percent) for line in own] == [(16, 40)]
    assert skills(stranger, TODAY, programme=city.programme) == []


def test_a_credit_is_only_added(city, hold):
    row = hold(city.department)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.credits.all().delete()
