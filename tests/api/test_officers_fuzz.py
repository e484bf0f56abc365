"""Whatever is sent to a write endpoint, the answer is a refusal in the one shape, never a crash."""

import json
from uuid import uuid4

import pytest
from django.db import transaction

from .conftest import VIEWSETS

pytestmark = pytest.mark.django_db
SHAPE = {"code", "message", "errors", "request_id"}
REFUSED = {400, 403, 404, 409, 412, 413, 422, 428}
NASTY = (
    None,
    True,
    0,
    -1,
    10**400,
    1e308,
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "\u202e反",
    "测" * 6000,
    "2022-13-45",
    "0001-01-01",
    "9999-12-31",
    "’ OR 1=1 --",
    "%s{0}{{7*7}}",
    [],
    [None],
    [[]],
    {},
    {"": ""},
    {"a\x00": {"b": []}},
)
WHOLE = ("null", "[]", "[1]", '"x"', "1", "true", "{", "", "NaN", '{"a":NaN}', "[" * 200_000)


@pytest.fixture
def paths(known, city):
    """(path, method) of each write endpoint, on rows of the department."""
    mine = known[city.department]
    keys = {
        "persons": mine.holder.uuid,
        "appointments": mine.appointment.number,
        "filings": mine.filing.number,
        "teams": mine.team.number,
        "experts": mine.expert.pk,
    }
    found = {(f"units/{city.department.code}/confirm-officers", "post"): None}
    for endpoint, key in keys.items():
        viewset = VIEWSETS[endpoint]
        for action, content in viewset.inputs.items():
            found[_place(endpoint, key, viewset, action)] = content
    return found


def _place(endpoint, key, viewset, action):
    if action == "create":
        return endpoint, "post"
    if action == "partial_update":
        return f"{endpoint}/{key}", "patch"
    return f"{endpoint}/{key}/{getattr(viewset, action).url_path}", "post"


@pytest.fixture
def shoot(api, officer):
    client = api(officer)

    def shooting(path, method, body, content_type="application/json", etag='"1"'):
        headers = {"Idempotency-Key": str(uuid4()), "If-Match": etag}
        with transaction.atomic():
            answer = getattr(client, method)(
                f"/api/v1/{path}/", body, content_type=content_type, headers=headers
            )
            transaction.set_rollback(True)
        if answer.status_code not in {200, 201}:
            assert answer.status_code in REFUSED | {415}, (path, body[:200])
            assert set(answer.json()) == SHAPE
        return answer

    return shooting


def _filled(serializer, shift):
    """Each field with another kind of nonsense, also within what is nested."""
    content = {}
    for place, (name, field) in enumerate(serializer.fields.items()):
        content[name] = NASTY[(place + shift) % len(NASTY)]
        if hasattr(field, "fields") and shift % 2:
            content[name] = _filled(field, shift + place)
    return content


def test_every_field_takes_every_kind_of_nonsense(paths, shoot):
    for place, ((path, method), content) in enumerate(paths.items()):
        if content is not None:
            for shift in range(place % 2, len(NASTY), 2):  # the next endpoint takes the others
                shoot(path, method, json.dumps(_filled(content(), shift)))


def test_one_field_alone_takes_what_a_change_may_be_made_of(paths, shoot):
    for (path, method), content in paths.items():
        for place, name in enumerate(content().fields if method == "patch" else ()):
            for value in NASTY[place % 5 :: 5]:
                shoot(path, method, json.dumps({name: value}))


def test_whole_contents_that_are_none(paths, shoot):
    for place, (path, method) in enumerate(paths):
        for body in WHOLE[place % 2 :: 2]:
            shoot(path, method, body)
        shoot(path, method, b"\xff\xfe\x00", "application/json")
        answer = shoot(path, method, "a=1", "application/x-www-form-urlencoded")
        assert answer.status_code in {403, 409, 415}


def test_a_content_of_many_megabytes_is_refused_before_it_is_read(paths, shoot):
    big = json.dumps({"name": "x" * (2**20 + 1)})
    for path, method in list(paths)[:3]:
        answer = shoot(path, method, big)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_content_of_many_levels_is_refused(shoot):
    for depth in (21, 900, 5000):
        answer = shoot("persons", "post", '{"name":' + "[" * depth + "]" * depth + "}")
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


def test_ten_thousand_unknown_fields_are_not_all_repeated(shoot):
    body = json.dumps({f"field{number}": "x" for number in range(10_000)})
    answer = shoot("persons", "post", body)
    assert (answer.status_code, len(answer.json()["errors"])) == (422, 10)


def test_addresses_that_are_none_and_versions_that_are_none(paths, shoot):
    for path, method in paths:
        parts = path.split("/")
        if len(parts) > 1:
            for key in ("%00", "x" * 300, "%F0%9F%98%80", "9" * 40, "..%2F.."):
                shoot("/".join([parts[0], key, *parts[2:]]), method, "{}")
        for etag in ("*", '"' + "9" * 40 + '"', "²"):
            shoot(path, method, "{}", etag=etag)


def test_what_a_serializer_does_not_declare_cannot_be_set(paths, known, city, shoot):
    """Every column of the models, sent to each endpoint that does not take it."""
    rows = {
        "persons": known[city.department].holder,
        "appointments": known[city.department].appointment,
        "filings": known[city.department].filing,
        "teams": known[city.department].team,
        "experts": known[city.department].expert,
    }
    for (path, method), content in paths.items():
        row = rows.get(path.split("/")[0])
        if row is None:
            continue
        columns = {name for each in row._meta.concrete_fields for name in (each.name, each.attname)}
        names = sorted(columns - set(content().fields))
        for start in range(0, len(names), 10):  # as many as an answer names
            part = names[start : start + 10]
            answer = shoot(path, method, json.dumps(dict.fromkeys(part, 1)))
            if answer.status_code != 403:  # what the bureau decides, its own clerk did not report
                assert (answer.status_code, set(answer.json()["errors"])) == (422, set(part))
