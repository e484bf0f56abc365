"""What the units of the city reported, for tests of every endpoint: entered past the services."""

from dataclasses import dataclass

from core import clock
from reports.models import Report, Review, Submission, SupportRequest
from tests.factories.reports import (
    PeriodFactory,
    PeriodFigureFactory,
    ReportFactory,
    ReviewFactory,
    ReviewRemarkFactory,
    SectionFactory,
    SubmissionFactory,
    SupportReplyFactory,
    SupportRequestFactory,
)

LETTER = {"route": "paper", "letter_number": "测字〔2022〕1号"}


@dataclass
class Reported:
    """Of one unit: a report that came as a letter and was returned, and a request for support."""

    report: Report
    edition: Submission
    review: Review
    request: SupportRequest


def reports_of(task) -> Reported:
    now = clock.now()
    report = ReportFactory(
        assignment=task, status="returned", editions=1, returns=1, handed_in_on="2022-04-12",
        handed_in_at=now, decided_on="2022-04-13", decided_at=now,
    )  # fmt: skip
    SectionFactory(report=report)
    edition = SubmissionFactory(report=report, letter_from="测试单位", **LETTER)
    review = ReviewFactory(submission=edition, decision="returned")
    ReviewRemarkFactory(review=review, section_key="progress", field="body", reason="vague")
    request = SupportRequestFactory(enrolment=task.enrolment, report=report)
    SupportReplyFactory(request=request)
    return Reported(report, edition, review, request)


def period_of(programme, **facts):
    """An open period with a figure; it answers to a demand of the programme that is there."""
    row = PeriodFactory(programme=programme, **facts)
    PeriodFigureFactory(period=row, area=programme.areas.first())
    return row


def sing(reported: Reported, canary: str) -> None:
    """The canary in every text; an edition and its review are never changed, so one that has it is
    added."""
    texts = {
        reported.report: ("title",),
        reported.request: ("title", "text"),
    }
    for row, names in texts.items():
        for name in names:
            setattr(row, name, canary)
        row.save()
    reported.report.sections.update(body=canary, heading=canary)
    ReviewRemarkFactory(review=reported.review, text=canary)
    SupportReplyFactory(request=reported.request, text=canary, file_name=canary)
    content = {"sections": [{"key": "progress", "body": canary}]}
    edition = SubmissionFactory(
        report=reported.report, edition=2, content=content, letter_from=canary, **LETTER
    )
    ReviewFactory(submission=edition, note=canary)
