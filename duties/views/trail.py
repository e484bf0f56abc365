"""办理过程 and 提醒记录 in words."""

from collections.abc import Iterable
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import AuditEntry
from reminders.models import Notice

from ..choices import Move
from ..models import Assignment
from ..stages import stage_words

WORDS: dict[str, Any] = {
    **{f"assignment.{move.value}": move.label for move in Move},
    "assignment.fulfil": gettext_lazy("登记完成"),
    "assignment.void": gettext_lazy("作废完成记录"),
    "assignment.redate": gettext_lazy("更正完成日期"),
    "obligation.decide_reading": gettext_lazy("确认截止口径"),
}


def steps(assignment: Assignment, entries: Iterable[AuditEntry]) -> list[dict[str, Any]]:
    """Steps for components/trail.html, newest first; the last is how the assignment came about."""
    found = [
        {
            "what": WORDS.get(entry.verb, entry.verb),
            "who": entry.actor_shown,
            "at": f"{localtime(entry.at):%Y-%m-%d %H:%M:%S}",
            "note": _note(entry),
        }
        for entry in entries
    ]
    created = f"{localtime(assignment.created_at):%Y-%m-%d %H:%M:%S}"
    found.append({"what": _("交办"), "at": created, "note": _("按方案自动生成。")})
    found[0]["state"] = "now"
    return found


def _note(entry: AuditEntry) -> str:
    after, before = entry.after or {}, entry.before or {}
    if entry.verb == "assignment.fulfil":
        return "　".join(part for part in (after.get("happened_on"), after.get("note")) if part)
    if entry.verb == "obligation.decide_reading":
        facts = {"day": after.get("due_on"), "basis": after.get("basis")}
        return _("定为%(day)s。%(basis)s") % facts
    if after.get("done_on") and after.get("done_on") != before.get("done_on"):
        return _("完成日期%(day)s") % {"day": after["done_on"]}
    return str(after.get("reason") or after.get("status_note") or "")


def told_rows(notices: Iterable[Notice]) -> list[dict[str, Any]]:
    """Who was told what and when, and what became of the mail."""
    return [
        {
            "on": notice.for_on,
            "stage": stage_words(notice.stage),
            "reading": notice.get_reading_display() if notice.reading == "latest" else "",
            "who": notice.recipient,
            "at": notice.created_at,
            "mails": [line.delivery for line in notice.lines.all()],
        }
        for notice in notices
    ]
