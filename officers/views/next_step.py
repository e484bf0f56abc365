"""Whose turn it is with an appointment, and the one thing to do."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from ..choices import FilingKind, FilingStatus, Kind, Status
from ..models import Appointment, Filing
from ..queries.allowed import Allowed
from ..queries.rules import Ruling


def next_step(
    row: Appointment,
    ruling: Ruling | None,
    may: Allowed,
    filing: Filing | None,
    removal: Filing | None,
    is_stale: bool,
) -> dict[str, Any]:
    """{"say", "note", "url", "label"}; `url` is '' where the reader has nothing to do."""
    if row.status == Status.PROPOSED:
        return _proposed(row, may)
    if row.status == Status.VOIDED:
        return _say(_("这条任命已作废"), row.void_reason)
    files = ruling is not None and ruling.rule.needs_filing and row.kind == Kind.SUBSTANTIVE
    if files and filing is None:
        return _to_file(row, ruling, may, FilingKind.APPOINTMENT)
    if filing is not None and filing.status != FilingStatus.ACCEPTED:
        return _at_desk(filing)
    if row.status == Status.ENDED:
        return _ended(row, removal, may, ruling if files else None)
    if is_stale:
        return _say(_("信息超过12个月未确认"), _("单位核对后点“信息无变化”，有变化的先更正。"))
    return _say(_("在任，无须再办"), _("免职、卸任或信息变化时在下面登记。"))


def _proposed(row: Appointment, may: Allowed) -> dict[str, Any]:
    if may.confirm:
        note = _("核对任命文件后确认，确认后生效。")
        return _say(_("待市政数局确认"), note, "#confirm", _("确认任命"))
    return _say(_("待市政数局确认"), _("任命机关下发文件、市政数局确认后生效。"))


def _to_file(row: Appointment, ruling: Any, may: Allowed, kind: FilingKind) -> dict[str, Any]:
    words = {"desk": ruling.rule.filed_at.display_name, "unit": row.unit.display_name}
    if may.report:
        query = {"appointment": row.number}
        if kind == FilingKind.REMOVAL:
            query["kind"] = kind.value
        url = _address("officers:filing-new", query)
        return _say(_("报%(desk)s备案") % words, _("备案不影响任职和权限。"), url, _("报备"))
    return _say(_("等%(unit)s报%(desk)s备案") % words, _("备案不影响任职和权限。"))


def _at_desk(filing: Filing) -> dict[str, Any]:
    words = {"desk": filing.desk.display_name, "number": filing.number}
    url = _address("officers:filing", None, filing.number)
    if filing.status == FilingStatus.RETURNED:
        return _say(_("退回补正，补齐后再报"), filing.return_reason, url, _("查看备案件"))
    return _say(_("等%(desk)s办理备案") % words, filing.number, url, _("查看备案件"))


def _ended(
    row: Appointment, files: bool, removal: Filing | None, may: Allowed, ruling: Any
) -> dict[str, Any]:
    if files and removal is None:
        return _to_file(row, ruling, may, FilingKind.REMOVAL)
    if removal is not None and removal.status != FilingStatus.ACCEPTED:
        return _at_desk(removal)
    return _say(_("已卸任，无须再办"), "")


def _say(say: str, note: str = "", url: str = "", label: str = "") -> dict[str, Any]:
    return {"say": say, "note": note, "url": url, "label": label if url else ""}


def _address(name: str, query: dict[str, str] | None, *args: str) -> str:
    try:
        path = reverse(name, args=args)
    except NoReverseMatch:  # the installation has no such page
        return ""
    return f"{path}?{urlencode(query)}" if query else path
