"""Reports of somebody who leaves: they are the unit's, and whoever follows goes on with them."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.handover import Fate, Leaving, OpenItem, Part, register

from .choices import SUPPORT_OPEN, Status, SupportStatus
from .models import Report, SupportRequest

UNFINISHED = (Status.DRAFT, Status.TO_SIGN, Status.SUBMITTED, Status.RETURNED)


def open_items(leaving: Leaving) -> list[OpenItem]:
    """Those of the unit that are not accepted, as far as whoever hands over sees them: in a small
    unit nobody else may know of them."""
    rows = Report.objects.visible_to(leaving.by).filter(
        assignment__enrolment__unit=leaving.unit, status__in=UNFINISHED
    )
    return [_item(row) for row in rows.select_related("assignment").order_by("number")]


def move(_leaving: Leaving) -> int:
    """Nothing hangs on a person: reports are the unit's."""
    return 0


def _item(row: Report) -> OpenItem:
    facts = {
        "number": row.number,
        "status": row.get_status_display(),
        "day": row.assignment.due_on,
    }
    detail = _("%(number)s，%(status)s") % facts
    if row.assignment.due_on is not None:
        detail = _("%(number)s，%(status)s，%(day)s截止") % facts
    title = _("报告：%(title)s") % {"title": row.title}
    return OpenItem(title, detail, reverse("reports:report", args=[row.number]), Fate.STAYS)


PART = register(Part("reports", gettext_lazy("报告"), open_items, move))


def open_requests(leaving: Leaving) -> list[OpenItem]:
    """Requests for support that are not answered, or whose answer the unit has not confirmed."""
    rows = SupportRequest.objects.visible_to(leaving.by).filter(
        enrolment__unit=leaving.unit, status__in=(*SUPPORT_OPEN, SupportStatus.ANSWERED)
    )
    return [_request(row) for row in rows.order_by("number")]


def _request(row: SupportRequest) -> OpenItem:
    title = _("支持事项：%(title)s") % {"title": row.title}
    facts = {"number": row.number, "status": row.get_status_display()}
    detail = _("%(number)s，%(status)s") % facts
    return OpenItem(title, detail, reverse("reports:support", args=[row.number]), Fate.STAYS)


SUPPORT = register(Part("support", gettext_lazy("支持事项"), open_requests, move))
