"""What the database itself holds to: moves by their table, rows that are only added, marks that are set
once.

The services ask first and say it in the reader's words. These triggers are for everything that passes
them by, `.update()` and raw SQL, by the application's role and the owner's alike; they raise
IntegrityError or InternalError. TRUNCATE is not the application's to do (`manage.py grant_rights`).
"""

import re
from typing import Any

import pgtrigger

from ..moves import Moves

PLAIN = re.compile(r"[a-z_]+")


def moves_by_table(label: str, field: str, moves: "Moves[Any, Any]") -> list[pgtrigger.Trigger]:
    """`field` goes only where `moves` leads, and begins in a state that it knows; the row is never
    deleted. What leaves the state alone pays for one comparison: WHEN is asked before any function."""
    known = sorted({str(state) for sources, to in moves.values() for state in (*sources, to)})
    is_moved = f'OLD."{field}" IS DISTINCT FROM NEW."{field}"'
    by_no_move = f'(OLD."{field}", NEW."{field}") NOT IN ({listed(moves)})'
    unknown = f'NEW."{field}" NOT IN ({", ".join(map(_quoted, known))})'
    name, first = f"{label}_moves_by_its_table", f"{label}_begins_in_a_known_state"
    return [
        pgtrigger.Trigger(
            name=name,
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            condition=pgtrigger.Condition(f"({is_moved} AND {by_no_move})"),
            func=_refusal(
                name, f'no move of %.{field} leads from "%" to "%"', f"OLD.{field}, NEW.{field}"
            ),
        ),
        pgtrigger.Trigger(
            name=first,
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            condition=pgtrigger.Condition(f"({unknown})"),
            func=_refusal(first, f'no state of %.{field} is called "%"', f"NEW.{field}"),
        ),
        *never_deleted(label),
    ]


def listed(moves: "Moves[Any, Any]") -> str:
    """The table as SQL: every pair of a state and one that it may become."""
    pairs = {(str(one), str(to)) for sources, to in moves.values() for one in sources}
    return ", ".join(f"({_quoted(one)}, {_quoted(to)})" for one, to in sorted(pairs))


def never_deleted(label: str) -> list[pgtrigger.Trigger]:
    return [pgtrigger.Protect(name=f"{label}_is_never_deleted", operation=pgtrigger.Delete)]


def append_only(label: str) -> list[pgtrigger.Trigger]:
    """Rows are added, and that is all."""
    return [
        pgtrigger.Protect(
            name=f"{label}_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete
        )
    ]


def marked_once(
    label: str, verb: str, mark: str, *others: str, empty: str | None = None
) -> list[pgtrigger.Trigger]:
    """Only `mark` and `others` are ever written, and nothing after `mark` was set (it is `empty`
    until then): a decision taken back, an entry struck out, a step signed."""
    is_set, is_empty = {f"old__{mark}__isnull": False}, {f"old__{mark}": empty}
    was_set = pgtrigger.Q(**is_set) if empty is None else ~pgtrigger.Q(**is_empty)
    return [
        *never_deleted(label),
        pgtrigger.Protect(
            name=f"{label}_is_only_{verb}",
            operation=pgtrigger.Update,
            condition=pgtrigger.AnyChange(exclude=[mark, *others]),
        ),
        pgtrigger.Protect(
            name=f"{label}_is_{verb}_once",
            operation=pgtrigger.Update,
            condition=was_set,
        ),
    ]


def _refusal(name: str, words: str, values: str) -> str:
    return (
        f"RAISE EXCEPTION '{words}', TG_TABLE_NAME, {values} "
        f"USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = '{name}';"
    )


def _quoted(state: str) -> str:
    if not PLAIN.fullmatch(state):
        raise ValueError(f"A state is one plain word, not {state!r}.")
    return f"'{state}'"
