"""Events that a unit planned and has yet to hold when somebody leaves: they stay with the unit."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.handover import Fate, Leaving, OpenItem, Part, register

from .models import Event
from .queries.listing import open_in


def open_items(leaving: Leaving) -> list[OpenItem]:
    return [_item(row) for row in open_in(leaving.unit, by=leaving.by, on=leaving.on)]


def move(_leaving: Leaving) -> int:
    """Nothing hangs on a person: events are the unit's."""
    return 0


def _item(row: Event) -> OpenItem:
    facts = {"number": row.number, "status": row.get_status_display(), "day": row.starts_on}
    detail = _("%(number)s，%(status)s，%(day)s开始") % facts
    title = f"{row.get_kind_display()}：{row.title}"
    return OpenItem(title, detail, reverse("trainings:event", args=[row.number]), Fate.STAYS)


PART = register(Part("trainings", gettext_lazy("培训和会议"), open_items, move))
