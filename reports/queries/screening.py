"""自动检查 of what waits for the bureau: what a reviewer would look at first, never a verdict."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core import clock

from ..choices import Completion
from ..models import Report, Submission
from .reading import files_of_content, length_of_content

SAME_FIGURES, NO_EVIDENCE, SAME_TEXT, LATE = "same_figures", "no_evidence", "same_text", "late"
# Evidence is never demanded (ux.md §2.4): that there is none is said, and holds nothing up.
HINTS = frozenset({NO_EVIDENCE})


@dataclass(frozen=True)
class Screened:
    """What waits, with what the check found: `findings` is [(code, words, section key)], hints
    among them. `before` is the content of the report of the period before, or None."""

    report: Report
    edition: Submission
    before: dict[str, Any] | None
    findings: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found but hints, so that it may be passed with others."""
        return all(code in HINTS for code, _words, _key in self.findings)

    @property
    def days(self) -> int:
        """How many days it has been waiting."""
        return self.report.days_waiting(clock.today())

    @property
    def words(self) -> list[str]:
        """What keeps it from being passed with others."""
        return list(dict.fromkeys(say for code, say, _key in self.findings if code not in HINTS))

    @property
    def hints(self) -> list[str]:
        """What a reviewer may like to know, and no more."""
        return [say for code, say, _key in self.findings if code in HINTS]

    @property
    def notes(self) -> list[dict[str, Any]]:
        """The findings by what they say, without the hints: [{"words", "places": [(section key,
        heading)]}]."""
        headings = {each["key"]: each["heading"] for each in self.edition.content["sections"]}
        found: dict[str, list[tuple[str, str]]] = {}
        for code, words, key in self.findings:
            if code in HINTS:
                continue
            places = found.setdefault(words, [])
            if key:
                places.append((key, headings[key]))
        return [{"words": words, "places": places} for words, places in found.items()]

    @property
    def length(self) -> int:
        return length_of_content(self.edition.content)

    @property
    def files(self) -> int:
        return files_of_content(self.edition.content)


def screened(reports: Iterable[Report]) -> list[Screened]:
    """The reports with their last editions, each checked against the one before: three queries,
    however many they are. A report that was never handed in is left out."""
    rows = list(reports)
    editions = _last_editions(row.pk for row in rows)
    earlier = _earlier(rows)
    texts = _last_editions(earlier.values())
    found = []
    for row in rows:
        if row.pk not in editions:
            continue
        before = texts.get(earlier.get(row.pk, 0))
        content = before.content if before else None
        edition = editions[row.pk]
        found.append(Screened(row, edition, content, _findings(row, edition.content, content)))
    return found


def _last_editions(ids: Iterable[int]) -> dict[int, Submission]:
    rows = Submission.rows.filter(report_id__in=list(ids)).order_by("report_id", "-edition")
    return {row.report_id: row for row in rows.distinct("report_id").select_related("made_by")}


def _earlier(rows: list[Report]) -> dict[int, int]:
    """{id of a report: id of the body's newest report of an earlier period that was handed in}."""
    asked = [row for row in rows if row.period is not None]
    known = Report.rows.filter(
        assignment__enrolment_id__in={row.assignment.enrolment_id for row in asked},
        kind__in={row.kind for row in asked},
        period__isnull=False,
        editions__gt=0,
    ).order_by("period__starts_on")
    facts = list(known.values_list("pk", "kind", "assignment__enrolment_id", "period__starts_on"))
    found: dict[int, int] = {}
    for row in asked:
        for pk, kind, enrolment, starts_on in facts:
            same = (kind, enrolment) == (row.kind, row.assignment.enrolment_id)
            if same and row.period is not None and starts_on < row.period.starts_on:
                found[row.pk] = pk  # the last one that fits is the newest
    return found


def _findings(
    row: Report, content: dict[str, Any], before: dict[str, Any] | None
) -> list[tuple[str, str, str]]:
    known = {each["key"]: each for each in (before or {}).get("sections", ())}
    found = []
    for section in content["sections"]:
        old = known.get(section["key"])
        if old and _same_figures(section, old):
            found.append((SAME_FIGURES, _("数字与上期相同"), section["key"]))
        if old and _same_text(section, old):
            found.append((SAME_TEXT, _("与上期相同未说明"), section["key"]))
    is_news = any(each["completion"] != Completion.UNCHANGED for each in content["sections"])
    if is_news and not files_of_content(content):
        found.append((NO_EVIDENCE, _("无佐证"), ""))
    if row.was_late():
        found.append((LATE, _("逾期报送"), ""))
    return found


def _same_figures(section: dict[str, Any], old: dict[str, Any]) -> bool:
    """Whether every figure that both give is the same; none that only one gives."""
    was = {each["name"]: each["value"] for each in old["figures"] if each["value"] is not None}
    both = [
        (each["value"], was[each["name"]])
        for each in section["figures"]
        if each["name"] in was and each["value"] is not None
    ]
    return bool(both) and all(new == before for new, before in both)


def _same_text(section: dict[str, Any], old: dict[str, Any]) -> bool:
    text = section["body"].strip()
    is_said = section["completion"] == Completion.UNCHANGED
    return bool(text) and text == old["body"].strip() and not is_said
