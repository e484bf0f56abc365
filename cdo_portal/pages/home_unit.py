"""The first page of a unit's people: what is to be done, what waits, how the unit stands."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from approvals.views.lines import items_for
from core import clock, words
from duties.choices import EXCEPTIONS
from duties.models import Assignment, LightRule
from duties.queries import Row, Todo, own_rows, todo_of
from duties.queries.todo import WITH_US, helped_tasks, next_day
from pilots.access import memberships_of
from pilots.choices import Phase
from pilots.current import current_programme, programmes_of
from trainings.queries.quota import quotas

from . import home_turns, unit_evaluations
from .home_officers import unit_block
from .links import link, tasks
from .overview_grid import numeral
from .tasks import item_of

NEXT = 3


def for_data_officer(request: HttpRequest) -> dict[str, Any]:
    """h1 「有3件要办，最近的还剩2天」 and the list in three groups."""
    rule = LightRule.for_day(clock.today())
    todo = todo_of(request.user, rule)
    groups = [
        (_("已逾期"), todo.overdue),
        (_("本周"), todo.this_week),
        (_("以后"), todo.later),
    ]
    many = len(_units(request)) > 1
    frame = _frame(request, todo, rule)
    signing = home_turns.signing([row for _label, rows in groups for row in rows], rule.on)
    return {
        **frame,
        "gatherings": [line for line in quotas(request.user, rule.on) if line.short],
        "title": _title(todo, rule, frame["officers"]),
        "groups": [
            (label, _forms(rows, rule, many=many, signing=signing))
            for label, rows in groups
            if rows
        ],
        "waiting": home_turns.waiting(todo.waiting, rule, many=many),
        "recent": _items(todo.recent, rule, many=many),
    }


def for_cdo(request: HttpRequest) -> dict[str, Any]:
    """What needs the CDO's eye, the strip of six with its sentence, and the next deadlines."""
    rule = LightRule.for_day(clock.today())
    todo = todo_of(request.user, rule)
    rows = [*todo.overdue, *todo.this_week, *todo.later]
    urgent = [row for row in rows if row.light(rule) in EXCEPTIONS]
    ahead = [row for row in todo.dated if row not in urgent]
    many = len(_units(request)) > 1
    frame = _frame(request, todo, rule)
    return {
        **frame,
        "count": len(frame["to_sign"]) + len(urgent),
        "title": _cdo_title(len(frame["to_sign"]), len(urgent)),
        "urgent": _items(urgent, rule, many=many),
        "ahead": _items(ahead[:NEXT], rule, many=many),
        "units": [_standing(row) for row in _rows(request, rule)],
        "inbox_url": link("reminders:inbox"),
        "lent_url": link("approvals:lent"),
    }


def _cdo_title(to_sign: int, urgent: int) -> str:
    facts = {"sign": to_sign, "count": urgent}
    if to_sign and urgent:
        return _("%(sign)s件待审签，%(count)s件任务临期或逾期") % facts
    if to_sign:
        return _("%(sign)s件待审签") % facts
    return _("%(count)s件任务临期或逾期") % facts if urgent else _("没有临期或逾期的任务")


def _frame(request: HttpRequest, todo: Todo, rule: LightRule) -> dict[str, Any]:
    units = _units(request)
    unit = units[0] if len(units) == 1 else None
    followed: dict[str, Any] = {
        "status": list(WITH_US),
        "followed": "true",
        "unit": unit.code if unit else None,
    }
    return {
        "count": todo.total,
        "total": todo.total,
        "all_url": tasks(**followed),
        "officers": unit_block(units, request.user),
        "to_sign": items_for(request.user),
        "evaluations": unit_evaluations.own_block(request.user, rule.on),
        "seats": unit_evaluations.seats_block(request.user),
        "helping": [item_of(row, rule, with_unit=True) for row in helped_tasks(request.user)],
        "unit_links": [{"url": link("unit", row.code), "label": row.display_name} for row in units],
        "waits_for_start": [row for row in programmes_of(request) if row.phase == Phase.DRAFT],
    }


def _units(request: HttpRequest) -> list[Any]:
    """The units that the reader acts for as a data officer or CDO, once each."""
    rows = memberships_of(request.user)
    found = {row.unit_id: row.unit for row in rows if row.role in {"unit_cdo", "data_officer"}}
    return list(found.values())


def _title(todo: Todo, rule: LightRule, officers: dict[str, Any]) -> str:
    asked = len(officers["items"]) + len(officers["old"])
    if not todo.total and asked:
        return _("任命与备案有%(count)s件要办") % {"count": asked}
    if not todo.total:
        return _("现在没有要办的事")
    facts: dict[str, Any] = {"count": todo.total, "overdue": len(todo.overdue)}
    if todo.overdue:
        return _("有%(count)s件要办，其中%(overdue)s件逾期") % facts
    if not todo.dated:
        return _("有%(count)s件要办") % facts
    day = next_day(todo.dated[0], rule.on)
    facts["relation"] = words.relation(day, rule.on) if day else ""
    return _("有%(count)s件要办，最近的%(relation)s") % facts


def _items(rows: list[Assignment], rule: LightRule, *, many: bool) -> list[dict[str, Any]]:
    return [item_of(row, rule, with_unit=many) for row in rows]


def _forms(
    rows: list[Assignment], rule: LightRule, *, many: bool, signing: dict[int, dict[str, str]]
) -> list[dict[str, Any]]:
    """Each leads to its form; a report that is being signed to its page, and says whose turn it is."""
    return [
        {**item_of(row, rule, with_unit=many, to_form=True), **signing.get(row.pk, {})}
        for row in rows
    ]


def _rows(request: HttpRequest, rule: LightRule) -> list[Row]:
    programme = current_programme(request)
    return own_rows(programme, user=request.user, rule=rule) if programme else []


def _standing(row: Row) -> dict[str, Any]:
    """「六项职责共27个事项，已有进展3个。」 with the strip."""
    facts = {
        "areas": numeral(len(row.areas)),
        "total": sum(cell.total for cell in row.areas),
        "done": sum(cell.done for cell in row.areas),
    }
    return {
        "name": row.enrolment.unit.display_name,
        "url": link("unit", row.enrolment.unit.code),
        "cells": [{"name": cell.area.name, "state": cell.state} for cell in row.areas],
        "sentence": _("%(areas)s项职责共%(total)s个适用事项，已有进展%(done)s个。") % facts
        if row.areas
        else "",
    }
