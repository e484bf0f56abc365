"""The scope cannot be forgotten."""

import pytest

from core import moves
from core.errors import MoveNotAllowed, StaleVersion
from core.models import ScopedQuerySet, ScopeMissing
from duties.choices import MOVES, Move, Status
from pilots.models import Unit
from tests.factories.accounts import UserFactory
from tests.factories.pilots import UnitFactory

pytestmark = pytest.mark.django_db

EVALUATIONS = {
    "list": list,
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "first": lambda rows: rows.first(),
    "get": lambda rows: rows.get(pk=1),
    "iterator": lambda rows: list(rows.iterator()),
    "aggregate": lambda rows: rows.aggregate(),
    "update": lambda rows: rows.update(source="x"),
    "delete": lambda rows: rows.delete(),
    "values": lambda rows: list(rows.values("pk")),
    "filtered": lambda rows: list(rows.filter(pk=1).order_by("code")),
}


@pytest.mark.parametrize("name", EVALUATIONS)
def test_objects_refuses_every_evaluation_before_visible_to(name):
    with pytest.raises(ScopeMissing):
        EVALUATIONS[name](Unit.objects.all())


def test_rows_is_plain_and_a_scope_lasts_through_further_filters():
    unit = UnitFactory()
    assert list(Unit.rows.filter(pk=unit.pk)) == [unit]
    assert list(Unit.objects.visible_to(UserFactory()).filter(pk=unit.pk).order_by("pk")) == []


def test_a_visible_row_can_be_read_one_by_one(auditor):
    unit = UnitFactory()
    assert list(Unit.objects.visible_to(auditor).iterator()) == [unit]


def test_a_closed_account_sees_nothing(auditor):
    UnitFactory()
    assert Unit.objects.visible_to(auditor).count() == 1
    auditor.is_active = False
    assert Unit.objects.visible_to(auditor).count() == 0


def test_a_model_must_say_who_sees_its_rows():
    with pytest.raises(NotImplementedError, match="does not say"):
        ScopedQuerySet(Unit).visible_to(UserFactory())


def test_versions_that_differ_are_refused():
    unit = UnitFactory()
    assert unit.etag == '"1"'
    unit.require_version(None)
    unit.require_version(1)
    with pytest.raises(StaleVersion):
        unit.require_version(2)


def test_moves_come_from_the_table():
    assert moves.target(MOVES, Status.ASSIGNED, Move.ACCEPT) == Status.ACCEPTED
    assert Move.ACCEPT in moves.allowed(MOVES, Status.ASSIGNED)
    with pytest.raises(MoveNotAllowed, match="当前状态"):
        moves.target(MOVES, Status.DONE, Move.ACCEPT)
