"""The scope in SQL is the rule in words, for everybody, at every edge of a membership."""

from datetime import date

import pytest

from accounts.roles import PROGRAMME_WIDE_PARTS, UNIT_ROLES
from core import clock
from pilots.models import Enrolment, Membership, Programme, Unit
from tests.factories.pilots import EnrolmentFactory

pytestmark = pytest.mark.django_db
TODAY = date(2022, 4, 15)
EDGES = {
    "open": {},
    "begins today": {"starts_on": TODAY},
    "begins tomorrow": {"starts_on": date(2022, 4, 16)},
    "ends today": {"ends_on": TODAY},
    "ended yesterday": {"ends_on": date(2022, 4, 14)},
    "revoked": {"revoked_at": True},
}


def _expected(user):
    """(enrolments, programmes, units) by the rule, row by row in Python."""
    mine = [
        row
        for row in Membership.rows.filter(user=user)
        if row.holds_on(TODAY) and row.revoked_at is None
    ]
    own = {row.unit_id for row in mine if row.role in UNIT_ROLES}
    everything = list(Enrolment.rows.all())
    wide = {
        part.programme_id
        for part in everything
        for row in mine
        if part.unit_id == row.unit_id
        and part.part in PROGRAMME_WIDE_PARTS.get(row.role, ())
        and part.withdrawn_on is None
    }
    seen = {row.pk for row in everything if row.unit_id in own or row.programme_id in wide}
    joined = {
        row.programme_id for row in everything if row.unit_id in own and row.withdrawn_on is None
    }
    units = own | {row.unit_id for row in everything if row.programme_id in wide}
    return seen, wide | joined, units


def _found(user):
    models = (Enrolment, Programme, Unit)
    return tuple(
        set(model.objects.visible_to(user).values_list("pk", flat=True)) for model in models
    )


@pytest.mark.parametrize("edge", EDGES)
def test_the_scope_is_the_rule_at_every_edge(edge, city, cast):
    EnrolmentFactory(unit=city.bureau, part="bureau", withdrawn_on=TODAY)
    facts = dict(EDGES[edge])
    if facts.pop("revoked_at", None):
        facts |= {"revoked_at": clock.now(), "revoked_by": cast["officer"]}
    Membership.rows.update(**facts)
    for name, user in cast.items():
        if name == "auditor":
            continue
        assert _found(user) == _expected(user), name


def test_a_closed_account_sees_nothing(city, officer):
    officer.is_active = False
    assert _found(officer) == (set(), set(), set())
