"""`{% load chasing %}`: what a task's page says of requests for a later day and of slips."""

from typing import Any

from django import template
from django.template import Context

from core import clock

from ..models import Assignment
from ..queries.extensions import asked_of, extensions_of, may_ask, may_enter
from ..queries.slips import may_issue, slips_of, waiting_for_reply

register = template.Library()


@register.inclusion_tag("duties/parts/chasing.html", takes_context=True)
def chasing(context: Context, task: Assignment) -> dict[str, Any]:
    """Whose turn an open request is, 申请延期, 发提醒单, and both histories."""
    user = context["request"].user
    extensions = extensions_of(task, user=user)
    current = next((row for row in extensions if row.is_open), None)
    slips = slips_of(task, user=user)
    today = clock.today()
    for row in slips:
        row.is_late = row.is_overdue(today)
    asks = current is None and may_ask(task, user)
    return {
        "task": task,
        "line": context.get("line"),
        "extension": current,
        "extensions": extensions,
        "slips": slips,
        "may_ask": asks,
        "may_enter": current is None and not asks and may_enter(task, user),
        "may_remind": task.is_open() and may_issue(task.programme, user),
    }


@register.inclusion_tag("duties/parts/chased.html", takes_context=True)
def chased(context: Context) -> dict[str, Any]:
    """On the first pages: slips that the reader's units have not answered, and requests for a later
    day that wait for the reader's answer."""
    user = context["request"].user
    slips = waiting_for_reply(user)
    today = clock.today()
    for row in slips:
        row.is_late = row.is_overdue(today)
    return {"slips": slips, "asked": asked_of(user)}
