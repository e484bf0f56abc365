"""The report before this one: what may be carried over, and what the reviewer compares with."""

from ..models import Report, Section, Submission


def earlier_report(report: Report) -> Report | None:
    """The body's newest report of an earlier period that was handed in at least once."""
    if report.period is None:
        return None
    rows = Report.rows.filter(
        kind=report.kind,
        assignment__enrolment=report.assignment.enrolment_id,
        period__starts_on__lt=report.period.starts_on,
        editions__gt=0,
    )
    return rows.select_related("period").order_by("-period__starts_on").first()


def last_edition(report: Report) -> Submission:
    """The newest edition of a report that was handed in; raises DoesNotExist for another."""
    return report.submissions.latest("edition")


def earlier_sections(report: Report) -> dict[str, dict]:
    """{section key: that section of the last edition before}, as frozen; empty when there is none."""
    before = earlier_report(report)
    if before is None:
        return {}
    return {section["key"]: section for section in last_edition(before).content["sections"]}


def earlier_section(section: Section) -> dict | None:
    return earlier_sections(section.report).get(section.key)
