"""Whose turn it is with an appointment, and the one thing to do."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from ..choices import FilingKind, FilingStatus, Kind, Status
from ..models import Appointment, Filing
from ..queries.allowed import Allowed
from ..queries.rules import Ruling


@dataclass(frozen=True)
class Matter:
    """What is known of an appointment: its rule, what the reader may do, the filings that stand for
    its beginning and its end."""

    row: Appointment
    ruling: Ruling | None
    may: Allowed
    filing: Filing | None
    removal: Filing | None

    @property
    def desk_rule(self) -> Ruling | None:
        """The rule that wants it on record; None where nothing is filed."""
        asks = self.ruling is not None and self.ruling.rule.needs_filing
        return self.ruling if asks and self.row.kind == Kind.SUBSTANTIVE else None


def next_step(matter: Matter, *, is_stale: bool) -> dict[str, Any]:
    """{"say", "note", "url", "label"}; `url` is '' where the reader has nothing to do."""
    row, filing = matter.row, matter.filing
    if row.status == Status.PROPOSED:
        return _proposed(matter.may)
    if row.status == Status.VOIDED:
        return _say(_("这条任命已作废"), row.void_reason)
    if filing is None and matter.desk_rule is not None:
        return _to_file(matter, FilingKind.APPOINTMENT)
    if filing is not None and filing.status != FilingStatus.ACCEPTED:
        return _at_desk(filing)
    return _ended(matter) if row.status == Status.ENDED else _in_office(is_stale=is_stale)


def _in_office(*, is_stale: bool) -> dict[str, Any]:
    if is_stale:
        return _say(_("信息超过12个月未确认"), _("单位核对后点“信息无变化”，有变化的先更正。"))
    return _say(_("在任，无须再办"), _("免职、卸任或信息变化时在下面登记。"))


def _proposed(may: Allowed) -> dict[str, Any]:
    if may.confirm:
        note = _("核对任命文件后确认，确认后生效。")
        return _say(_("待市政数局确认"), note, "#confirm", _("确认任命"))
    return _say(_("待市政数局确认"), _("任命机关下发文件、市政数局确认后生效。"))


def _to_file(matter: Matter, kind: FilingKind) -> dict[str, Any]:
    row, ruling = matter.row, matter.desk_rule
    desk = ruling.rule.filed_at if ruling else None
    words = {"desk": desk.display_name if desk else "", "unit": row.unit.display_name}
    if not matter.may.report:
        return _say(_("等%(unit)s报%(desk)s备案") % words, _("备案不影响任职和权限。"))
    query = {"appointment": row.number}
    if kind == FilingKind.REMOVAL:
        query["kind"] = kind.value
    url = f"{reverse('officers:filing-new')}?{urlencode(query)}"
    said = _("免职报%(desk)s备案") if kind == FilingKind.REMOVAL else _("报%(desk)s备案")
    return _say(said % words, _("备案不影响任职和权限。"), url, _("报备"))


def _at_desk(filing: Filing) -> dict[str, Any]:
    words = {"desk": filing.desk.display_name, "number": filing.number}
    url = reverse("officers:filing", args=[filing.number])
    if filing.status == FilingStatus.RETURNED:
        return _say(_("退回补正，补齐后再报"), filing.return_reason, url, _("查看备案件"))
    return _say(_("等%(desk)s办理备案") % words, filing.number, url, _("查看备案件"))


def _ended(matter: Matter) -> dict[str, Any]:
    if matter.removal is None and matter.desk_rule is not None:
        return _to_file(matter, FilingKind.REMOVAL)
    if matter.removal is not None and matter.removal.status != FilingStatus.ACCEPTED:
        return _at_desk(matter.removal)
    return _say(_("已卸任，无须再办"), "")


def _say(say: str, note: str = "", url: str = "", label: str = "") -> dict[str, Any]:
    return {"say": say, "note": note, "url": url, "label": label if url else ""}
