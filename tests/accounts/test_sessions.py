"""Limits of a session, and that rights end at the next request."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from accounts import services
from accounts.middleware import SEEN
from core import clock
from pilots import services as pilots
from pilots.models import Membership
from tests.factories.accounts import PASSWORD, UserFactory


@pytest.fixture
def later():
    """`later(minutes=…)` moves the clock; the end of the test puts it back."""
    yield lambda **amount: clock.shift(timedelta(**amount))
    clock.shift(timedelta())


def test_half_an_hour_of_silence_ends_a_session(browse, data_officer, later):
    client = browse(data_officer)
    assert client.get("/preferences/").status_code == 200
    later(minutes=29)
    assert client.get("/preferences/").status_code == 200
    later(minutes=29 + 29)  # only 29 since the last click
    assert client.get("/preferences/").status_code == 200
    later(minutes=29 + 29 + 31)
    assert client.get("/preferences/")["Location"] == "/login/?next=/preferences/"


def test_eight_hours_end_a_session_however_busy(browse, data_officer, later):
    client = browse(data_officer)
    for quarter in range(8 * 4):
        later(minutes=15 * quarter)
        assert client.get("/preferences/").status_code == 200
    later(minutes=8 * 60 + 1)
    assert client.get("/preferences/").status_code == 302


def test_a_click_within_a_minute_writes_nothing(browse, data_officer, later):
    client = browse(data_officer)
    client.get("/preferences/")
    seen = client.session[SEEN]
    later(seconds=50)
    client.get("/preferences/")
    assert client.session[SEEN] == seen
    later(seconds=70)
    client.get("/preferences/")
    assert client.session[SEEN] > seen


def expired(browse, user, later):
    client = browse(user)
    client.get("/preferences/")
    later(minutes=40)
    return client


def back_in(client, user, address):
    return client.post(address, {"username": user.username, "password": PASSWORD})


def test_after_the_end_the_login_page_says_so_and_leads_back(browse, data_officer, later):
    client = expired(browse, data_officer, later)
    address = client.get("/tasks/?light=overdue")["Location"]
    page = client.get(address).content.decode()
    assert "登录已超时。登录后回到原处。" in page
    assert back_in(client, data_officer, address)["Location"] == "/tasks/?light=overdue"
    client.post("/logout/")
    assert "登录已超时" not in client.get("/login/").content.decode()


def test_a_form_sent_too_late_leads_back_to_its_page(browse, officer, later):
    client = expired(browse, officer, later)
    sent = client.post("/members/act/", {}, headers={"referer": "http://testserver/members/?q=x"})
    assert sent["Location"] == "/login/?next=/members/act/"
    assert back_in(client, officer, sent["Location"])["Location"] == "/members/?q=x"


@pytest.mark.parametrize("referer", ["http://evil.example/x", ""])
def test_a_form_of_unknown_origin_leads_home(browse, officer, later, referer):
    client = expired(browse, officer, later)
    sent = client.post("/members/act/", {}, headers={"referer": referer} if referer else {})
    assert back_in(client, officer, sent["Location"])["Location"] == "/"


def test_an_htmx_swap_gets_401_not_a_login_page_in_the_middle(browse, data_officer, later):
    client = expired(browse, data_officer, later)
    response = client.get("/tasks/", headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert response.content == b""


def test_the_api_is_told_in_its_own_words(browse, data_officer, later):
    client = expired(browse, data_officer, later)
    response = client.get("/api/v1/units/")
    assert response.status_code == 401
    assert response.json()["code"] == "not_authenticated"
    assert not Session.objects.filter(session_key=client.session.session_key).exists()


def test_a_closed_account_is_out_at_the_next_request(browse, officer, data_officer):
    client = browse(data_officer)
    assert client.get("/programmes/").status_code == 200
    services.set_active(data_officer, is_active=False, by=officer)
    assert client.get("/programmes/").status_code == 302


def test_a_revoked_membership_counts_from_the_next_request(browse, city, officer, data_officer):
    client = browse(data_officer)
    assert city.programme.name in client.get("/programmes/").content.decode()
    pilots.revoke_membership(Membership.rows.get(user=data_officer), by=officer)
    assert client.get("/programmes/").status_code == 403


def test_a_reset_password_ends_the_sessions_of_the_person(browse, officer, data_officer):
    client = browse(data_officer)
    services.reset_password(data_officer, by=officer)
    assert client.get("/preferences/").status_code == 302


def test_a_site_role_taken_away_counts_at_once(browse, security_admin):
    other = UserFactory()
    services.grant_site_role(other, "system_admin", by=security_admin)
    client = browse(other)
    assert client.get("/admin/core/workingday/").status_code == 200
    services.revoke_site_role(other, by=security_admin)
    assert client.get("/admin/core/workingday/").status_code == 302
