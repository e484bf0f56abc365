"""What no longer holds when its turn comes is not sent."""

from datetime import date, timedelta

import pytest

from accounts.models import User
from core import clock
from duties import services as duties
from duties.notices import DEADLINE
from pilots import services as pilots
from reminders import services
from reminders.models import Delivery, ReminderRule
from reminders.registry import NoticeType, holding, register, render
from tests.factories.reminders import (
    DeliveryLineFactory,
    NoticeFactory,
)

pytestmark = pytest.mark.django_db
DAY = date(2022, 4, 15)


@pytest.fixture
def told(city, data_officer, unit_cdo):
    """A department with a clerk and a CDO; the clerk is due two notices of stage 14."""
    services.plan(DAY)
    return Delivery.rows.get(endpoint__user=data_officer)


def due_again(delivery):
    Delivery.rows.filter(pk=delivery.pk).update(next_at=clock.now() - timedelta(seconds=1))


def run():
    return services.deliver()


def test_cancelled_when_done_meanwhile(city, told, officer, smtp):
    for nature, keys in (("report", "a"), ("training", "bc")):
        row = city.assignment(city.department, nature)
        for key in keys:
            duties.fulfil(row, source_key=key, happened_on=DAY, by=officer)
    assert run().cancelled == 1
    assert (Delivery.rows.get().state, smtp.mails) == ("cancelled", [])


def test_what_is_done_is_left_out_of_the_message(city, told, officer, smtp):
    row = city.assignment(city.department)
    duties.fulfil(row, source_key="a", happened_on=DAY, by=officer)
    run()
    assert row.number not in smtp.mails[0][1].get_content()


def test_cancelled_when_the_person_left(told, data_officer, officer, smtp):
    pilots.revoke_membership(data_officer.memberships.get(), by=officer)
    assert run().cancelled == 1


def test_cancelled_when_the_account_was_closed(waiting, smtp):
    (delivery,) = waiting()
    User.objects.filter(pk=delivery.endpoint.user_id).update(is_active=False)
    assert run().cancelled == 1
    assert not smtp.mails


def test_cancelled_when_a_later_stage_has_overtaken_it(city, told, smtp):
    later = date(2022, 4, 21)
    services.plan(later)
    outcome = run()
    assert (outcome.sent, outcome.cancelled) == (1, 1)
    assert "还剩9天" in smtp.mails[0][1].get_content()


def test_of_two_stages_of_one_day_the_newest_is_told(city, told, officer, smtp):
    services.set_rule(ReminderRule(), by=officer, programme=city.programme, stages=[12, 3])
    services.plan(DAY)
    assert sorted(told.notices.values_list("stage", flat=True)) == ["12", "12", "14", "14"]
    run()
    text = dict(smtp.mails)[told.endpoint.address].get_content()
    assert "\n2件待办。" in text.replace("\r", "")
    assert text.count("还剩15天") == 2, "two tasks, once each"
    reasons = told.lines.values_list("notice__stage", "reason").distinct()
    assert set(reasons) == {("14", "overtaken"), ("12", "")}


def test_a_type_that_nobody_declares_any_more_is_cancelled_and_still_readable(smtp):
    notice = NoticeFactory(type="gone.type", subject="thing:7")
    DeliveryLineFactory(notice=notice)
    assert holding([notice]) == set()
    assert render(notice).title == "thing:7"
    assert run().cancelled == 1


def test_a_type_is_declared_once():
    with pytest.raises(ValueError, match="twice"):
        register(
            NoticeType(DEADLINE.name, "", DEADLINE.select, DEADLINE.render, DEADLINE.still_holds)
        )
