"""办理过程 of a report: who did what, when, with which remark."""

from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core import audit
from core.models import AuditEntry

from ..choices import Move
from ..models import Report
from ..words import REPORTS

# What everybody who reads an edition may know; the rest is the unit's own matter.
PUBLIC = frozenset({Move.HAND_IN, Move.ENTER, Move.RECALL, Move.RETURN, Move.ACCEPT})
UNDONE = frozenset({Move.UNDO_ACCEPT, Move.UNDO_RETURN})
OWN = frozenset({"start", Move.PUT_UP, Move.TAKE_BACK, "turn_back", "sign"})
OPENED = "open"


def steps(row: Report, *, is_own: bool) -> list[dict[str, Any]]:
    """Steps for components/trail.html, the newest first."""
    told = {*PUBLIC, *UNDONE, OPENED, *(OWN if is_own else ())}
    verbs = [f"report.{verb}" for verb in told]
    entries = AuditEntry.objects.of(audit.label(row)).filter(verb__in=verbs).order_by("-id")
    found = [_step(entry) for entry in entries]
    if found:
        found[0]["state"] = "now"
    return found


def _step(entry: AuditEntry) -> dict[str, Any]:
    return {
        "what": REPORTS.verb(entry.verb),
        "who": entry.actor_shown,
        "at": f"{localtime(entry.at):%Y-%m-%d %H:%M}",
        "note": _note(entry),
        "state": "",
    }


def _note(entry: AuditEntry) -> str:
    after, verb = entry.after or {}, entry.verb.removeprefix("report.")
    if verb in {Move.HAND_IN, Move.ENTER}:
        words = {"edition": after.get("editions"), "day": after.get("handed_in_on")}
        return _("第%(edition)s稿，报送日期%(day)s") % words
    if verb == Move.RETURN:
        return _("%(count)s处需要修改") % {"count": after.get("remarks")}
    return str(after.get("reason") or "")
