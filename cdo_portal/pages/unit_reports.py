"""What passes between a unit and the bureau, on the unit's page: its reports by period with their
trend, requests for a later day, slips, remarks, support requests."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from duties.models import Extension, LightRule, Remark, Slip
from pilots.models import Enrolment, Unit
from reports.choices import Kind, Status
from reports.models import Report, SupportRequest
from reports.queries.overview import UnitPast, known_periods, reports_of

from .links import link
from .overview_trend import punctual, rates, unit_chart

MOST = 10  # rows of each kind; the lists have the others
TONES = {Status.ACCEPTED: "over", Status.RETURNED: "back"}


def block(
    unit: Unit, part: Enrolment | None, *, user: Any, rule: LightRule
) -> dict[str, Any] | None:
    """Context of pages/unit/reports.html of the day; None where there is nothing to show. Nine
    queries whatever the number of rows, without a part in a programme four fewer."""
    seen = Report.objects.visible_to(user).filter(assignment__enrolment__unit=unit)
    reports = {row.assignment_id: row for row in seen.select_related("period")}
    past = _past(part, user=user, rule=rule)
    found = {
        "chart": unit_chart(past),
        "rates": rates(part.programme, user=user, rule=rule, part=part) if part else "",
        "periods": [_period(row, reports) for row in past],
        "others": _others(reports.values(), rule.on),
        "exchanges": [
            group
            for group in (
                _extensions(unit, user, rule.on),
                _slips(unit, user, rule.on),
                _remarks(unit, user, rule.on),
                _support(unit, user, rule.on),
            )
            if group["items"]
        ],
        "list_url": link("reports:report-list", programme="", unit=unit.code) if reports else "",
    }
    return found if found["periods"] or found["others"] or found["exchanges"] else None


def _past(part: Enrolment | None, *, user: Any, rule: LightRule) -> list[UnitPast]:
    if part is None:
        return []
    return reports_of(known_periods(part.programme, user=user), part, user=user, rule=rule)


def _period(row: UnitPast, seen: dict[int, Report]) -> dict[str, Any]:
    line = row.line
    report = seen.get(line.task.pk)
    words = {
        Status.ACCEPTED: _("已通过"),
        Status.SUBMITTED: _("待审核"),
        Status.RETURNED: _("已退回"),
    }
    return {
        "title": row.period.title,
        "number": report.number if report else "",
        "url": link("reports:report", report.number)
        if report
        else link("duties:assignment", line.task.number),
        "word": words.get(Status(line.state), _("未报")) if line.state else _("未报"),
        "tone": TONES.get(Status(line.state), "") if line.state else "",
        "light": "" if line.is_in else line.light,
        "handed_in_on": line.report.handed_in_on if line.is_in and line.report else None,
        "punctual": punctual(row),
        "items": row.items,
    }


def _others(reports: Iterable[Report], on: date) -> list[dict[str, Any]]:
    """Summaries and overall reports that had come by the day, the newest first."""
    came = [
        row
        for row in reports
        if row.kind != Kind.PROGRESS and row.handed_in_on and row.handed_in_on <= on
    ]
    newest = sorted(came, key=lambda row: (row.handed_in_on or date.min, row.pk), reverse=True)
    return [
        {
            "url": link("reports:report", row.number),
            "title": row.title,
            "word": row.get_status_display(),
            "tone": TONES.get(Status(row.status), ""),
            "handed_in_on": row.handed_in_on,
        }
        for row in newest[:MOST]
    ]


def _item(url: str, title: str, *note: Any) -> dict[str, Any]:
    parts = [str(part) for part in note if part]
    return {"url": url, "title": title, "state": "", "word": "", "note": " · ".join(parts)}


def _extensions(unit: Unit, user: Any, on: date) -> dict[str, Any]:
    rows = Extension.objects.visible_to(user).filter(assignment__enrolment__unit=unit)
    known = rows.filter(asked_on__lte=on).select_related("assignment__obligation")
    return {
        "title": _("延期申请"),
        "url": link("duties:extension-list", programme="", unit=unit.code),
        "items": [
            _item(
                link("duties:extension", row.number),
                row.assignment.obligation.display_short_title,
                row.number,
                _("%(day)s申请延至%(wanted)s") % {"day": row.asked_on, "wanted": row.wanted_on},
                _("批准至%(day)s") % {"day": row.granted_on} if row.granted_on else "",
                row.get_state_display(),
            )
            for row in known.order_by("-asked_on", "-number")[:MOST]
        ],
    }


def _slips(unit: Unit, user: Any, on: date) -> dict[str, Any]:
    rows = Slip.objects.visible_to(user).sent().filter(assignment__enrolment__unit=unit)
    known = rows.filter(sent_on__lte=on).select_related("assignment__obligation")
    return {
        "title": _("提醒单"),
        "url": link("duties:slip-list", programme="", unit=unit.code),
        "items": [
            _item(
                link("duties:slip", row.number),
                row.assignment.obligation.display_short_title,
                row.number,
                row.label,
                _("%(day)s发出") % {"day": row.sent_on},
                row.get_state_display(),
            )
            for row in known.order_by("-sent_on", "-number")[:MOST]
        ],
    }


def _remarks(unit: Unit, user: Any, on: date) -> dict[str, Any]:
    rows = Remark.objects.visible_to(user).standing().filter(assignment__enrolment__unit=unit)
    known = rows.filter(said_on__lte=on).select_related("assignment__obligation")
    return {
        "title": _("批示"),
        "url": "",
        "items": [
            _item(
                link("duties:assignment", row.assignment.number),
                row.text,
                row.said_by,
                row.said_on,
                row.assignment.obligation.display_short_title,
            )
            for row in known.order_by("-said_on", "-number")[:MOST]
        ],
    }


def _support(unit: Unit, user: Any, on: date) -> dict[str, Any]:
    rows = SupportRequest.objects.visible_to(user).filter(enrolment__unit=unit, raised_on__lte=on)
    return {
        "title": _("问题建议与支持事项"),
        "url": link("reports:support-list", programme="", unit=unit.code),
        "items": [
            _item(
                link("reports:support", row.number) or link("unit", unit.code),
                row.title,
                row.number,
                row.get_nature_display(),
                _("%(day)s提出") % {"day": row.raised_on},
                row.get_status_display(),
            )
            for row in rows.order_by("-raised_on", "-number")[:MOST]
        ],
    }
