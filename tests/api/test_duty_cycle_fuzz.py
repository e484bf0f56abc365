"""Whatever is sent to a change of the duty cycle, the answer is a refusal in the one shape."""

import json
from uuid import uuid4

import pytest
from django.db import transaction

from .conftest import VIEWSETS
from .duty_cycle import CHANGES, ENDPOINTS, place
from .duty_rows import references, rows_of
from .test_officers_fuzz import NASTY, REFUSED, SHAPE, WHOLE, _filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def shots(city, cast, api):
    """For each change of an endpoint: its content's serializer, what is right to send, and
    `shoot(body)`, which is undone."""

    def shooting(endpoint):
        refs, made = references(city), rows_of(endpoint, city, cast)
        for name, change in CHANGES.items():
            if not name.startswith(f"{endpoint}."):
                continue
            with transaction.atomic():
                row = made[change.row]() if change.row else None
                client, (path, method) = api(cast[change.may[0]]), place(name, row)
                right = change.content | {field: refs[field] for field in change.refs}
                action = name.split(".")[1]

                def shoot(body, client=client, path=path, method=method, row=row):
                    return _shot(client, method, path, body, row)

                yield VIEWSETS[endpoint].inputs[action], right, shoot
                transaction.set_rollback(True)

    return shooting


def _shot(client, method, path, body, row):
    headers = {"Idempotency-Key": str(uuid4()), "If-Match": getattr(row, "etag", '"1"')}
    with transaction.atomic():
        answer = getattr(client, method)(
            f"/api/v1/{path}/", body, content_type="application/json", headers=headers
        )
        transaction.set_rollback(True)
    if answer.status_code not in {200, 201}:
        assert answer.status_code in REFUSED, (path, body[:200], answer.content[:300])
        assert set(answer.json()) == SHAPE
    return answer


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_every_field_takes_every_kind_of_nonsense(endpoint, shots):
    for content, right, shoot in shots(endpoint):
        names = list(content().fields)
        for place_, value in enumerate(NASTY):
            if names:  # one field is wrong, the others are as they should be
                shoot(json.dumps({**right, names[place_ % len(names)]: value}))
        for shift in range(0, len(NASTY), 5):
            shoot(json.dumps(_filled(content(), shift)))


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_whole_contents_that_are_none_and_fields_that_nobody_declared(endpoint, shots):
    for number, (_content, right, shoot) in enumerate(shots(endpoint)):
        for body in WHOLE[number % 3 :: 3]:
            shoot(body)
        answer = shoot(json.dumps({**right, "status": "accepted", "version": 9}))
        assert answer.status_code == 422
        assert {"status", "version"} & set(answer.json()["errors"])
