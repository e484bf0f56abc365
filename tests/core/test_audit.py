"""The audit record: append-only, part of the change, gap-free for a feed."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from core import audit, context
from core.models import AuditEntry, SiteState
from pilots import access
from tests.factories.accounts import UserFactory
from tests.factories.pilots import ProgrammeFactory, UnitFactory

pytestmark = pytest.mark.django_db


def test_an_entry_names_actor_object_place_and_request():
    user, unit, programme = UserFactory(), UnitFactory(), ProgrammeFactory()
    token = context.enter(context.RequestContext("AB12CD34EF56", "10.1.2.3"))
    try:
        entry = audit.record(
            "unit.rename",
            by=user,
            subject=unit,
            unit=unit,
            programme=programme,
            after={"on": date(2022, 1, 1)},
        )
    finally:
        context.leave(token)
    assert (entry.actor_id, entry.actor) == (user.pk, user.audit_label)
    assert entry.subject == f"unit:{unit.code}"
    assert (entry.unit_code, entry.programme_code) == (unit.code, programme.code)
    assert (entry.request_id, entry.ip) == ("AB12CD34EF56", "10.1.2.3")
    assert list(AuditEntry.objects.of(entry.subject)) == [entry]
    assert unit.code in str(entry) or "unit" in str(entry)


def test_the_system_itself_is_an_actor_without_account():
    entry = audit.record("assignment.refresh_workdays", by=None, subject="assignments")
    assert (entry.actor_id, entry.actor, entry.subject) == (None, "系统", "assignments")


def test_values_become_plain_json():
    unit = UnitFactory()
    values = audit.plain(
        {
            "day": date(2022, 4, 30),
            "score": Decimal("9.50"),
            "unit": unit,
            "codes": ["a"],
            "more": {1: None},
            "x": 1j,
        }
    )
    assert values == {
        "day": "2022-04-30",
        "score": "9.50",
        "unit": f"unit:{unit.code}",
        "codes": ["a"],
        "more": {"1": None},
        "x": "1j",
    }


def test_changes_list_every_field_that_differs():
    entry = AuditEntry(before={"a": 1, "gone": 2, "same": 3}, after={"a": 9, "same": 3})
    assert entry.changes == [("a", 1, 9), ("gone", 2, None)]


def test_a_row_without_code_is_labelled_by_its_key():
    assert audit.label(SiteState(id=1)) == "sitestate:1"


@pytest.mark.parametrize(
    "statement", ["UPDATE core_auditentry SET verb = 'x'", "DELETE FROM core_auditentry"]
)
def test_raw_sql_can_neither_change_nor_delete_an_entry(statement):
    audit.record("unit.rename", by=None, subject="x")
    with (
        pytest.raises((InternalError, IntegrityError), match="Cannot"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_an_entry_knows_its_transaction_so_that_a_feed_has_no_gap():
    entry = audit.record("unit.rename", by=None, subject="x")
    entry.refresh_from_db()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        assert entry.tx == int(cursor.fetchone()[0])


def test_an_entry_says_what_the_person_acted_as(officer, auditor):
    access.memberships_of(officer)
    assert audit.record("assignment.accept", by=officer, subject="x").role == "bureau_officer"
    assert audit.record("assignment.accept", by=auditor, subject="x").role == "auditor"
    assert audit.record("assignment.accept", by=None, subject="x").role == ""
