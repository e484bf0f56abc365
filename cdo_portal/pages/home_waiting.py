"""待我审核 on the bureau's desk: reports, requests for a later day, filings and support requests that
wait for its answer, the longest waiting first."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from core import clock
from core.models import counts_of
from duties.choices import ExtensionState
from duties.models import Extension
from evaluations.models import Objection
from officers.models import Filing
from officers.queries import desks
from pilots.models import Programme
from reports.models import Report, SupportRequest
from reports.queries.desk import waiting_for
from trainings.models import Declaration

from .links import link

MOST = 10  # rows; each number opens the list with all of its kind


class Waiting(NamedTuple):
    """One thing that waits since `since`."""

    since: date
    number: str
    url: str
    title: str
    kind: str

    def item(self, today: date) -> dict[str, Any]:
        """A row of components/todo.html."""
        days = max((today - self.since).days, 0)
        waited = _("已等%(days)s天") % {"days": days} if days else _("今天送到")
        parts = (self.kind, self.number, waited)
        return {
            "url": self.url,
            "title": self.title,
            "state": "",
            "word": "",
            "note": " · ".join(parts),
        }


def waiting_block(programme: Programme, user: Any) -> dict[str, Any]:
    """Context of pages/home/desk/waiting.html: `facts` with a number a kind, the first `items` of all
    kinds together, `count` of what the reader answers. Filings are counted beside the register."""
    today = clock.today()
    reports = waiting_for(user, programme)
    extensions = Extension.objects.visible_to(user).filter(
        state=ExtensionState.ASKED, assignment__enrolment__programme=programme
    )
    filings = desks.waiting_for(user, today).filter(programme=programme)
    support = SupportRequest.objects.visible_to(user).open().filter(enrolment__programme=programme)
    objections = (
        Objection.objects.visible_to(user).open().filter(scorecard__round__programme=programme)
    )
    declared = Declaration.objects.visible_to(user).waiting().filter(event__programme=programme)
    counts = counts_of(
        reports=reports,
        extensions=extensions,
        filings=filings,
        support=support,
        declared=declared,
        objections=objections,
    )
    asked, raised = ("asked_on", "number"), ("raised_on", "number")
    found = [
        *(_reports(reports[:MOST]) if counts["reports"] else ()),
        *(
            _extensions(extensions.for_lists().order_by(*asked)[:MOST])
            if counts["extensions"]
            else ()
        ),
        *(_filings(filings.for_lists()[:MOST]) if counts["filings"] else ()),
        *(_support(support.for_lists().order_by(*raised)[:MOST]) if counts["support"] else ()),
        *(_declared(declared.for_lists()[:MOST]) if counts["declared"] else ()),
        *(
            _objections(objections.for_lists().order_by(*raised)[:MOST])
            if counts["objections"]
            else ()
        ),
    ]
    first = sorted(found, key=lambda row: (row.since, row.number))[:MOST]
    return {
        "count": sum(
            counts[name] for name in ("reports", "extensions", "support", "declared", "objections")
        ),
        "facts": _facts(programme, counts),
        "items": [row.item(today) for row in first],
    }


def _facts(programme: Programme, counts: dict[str, int]) -> list[dict[str, Any]]:
    code = {"programme": programme.code}
    asked = {**code, "state": ExtensionState.ASKED.value}
    found = (
        (_("待审核报告"), counts["reports"], link("reports:review-queue", **code)),
        (_("延期申请"), counts["extensions"], link("duties:extension-list", **asked)),
        (_("支持事项"), counts["support"], link("reports:support-list", **code, open="true")),
        (
            _("参加情况申报"),
            counts["declared"],
            link("trainings:event-list", **code, declared="true"),
        ),
        (
            _("复核申请"),
            counts["objections"],
            link("evaluations:objection-list", **code, state="asked"),
        ),
    )
    return [
        {
            "label": label,
            "value": value,
            "url": url if value else "",
            "tone": "due" if value else "",
        }
        for label, value, url in found
    ]


def _objections(rows: Iterable[Objection]) -> list[Waiting]:
    return [
        Waiting(
            row.raised_on,
            row.number,
            link("evaluations:objection", row.number),
            f"{row.unit.display_name} {row.indicator.name}",
            _("复核申请"),
        )
        for row in rows
    ]


def _declared(rows: Iterable[Declaration]) -> list[Waiting]:
    return [
        Waiting(
            row.declared_on,
            row.event.number,
            link("trainings:event", row.event.number),
            f"{row.unit.display_name} {row.event.title}",
            _("参加情况申报"),
        )
        for row in rows
    ]


def _reports(rows: Iterable[Report]) -> list[Waiting]:
    """Straight into the review screen."""
    return [
        Waiting(
            row.handed_in_on,
            row.number,
            link("reports:review", row.number),
            row.title,  # begins with the body's name
            str(row.get_kind_display()),
        )
        for row in rows
        if row.handed_in_on
    ]


def _extensions(rows: Iterable[Extension]) -> list[Waiting]:
    return [
        Waiting(
            row.asked_on,
            row.number,
            link("duties:extension", row.number),
            f"{row.assignment.unit.display_name} {row.assignment.obligation.display_short_title}",
            _("延期申请"),
        )
        for row in rows
    ]


def _filings(rows: Iterable[Filing]) -> list[Waiting]:
    return [
        Waiting(
            row.reported_on,
            row.number,
            link("officers:filing", row.number),
            f"{row.unit.display_name} {row.title}",
            _("备案"),
        )
        for row in rows
    ]


def _support(rows: Iterable[SupportRequest]) -> list[Waiting]:
    return [
        Waiting(
            row.raised_on,
            row.number,
            link("reports:support", row.number),
            f"{row.enrolment.unit.display_name} {row.title}",
            _("支持事项"),
        )
        for row in rows
    ]
