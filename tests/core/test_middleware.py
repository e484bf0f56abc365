"""Request ids, addresses behind proxies, headers, and the page for a database that is away."""

import pytest
from django.db import connection
from django.test import Client, RequestFactory

from core.middleware import client_ip


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "1.1.1.1", "9.9.9.9"),
        (1, "1.1.1.1", "1.1.1.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (2, "1.1.1.1", "9.9.9.9"),
        (1, "", "9.9.9.9"),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(settings, proxies, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="9.9.9.9", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_ip(request) == expected


def test_each_answer_names_its_request_and_is_not_cached(client, db):
    answer = client.get("/login/")
    assert len(answer["X-Request-ID"]) == 12
    assert "no-store" in answer["Cache-Control"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.fixture
def no_database(django_db_setup, django_db_blocker):
    """The application looks for PostgreSQL where there is none."""
    with django_db_blocker.unblock():
        connection.close()
        host = connection.settings_dict["HOST"]
        connection.settings_dict["HOST"] = "/nonexistent"
        yield
        connection.close()
        connection.settings_dict["HOST"] = host


@pytest.mark.parametrize("cookie", ["", "abcdefghijklmnopqrstuvwxyz012345"])
@pytest.mark.parametrize(
    ("path", "kind"), [("/login/", "text/html"), ("/api/v1/units/", "application/json")]
)
def test_a_database_that_is_away_is_a_503_in_words(no_database, settings, path, kind, cookie):
    browser = Client(raise_request_exception=False)
    browser.cookies[settings.SESSION_COOKIE_NAME] = cookie or "x" * 32
    answer = browser.get(path, headers={"Authorization": "Bearer cdo_x"} if not cookie else {})
    assert answer.status_code == 503
    assert answer["Content-Type"].startswith(kind)
    assert answer["X-Request-ID"] in answer.content.decode()
    assert answer["Retry-After"] == "30"
