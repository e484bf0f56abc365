"""The rule behind a day, and its explanation wherever the day is shown."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from core import deadlines
from core.deadlines import Explained
from core.workdays import Almanac

from ..models import Assignment


def settled(value: Any, since: date) -> tuple[date, dict[str, Any]]:
    """(the day, the rule as it is stored) of a rule that somebody wrote; `since` is the day of its
    event, or a day of the span that it means. Raises ValidationError for what is no rule."""
    rule = deadlines.read(value)
    if rule.anchor() is None:
        rule = rule.since(since)
    return explained(rule).due_on, deadlines.write(rule)


def counted_anew(value: Any, since: date) -> Any:
    """The stored rule with its event on another day; a rule without an event stays as it is."""
    rule = deadlines.read(value)
    return deadlines.write(rule.since(since)) if isinstance(rule, deadlines.After) else value


def explained(rule: Any) -> Explained:
    """The day of one rule and why; one query."""
    return deadlines.explain(rule, Almanac.of_years(deadlines.years_of([rule])))


def written_rule(row: Any) -> Any:
    """What is stored as the rule of a row's day: its own, or for a task that is no occurrence its
    obligation's. `row` is anything with `due_rule`."""
    if row.due_rule or not isinstance(row, Assignment) or row.occurrence:
        return row.due_rule
    return row.obligation.due_rule


def explanations(rows: Iterable[Any]) -> dict[int, Explained]:
    """By key the explanation of each row's day, where a rule means just that day: what was granted or
    decided otherwise is not explained by it. One query, none without a rule."""
    found = {row.pk: (row.due_on, rule) for row in rows if (rule := written_rule(row))}
    rules = {pk: deadlines.read(rule) for pk, (_day, rule) in found.items()}
    almanac = Almanac.of_years(deadlines.years_of(rules.values()))
    said = {pk: deadlines.explain(rule, almanac) for pk, rule in rules.items()}
    return {pk: each for pk, each in said.items() if each.due_on == found[pk][0]}


def explanation(row: Any) -> Explained | None:
    """The same of one row."""
    return explanations([row]).get(row.pk)
