"""What somebody who leaves had to score: seats are a person's and go to nobody by themselves; open
objections of the unit stay with it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.handover import Fate, Leaving, OpenItem, Part, register

from . import paths
from .models import Objection, ReviewSeat
from .queries.desk import open_seats


def open_items(leaving: Leaving) -> list[OpenItem]:
    seats = open_seats(leaving.user, by=leaving.by) if leaving.user is not None else []
    rows = Objection.objects.visible_to(leaving.by).open()
    mine = rows.filter(scorecard__enrolment__unit=leaving.unit).for_lists().order_by("number")
    return [*map(_seat, seats), *map(_objection, mine)]


def move(_leaving: Leaving) -> int:
    """Nothing moves: who reviews a sheet is chosen anew, for the successor may be barred from it."""
    return 0


def _seat(seat: ReviewSeat) -> OpenItem:
    card = seat.scorecard
    title = _("待评分：%(unit)s") % {"unit": card.unit.display_name}
    facts = {"number": card.round.number, "title": card.round.title}
    detail = _("%(number)s“%(title)s”，由市政数局改派评分人") % facts
    return OpenItem(title, detail, paths.sheet_path(card.round.number, card.unit.code), Fate.STAYS)


def _objection(row: Objection) -> OpenItem:
    title = _("复核申请：%(name)s") % {"name": row.indicator.name}
    facts = {"number": row.number, "status": row.get_state_display()}
    detail = _("%(number)s，%(status)s") % facts
    return OpenItem(title, detail, paths.objection_path(row.number), Fate.STAYS)


PART = register(Part("evaluations", gettext_lazy("履职评价"), open_items, move))
