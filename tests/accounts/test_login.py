"""Logging in and out: what people see, what attackers get."""

import time
from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse

from accounts.backends import AccountBackend
from accounts.lockout import remaining
from accounts.models import User
from core.models import AuditEntry
from tests.factories.accounts import PASSWORD, UserFactory

LOGIN = "/login/"


def after(**amount):
    """As if that much time had passed, also for libraries that read the system's clock."""
    return time_machine.travel(time.time() + timedelta(**amount).total_seconds())


@pytest.fixture
def person(db):
    return UserFactory(username="chenjing", display_name="陈静")


def log_in(client, username="chenjing", password=PASSWORD, **data):
    return client.post(LOGIN, {"username": username, "password": password, **data})


def test_the_page_names_the_product_and_says_it_is_no_place_for_secrets(client, db):
    page = client.get(LOGIN).content.decode()
    assert "首席数据官履职管理平台" in page
    assert "本系统为非涉密系统，严禁处理、存储、传输国家秘密和工作秘密" in page
    assert page.count("<h1") == 1
    assert 'autocomplete="current-password"' in page  # a password manager may fill it in
    assert "maxlength" not in page
    assert "/static/js/password.js" in page
    assert 'data-show="显示"' in page
    assert "onclick" not in page


def test_logging_in_leads_home_and_is_on_record(client, person):
    response = log_in(client)
    assert response["Location"] == reverse("home")
    assert AuditEntry.objects.get(verb="account.login").actor_id == person.pk
    assert client.get(LOGIN)["Location"] == reverse("home")  # already inside


@pytest.mark.parametrize("target", ["/units/440300-gaj/?on=2022-04-01", "/preferences/"])
def test_a_deep_link_survives_login(client, person, target):
    response = client.get(LOGIN, {"next": target})
    assert f'value="{target}"' in response.content.decode()
    assert log_in(client, next=target)["Location"] == target


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_next_never_leads_away(client, person, target):
    assert "evil" not in client.get(LOGIN, {"next": target}).content.decode()
    assert log_in(client, next=target)["Location"] == reverse("home")
    other = Client()
    response = other.post(f"{LOGIN}?next={target}", {"username": "chenjing", "password": PASSWORD})
    assert response["Location"] == reverse("home")


@pytest.mark.parametrize(
    ("username", "password"), [("chenjing", "wrong"), ("nobody", PASSWORD), ("CHENJING", PASSWORD)]
)
def test_wrong_name_and_wrong_password_get_one_answer(client, person, username, password):
    page = log_in(client, username, password).content.decode()
    assert "账号或密码不对。连续5次不对，账号锁定30分钟" in page
    assert "<title>错误：" in page


def test_the_backend_wants_a_name_and_a_password(person):
    assert AccountBackend().authenticate(None, username="", password=PASSWORD) is None
    assert AccountBackend().authenticate(None, username="chenjing") is None


def test_empty_fields_are_named(client, db):
    page = client.post(LOGIN, {}).content.decode()
    assert "填写“账号”" in page
    assert "填写“密码”" in page


def test_a_closed_account_cannot_log_in(client, person):
    User.objects.update(is_active=False)
    assert "账号或密码不对" in log_in(client).content.decode()


def test_the_fifth_failure_locks_for_thirty_minutes(client, person, settings):
    settings.HELP_PHONE = "0755-12345678"
    for _failure in range(4):
        assert log_in(client, password="wrong").status_code == 200
    locked = log_in(client, password="wrong")
    page = locked.content.decode()
    assert locked.status_code == 429
    assert 1700 < int(locked["Retry-After"]) <= 1800
    assert "密码连续5次不对，30分钟后可再试" in page
    assert "0755-12345678" in page
    assert log_in(Client()).status_code == 429  # the right password, another browser: still locked
    assert AuditEntry.objects.filter(verb="account.lockout").count() >= 1
    assert "user:chenjing" in AuditEntry.objects.filter(verb="account.lockout")[0].subject


def test_the_lock_says_what_is_left_and_ends(client, person):
    for _failure in range(5):
        log_in(client, password="wrong")
    with after(minutes=20):
        page = log_in(client)
        assert page.status_code == 429
        assert "10分钟后可再试" in page.content.decode()
    with after(minutes=31):
        assert log_in(client).status_code == 302


def test_the_lock_of_one_name_is_not_that_of_another(client, person):
    UserFactory(username="liming")
    for _failure in range(5):
        log_in(client, password="wrong")
    assert log_in(client, "liming").status_code == 302


def test_success_forgets_the_failures_before(client, person):
    for _failure in range(4):
        log_in(client, password="wrong")
    assert log_in(client).status_code == 302
    assert not AccessAttempt.objects.filter(username="chenjing").exists()


def test_without_a_recorded_failure_the_whole_wait_is_named(db):
    assert remaining("nobody") == timedelta(minutes=30)


def test_logging_out_is_a_post_and_ends_the_session(browse, person):
    client = browse(person)
    assert client.get("/logout/").status_code == 405
    response = client.post("/logout/", follow=True)
    assert "已退出。" in response.content.decode()
    assert client.get("/preferences/").status_code == 302
    assert AuditEntry.objects.filter(verb="account.logout", actor_id=person.pk).exists()


def test_somebody_unknown_is_asked_to_log_in_and_comes_back(client, db):
    response = client.get("/members/?programme=x")
    assert response["Location"] == "/login/?next=/members/%3Fprogramme%3Dx"
