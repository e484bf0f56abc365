"""Automatic facts: what the portal's own records say of the bodies of a round, set-wise, and the rows
behind each of them."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse

from .. import scoring
from ..choices import COUNTS, Fact, Rule
from ..models import FactValue, Round, Scorecard
from . import fact_sql as sql

# What each fact counts, and how its rows become one value.
ROWS: dict[str, tuple[str, str]] = {
    Fact.ON_TIME: (sql.ON_TIME, sql.RATE),
    Fact.ON_TIME_ORIGINAL: (sql.ON_TIME_ORIGINAL, sql.RATE),
    Fact.FIRST_ROUND: (sql.FIRST_ROUND, sql.RATE),
    Fact.TRAININGS: (sql.TRAININGS, sql.COUNT),
    Fact.MEETINGS: (sql.MEETINGS, sql.COUNT),
    Fact.FILING_DAYS: (sql.FILING_DAYS, sql.LONGEST),
    Fact.VACANCY_DAYS: (sql.VACANCY_DAYS, sql.SUM),
    Fact.PLAN_FILED: (sql.PLAN_FILED, sql.RATE),
    Fact.PROJECTS_GATED: (sql.PROJECTS_GATED, sql.RATE),
    Fact.EVIDENCE: (sql.EVIDENCE, sql.RATE),
}
# The list that shows what a fact counts, and what it is filtered by beside unit and programme.
LISTS: dict[str, tuple[str, dict[str, str]]] = {
    Fact.ON_TIME: ("duties:assignment-list", {"counted": "true"}),
    Fact.ON_TIME_ORIGINAL: ("duties:assignment-list", {"counted": "true"}),
    Fact.FIRST_ROUND: ("reports:report-list", {}),
    Fact.TRAININGS: ("duties:assignment-list", {"nature": "training"}),
    Fact.MEETINGS: ("duties:assignment-list", {"nature": "exchange"}),
    Fact.FILING_DAYS: ("officers:filing-list", {"kind": "appointment"}),
    Fact.VACANCY_DAYS: ("officers:appointment-list", {"post": "cdo"}),
    Fact.PLAN_FILED: ("duties:assignment-list", {"nature": "plan"}),
    Fact.PROJECTS_GATED: ("projects:project-list", {}),
    Fact.EVIDENCE: ("reports:report-list", {}),
}


@dataclass(frozen=True)
class Behind:
    """A row that a fact counts: its number (an address can be made of it), its day, `part` of `whole`."""

    subject: str
    happened_on: date | None
    part: Decimal
    whole: Decimal


def _params(round_: Round, on: date, card: int | None = None) -> dict[str, Any]:
    return {
        "round": round_.pk,
        "card": card,
        "on": on,
        "starts": round_.starts_on,
        "ends": round_.ends_on,
        "until": min(on, round_.ends_on),
    }


def _split(rows: str) -> tuple[str, str]:
    """A SELECT that begins with a comma brings further WITH parts before it."""
    if not rows.lstrip().startswith(","):
        return "", rows
    head, found, tail = rows.rpartition("\nSELECT card_id, to_char(")
    return head, f"{found.lstrip()}{tail}"


def read_facts(round_: Round, on: date) -> int:
    """Read every fact of every body of the round for that day, one statement a fact; returns how many
    values there are now. Called by services, inside their transaction."""
    count = 0
    with connection.cursor() as cursor:
        for fact, (rows, value) in ROWS.items():
            more, select = _split(rows)
            # Constants of fact_sql, values are parameters.
            query = sql.PLACE + more + sql.STORE.format(value=value, rows=select)
            cursor.execute(query, _params(round_, on) | {"fact": str(fact)})
            count += cursor.rowcount
    return count


def behind(card: Scorecard, fact: str, on: date) -> list[Behind]:
    """The rows that the fact counts for this sheet on that day, by day and number."""
    more, select = _split(ROWS[fact][0])
    query = f"{sql.PLACE}{more} SELECT subject, happened_on, part, whole FROM ({select}) AS found ORDER BY happened_on, subject"  # noqa: S608,E501 - constants of fact_sql, values are parameters
    with connection.cursor() as cursor:
        cursor.execute(query, _params(card.round, on, card.pk))
        return [Behind(*row) for row in cursor.fetchall()]


def list_path(card: Scorecard, fact: str) -> str:
    """The address of the list that shows what the fact counts for the unit."""
    name, more = LISTS[fact]
    asked = {"programme": card.programme.code, "unit": card.unit.code, **more}
    return f"{reverse(name)}?{urlencode(asked)}"


def value_for(value: FactValue | None, fact: str, rule: str) -> Decimal | None:
    """The number that a rule takes of a fact; None where it does not apply. By share, of something
    that is counted, it is done of asked."""
    if value is None or value.value is None:
        return None
    if rule == Rule.SHARE and fact in COUNTS:
        if not value.whole:
            return None
        return (value.part / value.whole).quantize(scoring.SIX_PLACES, ROUND_HALF_UP)
    return value.value
