"""What a year's progress reports say, put together for the summary (工作总结)."""

from dataclasses import dataclass, field

from ..choices import Chapter, Kind, Status
from ..models import Report
from .earlier import last_edition


@dataclass(frozen=True)
class SummedUp:
    """`texts` by chapter key; `origin` the numbers of the reports they come from, 「、」 between."""

    origin: str = ""
    texts: dict[str, str] = field(default_factory=dict)


def summed_up(report: Report) -> SummedUp:
    """The accepted progress reports of the same body, oldest first: what was done by area and period,
    and the problems. Suggestions are nowhere asked for in them: that chapter stays empty."""
    rows = (
        Report.rows.filter(
            kind=Kind.PROGRESS,
            status=Status.ACCEPTED,
            assignment__enrolment=report.assignment.enrolment_id,
        )
        .select_related("period")
        .order_by("period__starts_on")
    )
    done: dict[str, list[str]] = {}
    problems: list[str] = []
    numbers = []
    for row in rows:
        numbers.append(row.number)
        for section in last_edition(row).content["sections"]:
            _add(section, str(row.period), done, problems)
    texts = {
        Chapter.PROGRESS.value: "\n".join(
            "\n".join([f"{place}．{heading}", *lines])
            for place, (heading, lines) in enumerate(done.items(), start=1)
        ),
        Chapter.PROBLEMS.value: "\n".join(problems),
        Chapter.SUGGESTIONS.value: "",
    }
    return SummedUp("、".join(numbers), texts)


def _add(section: dict, period: str, done: dict[str, list[str]], problems: list[str]) -> None:
    """A text that was only carried over says nothing new and is not said twice."""
    if section["body"].strip() and "body" not in section["origins"]:
        done.setdefault(section["heading"], []).append(f"{period}：{section['body'].strip()}")
    if section["problems"].strip() and "problems" not in section["origins"]:
        problems.append(f"{section['heading']}（{period}）：{section['problems'].strip()}")
