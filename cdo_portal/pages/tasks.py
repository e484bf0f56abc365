"""How an assignment is said in one row: its time light, the word beside it, and one line why."""

from typing import Any

from django.utils.translation import gettext as _

from core import words
from duties.choices import Light, Status
from duties.doors import door_of
from duties.models import Assignment, LightRule
from duties.queries.todo import WITH_US

from .links import link


def word_of(row: Assignment, light: Light, rule: LightRule) -> str:
    """「还剩2天」「逾期3天」; '' where the light's own word says it, and once it waits for the bureau."""
    if row.status == Status.SUBMITTED:
        return ""
    if light == Light.OVERDUE and row.latest_on:
        return words.relation(row.latest_on, rule.on)
    if light in {Light.DUE_SOON, Light.NORMAL} and row.due_on:
        return words.relation(row.due_on, rule.on)
    return ""


def item_of(
    row: Assignment, rule: LightRule, *, with_unit: bool = False, to_form: bool = False
) -> dict[str, Any]:
    """A row of components/todo.html; the obligation comes with its clause and document. `to_form`
    leads to where an open task is done, if the portal has such a place."""
    light = row.light(rule)
    door = door_of(row) if to_form and row.status in WITH_US else None
    return {
        "url": door.url(row) if door else link("duties:assignment", row.number),
        "title": row.obligation.display_title,
        "state": light,
        "word": word_of(row, light, rule),
        "note": " · ".join(part for part in _why(row, light, with_unit=with_unit) if part),
    }


def _why(row: Assignment, light: Light, *, with_unit: bool) -> list[str]:
    return [
        row.unit.display_name if with_unit else "",
        _("已退回：%(note)s") % {"note": row.status_note}
        if row.status == Status.RETURNED
        else str(row.get_status_display()),
        _quantity(row),
        _deadline(row, light),
        _basis(row),
    ]


def _quantity(row: Assignment) -> str:
    done = getattr(row, "done_count", None)
    if row.quantity == 1 or done is None:
        return ""
    return _("已完成%(done)s次，应完成%(quantity)s次") % {"done": done, "quantity": row.quantity}


def _deadline(row: Assignment, light: Light) -> str:
    if row.due_on is None:
        return ""
    facts = {"due": row.due_on, "latest": row.latest_on, "last": row.last_workday_on}
    if light == Light.UNCONFIRMED:
        return _("截止口径未确认，最晚%(latest)s") % facts
    if row.last_workday_on != row.due_on:
        return _("%(due)s截止，最后一个工作日%(last)s") % facts
    return _("%(due)s截止") % facts


def _basis(row: Assignment) -> str:
    clause = row.obligation.clause
    if clause is None:
        return ""
    said = {"label": clause.label, "wording": row.obligation.wording}
    return _("依据%(label)s“%(wording)s”") % said if said["wording"] else _("依据%(label)s") % said
