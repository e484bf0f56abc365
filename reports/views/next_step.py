"""Whose turn it is with a report, and the one thing to do."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock

from ..choices import Kind, Status
from ..models import Report
from ..queries.allowed import may_write

USUAL_DAYS = 3  # working days in which the bureau answers (ux.md §9.4)


def next_step(
    row: Report, user: Any, *, signing: Any, is_own: bool, reviews: bool, letter: Any = None
) -> dict[str, Any]:
    """{"say", "note", "url", "label"}; `url` is '' where the reader has nothing to do here, or does
    it in the bar at the lower edge."""
    if row.is_locked and row.status != Status.ACCEPTED:
        words = {"period": row.period, "day": row.period.closed_on if row.period else ""}
        note = _("需要更正时联系市政数局，由市政数局取消定稿。")
        return _say(_("%(period)s已于%(day)s定稿") % words, note)
    if letter is not None:
        return _entering(row, reviews=reviews)
    if row.status == Status.TO_SIGN:
        return _to_sign(signing)
    if row.status == Status.SUBMITTED:
        return _submitted(row, is_own=is_own, reviews=reviews)
    if row.status == Status.ACCEPTED:
        done = _("任务%(number)s已完成。") % _task(row)
        return _say(_("已报送") if row.kind == Kind.OVERALL else _("已通过，无须再办"), done)
    told = _returned if row.status == Status.RETURNED else _draft
    return told(row, writes=may_write(row, user))


def _draft(row: Report, *, writes: bool) -> dict[str, Any]:
    unit = {"unit": row.unit.display_name}
    if not writes:
        return _say(_("等%(unit)s填写") % unit, _("报送后可以查看内容。"))
    note = _("每一部分随时保存，写完核对后提交审签。")
    return _say(_("还在拟稿，写完后提交审签"), note, _edit(row), _("继续填写"))


def _entering(row: Report, *, reviews: bool) -> dict[str, Any]:
    if not reviews:
        return _say(_("市政数局正在按来文代录"), _("录完报送后可以查看内容。"))
    return _say(_("按来文录入，录完后登记报送"), "", _edit(row), _("继续录入"))


def _to_sign(signing: Any) -> dict[str, Any]:
    if signing.may_sign:
        return _say(_("读完后在页面下方审签"), _("报送后市政数局可见，如需改动须先撤回。"))
    if not signing.who:
        return _say(_("等签署人审签"), _("这一步还没有能签的账号，可以登记纸质审签。"))
    facts = {"who": signing.who, "days": signing.days}
    note = _("已等%(days)s天。") % facts if signing.days else _("今天送到。")
    return _say(_("等%(who)s审签") % facts, note)


def _submitted(row: Report, *, is_own: bool, reviews: bool) -> dict[str, Any]:
    days = {"days": row.days_waiting(clock.today()), "who": row.opened_by}
    waited = _("报送已%(days)s天。") % days if days["days"] else _("今天报送。")
    if reviews:
        url = reverse("reports:review", args=[row.number])
        return _say(_("等市政数局审核"), waited, url, _("审核"))
    if row.kind == Kind.OVERALL:
        return _say(_("已审定，等报送登记"), waited)
    if is_own and row.opened_at is not None:
        return _say(_("市政数局已打开，正在审核"), waited)
    usual = _("市政数局一般在%(days)s个工作日内审核。") % {"days": USUAL_DAYS}
    return _say(_("等市政数局审核"), waited + usual)


def _returned(row: Report, *, writes: bool) -> dict[str, Any]:
    unit = {"unit": row.unit.display_name}
    note = _("退回意见在各栏旁边，截止日期不变。")
    if not writes:
        return _say(_("等%(unit)s修改后再报送") % unit, note)
    return _say(_("按退回意见修改后再报送"), note, _edit(row), _("去修改"))


def _edit(row: Report) -> str:
    return reverse("reports:report-edit", args=[row.number])


def _task(row: Report) -> dict[str, str]:
    return {"number": row.assignment.number}


def _say(say: str, note: str = "", url: str = "", label: str = "") -> dict[str, Any]:
    return {"say": say, "note": note, "url": url, "label": label if url else ""}
