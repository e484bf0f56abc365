"""Findings that are open when somebody leaves: they stay with the unit, and whoever follows should
know of them."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.handover import Fate, Leaving, OpenItem, Part, register

from .models import Finding
from .queries.findings import open_in


def open_items(leaving: Leaving) -> list[OpenItem]:
    return [_item(row) for row in open_in(leaving.unit, by=leaving.by)]


def move(_leaving: Leaving) -> int:
    """Nothing hangs on a person: findings are the unit's."""
    return 0


def _item(row: Finding) -> OpenItem:
    facts = {"number": row.number, "status": row.get_status_display(), "day": row.due_on}
    detail = _("%(number)s，%(status)s") % facts
    if row.due_on is not None:
        detail = _("%(number)s，%(status)s，整改期限%(day)s") % facts
    path = reverse("projects:finding", args=[row.number])
    title = _("发现的问题：%(title)s") % {"title": row.title}
    return OpenItem(title, detail, path, Fate.STAYS)


PART = register(Part("projects", gettext_lazy("发现的问题"), open_items, move))
