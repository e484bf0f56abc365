"""汇编: everybody's problems and suggestions as one table, and all originals in the order of units."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from pilots.models import Programme

from ..choices import Chapter, Kind
from ..models import Report, Submission, SupportRequest


@dataclass(frozen=True)
class Original:
    """One report that was handed in, with its newest edition; `place` counts from 1 in the document's
    order of units."""

    place: int
    report: Report
    edition: Submission

    @property
    def label(self) -> str:
        """「序号-单位-标题」, as the folders of such collections are named."""
        unit = self.report.unit.short_name
        return f"{self.place:02d}-{unit}-{self.report.title}"


@dataclass(frozen=True)
class Line:
    """One problem, suggestion or need: who, since when, where it was said, what, and what became of
    it."""

    unit: str
    kind: str
    source: str
    text: str
    answer: str


def originals(programme: Programme, *, user: Any, kind: str, period: str = "") -> list[Original]:
    """The units' reports of a kind (of one period) that the user sees, handed in at least once."""
    rows = (
        Report.objects.visible_to(user)
        .of_programme(programme)
        .filter(kind=kind, editions__gt=0)
        .for_lists()
        .prefetch_related(
            Prefetch("submissions", Submission.rows.order_by("edition"), to_attr="frozen")
        )
        .order_by("assignment__enrolment__position", "number")
    )
    if period:
        rows = rows.filter(period__code=period)
    return [Original(place, row, row.frozen[-1]) for place, row in enumerate(rows, start=1)]


def said(programme: Programme, *, user: Any) -> list[Line]:
    """Problems and suggestions out of the summaries and of the newest progress reports, then what was
    raised by itself, each in the document's order of units."""
    summaries = originals(programme, user=user, kind=Kind.SUMMARY)
    newest = _newest(originals(programme, user=user, kind=Kind.PROGRESS))
    return [
        *(
            _line(found, section["heading"], section["body"])
            for found, section in _sections(summaries)
            if section["key"] != Chapter.PROGRESS and section["body"].strip()
        ),
        *(
            _line(found, f"{_('主要问题')}（{section['heading']}）", section["problems"])
            for found, section in _sections(newest)
            if section["problems"].strip()
        ),
        *_raised(programme, user),
    ]


def _sections(found: list[Original]) -> list[tuple[Original, dict[str, Any]]]:
    return [(each, section) for each in found for section in each.edition.content["sections"]]


def _newest(found: list[Original]) -> list[Original]:
    """Of each unit the one of the newest period."""
    newest: dict[int, Original] = {}
    for each in found:
        unit = each.report.unit.pk
        known = newest.get(unit)
        if known is None or _since(each.report) > _since(known.report):
            newest[unit] = each
    return list(newest.values())


def _since(report: Report) -> Any:
    return report.period.starts_on if report.period else report.created_at.date()


def _line(found: Original, kind: str, text: str) -> Line:
    return Line(found.report.unit.short_name, kind, found.report.number, text.strip(), "")


def _raised(programme: Programme, user: Any) -> list[Line]:
    rows = (
        SupportRequest.objects.visible_to(user)
        .filter(enrolment__programme=programme)
        .exclude(status="withdrawn")
        .for_lists()
        .prefetch_related("replies")
        .order_by("enrolment__position", "number")
    )
    return [
        Line(
            row.unit.short_name,
            str(row.get_kind_display() if row.kind else row.get_nature_display()),
            row.number,
            f"{row.title}：{row.text}",
            "\n".join(reply.text for reply in row.replies.all() if reply.move == "answer")
            or str(row.get_status_display()),
        )
        for row in rows
    ]
