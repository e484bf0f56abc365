"""Conditions judged without the database say what the database says."""

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from core import clock
from core.models import Checked
from core.models.checks import verdict
from pilots.models import Enrolment
from tests.factories.pilots import EnrolmentFactory

CHECKS = [
    (model, constraint)
    for model in apps.get_models()
    for constraint in model._meta.constraints
    if issubclass(model, Checked) and isinstance(constraint, models.CheckConstraint)
]


def some(field: models.Field, dice: random.Random) -> Any:
    """A value of the column's kind, from few enough that conditions meet all their cases."""
    choices = [value for value, _label in field.flatchoices]
    match field:
        case models.BooleanField():
            pool: list[Any] = [True, False]
        case models.DateTimeField():
            pool = [clock.now(), clock.now() + timedelta(days=1)]
        case models.DateField():
            pool = [date(2022, 4, 15), date(2022, 4, 29)]
        case models.IntegerField() | models.ForeignKey() | models.DecimalField():
            pool = [0, 1, 2]
        case models.JSONField():
            pool = [{}, []]
        case _:
            pool = choices or ["", "甲"]
    return dice.choice([*pool, None] if field.null else pool)


def rolled(model: type[models.Model], dice: random.Random) -> models.Model:
    row = model()
    for field in model._meta.concrete_fields:
        if not field.primary_key and not field.generated:
            setattr(row, field.attname, some(field, dice))
    return row


@pytest.mark.parametrize(
    ("model", "constraint"), CHECKS, ids=[constraint.name for _model, constraint in CHECKS]
)
def test_it_never_disagrees_with_the_database(db, model, constraint) -> None:
    dice, said = random.Random(constraint.name), Counter[bool | None]()
    for _round in range(12):
        row = rolled(model, dice)
        answer = verdict(constraint.condition, row)
        said[answer] += 1
        if answer is not None:
            columns = row._get_field_expression_map(meta=model._meta)
            assert constraint.condition.check(columns) is answer, vars(row)


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        (Q(version=1), True),
        (~Q(version=1), False),
        (Q(version=2) | Q(version__gte=1), True),
        (Q(version=2) | Q(version__gt=1), False),
        (Q(version__in=[1, 2]) & Q(ends_on=None), True),
        (Q(ends_on__isnull=False), False),
        (Q(version__lte=F("position")), True),
        (Q(version__lt=F("position")), False),
        (Q(ends_on__gt=date(2022, 4, 15)), None),
        (Q(version=1) & Q(ends_on__gt=date(2022, 4, 15)), None),
        (Q(version=2) & Q(ends_on__gt=date(2022, 4, 15)), False),
        (Q(version=1) ^ Q(version=2), None),
        (Q(version__regex="1"), None),
        (Q(version=models.Value(1)), None),
        (Q(models.Exists(Enrolment.rows.all())), None),
        (Q(programme__code="x"), None),
        (Q(loaded={}), None),
        (Q(nowhere=1), None),
        (Q(version__gt="1"), None),
    ],
)
def test_what_it_cannot_know_it_does_not_say(condition: Q, answer: bool | None) -> None:
    assert verdict(condition, Enrolment(version=1, position=1, ends_on=None)) is answer


def test_a_row_that_keeps_its_constraints_asks_nothing_about_them(
    db, django_assert_num_queries
) -> None:
    row = EnrolmentFactory()
    with django_assert_num_queries(0):
        asked = [one for _model, some in row.get_constraints() for one in some]
    assert [one for one in asked if isinstance(one, models.CheckConstraint)] == []


def test_a_row_that_breaks_one_hears_it_as_ever(db) -> None:
    row = EnrolmentFactory()
    row.starts_on, row.ends_on = date(2022, 4, 15), date(2022, 4, 1)
    with pytest.raises(ValidationError):
        row.full_clean()
