"""A request that comes twice has one effect; nobody overwrites what somebody else changed."""

import pytest

from core.models import AuditEntry, IdempotencyKey
from officers.models import Appointment, Filing, Person
from tests.at_once import at_once
from tests.factories.officers import PersonFactory

pytestmark = pytest.mark.django_db
NEW = {"name": "演示人员02", "level": "deputy"}


@pytest.fixture
def content(register):
    return {
        "unit": register.city.department.code,
        "post": "cdo",
        "new_person": NEW,
        "starts_on": "2022-04-01",
        "is_in_charge": True,
    }


def test_the_same_key_twice_is_one_appointment_one_person_one_entry(content, data_officer, send):
    first, second = (send(data_officer, "appointments", content, key="k") for _time in range(2))
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert (first["ETag"], first["Location"]) == (second["ETag"], second["Location"])
    assert (Appointment.rows.count(), Person.rows.count()) == (1, 1)
    assert AuditEntry.objects.filter(verb="appointment.report").count() == 1


def test_a_move_that_comes_twice_is_answered_as_before_although_the_version_is_another_now(
    content, data_officer, send, done
):
    row = done(data_officer, "appointments", content)
    path, leaving = f"appointments/{row['id']}/end", {"ends_on": "2022-04-14", "ending": "left"}
    first, second = (send(data_officer, path, leaving, key="k", etag='"1"') for _time in range(2))
    assert (first.status_code, first["ETag"]) == (200, '"2"')
    assert (second.status_code, second["ETag"], second.json()) == (200, '"2"', first.json())
    again = send(data_officer, path, leaving, key="k2", etag='"1"')
    assert (again.status_code, again.json()["code"]) == (412, "stale_version")


def test_the_same_key_with_other_content_is_refused(content, data_officer, send):
    send(data_officer, "appointments", content, key="k")
    answer = send(data_officer, "appointments", {**content, "seat": 2}, key="k")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert Appointment.rows.count() == 1


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "a\x00b"])
def test_without_a_key_nothing_is_created(key, content, data_officer, send):
    answer = send(data_officer, "appointments", content, key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")
    assert not Appointment.rows.exists()


def test_a_refused_request_leaves_nothing_and_its_key_free(content, data_officer, send):
    late = {**content, "starts_on": None}
    answer = send(data_officer, "appointments", late, key="k")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["starts_on"])
    assert not Person.rows.exists()
    assert not IdempotencyKey.objects.exists()
    assert send(data_officer, "appointments", content, key="k").status_code == 201


def test_what_is_kept_of_an_answer_holds_no_number_in_plain(register, data_officer, send):
    content = {**NEW, "unit": register.city.department.code, "mobile": "13812345678"}
    assert send(data_officer, "persons", content).status_code == 201
    kept = IdempotencyKey.objects.get()
    assert "13812345678" not in str((kept.answer, kept.headers, kept.body_sha256, kept.route))


def test_every_change_of_a_row_needs_its_version(register, data_officer, officer, send, done):
    row = PersonFactory(unit=register.city.department)
    path = f"persons/{row.uuid}"
    for etag, status, code in (
        (None, 428, "version_missing"),
        ("", 428, "version_missing"),
        ('"2"', 412, "stale_version"),
        ("*", 412, "stale_version"),
        ('W/"1"', 200, ""),
        ('"1"', 412, "stale_version"),
        ('"2"', 200, ""),
    ):
        answer = send(data_officer, path, {"rank": "clerk_1"}, etag=etag, method="patch")
        assert answer.status_code == status, etag
        assert answer.json().get("code", "") == code
    assert answer["ETag"] == '"3"'


def test_the_second_of_two_clerks_is_told_and_changes_nothing(
    content, data_officer, unit_cdo, officer, send, done
):
    number = done(data_officer, "appointments", content)["id"]
    filing = done(data_officer, f"appointments/{number}/file")["id"]
    first = send(officer, f"filings/{filing}/return", {"reason": "缺扫描件"}, etag='"1"')
    second = send(unit_cdo, f"filings/{filing}/withdraw", {"reason": "重报"}, etag='"1"')
    assert (first.status_code, second.status_code) == (200, 412)
    assert "别人改过" in second.json()["message"]
    assert Filing.rows.get().status == "returned"


def test_a_write_request_takes_no_parameters(content, data_officer, api):
    headers = {"Idempotency-Key": "k"}
    for query in ("on=2021-01-01", "format=json", "force=1"):
        url = f"/api/v1/appointments/?{query}"
        answer = api(data_officer).post(url, content, format="json", headers=headers)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [query.split("=")[0]])


# --- at the same moment ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_same_request_twice_at_once_is_one_row(content, data_officer, send):
    answers = at_once(
        *(lambda: send(data_officer, "appointments", content, key="k") for _time in range(4))
    )
    codes = {answer.status_code for answer in answers}
    assert 201 in codes
    assert codes <= {201, 409}
    busy = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert busy <= {"idempotency_key_busy"}
    assert (Appointment.rows.count(), Person.rows.count()) == (1, 1)
    assert send(data_officer, "appointments", content, key="k").status_code == 201
    assert Appointment.rows.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_appoint_at_once_get_one_holder(content, data_officer, unit_cdo, send):
    answers = at_once(
        *(lambda by=by: send(by, "appointments", content) for by in (data_officer, unit_cdo))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    number = Appointment.rows.get().number
    (refused,) = (answer for answer in answers if answer.status_code == 409)
    assert number in refused.json()["message"]


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_enter_one_mobile_at_once_get_one_person(register, data_officer, send):
    content = {**NEW, "unit": register.city.department.code, "mobile": "13812345678"}
    answers = at_once(
        *(lambda key=key: send(data_officer, "persons", content, key=key) for key in "abc")
    )
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422]
    assert Person.rows.count() == 1
    for answer in answers:
        if answer.status_code == 422:
            assert list(answer.json()["errors"]) == ["mobile"]
