"""ETag and If-Match: nobody changes what somebody else has changed since."""

import pytest
from rest_framework.test import APIClient

from pilots.models import Programme
from tests.factories.accounts import UserFactory
from tests.factories.pilots import ProgrammeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.api_urls")]


@pytest.fixture
def programme(db):
    return ProgrammeFactory(running=True, code="city-2021")


@pytest.fixture
def close(programme):
    client = APIClient()
    client.force_authenticate(UserFactory())

    def closing(etag=None):
        headers = {} if etag is None else {"If-Match": etag}
        return client.post("/api/try/writing/city-2021/close/", headers=headers)

    closing.read = lambda: client.get("/api/try/writing/city-2021/")
    return closing


def test_the_etag_that_was_read_opens_the_change_and_the_answer_has_the_next(close):
    etag = close.read()["ETag"]
    assert etag == '"1"'
    answer = close(etag)
    assert (answer.status_code, answer["ETag"], answer.json()) == (200, '"2"', {"phase": "closed"})


def test_without_if_match_428(close):
    for etag in (None, "", " "):
        answer = close(etag)
        assert (answer.status_code, answer.json()["code"]) == (428, "version_missing")


@pytest.mark.parametrize("etag", ['"0"', '"7"', "*", '"1", "2"', "²", "x", '"-1"', '"1" ' * 3])
def test_any_other_version_412(etag, close, programme):
    answer = close(etag)
    assert (answer.status_code, answer.json()["code"]) == (412, "stale_version")
    assert Programme.rows.get(pk=programme.pk).phase == "running"


def test_a_proxy_may_have_weakened_the_tag(close):
    assert close('W/"1"').status_code == 200


def test_the_second_of_two_writers_is_refused(close):
    assert close('"1"').status_code == 200
    assert close('"1"').status_code == 412


def test_the_wrong_moment_409(close):
    assert close('"1"').status_code == 200
    answer = close('"2"')
    assert (answer.status_code, answer.json()["code"]) == (409, "move_not_allowed")
