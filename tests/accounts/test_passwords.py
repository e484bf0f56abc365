"""Choosing passwords: forced, of one's own will, and by the one-time link."""

import time
from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.core.exceptions import ValidationError

from accounts import passwords, services
from accounts.models import User
from core.models import AuditEntry
from tests.factories.accounts import PASSWORD, UserFactory

NEW = "Spring-Rain-2022"
GOOD = {"old_password": PASSWORD, "new_password": NEW, "again": NEW}


def after(**amount):
    """As if that much time had passed, also for libraries that read the system's clock."""
    return time_machine.travel(time.time() + timedelta(**amount).total_seconds())


@pytest.fixture
def fresh(db):
    """Somebody who holds a one-time password."""
    return UserFactory(username="fresh", must_change_password=True)


def test_a_one_time_password_opens_one_page_only(browse, fresh):
    client = browse(fresh)
    assert client.get("/")["Location"] == "/password/"
    response = client.get("/tasks/?light=overdue")
    assert response["Location"] == "/password/?next=%2Ftasks%2F%3Flight%3Doverdue"
    page = client.get(response["Location"]).content.decode()
    assert "先设自己的密码" in page
    assert "取消" not in page
    assert client.post("/logout/").status_code == 302


def test_the_forced_change_keeps_this_session_and_the_deep_link(browse, fresh):
    client, other = browse(fresh), browse(fresh)
    response = client.post("/password/", {**GOOD, "next": "/help/roles/"})
    assert response["Location"] == "/help/roles/"
    assert client.get("/preferences/").status_code == 200
    assert other.get("/preferences/").status_code == 302  # elsewhere the session has ended
    fresh.refresh_from_db()
    assert not fresh.must_change_password
    assert fresh.password_changed_at
    assert AuditEntry.objects.filter(verb="account.change_password").count() == 1


def test_next_after_the_change_never_leads_away(browse, fresh):
    response = browse(fresh).post("/password/", {**GOOD, "next": "https://evil.example/"})
    assert response["Location"] == "/"


def test_the_api_says_why_it_refuses_a_session_with_a_one_time_password(browse, fresh):
    response = browse(fresh).get("/api/v1/units/")
    assert response.status_code == 403
    assert response.json()["code"] == "password_change_required"
    assert set(response.json()) == {"code", "message", "errors", "request_id"}


def test_a_change_of_ones_own_will(browse, data_officer):
    client = browse(data_officer)
    assert "改好后，本次登录不受影响" in client.get("/password/").content.decode()
    assert client.post("/password/", GOOD)["Location"] == "/"
    assert "密码已修改。其他设备上的登录已退出。" in client.get("/preferences/").content.decode()
    data_officer.refresh_from_db()
    assert data_officer.check_password(NEW)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"old_password": "wrong"}, "“当前密码”不对，重新填写"),
        ({"again": "Another-Rain-1"}, "两次填的新密码不一样，重新填写"),
        ({"new_password": "Ab1", "again": "Ab1"}, "至少"),
        ({"new_password": "alllowercaseletters", "again": "alllowercaseletters"}, "三种"),
        ({"new_password": PASSWORD, "again": PASSWORD}, "新密码要和当前密码不同"),
        ({"new_password": ""}, "填写“新密码”"),
        ({"new_password": "Password123", "again": "Password123"}, "密码"),
    ],
)
def test_each_fault_is_said(browse, data_officer, change, said):
    response = browse(data_officer).post("/password/", {**GOOD, **change})
    page = response.content.decode()
    assert response.status_code == 200
    assert said in page
    assert "处需要修改" in page
    data_officer.refresh_from_db()
    assert data_officer.check_password(PASSWORD)


def test_a_password_like_the_name_is_refused(browse, db):
    user = UserFactory(username="ZhangXiaoming")
    new = "ZhangXiaoming1"
    page = browse(user).post("/password/", {**GOOD, "new_password": new, "again": new})
    assert page.status_code == 200


def test_one_time_passwords_obey_the_rules_and_are_easy_to_read():
    made = {passwords.one_time() for _time in range(200)}
    assert len(made) == 200
    validator = passwords.CharacterClassesValidator()
    for password in made:
        validator.validate(password)
        assert len(password) == 14
        assert not set(password) & set("0O1lI")


def test_two_classes_of_characters_are_not_enough():
    with pytest.raises(ValidationError):
        passwords.CharacterClassesValidator().validate("onlylower123")
    passwords.CharacterClassesValidator().validate("lower-and-123")


# --- the one-time link ---------------------------------------------------------------------------


@pytest.fixture
def invited(db):
    return services.create_account(
        username="boss", display_name="王芳", by=None, must_change_password=False
    )


def link(user):
    return f"/first/{services.one_time_path(user)}"


def test_the_link_works_once(client, invited):
    address = link(invited)
    page = client.get(address).content.decode()
    assert "王芳，账号 boss。这个链接只能用一次。" in page
    response = client.post(address, {"new_password": NEW, "again": NEW}, follow=True)
    assert "密码已设好，用账号和新密码登录。" in response.content.decode()
    again = client.get(address)
    assert again.status_code == 410
    assert "链接已用过或已过期" in again.content.decode()
    assert client.post("/login/", {"username": "boss", "password": NEW}).status_code == 302


def test_the_link_lives_three_days(client, invited):
    address = link(invited)
    with after(days=2, hours=23):
        assert client.get(address).status_code == 200
    with after(days=3, hours=1):
        assert client.get(address).status_code == 410


@pytest.mark.parametrize("path", ["MQ/x-y/", "!!/x-y/", "OTk5OTk5/c0ffee-0/"])
def test_a_made_up_link_opens_nothing(client, invited, path):
    assert client.get(f"/first/{path}").status_code == 410


def test_the_link_of_a_closed_account_opens_nothing(client, invited, security_admin):
    address = link(invited)
    services.set_active(invited, is_active=False, by=security_admin)
    assert client.get(address).status_code == 410


def test_the_rules_hold_for_the_link_too(client, invited):
    page = client.post(link(invited), {"new_password": "short", "again": "short"})
    assert page.status_code == 200
    assert not User.objects.get(pk=invited.pk).has_usable_password()


def test_a_link_opened_by_somebody_else_logs_that_person_out(browse, data_officer, invited):
    client = browse(data_officer)
    client.post(link(invited), {"new_password": NEW, "again": NEW})
    assert client.get("/preferences/").status_code == 302


def test_a_new_password_lifts_the_lock(client, invited, security_admin):
    services.change_own_password(invited, PASSWORD)
    for _failure in range(5):
        client.post("/login/", {"username": "boss", "password": "wrong"})
    assert AccessAttempt.objects.filter(username="boss").exists()
    password = services.reset_password(invited, by=security_admin)
    response = client.post("/login/", {"username": "boss", "password": password})
    assert response.status_code == 302
