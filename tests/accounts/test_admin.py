"""The administrators' site: who gets in, and that everything goes through services."""

import re

import pytest

from accounts import services
from accounts.models import SiteRole, Token, User
from core.models import AuditEntry, Heartbeat, WorkingDay
from tests.factories.accounts import TokenFactory, UserFactory

PAGES = {
    "security_admin": ["accounts/user/", "accounts/siterole/", "accounts/token/"],
    "system_admin": ["core/workingday/", "core/heartbeat/", "core/sitestate/"],
}


@pytest.mark.parametrize("kind", PAGES)
def test_each_administrator_opens_the_own_lists_and_no_others(request, browse, kind):
    client = browse(request.getfixturevalue(kind))
    index = client.get("/admin/").content.decode()
    for owner, pages in PAGES.items():
        for page in pages:
            assert client.get(f"/admin/{page}").status_code == (200 if owner == kind else 403)
            assert (f"/admin/{page}" in index) == (owner == kind)
    assert "pilots" not in index
    assert "duties" not in index


@pytest.mark.parametrize("who", ["officer", "data_officer", "auditor", "api_client_user"])
def test_nobody_else_gets_in(request, browse, who):
    response = browse(request.getfixturevalue(who)).get("/admin/", follow=True)
    assert not response.redirect_chain[-1][0].startswith(("/login/", "/admin/"))


def test_without_login_the_portals_own_login_page_opens(client, db):
    response = client.get("/admin/accounts/user/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/login/?next=")


def test_leaving_and_changing_the_password_are_the_portals_own(browse, security_admin):
    client = browse(security_admin)
    assert client.get("/admin/password_change/")["Location"] == "/password/"
    assert client.post("/admin/logout/")["Location"] == "/login/"
    assert AuditEntry.objects.filter(verb="account.logout").exists()


def test_a_new_account_shows_its_password_once(browse, security_admin):
    client = browse(security_admin)
    facts = {"username": "liming", "display_name": "李明", "email": ""}
    page = client.post("/admin/accounts/user/add/", facts).content.decode()
    password = re.search(r"<code>(\w{14})</code>", page).group(1)
    user = User.objects.get(username="liming")
    assert user.check_password(password)
    assert AuditEntry.objects.get(verb="account.open").actor_id == security_admin.pk
    again = client.post("/admin/accounts/user/add/", facts)
    assert again.status_code == 200
    assert User.objects.filter(username="liming").count() == 1
    assert password not in client.get(f"/admin/accounts/user/{user.pk}/change/").content.decode()


def test_name_and_mail_can_be_corrected_the_account_not(browse, security_admin):
    user = UserFactory(username="liming")
    facts = {"username": "other", "display_name": "李明", "email": "li@example.org"}
    response = browse(security_admin).post(f"/admin/accounts/user/{user.pk}/change/", facts)
    assert response.status_code == 302
    user.refresh_from_db()
    assert (user.username, user.display_name) == ("liming", "李明")
    assert AuditEntry.objects.filter(verb="account.edit").count() == 1


def act(client, model, action, *rows):
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(f"/admin/accounts/{model}/", data, follow=True)


def test_closing_and_reopening_in_the_list(browse, security_admin):
    client, user = browse(security_admin), UserFactory()
    page = act(client, "user", "close", user, security_admin).content.decode()
    assert "已停用1个账号。" in page
    assert "不能停用自己的账号" in page
    assert not User.objects.get(pk=user.pk).is_active
    assert "已重新启用1个账号。" in act(client, "user", "reopen", user).content.decode()


def test_resetting_in_the_list_shows_the_passwords_once(browse, security_admin):
    client, users = browse(security_admin), UserFactory.create_batch(2)
    page = act(client, "user", "reset", *users).content.decode()
    passwords = re.findall(r"<code>(\w{14})</code>", page)
    for user, password in zip(
        User.objects.filter(pk__in=[u.pk for u in users]), passwords, strict=True
    ):
        assert user.check_password(password)
    closed = UserFactory(is_active=False)
    assert "已停用，先重新启用" in act(client, "user", "reset", closed).content.decode()


def test_accounts_and_tokens_are_never_deleted(browse, security_admin):
    client, user, token = browse(security_admin), UserFactory(), TokenFactory()
    assert client.post(f"/admin/accounts/user/{user.pk}/delete/").status_code == 403
    assert client.post(f"/admin/accounts/token/{token.pk}/delete/").status_code == 403
    assert "delete_selected" not in client.get("/admin/accounts/user/").content.decode()
    assert client.get("/admin/accounts/token/add/").status_code == 403


def test_granting_and_revoking_a_site_role(browse, security_admin):
    client, user = browse(security_admin), UserFactory()
    response = client.post("/admin/accounts/siterole/add/", {"user": user.pk, "kind": "auditor"})
    assert response.status_code == 302
    row = SiteRole.objects.get(user=user)
    assert row.granted_by == security_admin
    assert client.get(f"/admin/accounts/siterole/{row.pk}/change/").status_code == 200
    assert client.post(f"/admin/accounts/siterole/{row.pk}/change/", {}).status_code == 403
    client.post(f"/admin/accounts/siterole/{row.pk}/delete/", {"post": "yes"})
    assert not SiteRole.objects.filter(user=user).exists()
    assert AuditEntry.objects.filter(verb__in=["site_role.grant", "site_role.revoke"]).count() == 2


def test_the_own_site_role_stays(browse, security_admin):
    own = SiteRole.objects.get(user=security_admin)
    response = browse(security_admin).post(
        f"/admin/accounts/siterole/{own.pk}/delete/", {"post": "yes"}
    )
    assert response.status_code == 403


def test_a_site_role_for_somebody_with_a_unit_is_refused_beside_the_form(
    browse, security_admin, data_officer
):
    page = browse(security_admin).post(
        "/admin/accounts/siterole/add/", {"user": data_officer.pk, "kind": "auditor"}
    )
    assert "还有单位身份，先撤销" in page.content.decode()
    assert browse(security_admin).post("/admin/accounts/siterole/add/", {}).status_code == 200


def test_tokens_are_revoked_not_edited(browse, security_admin):
    client, token = browse(security_admin), TokenFactory()
    assert "已撤销1个令牌。" in act(client, "token", "revoke", token).content.decode()
    assert Token.objects.get(pk=token.pk).revoked_at
    page = client.get(f"/admin/accounts/token/{token.pk}/change/").content.decode()
    assert 'name="_save"' not in page


def test_a_working_day_is_changed_on_a_named_basis(browse, system_admin):
    client = browse(system_admin)
    address = "/admin/core/workingday/2022-05-01/change/"
    missing = client.post(address, {"is_working": "on", "name": "调休", "basis": ""})
    assert missing.status_code == 200
    client.post(address, {"is_working": "on", "name": "调休", "basis": "测试通知1号"})
    row = WorkingDay.objects.get(day="2022-05-01")
    assert (row.is_working, row.basis, row.is_provisional) == (True, "测试通知1号", False)
    entry = AuditEntry.objects.get(verb="workday.set")
    assert ("is_working", False, True) in entry.changes
    assert client.get("/admin/core/workingday/add/").status_code == 403
    assert client.post("/admin/core/workingday/2022-05-01/delete/").status_code == 403
    assert client.get("/admin/core/workingday/?day__year=2022").status_code == 200


def test_heartbeats_are_for_looking(browse, system_admin):
    Heartbeat.objects.create(name="beat", at="2022-04-15T00:00:00Z")
    client = browse(system_admin)
    assert "beat" in client.get("/admin/core/heartbeat/").content.decode()
    assert client.post("/admin/core/heartbeat/beat/change/", {}).status_code == 403
    assert client.post("/admin/core/heartbeat/beat/delete/", {}).status_code == 403
    assert client.get("/admin/core/heartbeat/add/").status_code == 403


def test_the_admin_obeys_the_strict_policy(browse, security_admin):
    user = UserFactory()
    services.reset_password(user, by=security_admin)
    for page in (
        "",
        "accounts/user/",
        f"accounts/user/{user.pk}/change/",
        "accounts/siterole/add/",
    ):
        response = browse(security_admin).get(f"/admin/{page}")
        html = response.content.decode()
        assert "script-src 'self'" in response["Content-Security-Policy"]
        assert not re.search(r"<script(?![^>]*(src=|application/json))[^>]*>", html)
        assert " style=" not in html
        assert "<style" not in html
