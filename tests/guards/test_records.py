"""Records that stay: rows that are only added, and marks that are set once, against raw SQL."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Field

from core import clock
from tests.factories.approvals import ApprovalStepFactory
from tests.factories.duties import (
    FulfilmentFactory,
    HelperFactory,
    ItemProgressFactory,
    OpeningFactory,
    RemarkFactory,
    SlipReplyFactory,
)
from tests.factories.officers import HandoverFactory
from tests.factories.projects import FindingStepFactory, OpinionFactory
from tests.factories.reports import (
    DispatchFactory,
    EvidenceFactory,
    IncomingLetterFactory,
    ReviewFactory,
    ReviewRemarkFactory,
    SectionRevisionFactory,
    SubmissionFactory,
    SupportReplyFactory,
)

from .test_moves import drop, run

pytestmark = pytest.mark.django_db
ADDED = (
    SlipReplyFactory,
    OpeningFactory,
    HandoverFactory,
    EvidenceFactory,
    ReviewRemarkFactory,
    SupportReplyFactory,
    OpinionFactory,
    FindingStepFactory,
)


@dataclass(frozen=True)
class Marked:
    """`mark` is how the row is marked by raw SQL, `unmark` how somebody would take that back."""

    make: Any
    mark: str
    unmark: str
    free: tuple


VOIDED = ("voided_at = now()", "voided_at = NULL")
MARKED = {
    "review": Marked(
        ReviewFactory, "undone_at = now()", "undone_at = NULL", ("undone_at", "undone_by_id")
    ),
    "dispatch": Marked(
        DispatchFactory, "voided_at = now(), void_reason = '错'",
        "voided_at = NULL, void_reason = ''", ("voided_at", "void_reason"),
    ),
    "letter": Marked(
        IncomingLetterFactory, "closed_at = now(), outcome = 'dropped'",
        "closed_at = NULL, outcome = ''", ("closed_at", "outcome"),
    ),
    "fulfilment": Marked(
        FulfilmentFactory, *VOIDED, ("voided_at", "voided_by_id", "void_reason")
    ),
    "progress": Marked(ItemProgressFactory, *VOIDED, ("voided_at", "voided_by_id")),
    "helper": Marked(
        HelperFactory, "removed_at = now()", "removed_at = NULL", ("removed_at", "removed_by_id")
    ),
    "remark": Marked(
        RemarkFactory, "struck_at = now(), strike_reason = '错', version = 2",
        "struck_at = NULL, strike_reason = ''",
        ("struck_at", "struck_by_id", "strike_reason", "version"),
    ),
    "approval step": Marked(
        ApprovalStepFactory,
        "decision = 'agreed', route = 'online', signed_name = '甲', signed_on = now(), "
        "decided_at = now()",
        "decision = '', route = '', signed_name = '', signed_on = NULL, decided_at = NULL",
        (
            "decision", "remark", "route", "signed_name", "on_behalf_of", "signed_on", "decided_at",
            "decided_by_id", "scan_id", "scan_name", "signer_id",
        ),
    ),
}  # fmt: skip


def other(column: Field) -> str:
    """SQL of a value that is not the one that stands there."""
    name = f'"{column.column}"'
    kind = column.get_internal_type()
    if kind in {"CharField", "TextField"}:
        return f"left({name}, 5) || '改'"
    if kind == "JSONField":
        return "'{\"changed\": 1}'"
    if kind == "DateField":
        return f"coalesce({name}, '2022-01-01') + 1"
    if kind == "DateTimeField":
        return f"coalesce({name}, '2022-01-01') + interval '1 s'"
    if kind == "BooleanField":
        return f"NOT {name}"
    return f"coalesce({name}, 0) + 1"


def columns(row: Any) -> list[Field]:
    return [one for one in row._meta.concrete_fields if not one.primary_key]


def change(row: Any, what: str) -> None:
    run(f'UPDATE "{row._meta.db_table}" SET {what} WHERE id = {row.pk}')


def refused(row: Any, what: str) -> None:
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        change(row, what)


def refused_to_go(row: Any) -> None:
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        run(f'DELETE FROM "{row._meta.db_table}" WHERE id = {row.pk}')


@pytest.mark.parametrize("make", ADDED, ids=lambda make: make._meta.model.__name__)
def test_what_is_added_is_neither_changed_nor_deleted(make):
    row = make()
    for what in ("id = id", *(f'"{one.column}" = {other(one)}' for one in columns(row))):
        refused(row, what)
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        run(f'DELETE FROM "{row._meta.db_table}"')
    drop(row._meta.db_table, "is_append_only")
    change(row, "id = id")
    run(f'DELETE FROM "{row._meta.db_table}" WHERE id = {row.pk}')


@pytest.mark.parametrize("name", MARKED)
def test_only_the_mark_is_written_and_only_once(name):
    marked = MARKED[name]
    row = marked.make()
    for column in columns(row):
        if column.column not in marked.free:
            refused(row, f'"{column.column}" = {other(column)}')
    refused_to_go(row)
    change(row, marked.mark)
    refused(row, marked.unmark)
    for column in columns(row):
        refused(row, f'"{column.column}" = {other(column)}')
    refused_to_go(row)


@pytest.mark.parametrize("name", MARKED)
def test_without_the_triggers_the_mark_comes_off(name):
    """The negative control."""
    marked = MARKED[name]
    row = marked.make()
    change(row, marked.mark)
    drop(row._meta.db_table, "_once")
    change(row, marked.unmark)


def test_a_step_is_reserved_for_somebody_else_until_it_is_signed(unit_cdo):
    step = ApprovalStepFactory()
    change(step, f"signer_id = {unit_cdo.pk}")
    change(step, MARKED["approval step"].mark)
    refused(step, "signer_id = NULL")
    refused(step, "remark = '后补的意见'")


# --- revisions of a section ----------------------------------------------------------------------

TEXT = {"body": "目录编制完成。", "problems": "", "next_steps": ""}
GROWN = """content = content || '{"body": "目录编制完成，共八十项。"}', version = version + 1,
           saved_at = saved_at + interval '1 s'"""
SHORTER = """content = content || '{"body": "目录"}'"""


def revision(**facts):
    return SectionRevisionFactory(**{"tab": "a", "content": TEXT, **facts})


def test_one_sitting_may_go_on_writing_in_its_newest_revision():
    row = revision()
    change(row, GROWN)
    row.refresh_from_db()
    assert row.content["body"] == "目录编制完成，共八十项。"


@pytest.mark.parametrize(
    "what",
    [
        SHORTER,
        "tab = 'b'",
        "kind = 'restored'",
        "section_id = section_id + 1",
        "saved_by_id = 1",
        "version = version - 1",
        "saved_at = saved_at - interval '1 s'",
        "saved_at = saved_at + interval '10 minutes'",
    ],
)
def test_anything_else_is_refused(what):
    row = revision(version=2)
    refused(row, what)
    refused_to_go(row)


@pytest.mark.parametrize(
    "facts",
    [
        {"tab": ""},
        {"kind": "carried"},
        {"kind": "conflict"},
        {"kind": "restored"},
        {"saved_at": clock.now() - timedelta(hours=2)},
    ],
)
def test_a_revision_of_another_sitting_is_never_rewritten(facts):
    refused(revision(**facts), GROWN)


def test_an_earlier_revision_is_never_rewritten():
    row = revision()
    newer = revision(section=row.section)
    with pytest.raises(DatabaseError, match="Only the newest"), transaction.atomic():
        change(row, GROWN)
    change(newer, GROWN)


def test_without_the_triggers_old_words_could_be_rewritten():
    """The negative control."""
    row = revision(saved_at=clock.now() - timedelta(days=1))
    revision(section=row.section)
    drop("reports_sectionrevision", "in_one_sitting")
    drop("reports_sectionrevision", "as_the_newest")
    change(row, SHORTER)


def test_an_edition_stays_as_it_was_handed_in():
    row = SubmissionFactory()
    for column in columns(row):
        refused(row, f'"{column.column}" = {other(column)}')
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        run("DELETE FROM reports_submission")
