"""What one reader sees of one report: the working copy or an edition, and what it is read beside."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..choices import Decision, Status
from ..models import Report, Review, ReviewRemark, Submission
from .allowed import reads_draft
from .checking import count
from .comparing import Part, compared
from .content import edition_of
from .earlier import earlier_report, last_edition

DRAFTED = frozenset({Status.DRAFT, Status.TO_SIGN, Status.RETURNED})


@dataclass
class Reading:
    """`edition` is the frozen one that is shown; None while it is the working copy, or nothing."""

    report: Report
    content: dict[str, Any] | None
    edition: Submission | None

    @property
    def is_working_copy(self) -> bool:
        return self.content is not None and self.edition is None

    @cached_property
    def before(self) -> Report | None:
        """The report of the period before, if there is one that was handed in."""
        return earlier_report(self.report)

    @cached_property
    def earlier(self) -> dict[str, Any] | None:
        return last_edition(self.before).content if self.before else None

    @cached_property
    def returned(self) -> Review | None:
        """The newest decision to return it, as long as the report is not accepted."""
        if self.report.status == Status.ACCEPTED or not self.report.returns:
            return None
        rows = Review.rows.standing().filter(
            submission__report=self.report, decision=Decision.RETURNED
        )
        return rows.select_related("submission", "decided_by").order_by("-id").first()

    @cached_property
    def remarks(self) -> list[ReviewRemark]:
        return list(self.returned.remarks.all()) if self.returned else []

    @property
    def general(self) -> list[ReviewRemark]:
        """Remarks on the report as a whole, or on a section that is not shown."""
        shown = {row["key"] for row in (self.content or {}).get("sections", ())}
        return [each for each in self.remarks if each.section_key not in shown]

    @cached_property
    def parts(self) -> list[Part]:
        return compared(self.content, self.earlier, self.remarks) if self.content else []

    @property
    def origins(self) -> int:
        """How many texts were carried over from a report and stand as they were."""
        texts = [told for part in self.parts for told in part.texts]
        return sum(1 for told in texts if told.origin and not told.is_drafted)

    @property
    def length(self) -> int:
        return length_of_content(self.content)

    @property
    def files(self) -> int:
        return files_of_content(self.content)


def reading_of(report: Report, user: Any) -> Reading:
    """The working copy for its own body while it is written and signed; an edition for everybody
    else, and later. A reader of neither gets no content."""
    if report.status in DRAFTED and reads_draft(report, user):
        return Reading(report, edition_of(report), None)
    edition = report.submissions.select_related("made_by", "approval").order_by("-edition").first()
    return Reading(report, edition.content if edition else None, edition)


def length_of_content(content: dict[str, Any] | None) -> int:
    """Characters of the texts, without white space."""
    names = ("body", "problems", "next_steps")
    rows = (content or {}).get("sections", ())
    return sum(count(row[name]) for row in rows for name in names)


def files_of_content(content: dict[str, Any] | None) -> int:
    """How many different files lie with it."""
    rows = (content or {}).get("sections", ())
    return len({file["id"] for row in rows for file in row["evidence"]})


def minutes(length: int) -> int:
    """How long reading takes, at 400 characters a minute, rounded up."""
    return max(1, -(-length // 400))
