"""What people are told of their deadlines, in words a clerk would use."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.roles import Role
from core import clock
from core.workdays import DAY, Calendar
from pilots.choices import Part, Phase
from pilots.models import Membership, Programme
from reminders.choices import Reading, Topic
from reminders.models import Notice, ReminderRule
from reminders.queries import rules_of, silent_days
from reminders.registry import NoticeType, Rendered, Select, register

from .chasing_notices import ANSWERED, ASKED, REPLIED, SENT
from .choices import OWED
from .models import Assignment
from .notice_sql import DEADLINES, NOBODY
from .order_notices import HELPED, ORDERED, REMARKED, WITHDRAWN
from .stages import DEADLINE_NOTICE, Bounds, bounds, stage_label, told_stage

# The engine finds this module; what is declared beside it comes along.
__all__ = [
    "ANSWERED",
    "ASKED",
    "DEADLINE",
    "HELPED",
    "NOBODY_TO_TELL",
    "ORDERED",
    "REMARKED",
    "REPLIED",
    "SENT",
    "WITHDRAWN",
]

TOLD = (Role.DATA_OFFICER, Role.UNIT_CDO, Role.BUREAU_OFFICER)


def _params(on: date) -> tuple[dict[str, Any], str, str] | None:
    """Parameters and the two VALUES lists of REACHED; None when no programme is followed."""
    running = list(
        Programme.rows.filter(phase=Phase.RUNNING, started_on__lte=on).values_list(
            "pk", "started_on"
        )
    )
    if not running:
        return None
    calendar = Calendar.around(on, *(started for _pk, started in running), margin=400)
    silence = silent_days(on, calendar)
    rules = rules_of(pk for pk, _started_on in running)
    params: dict[str, Any] = {"on": on, "silence": silence}
    heads, stages = [], []
    for place, (pk, started_on) in enumerate(running):
        rule = rules[pk]
        found = bounds(calendar, on=on, started_on=started_on, stages=rule.stages, silence=silence)
        params |= _head(place, pk, found, rule)
        heads.append(HEAD.format(place))
        for bound in found.stages:
            name = f"{place}_{bound.stage}"
            params |= {f"r{name}": bound.reached_on, f"b{name}": bound.before_on}
            params[f"m{name}"] = list(bound.missed)
            stages.append(BOUND.format(place, bound.stage, name))
    furthest = max(stage for rule in rules.values() for stage in rule.stages)
    params |= _ahead(on, calendar, furthest)
    return params, ", ".join(heads), ", ".join(stages)


HEAD = "(%(p{0})s, %(w{0})s::date, %(s{0})s::date, %(c{0})s::int, %(d{0})s::int)"
BOUND = "(%(p{0})s, {1}, %(r{2})s::date, %(b{2})s::date, %(m{2})s::date[])"
NEVER = 10_000  # weeks


def _ahead(on: date, calendar: Calendar, furthest: int) -> dict[str, Any]:
    """The working days after the day up to the furthest stage, and the last of them."""
    days = [calendar.on_or_before(on)]
    for _stage in range(furthest):
        days.append(calendar.on_or_after(days[-1] + DAY))
    return {"ahead": days[1:], "horizon": days[-1]}


def _head(place: int, pk: int, found: Bounds, rule: ReminderRule) -> dict[str, Any]:
    """A programme's row of `rule`: without a stage of its own the CDO hears of what is overdue."""
    cdo_from = -1 if rule.cdo_from is None else rule.cdo_from
    desk_from = NEVER if rule.desk_from_week is None else rule.desk_from_week
    values = {"p": pk, "w": found.workday, "s": found.before_start}
    values |= {"c": cdo_from, "d": desk_from}
    return {f"{name}{place}": value for name, value in values.items()}


def _select(sql: str, on: date) -> Select | None:
    found = _params(on)
    if found is None:
        return None
    params, rules, stages = found
    return Select(sql.replace("{rules}", rules).replace("{bounds}", stages), params)


def deadlines_due(on: date) -> Select | None:
    return _select(DEADLINES, on)


def nobody_due(on: date) -> Select | None:
    return _select(NOBODY, on)


def render_deadline(notice: Notice) -> Rendered:
    """「市公安局：“工作总结”2022-04-30截止，还剩15天」 with clause, the document's own words, and the
    unit. Days are counted from the day of the notice, which stands beside it."""
    facts = notice.facts
    title = _("%(unit)s：“%(title)s”%(when)s") % {
        "unit": notice.unit.display_name if notice.unit else "",
        "title": facts["title"],
        "when": _when(notice),
    }
    kind, number = stage_label(notice.stage)
    path = reverse("duties:assignment", args=[facts["number"]])
    urgency = -1 - number if kind == "overdue" else number
    days = (date.fromisoformat(_day(notice)) - notice.for_on).days
    return Rendered(title, _lines(notice), path, urgency, to_do=True, days=days)


def _when(notice: Notice) -> str:
    day = date.fromisoformat(_day(notice))
    facts = {"day": day, "days": abs((day - notice.for_on).days)}
    kind, _number = stage_label(notice.stage)
    if kind == "overdue":
        return _("已逾期%(days)s天，截止日期是%(day)s") % facts
    if day < notice.for_on:  # a weekend after the day: late, but not yet a working day late
        return _("截止日期%(day)s已过") % facts
    if day == notice.for_on:
        return _("今天（%(day)s）截止") % facts
    if notice.facts.get("workday_on") == str(notice.for_on):
        return _("%(day)s截止，今天是最后一个工作日") % facts
    return _("%(day)s截止，还剩%(days)s天") % facts


def _day(notice: Notice) -> str:
    return notice.facts["latest_on" if notice.reading == Reading.LATEST else "due_on"]


def _lines(notice: Notice) -> list[str]:
    facts, lines = notice.facts, []
    if facts.get("late_by"):
        late = ngettext(
            "补发：晚了%(days)s个工作日", "补发：晚了%(days)s个工作日", facts["late_by"]
        )
        lines.append(late % {"days": facts["late_by"]})
    if facts.get("document"):
        number = f"（{facts['document_number']}）" if facts.get("document_number") else ""
        basis = f"《{facts['document']}》{number}{facts['clause']}"
        lines.append(_("依据：%(basis)s") % {"basis": basis})
    if facts.get("wording"):
        lines.append(_("原文时限：%(wording)s") % facts)
    if facts["latest_on"] != facts["due_on"]:
        lines.append(_("口径待确认：按%(due_on)s提醒，最晚%(latest_on)s") % facts)
    if facts.get("workday_on") not in {None, _day(notice)}:
        lines.append(_("最后一个工作日：%(workday_on)s") % facts)
    lines.append(
        _("单位：%(unit)s") % {"unit": notice.unit.display_full_name if notice.unit else ""}
    )
    lines.append(_("任务编号：%(number)s") % facts)
    return lines


def deadlines_holding(notices: Iterable[Notice]) -> set[int]:
    """Ids of the notices whose assignment still lies with its body and has the same deadline, in a
    programme that is still followed, and whose recipient still acts for the unit or at the desk of the
    programme's bureau."""
    rows = list(notices)
    followed = Assignment.rows.filter(status__in=OWED).filter(
        number__in={notice.facts["number"] for notice in rows},
        enrolment__programme__phase=Phase.RUNNING,
        enrolment__withdrawn_on=None,
    )
    versions = dict(followed.values_list("number", "deadline_version"))
    members = set(
        Membership.rows.live(clock.today())
        .filter(user__in={notice.recipient_id for notice in rows}, role__in=TOLD)
        .values_list("user_id", "unit_id")
    )
    desk = set(
        Membership.rows.live(clock.today())
        .filter(
            user__in={notice.recipient_id for notice in rows},
            role=Role.BUREAU_OFFICER,
            unit__enrolments__part=Part.BUREAU,
            unit__enrolments__withdrawn_on=None,
        )
        .values_list("user_id", "unit__enrolments__programme")
    )
    return {
        notice.pk
        for notice in rows
        if versions.get(notice.facts["number"]) == notice.deadline_version
        and (
            (notice.recipient_id, notice.unit_id) in members
            or (notice.recipient_id, notice.programme_id) in desk
        )
    }


def render_nobody(notice: Notice) -> Rendered:
    unit = notice.unit.display_name if notice.unit else ""
    title = _("%(unit)s无人可通知：没有可登录的经办人或首席数据官") % {"unit": unit}
    lines = [_("有%(count)s件任务的时限临近，最近的截止日期是%(due_on)s。") % notice.facts]
    return Rendered(title, lines, reverse("unit", args=[notice.facts["unit"]]), to_do=True)


def nobody_holding(notices: Iterable[Notice]) -> set[int]:
    """Ids of the notices whose unit still has nobody, and whose recipient is still at the desk."""
    rows = list(notices)
    live = Membership.rows.live(clock.today())
    manned = set(
        live.filter(
            unit__in={notice.unit_id for notice in rows},
            role__in=(Role.DATA_OFFICER, Role.UNIT_CDO),
        ).values_list("unit_id", flat=True)
    )
    officers = set(
        live.filter(
            user__in={notice.recipient_id for notice in rows}, role=Role.BUREAU_OFFICER
        ).values_list("user_id", flat=True)
    )
    return {
        notice.pk
        for notice in rows
        if notice.unit_id not in manned and notice.recipient_id in officers
    }


DEADLINE = register(
    NoticeType(
        DEADLINE_NOTICE,
        gettext_lazy("任务时限"),
        deadlines_due,
        render_deadline,
        deadlines_holding,
        topic=Topic.DEADLINES,
        why=lambda notice: told_stage(notice.stage, notice.facts),
    )
)
NOBODY_TO_TELL = register(
    NoticeType(
        "duties.nobody",
        gettext_lazy("无人可通知"),
        nobody_due,
        render_nobody,
        nobody_holding,
        topic=Topic.DESK,
    )
)
