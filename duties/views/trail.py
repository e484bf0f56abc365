"""办理过程 and 提醒记录 in words."""

from collections.abc import Iterable
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.models import AuditEntry
from reminders.models import Notice
from reminders.registry import types

from ..choices import CLOSED, Move, Origin
from ..models import Assignment
from ..order_words import VERBS
from ..queries.orders import name_of
from ..stages import told_stage

WORDS: dict[str, Any] = {
    **{f"assignment.{move.value}": move.label for move in Move},
    "assignment.open": gettext_lazy("交办"),
    "assignment.fulfil": gettext_lazy("登记完成"),
    "assignment.void": gettext_lazy("作废完成记录"),
    "assignment.redate": gettext_lazy("更正完成日期"),
    "obligation.decide_reading": gettext_lazy("确认截止口径"),
    "assignment.extend": gettext_lazy("延长截止日期"),
    "assignment.unextend": gettext_lazy("恢复原来的截止日期"),
    **{verb: words for verb, words in VERBS.items() if verb.startswith(("assignment.", "remark."))},
}


# What of an entry names a unit.
UNIT_SAID = {
    "assignment.first_open": "unit",
    "assignment.add_helper": "helper",
    "assignment.remove_helper": "helper",
}


def moments(row: Assignment, entries: Iterable[AuditEntry]) -> list[dict[str, Any]]:
    """When what happened to a task, as both sides read it: {"label", "at", "who"}; `at` is None for
    what has not happened. `entries` are those of its trail, the newest first."""
    first = next((o for o in row.openings.all() if o.unit_id == row.enrolment.unit_id), None)
    found = [
        {"label": _("交办"), "at": row.created_at, "who": ""},
        {
            "label": _("首次打开"),
            "at": first.opened_at if first else None,
            "who": first.opened_by if first else "",
        },
        {"label": _("签收"), "at": row.accepted_at, "who": row.accepted_by or ""},
    ]
    for verb, label in (("submit", _("报送")), ("return", pgettext("moment", "退回"))):
        last = next((e for e in entries if e.verb == f"assignment.{verb}"), None)
        if last is not None:
            found.append({"label": label, "at": last.at, "who": last.actor_shown})
    ended = row.get_status_display() if row.status in CLOSED else _("完成")
    return [*found, {"label": ended, "at": row.closed_at, "who": row.closed_by or ""}]


def steps(assignment: Assignment, entries: Iterable[AuditEntry]) -> list[dict[str, Any]]:
    """Steps for components/trail.html, newest first; the last is how the assignment came about, unless
    the record tells it (an occurrence that was opened by itself, as that of a period)."""
    told = list(entries)
    found = [
        {
            "what": WORDS.get(entry.verb, entry.verb),
            "who": entry.actor_shown,
            "at": f"{localtime(entry.at):%Y-%m-%d %H:%M:%S}",
            "note": _note(entry),
        }
        for entry in told
    ]
    if any(entry.verb == "assignment.open" for entry in told):
        found[0]["state"] = "now"
        return found
    created = f"{localtime(assignment.created_at):%Y-%m-%d %H:%M:%S}"
    is_ordered = assignment.obligation.origin == Origin.ORDER
    how = _("按专项通知交办。") if is_ordered else _("按方案自动生成。")
    found.append({"what": _("交办"), "at": created, "note": how})
    found[0]["state"] = "now"
    return found


def _note(entry: AuditEntry) -> str:
    after, before = entry.after or {}, entry.before or {}
    if entry.verb == "assignment.fulfil":
        return "　".join(part for part in (after.get("happened_on"), after.get("note")) if part)
    if entry.verb == "obligation.decide_reading":
        facts = {"day": after.get("due_on"), "basis": after.get("basis")}
        return _("定为%(day)s。%(basis)s") % facts
    if entry.verb in UNIT_SAID:
        code = after[UNIT_SAID[entry.verb]].partition(":")[2]
        return "　".join(part for part in (name_of(code), after.get("note")) if part)
    if entry.verb in {"assignment.extend", "assignment.unextend"}:
        facts = {"before": before.get("due_on"), "after": after.get("due_on")}
        return _("由%(before)s改为%(after)s") % facts
    if after.get("done_on") and after.get("done_on") != before.get("done_on"):
        return _("完成日期%(day)s") % {"day": after["done_on"]}
    return str(after.get("reason") or after.get("status_note") or "")


def told_rows(notices: Iterable[Notice]) -> list[dict[str, Any]]:
    """Who was told what and when, and what became of the mail: it may have gone without the notice."""
    return [
        {
            "on": notice.for_on,
            "stage": _stage(notice),
            "reading": notice.get_reading_display() if notice.reading == "latest" else "",
            "who": notice.recipient,
            "at": notice.created_at,
            "opened": notice.opened_at,
            "mails": [
                {"row": line.delivery, "left_out": line.get_reason_display()}
                for line in notice.lines.all()
            ],
        }
        for notice in notices
    ]


def _stage(notice: Notice) -> str:
    """The stage of a deadline; of every other kind of notice, what it was about."""
    known = {kind.name: kind.label for kind in types()}
    if notice.type == "duties.deadline":
        return told_stage(notice.stage, notice.facts)
    return str(known.get(notice.type, ""))
