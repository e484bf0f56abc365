"""A plain mobile or e-mail is in no answer, whoever asks, whatever goes wrong, nor in log or record."""

import io
import logging

import pytest

from core.models import AuditEntry, IdempotencyKey
from officers.models import Person
from tests.factories.officers import PersonFactory, TeamFactory, TeamMemberFactory

from .conftest import ENDPOINTS, address, officers_of

pytestmark = pytest.mark.django_db
MOBILE, MAIL = "13987650321", "canary.lark@example.gov.cn"


def _silent(answer):
    text = answer.content.decode() + str(dict(answer.headers))
    assert MOBILE not in text
    assert MAIL not in text
    assert "canary.lark" not in text
    return answer


@pytest.fixture
def contacted(world, known):
    """Everybody in the register has a mobile and an e-mail that nobody may read here."""
    for place, row in enumerate(Person.rows.all()):
        row.mobile = MOBILE if place == 0 else f"139876504{place:02d}"
        row.email = MAIL if place == 0 else f"other{place}@example.gov.cn"
        row.save()
    return Person.rows.get(pk=Person.rows.order_by("pk").first().pk)


def test_no_list_no_detail_and_no_search_shows_it_to_anybody(contacted, cast, api):
    plain = [
        value for row in Person.rows.all() for value in (row.mobile.reveal(), row.email.reveal())
    ]
    for user in cast.values():
        client = api(user)
        for endpoint in ENDPOINTS:
            texts = [client.get(address(endpoint), {"page_size": 500})]
            texts += [client.get(address(endpoint), {"search": MOBILE})]
            if texts[0].status_code == 200:
                rows = texts[0].json()["results"]
                texts += [client.get(row["url"]) for row in rows[:1]]
            for answer in texts:
                found = [
                    value
                    for value in plain
                    if value in str(answer.json().get("results", answer.json()))
                ]
                assert found == [], (endpoint, user)


def test_a_search_for_the_number_finds_nobody(contacted, officer, read):
    for word in (MOBILE, MOBILE[-4:], MAIL, "canary"):
        assert read(officer, "persons", search=word)["count"] == 0


def test_writing_it_repeats_it_nowhere(register, data_officer, officer, send, done):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logging.getLogger().addHandler(handler)
    try:
        _write_in_every_way(register, data_officer, send)
    finally:
        logging.getLogger().removeHandler(handler)
    kept = [
        *AuditEntry.objects.values_list("subject_label", "before", "after"),
        *IdempotencyKey.objects.values_list("answer", "headers", "route", "key"),
    ]
    for text in (stream.getvalue(), str(kept)):
        assert MOBILE not in text
        assert MAIL not in text


def _write_in_every_way(register, data_officer, send):
    unit = register.city.department.code
    content = {"name": "演示人员", "unit": unit, "mobile": MOBILE, "email": MAIL}
    first = _silent(send(data_officer, "persons", content))
    assert first.status_code == 201
    _silent(send(data_officer, "persons", content))  # taken
    _silent(send(data_officer, "persons", {**content, "mobile": MOBILE + "0"}))  # none
    _silent(send(data_officer, "persons", {**content, "email": f"{MAIL} {MAIL}"}))
    _silent(send(data_officer, "persons", {**content, "level": "king"}))
    _silent(send(data_officer, "persons", {**content, "office_phone": MOBILE}))
    path = f"persons/{first.json()['id']}"
    for given in ({"mobile": MOBILE}, {"email": MAIL}, {"name": "改名"}, {"mobile": [MOBILE]}):
        _silent(send(data_officer, path, given, etag="read", method="patch"))
    new = {"name": "演示人员", "mobile": MOBILE}
    appointment = {"unit": unit, "post": "cdo", "starts_on": "2022-01-01", "new_person": new}
    _silent(send(data_officer, "appointments", appointment))


def test_a_number_of_another_unit_is_refused_without_saying_whose_it_is(
    city, data_officer, stranger, officer, send
):
    theirs = PersonFactory(unit=city.district, mobile=MOBILE, email=MAIL, name="区里的人")
    content = {"name": "演示人员", "unit": city.department.code}
    for field, value in (("mobile", MOBILE), ("email", MAIL)):
        answer = _silent(send(data_officer, "persons", {**content, field: value}))
        assert answer.status_code == 422
        (text,) = answer.json()["errors"][field]
        assert "其他单位" in text
        assert theirs.name not in text
        assert city.district.short_name not in text
        answer = _silent(send(officer, "persons", {**content, field: value}))
        assert theirs.name in answer.json()["errors"][field][0]


def test_a_mask_sent_back_is_no_number(city, data_officer, send):
    row = PersonFactory(unit=city.department, mobile=MOBILE)
    path = f"persons/{row.uuid}"
    answer = send(data_officer, path, {"mobile": "139****0321"}, etag='"1"', method="patch")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["mobile"])
    row.refresh_from_db()
    assert row.mobile.reveal() == MOBILE


def test_the_names_of_the_plain_columns_are_not_even_answered(world, officer, read):
    for row in read(officer, "persons")["results"]:
        assert not {"mobile", "email", "mobile_digest", "email_digest", "vector"} & set(row)


def test_two_units_that_share_a_person_share_no_more(city, data_officer, read, ids):
    """Somebody of the district who helps a team of the department is seen there, with a mask."""
    helper = officers_of(city, city.district).holder
    assert str(helper.uuid) not in ids(data_officer, "persons")

    TeamMemberFactory(team=TeamFactory(unit=city.department), person=helper)
    row = read(data_officer, "persons", helper.uuid)
    assert (row["unit"], row["posts"]) == (city.district.code, [])
