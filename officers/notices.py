"""What people are told of the register: empty seats, what is not on record, what wants an answer.

No notice names a person or a telephone (ux.md §8): whoever opens the page may read them there.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.workdays import DAY, Calendar
from pilots.choices import Phase
from pilots.models import Programme
from reminders.choices import Manner, Topic
from reminders.models import Notice
from reminders.registry import NoticeType, Rendered, Select, register, still_due

from . import notice_sql as sql
from .choices import FilingKind, FilingStatus
from .models.posts import CDO
from .queries.reckoning import Reckoning
from .queries.register import confirmed_since

FAR = 1000  # what has no limit comes after everything that has one


def _asked(
    text: str, on: date, *, programmes: Collection[int] | None = None, **more: Any
) -> Select | None:
    """`text` with the parameters of the day; None when no programme (of those given) is followed."""
    rows = Programme.rows.filter(phase=Phase.RUNNING, started_on__lte=on)
    if programmes is not None:
        rows = rows.filter(pk__in=programmes)
    days = rows.values_list("pk", "started_on")
    followed = [(pk, started_on) for pk, started_on in days if started_on is not None]
    if not followed:
        return None
    params = {"on": on, "post": CDO, "confirmed_since": confirmed_since(on), **more}
    floors = [started_on for _pk, started_on in followed]
    if sql.STAGED in text:
        calendar = Calendar.around(on, *floors, margin=60)
        eves = [started_on - DAY for started_on in floors]
        floors = [Reckoning.for_day(eve, calendar).soon_before for eve in eves]
        params["workday"] = calendar.on_or_before(on)
        params["soon_before"] = Reckoning.for_day(on, calendar).soon_before
    values = []
    for place, ((pk, started_on), floor) in enumerate(zip(followed, floors, strict=True)):
        params |= {f"p{place}": pk, f"s{place}": started_on, f"f{place}": floor}
        values.append(f"(%(p{place})s, %(s{place})s::date, %(f{place})s::date)")
    return Select(text.replace("{programmes}", ", ".join(values)), params)


def _declare(
    name: str,
    label: Any,
    text: str,
    render: Callable[[Notice], Rendered],
    *,
    manner: Manner = Manner.DIGEST,
    topic: Topic = Topic.TASKS,
    **more: Any,
) -> NoticeType:
    def select(on: date) -> Select | None:
        return _asked(text, on, **more)

    def still(notices: Iterable[Notice]) -> set[int]:
        rows = list(notices)
        programmes = {row.programme_id or 0 for row in rows}
        return still_due(partial(_asked, text, programmes=programmes, **more), rows)

    return register(NoticeType(name, label, select, render, still, manner, topic))


# --- in words ------------------------------------------------------------------------------------


def _words(notice: Notice) -> dict[str, Any]:
    """What most sentences need: the unit, the post in the reader's language, days since."""
    facts = notice.facts
    english = facts.get("post_en") if get_language() == "en" else ""
    words = {**facts, "unit": notice.unit.display_name if notice.unit else ""}
    words["post"] = english or facts.get("post", "")
    if facts.get("since"):
        words["days"] = max((notice.for_on - date.fromisoformat(facts["since"])).days, 0)
    return words


def _limit(notice: Notice) -> list[str]:
    """The limit, and whose it is; nothing where the document sets none."""
    facts = notice.facts
    if not facts.get("limit_on"):
        return [_("文件未定时限。")]
    say = (
        _("市政数局期望最晚%(limit_on)s。") if facts["is_own"] else _("文件规定最晚%(limit_on)s。")
    )
    return [say % facts]


def _urgency(notice: Notice) -> int:
    """Days to the limit; negative when it is over."""
    limit = notice.facts.get("limit_on")
    return (date.fromisoformat(limit) - notice.for_on).days if limit else FAR


def render_vacancy(notice: Notice) -> Rendered:
    """「市公安局首席数据官空缺32天」"""
    words = _words(notice)
    title = _("%(unit)s%(post)s空缺%(days)s天") % words
    lines = [
        _("空缺自%(since)s起。") % words,
        *_limit(notice),
        _("收到任命文件后，由本单位或市政数局登记。"),
    ]
    return Rendered(title, lines, _unit(notice), _urgency(notice), to_do=True)


def render_unfiled(notice: Notice) -> Rendered:
    words = _words(notice)
    title = _("%(unit)s%(post)s任命已%(days)s天，还没有备案") % words
    lines = [_("任命编号：%(number)s") % words, *_limit(notice)]
    path = reverse("officers:appointment", args=[words["number"]])
    return Rendered(title, lines, path, _urgency(notice), to_do=True)


def render_unconfirmed(notice: Notice) -> Rendered:
    title = _("%(unit)s有%(count)s条任职信息超过12个月未确认") % _words(notice)
    lines = [_("没有变化的，在单位档案中点“信息无变化”；有变化的，登记变更。")]
    return Rendered(title, lines, _unit(notice), FAR, to_do=True)


def render_proposed(notice: Notice) -> Rendered:
    words = _words(notice)
    title = _("%(unit)s登记了%(post)s拟任，等待确认") % words
    lines = [_("任命编号：%(number)s") % words]
    path = reverse("officers:appointment", args=[words["number"]])
    return Rendered(title, lines, path, to_do=True)


def render_submitted(notice: Notice) -> Rendered:
    words = _filing(notice)
    title = _("%(unit)s报来%(kind)s，等待办理") % words
    lines = [_("备案件编号：%(number)s") % words, _("报备日期：%(reported_on)s") % words]
    return Rendered(title, lines, words["path"], to_do=True)


def render_returned(notice: Notice) -> Rendered:
    words = _filing(notice)
    title = _("%(unit)s的%(kind)s退回补正") % words
    lines = [_("补正要求：%(reason)s") % words, _("备案件编号：%(number)s") % words]
    return Rendered(title, lines, words["path"], to_do=True)


def render_accepted(notice: Notice) -> Rendered:
    words = _filing(notice)
    title = _("%(unit)s的%(kind)s已准予备案") % words
    lines = [_("备案编号：%(receipt_number)s") % words, _("备案日期：%(accepted_on)s") % words]
    return Rendered(title, lines, words["path"], FAR)


def _filing(notice: Notice) -> dict[str, Any]:
    path = reverse("officers:filing", args=[notice.facts["number"]])
    kind = FilingKind(notice.facts["kind"]).label
    return {**_words(notice), "kind": kind, "path": path}


def _unit(notice: Notice) -> str:
    return reverse("unit", args=[notice.facts["unit"]]) + "#officers"


VACANCY = _declare("officers.vacancy", gettext_lazy("岗位空缺"), sql.VACANT, render_vacancy)
UNFILED = _declare("officers.unfiled", gettext_lazy("任命未备案"), sql.UNFILED, render_unfiled)
UNCONFIRMED = _declare(
    "officers.confirm", gettext_lazy("任职信息未确认"), sql.UNCONFIRMED, render_unconfirmed
)
PROPOSED = _declare(
    "officers.proposed",
    gettext_lazy("拟任待确认"),
    sql.PROPOSED,
    render_proposed,
    topic=Topic.DESK,
)
SUBMITTED = _declare(
    "officers.filing_submitted",
    gettext_lazy("备案待办理"),
    sql.SUBMITTED,
    render_submitted,
    topic=Topic.DESK,
)
RETURNED = _declare(
    "officers.filing_returned",
    gettext_lazy("备案退回补正"),
    sql.DECIDED,
    render_returned,
    manner=Manner.IMMEDIATE,
    topic=Topic.RETURNS,
    status=FilingStatus.RETURNED,
)
ACCEPTED = _declare(
    "officers.filing_accepted",
    gettext_lazy("已准予备案"),
    sql.DECIDED,
    render_accepted,
    manner=Manner.IMMEDIATE,
    topic=Topic.DECISIONS,
    status=FilingStatus.ACCEPTED,
)
