"""The bureau's desk: what waits for its answer, is late, in doubt, without anybody to tell, or not yet
reported."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from approvals.views.lines import items_for
from core import clock
from duties.choices import Light, Status
from duties.models import Assignment, LightRule
from duties.queries import (
    Doubt,
    Tally,
    UnitTasks,
    doubts,
    exceptions_by_unit,
    slots,
    tally,
    unreachable,
)
from duties.queries.slips import last_sent, may_issue
from pilots.choices import Phase
from pilots.current import current_programme, programmes_of
from pilots.models import Programme
from pilots.queries import taking_part

from .audit import entries_for
from .audit_words import Told
from .home_officers import desk_block
from .home_period import reports_block
from .home_waiting import waiting_block
from .links import link, pattern, tasks
from .tasks import word_of
from .unit_evaluations import seats_block

UNITS, CHANGES, DAYS = 10, 8, 7


def desk(request: HttpRequest) -> dict[str, Any]:
    """Context of pages/home/desk.html for the current programme."""
    programme = current_programme(request)
    frame = {
        "programme": programme,
        "programmes": programmes_of(request),
        "to_sign": items_for(request.user),
        "seats": seats_block(request.user),
    }
    if programme is None:
        return {**frame, "title": _("还没有可办理的方案"), "count": 0}
    rule = LightRule.for_day(clock.today())
    user = request.user
    counts = tally(programme, user=user, rule=rule)
    asked = doubts(programme, user=user)
    among = taking_part(programme, user=user, on=rule.on)
    alone = unreachable(among)
    is_followed = programme.phase == Phase.RUNNING
    officers = desk_block(programme, user, among) if is_followed else None
    waiting = waiting_block(programme, user)
    facts = _facts(programme, counts, len(asked), len(alone), slots(among))
    made_of = _made_of(waiting, facts, officers)
    count = sum(part["value"] for part in made_of)
    return {
        **frame,
        "waiting": waiting,
        "today": rule.on,
        "title": _("有%(count)s件要处理") % {"count": count} if count else _("暂无要处理的事"),
        "count": count,
        "made_of": made_of,
        "is_followed": is_followed,
        "programme_url": link("pilots:programme", programme.code),
        "facts": facts,
        "officers": officers,
        **(_late(programme, user, rule) if is_followed else {"late": [], "more": 0}),
        "late_url": tasks(programme, light=Light.OVERDUE),
        "soon_url": tasks(programme, light=Light.DUE_SOON),
        "doubts": [_doubt(programme, row) for row in asked],
        "alone": [
            {"url": link("unit", row.unit.code), "label": row.unit.display_name} for row in alone
        ],
        "members_url": link("pilots:member-list"),
        "reports": reports_block(programme, counts, user=user, rule=rule),
        "changes": _changes(programme, request),
        "changes_url": link("audit-log", programme=programme.code, days=DAYS),
    }


def _made_of(
    waiting: dict[str, Any], facts: list[dict[str, Any]], officers: dict[str, Any] | None
) -> list[dict[str, Any]]:
    """What the number of the title adds up from, each with its list: what waits for an answer, is late
    (where the plan is followed), in doubt or without anybody to tell, and the reader's filings."""
    late, _soon, asked, alone, _nameless = facts
    followed = [late, *officers["mine"]] if officers else []
    return [part for part in (*waiting["facts"], *followed, asked, alone) if part["value"]]


def _late(programme: Programme, user: Any, rule: LightRule) -> dict[str, Any]:
    """Units with something overdue or due soon, when each was last reminded, and how many more."""
    address = pattern("duties:assignment")
    found, more = exceptions_by_unit(programme, user=user, rule=rule, most=UNITS)
    sent = last_sent([entry.unit.pk for entry in found], programme)
    may_remind = may_issue(programme, user)
    lines = [
        {
            **_unit(entry, rule, address),
            "sent_on": sent.get(entry.unit.pk),
            "remind_url": _remind(entry) if may_remind else "",
        }
        for entry in found
    ]
    return {"late": lines, "more": more}


def _facts(
    programme: Programme, counts: Tally, asked: int, alone: int, nameless: int
) -> list[dict[str, Any]]:
    units = {"programme": programme.code}
    facts = [
        (_("逾期"), counts.overdue, tasks(programme, light=Light.OVERDUE), "late"),
        (_("临期"), counts.due_soon, tasks(programme, light=Light.DUE_SOON), "due"),
        (_("口径待确认"), asked, "#doubts", "due"),
        (_("无人可通知"), alone, link("unit-list", **units, account="none", is_slot="false"), ""),
        (_("待补名"), nameless, link("unit-list", **units, is_slot="true"), ""),
    ]
    return [
        {
            "label": label,
            "value": value,
            "url": url if value else "",
            "tone": tone if value else "",
        }
        for label, value, url, tone in facts
    ]


def _unit(entry: UnitTasks, rule: LightRule, address: str) -> dict[str, Any]:
    return {
        "name": entry.unit.display_name,
        "url": link("unit", entry.unit.code),
        "tasks": [_task(row, rule, address) for row in entry.tasks],
    }


def _remind(entry: UnitTasks) -> str:
    """The form of a 提醒单 for what the unit still owes; what waits for the bureau is not its turn."""
    owed = [row.number for row in entry.tasks if row.status != Status.SUBMITTED]
    return link("duties:slip-new", tasks=owed) if owed else ""


def _task(row: Assignment, rule: LightRule, address: str) -> dict[str, Any]:
    """`address` is that of a task, with `{}` for its number."""
    light = row.light(rule)
    return {
        "url": address.format(row.number),
        "title": row.obligation.display_short_title,
        "occurrence": row.occurrence,
        "state": light,
        "word": word_of(row, light, rule),
        "status": row.get_status_display() if row.status == Status.SUBMITTED else "",
    }


def _doubt(programme: Programme, row: Doubt) -> dict[str, Any]:
    obligation = row.obligation
    return {
        "row": obligation,
        "waiting": row.waiting,
        "url": link("duties:obligation", obligation.code),
        "tasks_url": tasks(programme, obligation=obligation.code, open="true"),
    }


def _changes(programme: Programme, request: HttpRequest) -> list[dict[str, Any]]:
    """The newest entries of the record about the programme, of seven days of real time."""
    since = clock.now() - timedelta(days=DAYS)
    entries = entries_for(request.user).filter(programme_code=programme.code, at__gte=since)
    told = Told(entries.order_by("-id")[:CHANGES], request.user)
    return [
        {
            "what": line.verb,
            "url": line.url,
            "subject": line.entry.subject_label,
            "unit": line.unit,
            "who": line.entry.actor_shown,
            "at": line.entry.at,
        }
        for line in told.lines()
    ]
