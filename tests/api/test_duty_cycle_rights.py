"""Every change of the duty cycle × the whole cast: 2xx, 403 (seen, not allowed), 404 (not seen)."""

from uuid import uuid4

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from projects.choices import MOVES as FINDING_MOVES
from projects.choices import FindingStatus
from reports.choices import MOVES as REPORT_MOVES
from reports.choices import Move, Status
from tests.factories.accounts import TokenFactory

from .conftest import VIEWSETS
from .duty_cycle import CHANGES, ENDPOINTS, expected, place
from .duty_rows import references, rows_of

pytestmark = pytest.mark.django_db
APPS = ("approvals.", "duties.", "projects.", "reports.")


def test_the_table_names_every_change_of_the_duty_cycle():
    declared = {
        f"{endpoint}.{action}"
        for endpoint, viewset in VIEWSETS.items()
        if viewset.__module__.startswith(APPS)
        for action in getattr(viewset, "inputs", {})
    }
    assert declared == set(CHANGES)


@pytest.fixture
def tried(city, cast):
    """`tried(client, name, row)` gives the answer and undoes what was done."""
    refs = references(city)

    def trying(client, name, row=None, **headers):
        change = CHANGES[name]
        path, method = place(name, row)
        content = change.content | {field: refs[field] for field in change.refs}
        headers = {"Idempotency-Key": str(uuid4()), **_version(name, row), **headers}
        with transaction.atomic():
            answer = getattr(client, method)(
                f"/api/v1/{path}/", content, format="json", headers=headers
            )
            transaction.set_rollback(True)
        return answer

    return trying


def _version(name, row):
    """If-Match for the row as it stands: of a section saved, the section's."""
    if row is None or not hasattr(row, "version"):
        return {}
    if name == "reports.save_section":
        row = row.sections.standing().first()
    row.refresh_from_db()
    return {"If-Match": row.etag}


@pytest.fixture
def each(city, cast):
    """`for name, row in each(endpoint)`: every change of it with its row, undone before the next."""

    def changes(endpoint):
        made = rows_of(endpoint, city, cast)
        for name in (name for name in CHANGES if name.startswith(f"{endpoint}.")):
            with transaction.atomic():
                key = CHANGES[name].row
                yield name, made[key]() if key else None
                transaction.set_rollback(True)

    return changes


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_who_may_do_it(endpoint, cast, api, tried, each):
    for name, row in each(endpoint):
        seen = {}
        for role, user in cast.items():
            code = tried(api(user), name, row).status_code
            seen[role] = 200 if code in {201, 204} else code
        assert seen == expected(name, cast), name


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_what_every_change_asks_for(endpoint, cast, tried, each, api):
    """A login, a token that writes, a key for a POST, the version that was read."""
    for name, row in each(endpoint):
        user = cast[CHANGES[name].may[0]]
        answer = tried(APIClient(), name, row)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer"), name
        answer = tried(_bearer(user, "read"), name, row)
        assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope"), name
        assert tried(_bearer(user, "write"), name, row).status_code in {200, 201}, name
        if place(name, row)[1] == "post":
            answer = tried(api(user), name, row, **{"Idempotency-Key": ""})
            assert answer.json()["code"] == "idempotency_key_missing", name
        if _version(name, row):
            for etag, status in (("", 428), ('"99"', 412), ("*", 412)):
                assert tried(api(user), name, row, **{"If-Match": etag}).status_code == status, name


def _bearer(user, scope):
    client = APIClient()
    secret = f"cdo_{uuid4().hex}"
    TokenFactory(user=user, secret=secret, scope=scope)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


# --- the wrong state: the right people, a row that is elsewhere -----------------------------------

STATES = {
    Status.DRAFT: "draft",
    Status.TO_SIGN: "to_sign",
    Status.SUBMITTED: "handed",
    Status.RETURNED: "returned",
    Status.ACCEPTED: "accepted",
}
SOURCES = {
    **dict.fromkeys(("save_section", "carry_over", "unchanged"), REPORT_MOVES[Move.PUT_UP][0]),
    "put_up": REPORT_MOVES[Move.PUT_UP][0],
    "take_back": REPORT_MOVES[Move.TAKE_BACK][0],
    "turn_back": REPORT_MOVES[Move.TAKE_BACK][0],
    "sign": REPORT_MOVES[Move.HAND_IN][0],
    "recall": REPORT_MOVES[Move.RECALL][0],
    "accept": REPORT_MOVES[Move.ACCEPT][0],
    "give_back": REPORT_MOVES[Move.RETURN][0],
}


@pytest.mark.parametrize("status", Status)
def test_a_report_moves_by_the_table_only(status, city, cast, api, tried):
    row = rows_of("reports", city, cast)[STATES[status]]()
    assert row.status == status
    for act, sources in SOURCES.items():
        user = cast["unit_cdo" if "unit_cdo" in CHANGES[f"reports.{act}"].may else "officer"]
        answer = tried(api(user), f"reports.{act}", row)
        if row.editions == 0 and user == cast["officer"]:  # a draft is its unit's matter
            assert answer.status_code == 404, (status, act)
            continue
        _moved_or_refused(answer, status in sources, (status, act))


@pytest.mark.parametrize("status", FindingStatus)
def test_a_finding_moves_by_the_table_only(status, city, cast, api, tried):
    row = rows_of("findings", city, cast)[status]()
    for move, (sources, _to) in FINDING_MOVES.items():
        answer = tried(api(cast["officer"]), f"findings.{move.value}", row)
        _moved_or_refused(answer, status in sources, (status, move))


def test_a_period_that_is_closed_is_changed_by_nothing_but_reopening(city, cast, api, tried):
    made = rows_of("periods", city, cast)
    for state, open_now in (("period", True), ("closed", False)):
        with transaction.atomic():
            row = made[state]()
            for act in ("partial_update", "close", "reopen"):
                answer = tried(api(cast["officer"]), f"periods.{act}", row)
                _moved_or_refused(answer, open_now == (act != "reopen"), (state, act))
            transaction.set_rollback(True)


def test_a_project_that_was_withdrawn_takes_nothing_more(city, cast, api, tried):
    row = rows_of("projects", city, cast)["withdrawn"]()
    for act in ("partial_update", "withdraw", "records", "checks"):
        answer = tried(api(cast["officer"]), f"projects.{act}", row)
        _moved_or_refused(answer, False, act)


def test_a_review_is_taken_back_once(city, cast, api, send):
    row = rows_of("reviews", city, cast)["review"]()
    path = f"reviews/{row.pk}/undo"
    assert send(cast["officer"], path).status_code == 200
    _moved_or_refused(send(cast["officer"], path), False, "undo")


def _moved_or_refused(answer, moves, what):
    if moves:
        assert answer.status_code in {200, 201}, (what, answer.json())
        return
    assert answer.status_code == 409, (what, answer.json())
    assert set(answer.json()) == {"code", "message", "errors", "request_id"}
    assert answer.json()["message"]
