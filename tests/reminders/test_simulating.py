"""「谁会在4月25日收到什么」: the simulator says what is really sent."""

from datetime import date, time

import pytest
from django.db import connection

from core import clock
from core.workdays import DAY, Calendar
from duties.models import Assignment
from duties.services import sync_assignments
from pilots.models import Programme
from reminders import registry, services
from reminders.models import Delivery, DeliveryLine, Notice
from tests.factories.duties import ObligationFactory
from tests.factories.pilots import ProgrammeFactory
from tests.factories.reminders import (
    DeliveryFactory,
    DeliveryLineFactory,
    EngineFactory,
    NoticeFactory,
)
from tests.reminders.conftest import set_clock

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2022, 4, 1), date(2022, 4, 30)


@pytest.fixture
def april(city, data_officer, unit_cdo, officer, settings):
    """Nothing stands still: the clock is walked."""
    settings.TODAY = ""
    set_clock(FIRST, time(0, 0))
    return city


def mails(rows):
    return sorted(
        (row.on, row.username, row.subject, row.stage) for row in rows if row.channel == "email"
    )


def walk(first, last):
    """Each day: a tick as it begins, and the messages of its morning."""
    day = first
    while day <= last:
        set_clock(day, time(0, 1))
        services.tick()
        set_clock(day, time(8, 50))
        services.tick()
        while services.deliver().settled:
            pass
        day += DAY


def test_the_list_for_april_equals_what_is_sent_when_the_clock_is_walked(april, smtp):
    expected = mails(services.simulate(april.programme, FIRST, LAST))
    assert not Notice.rows.exists(), "nothing stays"
    walk(FIRST, LAST)
    lines = DeliveryLine.objects.filter(delivery__state="sent", cancelled_at=None)
    sent = sorted(
        (
            clock.local(line.delivery.sent_at).date(),
            line.notice.recipient.username,
            line.notice.subject,
            line.notice.stage,
        )
        for line in lines.select_related("delivery", "notice__recipient")
    )
    assert sent == expected
    assert len(expected) > 10


def test_one_day_alone_is_told_as_it_is_within_the_month(april):
    """What comes before it is not told on it: neither on a working day nor on a day off."""
    first, saturday, last = date(2022, 4, 21), date(2022, 4, 23), date(2022, 4, 25)
    set_clock(first, time(0, 0))
    days = services.simulate(april.programme, first, last)
    assert days
    for day in (saturday, last):
        alone = services.simulate(april.programme, day, day)
        assert alone == [row for row in days if row.on == day]


def test_none_falls_on_a_day_off_and_each_says_why(april):
    rows = services.simulate(april.programme, FIRST, LAST)
    calendar = Calendar.around(FIRST, LAST)
    assert rows
    assert all(row.is_working and calendar.is_working(row.on) for row in rows)
    assert {row.channel for row in rows} == {"inbox", "email"}
    assert "任务时限：提前3个工作日" in {row.reason for row in rows}
    assert all(time(8, 31) <= row.at.time() < time(8, 46) for row in rows if row.channel != "inbox")


def test_a_deadline_of_the_27th_has_its_third_stage_on_the_working_sunday(april):
    ObligationFactory(programme=april.programme, due_on=date(2022, 4, 27))
    sync_assignments(april.programme, by=None)
    numbers = Assignment.rows.filter(due_on=date(2022, 4, 27)).values_list("number", flat=True)
    found = {
        row.on
        for row in services.simulate(april.programme, FIRST, LAST)
        if row.stage == "3" and row.subject.removeprefix("assignment:") in numbers
    }
    assert found == {date(2022, 4, 24)}


def test_nine_due_items_are_one_mail_on_a_working_day_and_none_on_the_30th(april, smtp):
    for _number in range(7):
        ObligationFactory(programme=april.programme, due_on=date(2022, 4, 29))
    sync_assignments(april.programme, by=None)
    walk(date(2022, 4, 29), date(2022, 4, 30))
    clerk = [to for to, _mail in smtp.mails]
    assert max(clerk.count(address) for address in set(clerk)) == 1
    days = {clock.local(row.sent_at).date() for row in Delivery.rows.filter(state="sent")}
    assert days == {date(2022, 4, 29)}
    text = smtp.mails[0][1].get_content()
    assert "件待办" in text
    assert "8. " not in text


MARKS = """
SELECT tableoid::regclass::text, ctid::text, xmin::text, xmax::text FROM reminders_{table}
"""


def marks():
    """Of each row of the engine who wrote it, and who locked or changed it."""
    with connection.cursor() as cursor:
        names = ("notice", "delivery", "deliveryline", "endpoint", "engine")
        cursor.execute(" UNION ALL ".join(MARKS.format(table=name) for name in names))
        return set(cursor.fetchall())


def test_what_workers_and_ticks_want_is_not_locked(april):
    """A row that somebody locked, changed or deleted bears the mark, even when that was taken back."""
    day = date(2022, 4, 26)
    on = {"for_on": day, "manner": "digest"}
    for state in ("planned", "retry", "held", "failed"):
        DeliveryFactory(state=state, **on)
    DeliveryFactory(owner="worker:1", lease_until=clock.now(), **on)
    notice = NoticeFactory(programme=april.programme, for_on=day)
    DeliveryLineFactory(notice=notice, delivery__for_on=day)
    EngineFactory(last_day_on=date(2022, 3, 1))
    before = marks()
    assert services.simulate(april.programme, day, day)
    assert marks() == before


NEWS = """
SELECT 'thing:1' AS subject, 1 AS deadline_version, 'news' AS stage, '' AS reading,
       %(who)s AS recipient_id, %(programme)s AS programme_id, NULL::bigint AS unit_id,
       '{"text": "", "answer": ""}'::jsonb AS facts
"""


def brief(rows):
    return [(row.on, row.username, row.subject, row.stage, row.channel) for row in rows]


def test_what_was_told_before_the_first_day_is_not_told_again(april, data_officer, monkeypatch):
    """Neither what is news until it is told, nor what is in a message already."""
    asked = registry.Select(NEWS, {"who": data_officer.pk, "programme": april.programme.pk})
    like = registry.get("feedback.answered")
    news = registry.NoticeType("test", "", lambda _on: asked, like.render, like.still_holds)
    monkeypatch.setitem(registry._types, "test", news)
    first, last = date(2022, 4, 26), date(2022, 4, 28)
    set_clock(first, time(0, 0))
    expected = services.simulate(april.programme, first, last)
    assert (first, data_officer.username, "thing:1", "news", "inbox") in brief(expected)
    services.plan(first)
    again = services.simulate(april.programme, first, last)
    assert sorted(brief(again)) == sorted(brief(expected)), "of those days nothing was told"
    later = services.simulate(april.programme, first + DAY, last)
    assert sorted(brief(later)) == sorted(brief(row for row in expected if row.on > first))
    assert {row.on for row in later} == {last}


def test_a_statement_that_was_prepared_is_put_away_again(april):
    services.simulate(april.programme, FIRST, FIRST + 2 * DAY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone() == (0,)


def test_when_patience_has_run_out_it_says_how_far_it_came(april):
    with pytest.raises(services.TooMuch, match="2022-04-01"):
        services.simulate(april.programme, FIRST, FIRST + DAY, patience=0 * DAY)
    assert services.simulate(april.programme, FIRST, FIRST, patience=0 * DAY) == []


def test_a_draft_is_simulated_as_if_it_were_followed(april, draft):
    assert services.simulate(draft, FIRST, FIRST) == []
    assert Programme.rows.get(pk=draft.pk).phase == "draft"


@pytest.fixture
def draft():
    return ProgrammeFactory()


@pytest.mark.parametrize(("first", "last"), [(LAST, FIRST), (FIRST, date(2024, 1, 1))])
def test_days_in_the_wrong_order_or_too_many_are_refused(april, first, last):
    with pytest.raises(ValueError, match="400 days"):
        services.simulate(april.programme, first, last)
