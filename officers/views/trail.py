"""办理过程 of an appointment: 拟任 → 已任命, and 待备案 → 已备案 where its rule asks for filing."""

from datetime import timedelta
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ..choices import FilingStatus, Kind, Status
from ..models import Appointment, Filing
from ..queries.rules import Ruling

MOMENT = timedelta(minutes=1)


def steps(row: Appointment, ruling: Ruling | None, filing: Filing | None) -> list[dict[str, Any]]:
    """Steps for components/trail.html in the order of the course; what is to come is marked so."""
    asked = ruling is not None and ruling.rule.needs_filing and row.kind == Kind.SUBSTANTIVE
    found = [_proposed(row), _appointed(row)]
    if filing is not None or (asked and row.status != Status.VOIDED):
        found += [_reported(row, ruling, filing), _accepted(filing)]
    if row.status == Status.ENDED or row.ends_on is not None:
        found.append(_ended(row))
    if row.status == Status.VOIDED:
        found = [step for step in found if step["state"] != "wait"]
        found.append({"what": _("已作废"), "note": row.void_reason, "state": "now"})
    return _with_now(found)


def _with_now(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last step that was reached is where the matter stands."""
    reached = [step for step in found if step["state"] != "wait"]
    reached[-1]["state"] = "now"
    return found


def _proposed(row: Appointment) -> dict[str, Any]:
    """Without a day where it was entered when it stood already."""
    was = row.appointed_at is None or row.appointed_at - row.created_at > MOMENT
    at = f"{localtime(row.created_at):%Y-%m-%d}" if was else ""
    return {"what": _("拟任"), "at": at, "note": "", "state": ""}


def _appointed(row: Appointment) -> dict[str, Any]:
    if row.appointed_at is None:
        note = _("等%(who)s任命，由市政数局确认。") % {"who": _authority(row)}
        return {"what": _("已任命"), "note": note, "state": "wait"}
    note = _("，").join(filter(None, [_authority(row), row.document_number]))
    at = row.signed_on or row.since
    return {"what": _("已任命"), "at": f"{at:%Y-%m-%d}" if at else "", "note": note, "state": ""}


def _authority(row: Appointment) -> str:
    return row.authority.display_name if row.authority else ""


def _reported(row: Appointment, ruling: Ruling | None, filing: Filing | None) -> dict[str, Any]:
    desk = filing.desk if filing else ruling.rule.filed_at if ruling else None
    name = desk.display_name if desk else ""
    if filing is None:
        note = _("任命后报%(desk)s备案。") % {"desk": name}
        return {"what": _("待备案"), "note": note, "state": "wait"}
    note = _("报%(desk)s，%(number)s") % {"desk": name, "number": filing.number}
    if filing.status == FilingStatus.RETURNED:
        note = _("%(note)s。退回补正：%(reason)s") % {"note": note, "reason": filing.return_reason}
    at = f"{filing.reported_on:%Y-%m-%d}"
    return {"what": _("待备案"), "at": at, "note": note, "state": ""}


def _accepted(filing: Filing | None) -> dict[str, Any]:
    if filing is None or filing.accepted_on is None:
        return {"what": _("已备案"), "note": "", "state": "wait"}
    at, note = f"{filing.accepted_on:%Y-%m-%d}", filing.receipt_number
    return {"what": _("已备案"), "at": at, "note": note, "state": ""}


def _ended(row: Appointment) -> dict[str, Any]:
    words = [row.get_ending_display(), row.ending_number, row.ending_reason]
    at = f"{row.ends_on:%Y-%m-%d}" if row.ends_on else ""
    return {"what": _("已卸任"), "at": at, "note": _("，").join(filter(None, words)), "state": ""}
