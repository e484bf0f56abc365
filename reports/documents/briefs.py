"""《工作情况专报》 on one page for leaders, and 《通报》 to all units: drafts for issuing by GB/T 9704."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import documents
from core.documents import chinese_day
from core.documents.services import render

from ..queries.briefing import Briefing
from .kinds import BRIEF, BULLETIN

# So that the brief stays on its one page of 22 lines of 28 characters: how many late units are named,
# and how many characters those names, and the words on duties, may take.
MOST_NAMED = 6
ROOM_NAMED, ROOM_DUTIES = 84, 112


def write_brief(found: Briefing, holder: str, unit: str) -> bytes:
    """One page: where it stands, who is behind, which duties move, what is next."""
    with override(settings.LANGUAGE_CODE):
        context = {
            "title": _("%(region)s首席数据官工作情况专报") % _region(found),
            "on": found.on,
            "unit": unit,
            "overall": overall(found),
            "late": late(found),
            "duties": duties(found),
        }
        return render(BRIEF.name, holder, context, lambda: _brief(context))


def write_bulletin(found: Briefing, holder: str, unit: str) -> bytes:
    """All units with their counts, in the document's order: no ranking."""
    with override(settings.LANGUAGE_CODE):
        context = {
            "title": _("关于%(region)s首席数据官工作进展情况的通报") % _region(found),
            "on": found.on,
            "unit": unit,
            "overall": overall(found),
            "late": late(found),
            "units": [
                {
                    "name": row.unit,
                    "total": row.total,
                    "done": row.done,
                    "on_time": row.on_time,
                    "late": row.late,
                    "returns": row.returns,
                }
                for row in found.standings
            ],
        }
        return render(BULLETIN.name, holder, context, lambda: _bulletin(context))


def overall(found: Briefing) -> str:
    words = {
        "day": chinese_day(found.on),
        "units": found.units,
        "total": found.total,
        "done": found.done,
        "rate": _rate(found.done, found.total),
        "on_time": found.on_time,
    }
    return (
        _(
            "截至%(day)s，%(units)s个试点单位共有规定任务%(total)s件，已完成%(done)s件（%(rate)s），其中按时完成%(on_time)s件。"
        )
        % words
    )


def late(found: Briefing) -> str:
    if not found.late:
        return _("没有逾期任务。")
    named = _fitting(
        [
            _("%(unit)s%(count)s件") % {"unit": row.unit, "count": row.late}
            for row in found.late[:MOST_NAMED]
        ],
        ROOM_NAMED,
    )
    text = _("逾期任务%(count)s件：%(named)s") % {
        "count": sum(row.late for row in found.late),
        "named": "、".join(named),
    }
    rest = len(found.late) - len(named)
    if rest > 0:
        text += _("，另有%(rest)s个单位") % {"rest": rest}
    return f"{text}。"


def duties(found: Briefing) -> str:
    if not found.areas:
        return _("文件没有设定职责事项。")
    parts = [
        _("%(area)s有%(units)s个单位登记进展") % {"area": row.area.medium_name, "units": row.units}
        for row in found.areas
    ]
    shown = _fitting(parts, ROOM_DUTIES)
    text = "；".join(shown)
    rest = len(parts) - len(shown)
    if rest > 0:
        text += _("；另有%(rest)s项职责见履职总览") % {"rest": rest}
    return f"{text}。"


def _fitting(parts: list[str], room: int) -> list[str]:
    """As many of the first parts as `room` characters hold, at least one."""
    taken, shown = 0, []
    for part in parts:
        taken += len(part) + 1
        if shown and taken > room:
            break
        shown.append(part)
    return shown


def _region(found: Briefing) -> dict[str, Any]:
    return {"region": found.programme.region_name}


def _rate(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "—"


def _brief(context: dict[str, Any]) -> bytes:
    document = documents.new(title=context["title"])
    for heading, key in (
        (_("总体进展"), "overall"),
        (_("需要关注"), "late"),
        (_("职责推进"), "duties"),
    ):
        document.heading(1, heading)
        document.paragraph(context[key])
    document.sign(context["unit"], context["on"])
    return document.bytes()


def _bulletin(context: dict[str, Any]) -> bytes:
    document = documents.new(title=context["title"], addressee=_("各试点单位"))
    document.paragraph(context["overall"])
    document.paragraph(context["late"])
    heads = [_("单位"), _("任务"), _("已完成"), _("按时"), _("逾期"), _("退回")]
    keys = ("name", "total", "done", "on_time", "late", "returns")
    rows = [[row[key] for key in keys] for row in context["units"]]
    document.table(heads, rows, (12, 3.6, 3.6, 3.6, 3.6, 3.6), caption=_("各单位任务完成情况"))
    document.sign(context["unit"], context["on"])
    return document.bytes()
