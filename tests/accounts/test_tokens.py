"""Tokens of other systems: made and revoked by command, refused when over, revoked or too narrow."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from accounts import services, tokens
from accounts.models import Token
from core import clock
from core.models import AuditEntry
from tests.factories.accounts import TokenFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def command(capsys):
    def run(*words):
        call_command(*words)
        return capsys.readouterr().out.splitlines()

    return run


def _get(secret, path="/api/v1/units/", method="get"):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return getattr(client, method)(path)


def test_the_last_line_is_the_token_alone_and_it_opens_the_api(command, officer):
    lines = command("create_token", "--user", officer.username, "--scope", "read")
    assert lines[-1].startswith("cdo_")
    assert " " not in lines[-1]
    assert _get(lines[-1]).status_code == 200


def test_only_the_digest_is_kept_and_the_audit_row_does_not_hold_the_secret(command, officer):
    secret = command("create_token", "--user", officer.username)[-1]
    token = Token.objects.get()
    assert token.digest == tokens.digest(secret)
    assert secret not in str(list(AuditEntry.objects.values()))
    assert AuditEntry.objects.filter(verb="token.create").count() == 1


def test_ninety_days_unless_told(command, officer):
    command("create_token", "--user", officer.username)
    command("create_token", "--user", officer.username, "--days", "7", "--name", "一网统管")
    short, long = Token.objects.order_by("expires_on")
    assert long.expires_on == tokens.real_today() + timedelta(days=90)
    assert (short.expires_on, short.name) == (tokens.real_today() + timedelta(days=7), "一网统管")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--user", "user-of-nobody"], "没有账号"),
        (["--user", "closed"], "已停用"),
        (["--user", "known", "--days", "0"], "--days"),
        (["--user", "known", "--days", "367"], "--days"),
    ],
)
def test_what_cannot_be_is_refused_in_words(words, said):
    UserFactory(username="known")
    UserFactory(username="closed", is_active=False)
    with pytest.raises(CommandError, match=said):
        call_command("create_token", *words)
    assert not Token.objects.exists()


def test_a_misspelt_account_gets_the_nearest_name():
    UserFactory(username="shenzhen-officer")
    with pytest.raises(CommandError, match="shenzhen-officer"):
        call_command("create_token", "--user", "shenzen-officer")


def test_a_token_ends_at_the_end_of_its_last_day(officer):
    TokenFactory(user=officer, secret="cdo_last-day", expires_on=tokens.real_today())
    TokenFactory(
        user=officer, secret="cdo_over", expires_on=tokens.real_today() - timedelta(days=1)
    )
    assert _get("cdo_last-day").status_code == 200
    answer = _get("cdo_over")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert "已过期" in answer.json()["message"]


def test_expiry_runs_by_the_real_calendar_where_the_trial_stands_still(officer, settings):
    settings.TODAY = "2099-01-01"
    TokenFactory(user=officer, secret="cdo_now", expires_on=clock.now().date() + timedelta(days=2))
    assert _get("cdo_now").status_code == 200


def test_a_revoked_token_is_refused_from_the_next_request_on(command, officer):
    secret = command("create_token", "--user", officer.username)[-1]
    assert _get(secret).status_code == 200
    command("revoke_token", str(Token.objects.get().pk))
    assert _get(secret).status_code == 401
    assert AuditEntry.objects.filter(verb="token.revoke").count() == 1


def test_all_tokens_of_an_account_go_at_once(command, officer):
    first, second = (
        command("create_token", "--user", officer.username)[-1],
        command("create_token", "--user", officer.username)[-1],
    )
    other = command("create_token", "--user", UserFactory(username="other").username)[-1]
    assert command("revoke_token", "--user", officer.username)[-1] == "共撤销2个令牌。"
    assert [_get(secret).status_code for secret in (first, second)] == [401, 401]
    assert Token.objects.get(digest=tokens.digest(other)).revoked_at is None


def test_revoking_an_unknown_number_revokes_nothing(command, officer):
    command("create_token", "--user", officer.username)
    known = Token.objects.get().pk
    with pytest.raises(CommandError, match="一个也没有撤销"):
        call_command("revoke_token", str(known), str(known + 1))
    with pytest.raises(CommandError, match="二者取一"):
        call_command("revoke_token")
    assert Token.objects.get().revoked_at is None


def test_a_closed_account_takes_its_tokens_along(officer, system_admin):
    TokenFactory(user=officer, secret="cdo_open")
    assert _get("cdo_open").status_code == 200
    services.set_active(officer, is_active=False, by=system_admin)
    assert _get("cdo_open").status_code == 401


@pytest.mark.parametrize("given", ["", "cdo_wrong", "cdo_测试".encode().decode("latin-1"), "a b"])
def test_a_wrong_token_is_401_in_the_one_shape(given):
    answer = _get(given)
    assert answer.status_code == 401
    assert set(answer.json()) == {"code", "message", "errors", "request_id"}
    assert answer.json()["request_id"] == answer["X-Request-ID"]


def test_a_read_token_changes_nothing_and_a_write_token_may_try(officer):
    TokenFactory(user=officer, secret="cdo_read")
    TokenFactory(user=officer, secret="cdo_write", scope="write")
    for method in ("post", "put", "patch", "delete"):
        refused = _get("cdo_read", method=method)
        assert (refused.status_code, refused.json()["code"]) == (403, "insufficient_scope")
        assert _get("cdo_write", method=method).status_code == 405


def test_authenticating_costs_one_query(officer, django_assert_num_queries):
    TokenFactory(user=officer, secret="cdo_read")
    with django_assert_num_queries(1):
        user, _token = tokens.authenticate("cdo_read")
        assert user.site_role_kind == ""
