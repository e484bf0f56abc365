"""What the page of one assignment shows beside its own row: its dates in words, its course, and who
was told of it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from core import audit
from core.models import AuditEntry, WorkingDay
from core.words import month_and_day, weekday
from core.workdays import Calendar
from reminders.models import DeliveryLine, Notice

from ..models import Assignment, Extension, Obligation, Order, Remark, Slip
from .due_rules import explanation

MOST = 200


def trail(assignment: Assignment, *, with_remarks: bool = True) -> QuerySet:
    """The audit entries of an assignment, newest first, with those of its obligation that moved it;
    without remarks for who only helps."""
    own = Q(subject=audit.label(assignment))
    if not with_remarks:
        own &= ~Q(verb__startswith="remark.")
    decided = Q(subject=audit.label(assignment.obligation), verb="obligation.decide_reading")
    return AuditEntry.objects.filter(own | decided).order_by("-id")[:MOST]


def told(assignment: Assignment, *, user: Any) -> QuerySet:
    """The notices of an assignment that `user` may see, newest first, each with its `lines` and
    their deliveries: also those of its slips, extensions and remarks, and what its unit was told of the
    order that demands it."""
    lines = DeliveryLine.objects.select_related("delivery__endpoint")
    return (
        Notice.objects.visible_to(user)
        .filter(~Q(subject__startswith="order:") | Q(unit=assignment.enrolment.unit_id))
        .filter(_is_about(assignment))
        .select_related("recipient")
        .prefetch_related(Prefetch("lines", lines))
        .order_by("-for_on", "-id")[:MOST]
    )


def _is_about(assignment: Assignment) -> Func:
    """`subject = ANY(…)`: of the labels under which an assignment and what hangs on it are told: found through
    the index of subjects, which a subquery beside an OR would not be."""
    own = {"assignment": assignment}
    rows: list[Any] = [
        Assignment.rows.filter(pk=assignment.pk),
        *(model.rows.filter(**own) for model in (Slip, Extension, Remark)),
        Order.rows.filter(obligation=assignment.obligation_id),
    ]
    labels = [
        ArraySubquery(
            each.order_by().values(said=Concat(Value(f"{each.model._meta.model_name}:"), "number"))
        )
        for each in rows
    ]
    any_of = Func(*labels, template="ANY(%(expressions)s)", arg_joiner=" || ")
    parts, is_true = (F("subject"), any_of), BooleanField()
    return Func(*parts, template="%(expressions)s", arg_joiner=" = ", output_field=is_true)


def deadline_words(row: Assignment | Obligation, calendar: Calendar, on: date) -> list[str]:
    """The deadline in sentences: the document's own words, the day that we remind by, and what a
    holiday does to it. `row` is an Assignment or an Obligation."""
    obligation = row.obligation if isinstance(row, Assignment) else row
    if row.due_on is None or row.latest_on is None:
        return [_("文件未定时限，不设截止日期，也不会逾期。")]
    facts = {"wording": obligation.wording, "due_on": row.due_on, "latest_on": row.latest_on}
    said = [_("原文：%(wording)s。") % facts] if obligation.wording else []
    if row.is_doubtful and row.latest_on < on:
        say = _("系统按%(due_on)s提醒，最晚%(latest_on)s。口径没有确认，逾期从最晚日期算起。")
        said.append(say % facts)
    elif row.is_doubtful:
        said.append(
            _("系统按%(due_on)s提醒，最晚%(latest_on)s，口径待确认，确认之前不算逾期。") % facts
        )
    else:
        said.append(_("系统按%(due_on)s提醒，当天24:00止。") % facts)
    original = getattr(row, "original_due_on", None)
    if original and original != row.due_on:
        changed = {"original": original, "due_on": row.due_on}
        said.append(_("原定%(original)s，经批准延至%(due_on)s。") % changed)
    said += rule_words(row)
    return said + list(holiday_words({row.due_on, row.latest_on}, calendar))


def rule_words(row: Any) -> list[str]:
    """「规则：每季度前5个工作日：2022年4月8日（清明节放假顺延计入）。」 of anything with `due_on` and
    `due_rule`; of an order that is not out yet also that it will be counted anew."""
    found = explanation(row)
    if found is None:
        return []
    said = [_("规则：%(rule)s。") % {"rule": found}]
    if (
        isinstance(row, Order)
        and row.issued_on is None
        and (row.due_rule or {}).get("kind") == "after"
    ):
        said.append(_("按拟稿当天推算，发出当天重新计算。"))
    return said


def holiday_words(days: Iterable[date], calendar: Calendar) -> Iterable[str]:
    """「4月30日是周六且为节假日（劳动节），最后一个工作日是4月29日」 of each day that nobody works."""
    off = sorted(day for day in days if not calendar.is_working(day))
    names = dict(WorkingDay.objects.filter(day__in=off).values_list("day", "name")) if off else {}
    for day in off:
        facts = {
            "day": month_and_day(day),
            "weekday": weekday(day),
            "name": names.get(day, ""),
            "last": month_and_day(calendar.on_or_before(day)),
        }
        if facts["name"]:
            say = _("%(day)s是%(weekday)s且为节假日（%(name)s），最后一个工作日是%(last)s。")
        else:
            say = _("%(day)s是%(weekday)s，最后一个工作日是%(last)s。")
        yield say % facts
