"""When something may reach a person (ux.md §8)."""

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest

from core import clock
from core.workdays import Calendar
from reminders import services
from reminders.models import Delivery, Notice
from reminders.services import manners
from tests.factories.accounts import UserFactory
from tests.factories.reminders import EndpointFactory, NoticeFactory, PreferenceFactory
from tests.reminders.channels import APPLICATIONS, set_account
from tests.reminders.conftest import set_clock

FRIDAY = date(2022, 4, 15)
CALENDAR = Calendar({date(2022, 4, 24): True, date(2022, 5, 2): False, date(2022, 5, 3): False})


at = datetime.fromisoformat


def slot(shown, last=None):
    return manners.slot(at(shown), CALENDAR, last=last)


def test_at_night_the_digest_is_of_the_coming_morning():
    found = slot("2022-04-15T00:01")
    assert (found.is_open, found.digest_on) == (False, FRIDAY)
    assert found.wait == timedelta(hours=8, minutes=30)


def test_during_the_day_it_is_of_the_next_working_day():
    last = at("2022-04-15T09:59")
    assert slot("2022-04-15T10:00", last).digest_on == date(2022, 4, 18)
    assert slot("2022-04-22T10:00", at("2022-04-22T09:00")).digest_on == date(2022, 4, 24)


def test_a_morning_that_the_engine_missed_is_made_up_for_while_the_day_is_open():
    found = slot("2022-04-15T10:00", at("2022-04-14T20:00"))
    assert (found.is_open, found.digest_on) == (True, FRIDAY)
    assert found.wait < timedelta()
    assert slot("2022-04-15T18:00", at("2022-04-14T20:00")).digest_on == date(2022, 4, 18)


@pytest.mark.parametrize(
    ("shown", "quiet"),
    [
        ("2022-04-15T08:29", True),
        ("2022-04-15T08:30", False),
        ("2022-04-15T17:59", False),
        ("2022-04-15T18:00", True),
        ("2022-04-16T10:00", True),
        ("2022-04-24T10:00", False),
        ("2022-05-02T10:00", True),
    ],
)
def test_quiet_from_six_to_half_past_eight_at_weekends_and_on_holidays(shown, quiet):
    assert slot(shown).is_open is not quiet


# --- in messages ---------------------------------------------------------------------------------


@pytest.fixture
def person(db):
    return EndpointFactory(user=UserFactory()).user


def tick(now, day=FRIDAY):
    set_clock(time=now)
    services.plan(day)


def told(person, **facts):
    return NoticeFactory(recipient=person, for_on=FRIDAY, **facts)


def of(manner):
    return Delivery.rows.filter(manner=manner)


def test_a_decision_leaves_at_once_in_the_day(person):
    told(person)
    tick(time(10, 0))
    assert of("immediate").get().next_at <= clock.now()


def test_what_happens_in_quiet_hours_waits_for_half_past_eight(person):
    told(person)
    tick(time(7, 0))
    row = of("digest").get()
    due = clock.local(row.next_at).time()
    assert time(8, 31) <= due < time(8, 46)
    assert row.for_on == FRIDAY


def test_three_a_day_the_rest_goes_into_the_digest(person):
    for _number in range(5):
        told(person)
        tick(time(10, 0))
    assert Counter(Delivery.rows.values_list("manner", flat=True)) == {
        "immediate": 3,
        "digest": 1,
    }
    assert of("digest").get().lines.count() == 2


def test_three_a_day_over_all_channels_of_a_person_together(person):
    for channel in APPLICATIONS:
        set_account(channel)
    EndpointFactory(user=person, channel="wecom_app", address="wang.fang")
    for turn in range(4):
        told(person)
        tick(time(10, turn))
    found = Counter(Delivery.rows.values_list("endpoint__channel", "manner"))
    assert found == {
        ("email", "immediate"): 3,
        ("wecom_app", "immediate"): 3,
        ("email", "digest"): 1,
        ("wecom_app", "digest"): 1,
    }
    EndpointFactory(user=person, channel="feishu_app", address="ou_1")
    told(person)
    tick(time(11, 0))
    assert of("immediate").count() == 6, "another address is no further allowance"


def test_nothing_is_planned_for_a_channel_without_an_account_of_the_portal(person):
    EndpointFactory(user=person, channel="wecom_app", address="wang.fang")
    told(person)
    tick(time(10, 0))
    assert list(Delivery.rows.values_list("endpoint__channel", flat=True)) == ["email"]


def test_the_same_object_within_half_an_hour_is_one_message(person):
    for stage in ("one", "two"):
        told(person, subject="report:BG-1", stage=stage)
        tick(time(10, 0))
    assert of("immediate").count() == of("digest").count() == 1


def test_a_slip_that_was_ticked_breaks_the_quiet_of_the_night(person):
    told(person, type="duties.slip", subject="slip:TX-1", facts={"at_once": True})
    told(person, type="duties.slip", subject="slip:TX-2", facts={})
    tick(time(22, 0))
    assert of("immediate").get().lines.get().notice.subject == "slip:TX-1"


def test_a_digest_takes_in_what_comes_until_it_leaves(person):
    for _number in range(9):
        told(person)
        tick(time(7, 0))
    assert of("digest").get().lines.count() == 9


def test_what_a_person_switched_off_stays_in_the_portal(person):
    PreferenceFactory(user=person, muted=["decisions"])
    told(person)
    tick(time(10, 0))
    assert not Delivery.rows.exists()
    assert Notice.rows.exists()


def test_what_a_person_switched_off_the_group_still_hears(city, data_officer, smtp):
    group = EndpointFactory(
        channel="webhook", user=None, unit=city.department, address="https://h.test"
    )
    PreferenceFactory(user=data_officer, muted=["decisions"])
    told(data_officer, unit=city.department)
    tick(time(10, 0))
    rows = Delivery.rows.filter(lines__notice__type="feedback.answered")
    assert [row.endpoint for row in rows] == [group]


def test_what_was_switched_off_meanwhile_is_not_sent(person, smtp):
    told(person)
    tick(time(10, 0))
    services.set_preference(person, muted=["decisions"])
    assert services.deliver().cancelled == 1
    assert Delivery.rows.get().reason == "not_wanted"


def test_types_that_only_live_in_the_portal_are_never_sent(person):
    told(person, type="support.promised")
    tick(time(10, 0))
    assert not Delivery.rows.exists()


# --- the nine due items, the day off, the working Sunday ------------------------------------------


def test_news_without_anything_to_do_makes_no_digest(person, smtp):
    told(person, type="officers.vacancy", subject="gone")
    tick(time(7, 0))
    set_clock(time=time(9, 0))
    services.hasten()
    assert services.deliver().cancelled == 1
    assert not smtp.mails
