"""Assignments are the body's, not the person's: they stay, and the taker reads here what is due."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.handover import Fate, Leaving, OpenItem, Part, register

from .models import Assignment
from .queries import open_of_unit


def open_items(leaving: Leaving) -> list[OpenItem]:
    return [_item(row) for row in open_of_unit(leaving.unit, by=leaving.by)]


def _item(row: Assignment) -> OpenItem:
    facts = {"number": row.number, "status": row.get_status_display(), "day": row.due_on}
    if row.due_on is None:
        detail = _("%(number)s，%(status)s，文件未定时限") % facts
    else:
        detail = _("%(number)s，%(status)s，%(day)s截止") % facts
    path = reverse("duties:assignment", args=[row.number])
    return OpenItem(row.obligation.display_short_title, detail, path, Fate.STAYS)


def move(_leaving: Leaving) -> int:
    return 0


PART = register(Part("duties", gettext_lazy("未完成的任务"), open_items, move))
