"""Ticks: silence, jumps of the clock, restored databases, holes, switches (reliability.md A7, A8, A11)."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from core import clock
from core.errors import MoveNotAllowed, StaleVersion
from core.models import AuditEntry
from reminders import services
from reminders.models import (
    ChannelSetting,
    Delivery,
    DeliveryLine,
    Engine,
    Hole,
    Notice,
    Preference,
    ReminderRule,
)
from reminders.queries import rules_of
from reminders.registry import render
from reminders.services import manners, planning, ticking
from tests.factories.reminders import HoleFactory, ReminderRuleFactory
from tests.reminders.conftest import set_clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def moving(city, data_officer, unit_cdo, settings):
    settings.TODAY = ""
    set_clock(date(2022, 4, 18), time(8, 0))
    return city


def test_a_tick_plans_and_notes_when_and_where_it_ran(moving):
    assert services.tick()["duties.deadline"] == 2
    row = Engine.current()
    assert row.last_day_on == date(2022, 4, 18)
    assert row.home == ticking.find_home()
    assert str(row) == "running"


def test_after_two_days_of_silence_one_catch_up_says_how_late_it_is(moving, data_officer):
    services.tick()
    set_clock(date(2022, 4, 19), time(8, 0))
    services.tick()
    Engine.objects.update(last_tick_at=clock.now() + timedelta(hours=40))
    set_clock(date(2022, 4, 22), time(8, 0))
    services.tick()  # stage 7 was reached on the 21st
    rows = Notice.rows.filter(recipient=data_officer, stage="7")
    assert {row.facts.get("late_by") for row in rows} == {1}
    assert {render(row).lines[0] for row in rows} == {"补发：晚了1个工作日"}


@pytest.mark.parametrize("jump", [timedelta(hours=49), timedelta(days=366), -timedelta(hours=1)])
def test_a_jump_of_the_clock_holds_everything_until_a_person_has_looked(moving, officer, jump):
    services.tick()
    before = Notice.rows.count()
    clock.shift(clock._offset + jump)
    assert services.tick() == {}
    assert services.deliver().sent == 0
    row = Engine.current()
    assert (row.held_by, Notice.rows.count()) == ("clock", before)
    assert AuditEntry.objects.filter(verb="reminders.hold").count() == 1
    assert services.tick() == {}, "still"
    services.release(by=officer)
    assert services.tick() is not None
    assert Engine.current().held_by == ""


def test_a_clock_that_is_set_right_by_a_minute_is_no_jump(moving):
    services.tick()
    clock.shift(clock._offset - timedelta(minutes=1))
    assert services.tick()
    assert Engine.current().held_by == ""


def test_where_the_day_stands_still_no_jump_makes_anything_due(moving, settings):
    services.tick()
    settings.TODAY = "2022-04-18"
    clock.shift(clock._offset + timedelta(days=5))
    services.tick()
    assert Engine.current().held_by == ""


def test_a_restored_database_starts_on_hold(moving):
    services.tick()
    Engine.objects.update(home="another:1:2:3")
    assert services.tick() == {}
    assert Engine.current().held_by == "restored"


def test_by_hand_planning_goes_on_and_nothing_leaves(waiting, smtp, officer):
    waiting(2)
    services.hold(by=officer, note="短信平台检修")
    assert services.tick()
    assert services.deliver().sent == 0
    with pytest.raises(MoveNotAllowed):
        services.hold(by=officer)
    services.release(by=officer)
    with pytest.raises(MoveNotAllowed):
        services.release(by=officer)
    assert services.deliver().sent >= 2


def test_a_channel_is_held_and_released(waiting, smtp, officer):
    waiting()
    services.hold_channel("email", by=officer)
    with pytest.raises(MoveNotAllowed):
        services.hold_channel("email", by=officer)
    assert services.deliver().sent == 0
    services.release_channel("email", by=officer)
    assert services.deliver().sent == 1


def test_a_channel_that_is_off_is_not_planned_for(city, data_officer, officer):
    services.set_channel("email", by=officer, is_enabled=False)
    services.plan(date(2022, 4, 15))
    assert not Delivery.rows.exists()
    assert not ChannelSetting.of("email").is_enabled
    with pytest.raises(StaleVersion):
        services.set_channel("email", by=officer, version=1, is_enabled=True)


def test_rows_that_went_missing_come_back_and_the_record_says_so(city, data_officer):
    services.plan(date(2022, 4, 15))
    lines, notices = DeliveryLine.objects.count(), Notice.rows.count()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM reminders_deliveryline")
        cursor.execute("DELETE FROM reminders_delivery")
        cursor.execute("DELETE FROM reminders_notice WHERE stage = '14'")
    assert Hole.objects.count() == lines + notices
    services.plan(date(2022, 4, 15))
    assert (DeliveryLine.objects.count(), Notice.rows.count()) == (lines, notices)
    entry = AuditEntry.objects.get(verb="reminders.refill")
    assert entry.after["count"] == lines + notices
    assert not Hole.objects.filter(filled_at=None).exists()
    assert planning.refilled() == 0


def test_lines_that_went_missing_under_a_message_come_back_in_another(city, data_officer):
    services.plan(date(2022, 4, 15))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM reminders_deliveryline")
    services.plan(date(2022, 4, 15))
    assert DeliveryLine.objects.count() == Notice.rows.count()


# --- rules and wishes ----------------------------------------------------------------------------


def test_a_programme_has_its_own_stages_and_recipients(city, data_officer, unit_cdo, officer):
    row = services.set_rule(
        ReminderRule(), by=officer, programme=city.programme, stages=[10, 2], cdo_from=10
    )
    services.plan(date(2022, 4, 15))
    assert not Notice.rows.filter(type="duties.deadline").exists()
    services.plan(date(2022, 4, 18))
    found = Notice.rows.filter(type="duties.deadline")
    assert {(notice.stage, notice.recipient) for notice in found} == {
        ("10", data_officer),
        ("10", unit_cdo),
    }
    services.set_rule(row, by=officer, version=row.version, stages=[3], cdo_from=None)
    assert rules_of([city.programme.pk])[city.programme.pk].stages == [3]
    assert str(row) == str(city.programme)


def test_after_some_weeks_the_desk_is_told_too(city, data_officer, unit_cdo, officer):
    ReminderRuleFactory(desk_from_week=1)
    services.plan(date(2022, 5, 5))
    assert not Notice.rows.filter(type="duties.deadline", recipient=officer).exists()
    services.plan(date(2022, 5, 10))
    rows = Notice.rows.filter(type="duties.deadline", recipient=officer)
    assert {row.stage for row in rows} == {"overdue+1"}
    assert services.deliver().sent >= 1


@pytest.mark.parametrize("stages", [[], [3, 7], [3, 3]])
def test_stages_are_written_from_far_to_near(city, officer, stages):
    with pytest.raises(ValidationError):
        services.set_rule(ReminderRule(), by=officer, stages=stages)


def test_returns_and_slips_cannot_be_switched_off(city, data_officer):
    row = services.set_preference(data_officer, muted=["desk", "decisions"])
    assert row.muted == ["decisions", "desk"]
    assert str(row) == str(data_officer)
    found = {str(topic): (is_on, may) for topic, is_on, may in services.switches(data_officer)}
    assert len(found) == 8
    assert found["desk"] == (False, True)
    assert found["slips"] == (True, False)
    for muted in (["slips"], ["nonsense"]):
        with pytest.raises(ValidationError):
            services.set_preference(data_officer, muted=muted)
    assert Preference.objects.get().muted == ["decisions", "desk"]


def test_texts_of_rows(city):
    assert str(ReminderRuleFactory()) == "其他方案"
    assert str(HoleFactory(key="k", channel="")) == "notice k"
    assert str(ChannelSetting.of("sms")) == "短信"
    assert ChannelSetting.of("sms").is_fallback
    assert not ChannelSetting.of("email").is_failing(clock.now())
    assert manners.MOST_ROWS == 7
