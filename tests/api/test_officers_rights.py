"""The whole cast × every write endpoint: 2xx, 403 (seen, not allowed), 404 (not seen), 401."""

from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from officers.models import Appointment, Filing, Person, Team, TeamMember
from tests.factories.accounts import TokenFactory
from tests.factories.officers import (
    AppointmentFactory,
    FilingFactory,
    PersonFactory,
    TeamFactory,
    TeamMemberFactory,
)
from tests.factories.pilots import MembershipFactory

from .conftest import VIEWSETS

pytestmark = pytest.mark.django_db
READERS = ("head", "evaluator", "provincial_reader", "api_client_user", "auditor")
ADMINS = ("system_admin", "security_admin")
UNIT, DESK = ("data_officer", "unit_cdo"), ()
REASON = {"reason": "登记有误"}
DAY = {"ends_on": "2022-04-14"}


@dataclass
class Rows:
    """One of everything, of the department."""

    city: object
    person: Person
    proposed: Appointment
    appointed: Appointment
    ended: Appointment
    submitted: Filing
    returned: Filing
    accepted: Filing
    team: Team
    member: TeamMember


@pytest.fixture
def rows(register, cast):
    city, unit = register.city, register.city.department

    def appointment(year, **facts):
        days = {"starts_on": f"{year}-01-01", "ends_on": f"{year}-12-31", **facts}
        return AppointmentFactory(unit=unit, **days)

    def filing(year, **facts):
        row = appointment(year, status="ended")
        desk = {"programme": city.programme, "desk": register.office}
        return FilingFactory(appointment=row, **desk, **facts)

    team = TeamFactory(unit=unit)
    return Rows(
        city,
        PersonFactory(unit=unit),
        appointment(2022, status="proposed", ends_on=None, starts_on="2022-04-15"),
        appointment(2021, ends_on=None, seat=2),
        appointment(2015, status="ended", seat=4),
        filing(2016),
        filing(2017, returned=True),
        filing(2018, accepted=True),
        team,
        TeamMemberFactory(team=team, entry_mode="contract"),
    )


def _unit(rows):
    return rows.city.department.code


# name: (method, path, content, who of the unit may)
WRITES = {
    "persons.create": ("post", lambda r: "persons", {"name": "演示人员"}, UNIT),
    "persons.partial_update": (
        "patch",
        lambda r: f"persons/{r.person.uuid}",
        {"rank": "clerk_1"},
        UNIT,
    ),
    "appointments.create": (
        "post",
        lambda r: "appointments",
        {
            "post": "cdo",
            "starts_on": "2022-01-01",
            "new_person": {"name": "演示人员"},
            "is_in_charge": True,
        },
        UNIT,
    ),
    "appointments.partial_update": (
        "patch",
        lambda r: f"appointments/{r.appointed.number}",
        {"reason": "更正"},
        UNIT,
    ),
    "appointments.confirm": ("post", lambda r: f"appointments/{r.proposed.number}/confirm", {}, ()),
    "appointments.end": (
        "post",
        lambda r: f"appointments/{r.appointed.number}/end",
        {**DAY, "ending": "left"},
        UNIT,
    ),
    "appointments.void": (
        "post",
        lambda r: f"appointments/{r.appointed.number}/void",
        REASON,
        UNIT,
    ),
    "appointments.reinstate": (
        "post",
        lambda r: f"appointments/{r.ended.number}/reinstate",
        REASON,
        UNIT,
    ),
    "appointments.file": ("post", lambda r: f"appointments/{r.appointed.number}/file", {}, UNIT),
    "filings.create": ("post", lambda r: "filings", {"title": "方案"}, UNIT),
    "filings.accept": ("post", lambda r: f"filings/{r.submitted.number}/accept", {}, DESK),
    "filings.give_back": ("post", lambda r: f"filings/{r.submitted.number}/return", REASON, DESK),
    "filings.resubmit": ("post", lambda r: f"filings/{r.returned.number}/resubmit", {}, UNIT),
    "filings.withdraw": ("post", lambda r: f"filings/{r.submitted.number}/withdraw", REASON, UNIT),
    "filings.reopen": ("post", lambda r: f"filings/{r.accepted.number}/reopen", REASON, DESK),
    "teams.create": (
        "post",
        lambda r: "teams",
        {"kind": "support", "name": "支撑团队", "starts_on": "2022-01-01"},
        UNIT,
    ),
    "teams.partial_update": ("patch", lambda r: f"teams/{r.team.number}", {"note": "x"}, UNIT),
    "teams.end": ("post", lambda r: f"teams/{r.team.number}/end", DAY, UNIT),
    "teams.void": ("post", lambda r: f"teams/{r.team.number}/void", REASON, UNIT),
    "teams.members": (
        "post",
        lambda r: f"teams/{r.team.number}/members",
        {"new_person": {"name": "演示人员"}, "starts_on": "2022-01-01"},
        UNIT,
    ),
    "experts.partial_update": ("patch", lambda r: f"experts/{r.member.pk}", {"duty": "x"}, UNIT),
    "experts.end": ("post", lambda r: f"experts/{r.member.pk}/end", DAY, UNIT),
    "experts.void": ("post", lambda r: f"experts/{r.member.pk}/void", REASON, UNIT),
    "units.confirm": ("post", lambda r: f"units/{_unit(r)}/confirm-officers", {}, UNIT),
}
IN_CONTENT = {"persons.create", "appointments.create", "filings.create", "teams.create"}


def test_the_table_names_every_write_endpoint_of_the_register():
    declared = {
        f"{endpoint}.{action}"
        for endpoint, viewset in VIEWSETS.items()
        if viewset.__module__.startswith("officers.")
        for action in getattr(viewset, "inputs", {})
    }
    assert declared | {"units.confirm"} == set(WRITES)


def _content(name, rows):
    given = dict(WRITES[name][2])
    if name in IN_CONTENT:
        given["unit"] = _unit(rows)
    if name == "filings.create":
        given["programme"] = rows.city.programme.code
    return given


def _expected(name, own):
    unseen = 422 if name in IN_CONTENT else 404
    return {
        **dict.fromkeys(READERS, 403),
        **dict.fromkeys(ADMINS, 403),
        **dict.fromkeys(UNIT, 200 if own else 403),
        "officer": 200,
        "stranger": unseen,
        "foreigner": unseen,
    }


@pytest.mark.parametrize("name", WRITES)
def test_who_may_do_it(name, rows, cast, send):
    method, path, _given, own = WRITES[name]
    seen = {}
    for role, user in cast.items():
        with transaction.atomic():
            answer = send(user, path(rows), _content(name, rows), etag='"1"', method=method)
            transaction.set_rollback(True)
        seen[role] = 200 if answer.status_code in {201, 204} else answer.status_code
    assert seen == _expected(name, own)


@pytest.fixture
def tried(rows):
    """`tried(client, name)` gives the answer and undoes what was done."""

    def trying(client, name):
        method, path, _given, _own = WRITES[name]
        headers = {"Idempotency-Key": str(uuid4()), "If-Match": '"1"'}
        with transaction.atomic():
            content, url = _content(name, rows), f"/api/v1/{path(rows)}/"
            answer = getattr(client, method)(url, content, format="json", headers=headers)
            transaction.set_rollback(True)
        return answer

    return trying


def test_nobody_writes_without_logging_in(tried):
    for name in WRITES:
        answer = tried(APIClient(), name)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer"), name


def test_a_token_that_only_reads_changes_nothing_and_one_that_writes_does(officer, tried):
    for scope in ("read", "write"):
        TokenFactory(user=officer, secret=f"cdo_{scope}", scope=scope)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer cdo_{scope}")
        for name in WRITES:
            answer = tried(client, name)
            if scope == "read":
                assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
            else:
                assert answer.status_code in {200, 201}, name


def test_a_request_from_a_browser_needs_the_token_of_its_page(officer, tried):
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(officer, backend="accounts.backends.AccountBackend")
    for name in WRITES:
        answer = tried(browser, name)
        assert (answer.status_code, "X-CSRFToken" in answer.json()["message"]) == (403, True)


def test_a_unit_touches_nothing_that_another_body_decided(register, stranger, send, officer, done):
    """The district's CDO is appointed and removed by the leading group: its clerk proposes, takes
    the proposal back, and no more."""
    district = register.city.district
    row = register.appoint(district, "2022-01-01", is_in_charge=True)
    path = f"appointments/{row.number}"
    for action, content in (
        ("end", {**DAY, "ending": "left"}),
        ("void", REASON),
        ("reinstate", REASON),
        ("confirm", {}),
    ):
        assert send(stranger, f"{path}/{action}", content, etag='"1"').status_code == 403
    answer = send(stranger, path, {"reason": "x"}, etag='"1"', method="patch")
    assert answer.status_code == 403
    content = {
        "unit": district.code,
        "post": "cdo",
        "new_person": {"name": "演示人员09", "level": "deputy"},
        "starts_on": "2022-05-01",
        "is_in_charge": True,
        "departure": {**DAY, "ending": "removed"},
    }
    proposed = done(stranger, "appointments", content)
    assert (proposed["status"], proposed["predecessor"]) == ("proposed", row.number)
    row.refresh_from_db()
    assert row.status == "appointed"
    assert done(stranger, f"appointments/{proposed['id']}/void", REASON)["status"] == "voided"


def test_whoever_has_an_account_at_the_desk_decides_instead_of_the_bureau(
    rows, register, officer, send
):
    clerk = MembershipFactory(unit=register.office, role="bureau_officer").user
    path = f"filings/{rows.submitted.number}/accept"
    answer = send(officer, path, etag='"1"')
    assert answer.status_code == 403
    assert str(clerk) in answer.json()["message"]
    assert send(clerk, path, etag='"1"').status_code == 200
