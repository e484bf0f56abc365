"""Pages that show more than one thing show only what the reader may see of each."""

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client

from core import audit, clock
from core.models import AuditEntry
from pilots.models import Enrolment
from tests.factories.accounts import UserFactory
from tests.factories.pilots import EnrolmentFactory

pytestmark = pytest.mark.django_db
MARK = "KOLIBRI"
PAGES = (
    "/", "/overview/", "/units/", "/units/{unit}/", "/search/?q=KOL", "/audit/", "/tasks/",
    "/tasks/?q=KOL", "/tasks/?unit={district}", "/tasks/{task}/", "/obligations/{obligation}/",
    "/areas/{area}/", "/deadlines/", "/deadlines.ics", "/programmes/", "/programmes/{programme}/",
    "/members/", "/inbox/", "/deliveries/", "/deliveries/portal-only/", "/mails/", "/feedback/",
    "/units/{district}/", "/audit/unit:{district}/", "/members/open/", "/units/?q=KOL",
    "/programmes/{programme}/start/", "/units/{unit}/rename/",
)  # fmt: skip


def _addresses(city):
    return [
        page.format(
            unit=city.department.code,
            district=city.district.code,
            task=city.assignment(city.department).number,
            obligation=city.obligations["training"].code,
            area=city.obligations["training"].area.code,
            programme=city.programme.code,
        )
        for page in PAGES
    ]


def _mark(city, stranger):
    """The mark in everything of the district."""
    city.district.names.update(full_name=MARK, short_name=MARK, name_en=MARK, basis=MARK)
    stranger.display_name = stranger.username = MARK
    stranger.email = f"{MARK}@example.org"
    stranger.save()
    Enrolment.rows.filter(unit=city.district).update(source=MARK)
    city.district.enrolments.get().assignments.update(status_note=MARK, status="withdrawn",
                                                      closed_at=clock.now())  # fmt: skip
    audit.record("unit.rename", by=stranger, subject=city.district, unit=city.district,
                 after={"full_name": MARK})  # fmt: skip
    from reminders.models import Feedback

    Feedback.rows.create(user=stranger, text=MARK, created_at=clock.now())


@pytest.mark.parametrize("role", ["data_officer", "unit_cdo", "foreigner", "system_admin",
                                  "security_admin"])  # fmt: skip
def test_the_districts_words_are_on_no_page_of_anybody_else(role, city, cast, browse, settings,
                                                            tmp_path):  # fmt: skip
    settings.EMAIL_FILE_PATH = str(tmp_path)
    _mark(city, cast["stranger"])
    client, shown = browse(cast[role]), []
    for address in _addresses(city):
        page = client.get(address).content.decode()
        if MARK in page:
            shown.append(address)
    if role == "system_admin":
        shown = [address for address in shown if address != "/feedback/"]  # who answers it
    assert shown == []


def test_the_mark_itself_sings(city, cast, browse):
    _mark(city, cast["stranger"])
    for address in ("/units/", "/tasks/", "/members/", "/audit/"):
        assert MARK in browse(cast["officer"]).get(address).content.decode(), address


def test_a_unit_in_two_programmes_shows_each_bureau_its_own(city, foreigner, officer, browse):
    """The department also takes part in the other city: that city's clerk sees the body, not what
    it owes here."""
    theirs = foreigner.memberships.get().unit.enrolments.get().programme
    EnrolmentFactory(programme=theirs, unit=city.department)
    city.obligations["training"].__class__.rows.filter(pk=city.obligations["training"].pk).update(
        title=MARK, short_title=MARK
    )
    city.programme.__class__.rows.filter(pk=city.programme.pk).update(short_name=MARK, name=MARK)
    client = browse(foreigner)
    assert MARK not in client.get(f"/units/{city.department.code}/").content.decode()
    assert client.get(f"/tasks/{city.assignment(city.department).number}/").status_code == 404


# --- the door ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/login/", "/feedback/", "/members/act/", "/logout/",
                                  "/preferences/", "/password/", "/inbox/read/"])  # fmt: skip
def test_no_form_without_its_token(path, officer):
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer, backend="accounts.backends.AccountBackend")
    assert client.post(path, {"text": "x"}).status_code == 403


def test_logging_in_changes_the_session(client):
    user = UserFactory()
    user.set_password("Eins-zwei-3")
    user.save()
    session = client.session
    session["planted"] = "x"
    session.save()
    before = client.session.session_key
    answer = client.post(
        "/login/?next=//evil.example/", {"username": user.username, "password": "Eins-zwei-3"}
    )
    assert answer["Location"] == "/" or answer["Location"].startswith("/password/")
    assert client.session.session_key != before


def test_healthz_tells_strangers_one_word(client, officer, browse):
    assert set(client.get("/healthz").json()) == {"status"}


def test_a_missing_database_is_503_with_a_session_too(officer, browse, monkeypatch):
    client = browse(officer)
    client.raise_request_exception = False

    def gone(*_args, **_kwargs):
        raise OperationalError("connection refused to secret-host")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", gone)
    for path in ("/units/", "/api/v1/units/", "/login/"):
        answer = client.get(path)
        assert answer.status_code == 503, path
        assert "secret-host" not in answer.content.decode()


def test_one_time_link_opens_once(client):
    from accounts import services

    user = services.create_account(username="erst", display_name="首个", by=None)
    path = f"/first/{services.one_time_path(user)}"
    form = {"new_password": "Eins-zwei-3", "again": "Eins-zwei-3"}
    assert client.get(path).status_code == 200
    assert client.post(path, form).status_code == 302
    assert client.get(path).status_code == client.post(path, form).status_code == 410
    assert "Eins-zwei-3" not in str(list(AuditEntry.objects.values_list("before", "after")))


def test_a_closed_person_has_no_link(client):
    from accounts import services

    user = services.create_account(username="erst", display_name="首个", by=None)
    path = f"/first/{services.one_time_path(user)}"
    services.set_active(user, is_active=False, by=None)
    assert client.get(path).status_code == 410
    cache.clear()
