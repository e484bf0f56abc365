"""Whose turn a filing is, and its course, in words."""

from collections.abc import Iterable
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core import audit, clock
from core.models import AuditEntry

from ..choices import FilingMove, FilingStatus, Route
from ..models import Filing
from ..queries.desks import deciders_named
from ..words import OFFICERS

SUBMIT = "submit"


def next_step(filing: Filing, *, decides: bool, reports: bool) -> dict[str, str]:
    """{"say", "note"} for whoever reads: does he or she decide here, or report for the unit?"""
    unit = {"unit": filing.unit.display_name}
    if filing.status == FilingStatus.SUBMITTED:
        facts = {"days": (clock.today() - filing.reported_on).days}
        waited = _("报备已%(days)s天。") % facts if facts["days"] else _("今天报备。")
        if decides:
            return {
                "say": _("核对后准予备案，或退回补正"),
                "note": waited + _("编号和日期已填好，要改的在下面改。"),
            }
        return {"say": _("等%(who)s办理") % {"who": deciders_named(filing)}, "note": waited}
    if filing.status == FilingStatus.RETURNED:
        say = _("按补正要求改好后再报") if reports else _("等%(unit)s补正后再报") % unit
        return {"say": say, "note": _("补正要求：%(text)s") % {"text": filing.return_reason}}
    return {"say": _("%(status)s，无须再办") % {"status": filing.get_status_display()}, "note": ""}


def entries(filing: Filing) -> Iterable[AuditEntry]:
    """What was done with it, newest first."""
    return AuditEntry.objects.of(audit.label(filing)).order_by("-id")


def steps(filing: Filing) -> list[dict[str, Any]]:
    """Steps for components/trail.html."""
    found = [
        {
            "what": _what(entry),
            "who": entry.actor_shown,
            "at": f"{localtime(entry.at):%Y-%m-%d %H:%M:%S}",
            "note": _note(entry),
        }
        for entry in entries(filing)
    ]
    if found:
        found[0]["state"] = "now"
    return found


def already(filing: Filing) -> str:
    """Who did what meanwhile, for the one of two clerks who came second."""
    last = next(iter(entries(filing)), None)
    if last is None:
        return _("这件备案刚被别人改过。核对后再办。")
    facts = {
        "who": last.actor_shown,
        "at": f"{localtime(last.at):%Y-%m-%d %H:%M}",
        "what": _what(last),
    }
    return _("%(who)s在%(at)s已办理：%(what)s。核对后再办。") % facts


def _what(entry: AuditEntry) -> str:
    verb = entry.verb.removeprefix("filing.")
    if verb == SUBMIT and (entry.after or {}).get("route") == Route.PAPER:
        return _("来文登记")
    return OFFICERS.verb(entry.verb)


def _note(entry: AuditEntry) -> str:
    after, verb = entry.after or {}, entry.verb.removeprefix("filing.")
    if verb == FilingMove.ACCEPT:
        facts = {"number": after.get("receipt_number"), "day": after.get("accepted_on")}
        return _("备案编号%(number)s，备案日期%(day)s") % facts
    if verb in {FilingMove.RETURN, FilingMove.REOPEN}:
        return str(after.get("return_reason") or "")
    parts = [after.get("document_number"), after.get("file_name"), after.get("note")]
    if verb == SUBMIT:
        parts.insert(0, _("报备日期%(day)s") % {"day": after.get("reported_on")})
    return "　".join(str(part) for part in parts if part)
