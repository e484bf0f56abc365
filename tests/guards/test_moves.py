"""Raw SQL meets the tables of moves: every state × every state of everything that moves."""

from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import TextChoices

from core.models import guards
from tests.factories.approvals import ApprovalFactory
from tests.factories.duties import AssignmentFactory, ExtensionFactory, SlipFactory
from tests.factories.evaluations import RoundFactory
from tests.factories.officers import AppointmentFactory, FilingFactory
from tests.factories.pilots import ProgrammeFactory
from tests.factories.projects import FindingFactory
from tests.factories.reports import ReportFactory, SupportRequestFactory

pytestmark = pytest.mark.django_db
NOW, DAY = "2022-04-15T08:00:00+08:00", "2022-04-14"


@dataclass(frozen=True)
class Moved:
    """Something that moves: `always` are the facts that stand in every state, `facts` those that the
    constraints want in one state; all other names of `facts` are empty then."""

    table: str
    make: Any
    moves: dict
    column: str = "status"
    always: dict = field(default_factory=dict)
    facts: dict = field(default_factory=dict)
    empty: dict = field(default_factory=dict)

    def of(self, state: str) -> dict:
        names = {name for given in self.facts.values() for name in given}
        blank = {name: self.empty.get(name) for name in names}
        return {**self.always, **blank, **self.facts.get(state, {}), self.column: str(state)}

    @property
    def states(self) -> type[TextChoices]:
        return type(next(iter(self.moves.values()))[1])

    @property
    def pairs(self) -> set:
        return {(one, to) for sources, to in self.moves.values() for one in sources}


def choices(app: str, name: str = "MOVES") -> dict:
    return getattr(import_module(f"{app}.choices"), name)


CLOSED = {"closed_at": NOW}
GRANTED = {"signed_at": NOW, "decided_at": NOW, "closed_at": NOW, "closed_on": DAY}
SENT = {"sent_at": NOW, "sent_on": DAY}
TABLES = {
    "task": Moved(
        "duties_assignment", AssignmentFactory, choices("duties"),
        facts={
            "accepted": {"accepted_at": NOW}, "done": {**CLOSED, "done_on": DAY},
            "withdrawn": CLOSED, "not_applicable": CLOSED,
        },
    ),
    "extension": Moved(
        "duties_extension", ExtensionFactory, choices("duties", "EXTENSION_MOVES"), "state",
        facts={
            "asked": {"signed_at": NOW},
            "to_approve": {
                "signed_at": NOW, "decided_at": NOW, "verdict": "refuse", "answer": "不急",
            },
            "granted": {
                **GRANTED, "verdict": "grant", "granted_on": "2022-05-31", "deadline_version": 2,
            },
            "partly": {
                **GRANTED, "verdict": "partly", "granted_on": "2022-05-30", "deadline_version": 2,
            },
            "refused": {**GRANTED, "verdict": "refuse", "answer": "不急"},
            "withdrawn": {"closed_at": NOW, "closed_on": DAY},
        },
        empty={"verdict": "", "answer": ""},
    ),
    "slip": Moved(
        "duties_slip", SlipFactory, choices("duties", "SLIP_MOVES"), "state",
        always={"level": "supervise", "label": "督导"},
        facts={"sent": SENT, "replied": {**SENT, "replied_on": DAY}},
    ),
    "round": Moved(
        "approvals_approval", ApprovalFactory, choices("approvals"), "state",
        facts={"signed": CLOSED, "sent_back": CLOSED, "recalled": CLOSED},
    ),
    "report": Moved(
        "reports_report", ReportFactory, choices("reports"),
        always={
            "editions": 1, "handed_in_on": DAY, "handed_in_at": NOW,
            "decided_on": DAY, "decided_at": NOW,
        },
    ),
    "support request": Moved(
        "reports_supportrequest", SupportRequestFactory, choices("reports", "SUPPORT_MOVES"),
        always={"answer_by": DAY, "answered_on": DAY},
        facts={"closed": {"closed_on": DAY}, "withdrawn": {"closed_on": DAY}},
    ),
    "finding": Moved(
        "projects_finding", FindingFactory, choices("projects"),
        always={"stopped_on": DAY, "due_on": "2022-05-16", "measures": "补办"},
        facts={
            "corrected": {"corrected_on": DAY},
            "closed": {"closed_on": DAY, "close_reason": "不属实"},
        },
        empty={"close_reason": ""},
    ),
    "appointment": Moved(
        "officers_appointment", AppointmentFactory, choices("officers"),
        facts={
            "appointed": {"appointed_at": NOW},
            "ended": {"appointed_at": NOW, "ended_at": NOW, "ends_on": DAY},
            "voided": {"void_reason": "登记有误"},
        },
        empty={"void_reason": ""},
    ),
    "filing": Moved(
        "officers_filing", FilingFactory, choices("officers", "FILING_MOVES"),
        always={"decided_at": NOW, "return_reason": "缺件"},
        facts={"accepted": {"accepted_on": DAY, "receipt_number": "测备1号"}},
        empty={"receipt_number": ""},
    ),
    "programme": Moved(
        "pilots_programme", ProgrammeFactory, choices("pilots", "PHASE_MOVES"), "phase",
        facts={
            "running": {"started_on": "2021-08-03"},
            "closed": {"started_on": "2021-08-03", "closed_on": DAY},
        },
    ),
    "evaluation": Moved(
        "evaluations_round", RoundFactory, choices("evaluations"), "state",
        always={"finalised_on": DAY, "published_on": DAY, "editions": 1, "reason": "更正"},
        facts={"withdrawn": {"withdrawn_on": DAY}},
    ),
}  # fmt: skip


def put(moved: Moved, pk: int, state: str) -> None:
    """The row in that state by raw SQL, with all the facts that go with it."""
    facts = moved.of(state)
    names = ", ".join(f'"{name}" = %s' for name in facts)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{moved.table}" SET {names} WHERE id = %s', [*facts.values(), pk])


def attempts(moved: Moved):
    """(from, to, error or None) of every pair; nothing stays."""
    for state in moved.states:
        for wanted in moved.states:
            with transaction.atomic():
                row = moved.make(**moved.of(state))
                try:
                    put(moved, row.pk, wanted)
                except IntegrityError as error:
                    yield state, wanted, error
                else:
                    yield state, wanted, None
                transaction.set_rollback(True)


@pytest.mark.parametrize("name", TABLES)
def test_only_the_moves_of_the_table_pass_in_raw_sql(name):
    moved = TABLES[name]
    for state, wanted, error in attempts(moved):
        if state == wanted or (state, wanted) in moved.pairs:
            assert error is None, (state, wanted, error)
        else:
            said = f'no move of {moved.table}.{moved.column} leads from "{state}" to "{wanted}"'
            assert said in str(error), (state, wanted, error)


@pytest.mark.parametrize("name", TABLES)
def test_without_the_trigger_every_move_passes(name):
    """The negative control: nothing but the trigger stands in the way."""
    moved = TABLES[name]
    drop(moved.table, "moves_by_its_table")
    assert [found for found in attempts(moved) if found[2] is not None] == []


@pytest.mark.parametrize("name", TABLES)
def test_a_row_begins_in_a_state_that_the_table_knows_and_is_never_deleted(name):
    moved = TABLES[name]
    row = moved.make()
    with pytest.raises(IntegrityError, match='is called "lost"'), transaction.atomic():
        moved.make(**{**moved.of(next(iter(moved.states))), moved.column: "lost"})
    with pytest.raises(IntegrityError, match='leads from "'), transaction.atomic():
        put(moved, row.pk, "lost")
    with pytest.raises(Exception, match="Cannot delete"), transaction.atomic():
        run(f'DELETE FROM "{moved.table}" WHERE id = {row.pk}')
    drop(moved.table, "is_never_deleted")
    run(f'DELETE FROM "{moved.table}" WHERE id = {row.pk}')


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def drop(table: str, ending: str) -> None:
    """Drop the triggers of the table whose name ends so; the end of the test brings them back."""
    for model, trigger in pgtrigger.registered():
        if model._meta.db_table == table and trigger.name.endswith(ending):
            run(f'DROP TRIGGER "{trigger.get_pgid(model)}" ON "{table}"')


# --- that none is forgotten ----------------------------------------------------------------------


def tables_of_moves():
    """(app, name, table) of every table of moves that an app declares."""
    for config in apps.get_app_configs():
        try:
            module = import_module(f"{config.name}.choices")
        except ModuleNotFoundError:
            continue
        for name, value in vars(module).items():
            if name.endswith("MOVES") and _is_table(value):
                yield config.label, name, value


def _is_table(value: Any) -> bool:
    return all(
        isinstance(each, tuple) and isinstance(each[0], frozenset) for each in value.values()
    )


def test_every_table_of_moves_is_held_by_the_database():
    held = {
        (model._meta.app_label, trigger.condition.resolve(model))
        for model, trigger in pgtrigger.registered()
        if trigger.name.endswith("_moves_by_its_table")
    }
    found = list(tables_of_moves())
    assert len(found) == len(held) >= 11
    for app, name, table in found:
        wanted = guards.listed(table)
        assert any(label == app and wanted in said for label, said in held), (app, name)


def test_the_database_holds_the_triggers_that_the_models_name():
    for model, trigger in pgtrigger.registered():
        status, enabled = trigger.get_installation_status(model)
        assert (status, enabled) == ("INSTALLED", True), (model, trigger.name)


def test_every_state_is_in_its_table():
    for app, name, table in tables_of_moves():
        known = {state for sources, to in table.values() for state in {*sources, to}}
        assert known == set(type(next(iter(table.values()))[1])), (app, name)


def test_a_state_is_a_plain_word():
    class State(TextChoices):
        ODD = "it's"

    with pytest.raises(ValueError, match="plain word"):
        guards.moves_by_table("odd", "state", {"x": (frozenset({State.ODD}), State.ODD)})
