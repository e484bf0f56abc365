"""A request for a later day in words: whose turn, its course, who was quicker."""

from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core import audit, clock
from core.models import AuditEntry

from ..choices import ExtensionState
from ..extension_words import EXTENSIONS
from ..models import Extension
from ..models.extensions import UNDO_WITHIN


def may_undo(row: Extension) -> bool:
    return (
        row.is_decided
        and row.closed_at is not None
        and (clock.now() - row.closed_at <= UNDO_WITHIN)
    )


def already(row: Extension) -> str:
    """「这件延期申请已由王芳在10:05同意，无须再处理」, for whoever came second."""
    if row.is_decided or row.state == ExtensionState.TO_APPROVE:
        who, at = row.decided_by, row.decided_at
        facts = {
            "who": getattr(who, "display_name", "") or who,
            "at": f"{localtime(at):%H:%M}" if at else "",
            "what": row.get_verdict_display(),
        }
        return _("这件延期申请已由%(who)s在%(at)s%(what)s，无须再处理。") % facts
    last = AuditEntry.objects.of(audit.label(row)).order_by("-id").first()
    if last is None:
        return _("这件延期申请刚被别人改过。核对后再办。")
    facts = {
        "who": last.actor_shown,
        "at": f"{localtime(last.at):%H:%M}",
        "what": EXTENSIONS.verb(last.verb),
    }
    return _("%(who)s在%(at)s已办理：%(what)s。核对后再办。") % facts


def steps(row: Extension) -> list[dict[str, Any]]:
    """Steps for components/trail.html, newest first."""
    entries = AuditEntry.objects.of(audit.label(row)).order_by("-id")
    found = [
        {
            "what": EXTENSIONS.verb(entry.verb),
            "who": entry.actor_shown,
            "at": f"{localtime(entry.at):%Y-%m-%d %H:%M:%S}",
            "note": _note(entry),
        }
        for entry in entries
    ]
    if found:
        found[0]["state"] = "now"
    return found


def _note(entry: AuditEntry) -> str:
    after = entry.after or {}
    verb = entry.verb.removeprefix("extension.")
    if verb in {"ask", "enter", "resubmit"}:
        return _("申请延至%(day)s") % {"day": after.get("wanted_on")}
    if verb in {"put_up", "grant", "grant_partly", "refuse"}:
        day, said = after.get("granted_on"), after.get("answer") or ""
        return "　".join(
            part for part in (_("延至%(day)s") % {"day": day} if day else "", said) if part
        )
    return str(after.get("state_note") or "")


def next_step(row: Extension, *, answers: bool, writes: bool) -> dict[str, str]:
    """{"say", "note"} for whoever reads."""
    unit, note = {"unit": row.unit.display_name}, row.state_note
    if row.state == ExtensionState.TO_SIGN:
        return {"say": _("等%(unit)s首席数据官审签") % unit, "note": ""}
    if row.state == ExtensionState.RETURNED:
        say = _("修改后再提交") if writes else _("等%(unit)s修改后再提交") % unit
        return {"say": say, "note": note}
    if row.state == ExtensionState.ASKED:
        days = (clock.today() - row.asked_on).days
        waited = _("申请已%(days)s天。") % {"days": days} if days else _("今天申请。")
        say = _("审批：同意、部分同意或不同意") if answers else _("等市政数局审批")
        return {"say": say, "note": waited + note}
    if row.state == ExtensionState.TO_APPROVE:
        return {"say": _("等市政数局领导审定"), "note": _("审定前截止日期不变。")}
    said = row.answer if row.is_decided else note
    return {"say": _("%(state)s，无须再办") % {"state": row.get_state_display()}, "note": said}
