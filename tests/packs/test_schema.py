"""The schema allows no text that the column behind it would refuse."""

from typing import get_args

import pytest
from annotated_types import MaxLen
from django.db import models
from pydantic import StringConstraints

from cdo_portal.packs import codes
from cdo_portal.packs.schema import (
    AreaEntry,
    Body,
    ClauseEntry,
    CohortEntry,
    DatedName,
    DocumentEntry,
    HolderEntry,
    ItemEntry,
    ObligationEntry,
    PostEntry,
    PostRuleEntry,
    ProgrammeEntry,
    SlotGroup,
    SuccessionEntry,
)
from cdo_portal.packs.schema.provisions import Power
from duties.models import DutyArea, DutyItem, Obligation
from officers.models import Appointment, Person, Post, PostRule
from pilots.models import Clause, Cohort, PolicyDocument, Programme, Succession, UnitName
from projects.models import Power as PowerRow

RENAMED = {"name": "full_name", "short": "short_name", "date_note": "basis"}
PAIRS = [
    (ProgrammeEntry, Programme, {}),
    (DocumentEntry, PolicyDocument, {}),
    (ClauseEntry, Clause, {}),
    (CohortEntry, Cohort, {}),
    (AreaEntry, DutyArea, {}),
    (ItemEntry, DutyItem, {}),
    (ObligationEntry, Obligation, {}),
    (Body, UnitName, RENAMED),
    (DatedName, UnitName, RENAMED),
    (SlotGroup, UnitName, RENAMED),
    (SuccessionEntry, Succession, {}),
    (PostEntry, Post, {}),
    (PostRuleEntry, PostRule, {}),
    (Power, PowerRow, {}),
    (HolderEntry, Person, {}),
    (HolderEntry, Appointment, {"note": "reason"}),
]


def longest(field):
    """The greatest length that a field of the schema allows, or None when it is no text."""
    for part in (*field.metadata, *_parts(field.annotation)):
        if isinstance(part, MaxLen):
            return part.max_length
        if isinstance(part, StringConstraints):
            return part.max_length
    return None


def _parts(annotation):
    for argument in get_args(annotation):
        yield argument
        yield from _parts(argument)


def pairs():
    for entry, model, renamed in PAIRS:
        columns = {field.name: field for field in model._meta.get_fields()}
        for name, field in entry.model_fields.items():
            column = columns.get(renamed.get(name, name))
            # Choices and division codes are no free text.
            is_text = isinstance(column, models.CharField) and not column.choices
            if is_text and name not in {"code", "region_code"}:
                yield pytest.param(field, column, id=f"{entry.__name__}.{name}")


@pytest.mark.parametrize(("field", "column"), list(pairs()))
def test_a_text_fits_into_its_column(field, column):
    assert longest(field) is not None
    assert longest(field) <= column.max_length


def test_the_basis_of_a_name_holds_note_and_source():
    note, source = (longest(DatedName.model_fields[name]) for name in ("date_note", "source"))

    assert note + source + len("（）") <= UnitName._meta.get_field("basis").max_length


def test_the_codes_of_documents_and_clauses_fit():
    programme, local = 30, 24

    assert programme + 1 + local <= PolicyDocument._meta.get_field("code").max_length
    assert programme + 1 + local + 1 + local <= Clause._meta.get_field("code").max_length


def test_the_codes_of_rules_and_holders_fit():
    programme, local = 30, 24

    longest_rule = len(codes.of_post_rule("x" * programme, "y" * local))
    longest_holder = len(codes.of_holder("x" * programme, "y" * local))
    assert longest_rule <= PostRule._meta.get_field("code").max_length
    assert longest_holder <= Appointment._meta.get_field("pack_code").max_length
