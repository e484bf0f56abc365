"""The calendar with a secret address: what it holds, whom it obeys, and how it ends."""

import re
from datetime import timedelta

import pytest

from core import clock
from core.models import AuditEntry
from reminders.models import CalendarFeed
from reminders.services import feeds

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(city, data_officer):
    return feeds.renew_feed(user=data_officer)


def fetch(client, secret, **headers):
    return client.get(f"/calendar/{secret}.ics", headers=headers)


def test_it_holds_the_deadlines_that_the_person_sees_and_no_others(client, secret, city):
    answer = fetch(client, secret)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-store"
    text = answer.content.decode().replace("\r\n ", "")
    own, other = city.assignment(city.department), city.assignment(city.district)
    assert f"UID:{own.number}@" in text
    assert other.number not in text
    assert text.startswith("BEGIN:VCALENDAR\r\n")


def test_of_the_secret_only_the_hash_is_kept_and_none_of_it_is_recorded(secret, data_officer):
    row = CalendarFeed.objects.get(user=data_officer)
    assert secret not in row.digest
    assert len(row.digest) == 64
    assert secret not in str(AuditEntry.objects.get(verb="feed.renew").__dict__)


def test_a_calendar_that_has_not_changed_is_not_sent_again(client, secret):
    mark = fetch(client, secret)["ETag"]
    answer = fetch(client, secret, if_none_match=mark)
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", mark)
    assert fetch(client, secret, if_none_match='"another"').status_code == 200


def test_a_new_address_voids_the_old_one(client, secret, data_officer):
    fresh = feeds.renew_feed(user=data_officer)
    assert fetch(client, secret).status_code == 404
    assert fetch(client, fresh).status_code == 200


def test_wrong_revoked_and_closed_look_the_same(client, secret, data_officer):
    def shape(answer):
        return answer.status_code, re.sub(r"[0-9A-F]{12}|[\w-]{43}", "", answer.text)

    wrong = shape(fetch(client, "A" * 43))
    data_officer.is_active = False
    data_officer.save()
    closed = shape(fetch(client, secret))
    data_officer.is_active = True
    data_officer.save()
    assert fetch(client, secret).status_code == 200
    assert feeds.revoke_feed(user=data_officer)
    assert not feeds.revoke_feed(user=data_officer)
    assert shape(fetch(client, secret)) == closed == wrong
    assert wrong[0] == 404


def test_rights_that_end_empty_the_calendar_at_the_next_fetch(client, secret, city, data_officer):
    data_officer.memberships.update(revoked_at=clock.now(), revoked_by=data_officer)
    answer = fetch(client, secret)
    assert answer.status_code == 200
    assert "BEGIN:VEVENT" not in answer.text


def test_twelve_fetches_a_minute_and_no_more(client, secret):
    assert {fetch(client, secret).status_code for _number in range(12)} == {200}
    answer = fetch(client, secret)
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    try:
        clock.shift(timedelta(seconds=61))
        assert fetch(client, secret).status_code == 200
    finally:
        clock.shift(timedelta())


def test_the_page_shows_the_address_once_and_takes_it_back(client, browse, data_officer, city):
    person = browse(data_officer)
    assert "生成订阅地址" in person.get("/me/calendar/").text
    assert person.post("/me/calendar/").headers["Location"] == "/me/calendar/"
    page = person.get("/me/calendar/").text
    secret = re.search(r"/calendar/([\w-]+)\.ics", page)[1]
    assert fetch(client, secret).status_code == 200
    again = person.get("/me/calendar/").text
    assert secret not in again
    assert fetch(client, secret).status_code == 200, "loading the page again renews nothing"
    assert "更换地址" in again
    assert "原来的地址立即失效" in again, "said before it happens"
    assert "已撤销" in person.post("/me/calendar/revoke/", follow=True).text
    assert fetch(client, secret).status_code == 404
    person.post("/me/calendar/revoke/")
