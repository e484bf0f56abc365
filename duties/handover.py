"""Assignments, requests for a later day, slips and orders are the body's, not the person's: they stay,
and the taker reads here what is due."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.handover import Fate, Leaving, OpenItem, Part, register

from .models import Assignment, Extension, Order, Slip
from .queries import open_of_unit
from .queries.leaving import extensions_open, orders_open, slips_open


def open_items(leaving: Leaving) -> list[OpenItem]:
    unit, by = leaving.unit, leaving.by
    return [
        *(_item(row) for row in open_of_unit(unit, by=by)),
        *(_extension(row) for row in extensions_open(unit, by=by)),
        *(_slip(row) for row in slips_open(unit, by=by)),
        *(_order(row) for row in orders_open(unit, by=by)),
    ]


def _item(row: Assignment) -> OpenItem:
    facts = {"number": row.number, "status": row.get_status_display(), "day": row.due_on}
    if row.due_on is None:
        detail = _("%(number)s，%(status)s，文件未定时限") % facts
    else:
        detail = _("%(number)s，%(status)s，%(day)s截止") % facts
    path = reverse("duties:assignment", args=[row.number])
    return OpenItem(row.obligation.display_short_title, detail, path, Fate.STAYS)


def _extension(row: Extension) -> OpenItem:
    facts = {"number": row.number, "state": row.get_state_display(), "unit": row.unit.display_name}
    title = _("延期申请：%(task)s") % {"task": row.assignment.obligation.display_short_title}
    detail = _("%(number)s，%(unit)s，%(state)s") % facts
    path = reverse("duties:extension", args=[row.number])
    return OpenItem(title, detail, path, Fate.STAYS)


def _slip(row: Slip) -> OpenItem:
    facts = {"number": row.number, "state": row.get_state_display(), "unit": row.unit.display_name}
    title = _("提醒单：%(task)s") % {"task": row.assignment.obligation.display_short_title}
    detail = _("%(number)s，%(unit)s，%(state)s") % facts
    return OpenItem(title, detail, reverse("duties:slip", args=[row.number]), Fate.STAYS)


def _order(row: Order) -> OpenItem:
    facts = {"number": row.number, "state": row.get_state_display(), "who": row.created_by or ""}
    title = _("专项通知：%(title)s") % {"title": row.title}
    detail = _("%(number)s，%(state)s，%(who)s拟稿") % facts
    return OpenItem(title, detail, reverse("duties:order", args=[row.number]), Fate.STAYS)


def move(_leaving: Leaving) -> int:
    return 0


PART = register(Part("duties", gettext_lazy("未完成的任务"), open_items, move))
