"""A request that comes twice has one effect: on real rows, real threads, a real transaction."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from rest_framework.test import APIClient

from core import clock, idempotency
from core.models import Heartbeat, IdempotencyKey
from tests.core import api_urls
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.api_urls")]
ADDRESS = "/api/try/heartbeats/"


@pytest.fixture(autouse=True)
def _fresh():
    api_urls.meet.clear()
    api_urls.works.clear()


@pytest.fixture
def user(db):
    return UserFactory()


def _send(user, name="a", key="k1", address=ADDRESS, **headers):
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(user)
    if key is not None:
        headers["Idempotency-Key"] = key
    return client.post(address, {"name": name}, format="json", headers=headers)


def test_the_second_request_gets_the_first_answer(user):
    first, second = _send(user), _send(user)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert (second["Location"], second["ETag"]) == ("/heartbeats/a/", '"1"')
    assert not second.has_header("X-Other")
    assert Heartbeat.objects.count() == 1
    assert api_urls.works == ["a"]


@pytest.mark.parametrize("key", [None, "", "   ", "x" * 201])
def test_without_a_usable_key_nothing_is_done(key, user):
    answer = _send(user, key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")
    assert not Heartbeat.objects.exists()


def test_the_same_key_with_other_content_is_refused(user):
    _send(user)
    answer = _send(user, name="b")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    answer = _send(user, address=f"{ADDRESS}?force=1")
    assert answer.json()["code"] == "idempotency_key_reused"
    assert api_urls.works == ["a"]


def test_spacing_and_order_of_the_json_do_not_matter(user):
    client = APIClient()
    client.force_authenticate(user)
    for body in ('{"name":"a","x":1}', '{ "x": 1,\n "name": "a" }'):
        answer = client.post(
            ADDRESS, body, content_type="application/json", headers={"Idempotency-Key": "k"}
        )
        assert answer.status_code == 201
    assert api_urls.works == ["a"]


def test_a_key_belongs_to_one_person_and_one_address(user):
    other = UserFactory()
    assert _send(user).status_code == 201
    assert _send(other, name="b").status_code == 201
    assert _send(user, address=f"{ADDRESS}again/").json() == {"done": True}
    assert _send(user, address=f"{ADDRESS}again/").json() == {"done": True}
    assert api_urls.works == ["a", "b", "again"]


@pytest.mark.parametrize(
    ("name", "status"), [("refused", 409), ("invalid", 422), ("much-too-long", 422), ("plain", 500)]
)
def test_a_refused_request_keeps_nothing_and_may_be_mended_under_its_key(name, status, user):
    assert _send(user, name=name).status_code == status
    assert not Heartbeat.objects.exists()
    assert not IdempotencyKey.objects.exists()
    assert _send(user, name="mended").status_code == 201


def test_an_error_of_content_names_the_field(user):
    answer = _send(user, name="much-too-long")
    assert set(answer.json()["errors"]) == {"name"}


def test_after_a_day_the_key_is_free_again(user):
    _send(user)
    IdempotencyKey.objects.update(created_at=clock.now() - timedelta(hours=24, seconds=1))
    assert _send(user, name="b").status_code == 201
    assert api_urls.works == ["a", "b"]
    assert IdempotencyKey.objects.get().created_at > clock.now() - timedelta(minutes=1)


def test_purging_takes_what_is_over_and_leaves_the_rest(user):
    _send(user)
    _send(user, name="b", key="k2")
    IdempotencyKey.objects.filter(key="k1").update(created_at=clock.now() - timedelta(hours=25))
    assert idempotency.purge() == 1
    assert IdempotencyKey.objects.get().key == "k2"


def test_who_is_not_allowed_leaves_no_key():
    answer = APIClient().post(ADDRESS, {}, format="json", headers={"Idempotency-Key": "k"})
    assert answer.status_code == 401
    assert not IdempotencyKey.objects.exists()


# --- crash and race, with transactions that really commit ------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_crash_between_work_and_answer_leaves_neither_row_nor_key(user):
    assert _send(user, name="crash").status_code == 500
    assert api_urls.works == ["crash"]
    assert not Heartbeat.objects.exists()
    assert not IdempotencyKey.objects.exists()


def _race(user):
    """Two requests at once, the second while the first is in the middle of its work; statuses."""
    go = threading.Event()
    api_urls.meet.append(go)
    answers = {}

    def send(name):
        try:
            answers[name] = _send(user).status_code
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(name,)) for name in ("first", "second")]
    threads[0].start()
    _wait(lambda: api_urls.works)
    threads[1].start()
    _wait(lambda: len(api_urls.works) > 1 or "second" in answers)
    go.set()
    for thread in threads:
        thread.join(10)
    return answers


def _wait(condition, seconds=3):
    pause = threading.Event()
    for _step in range(int(seconds / 0.02)):
        if condition():
            return
        pause.wait(0.02)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_works_and_the_other_is_told_to_come_back(user):
    assert _race(user) == {"first": 201, "second": 409}
    assert api_urls.works == ["a"]
    assert Heartbeat.objects.count() == 1
    busy = _send(user)
    assert busy.status_code == 201, "the first answer, once it is there"
    assert api_urls.works == ["a"]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_race_is_lost(user, monkeypatch):
    """The negative control: the test above would notice."""
    monkeypatch.setattr(idempotency, "_lock", lambda _name: None)
    # Each work of its own would succeed: only the key stands between them.
    monkeypatch.setattr(Heartbeat.objects, "create", lambda name, at: Heartbeat(name=name, at=at))
    answers = _race(user)
    assert api_urls.works == ["a", "a"]
    assert answers != {"first": 201, "second": 409}


@pytest.mark.django_db(transaction=True)
def test_the_busy_answer_says_when_to_come_back(user):
    number = []
    real = idempotency._lock

    def refused(name):
        number.append(name)
        raise idempotency.KeyBusy

    try:
        idempotency._lock = refused
        answer = _send(user)
    finally:
        idempotency._lock = real
    assert (answer.status_code, answer["Retry-After"]) == (409, "5")
    assert number
