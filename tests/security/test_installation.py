"""What an installation believes, and what its administrators can find out."""

import pytest
from django.core.checks import run_checks

from core.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("claimed", ["not-an-address", "1.2.3.4:99999", '"><script>', ""])
def test_a_claimed_address_that_is_none_is_not_believed(claimed, data_officer, client, settings):
    settings.TRUSTED_PROXIES = 1
    data_officer.set_password("Eins-zwei-3")
    data_officer.save()
    client.raise_request_exception = False
    answer = client.post(
        "/login/",
        {"username": data_officer.username, "password": "Eins-zwei-3"},
        headers={"x-forwarded-for": claimed},
    )
    assert answer.status_code == 302
    assert AuditEntry.objects.get(verb="account.login").ip == "127.0.0.1"


def test_no_list_tells_a_hash(security_admin, browse):
    client = browse(security_admin)
    start = security_admin.password[:8]
    for address in (
        f"/admin/accounts/user/?password__startswith={start}",
        f"/admin/accounts/siterole/?user__password__startswith={start}",
        f"/admin/accounts/token/?user__password__startswith={start}",
    ):
        assert client.get(address).status_code in {302, 400}, address


def test_mails_that_never_leave_are_said(settings):
    settings.EMAIL_FILE_PATH = "/somewhere"
    for trial, said in ((True, False), (False, True)):
        settings.TRIAL = trial
        found = {message.id for message in run_checks(include_deployment_checks=True)}
        assert ("portal.W004" in found) == said
