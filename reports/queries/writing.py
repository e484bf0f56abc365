"""What the writer's page needs besides the sections: how far each is, what last period said, what came
back from the review, what another window left behind."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q

from approvals.choices import Purpose, StepKind
from approvals.queries import Planned, chain_of, may_be_named
from approvals.queries.waiting import SIGNERS
from duties.models import Assignment, DutyItem
from pilots.access import memberships_of

from ..choices import LIMITS, Decision, Kind, Saving
from ..models import (
    Evidence,
    Period,
    PeriodFigure,
    Report,
    ReviewRemark,
    Section,
    SectionRevision,
)
from .allowed import open_letter, writes_for
from .checking import Fault
from .earlier import earlier_report, earlier_sections
from .summing import summed_up

UNWRITTEN, HALF, DONE = "unwritten", "half", "done"
# Minutes that one section takes: from nothing, with last period's words at hand, one figure.
FROM_NOTHING, WITH_WORDS, ONE_FIGURE = Decimal(2), Decimal(1), Decimal("0.5")


@dataclass(frozen=True)
class Before:
    """What was reported before: `number` of the report, `title` for its link, and by section key the
    texts, the figures by name, and 完成情况. A summary's chapters come from the year's reports; then
    `number` names them all and there is no single page to open."""

    number: str = ""
    is_one: bool = False
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    figures: dict[str, dict[str, str]] = field(default_factory=dict)

    def text(self, key: str, name: str) -> str:
        return self.texts.get(key, {}).get(name, "").strip()


def before(report: Report) -> Before:
    """What may be carried over into this report, and its origin."""
    if report.kind == Kind.SUMMARY:
        found = summed_up(report)
        texts = {key: {"body": text} for key, text in found.texts.items()}
        return Before(found.origin, False, texts)
    earlier = earlier_report(report)
    if earlier is None:
        return Before()
    sections = earlier_sections(report)
    return Before(
        earlier.number,
        True,
        {key: {name.value: each[name.value] for name in LIMITS} for key, each in sections.items()},
        {
            key: {one["name"]: one["value"] or "" for one in each["figures"]}
            for key, each in sections.items()
        },
    )


def sections_of(report: Report) -> list[Section]:
    """The standing sections in their order, ready for a page; each knows its report."""
    rows = (
        report.sections.standing()
        .select_related("area", "updated_by")
        .prefetch_related(
            "items",
            "figures",
            "attached__evidence__stored",
            "attached__evidence__uploaded_by",
        )
        .order_by("position", "id")
    )
    found = list(rows)
    for row in found:
        row.report = report
    return found


def figures_by_area(report: Report) -> dict[int, list[PeriodFigure]]:
    """The key figures that the bureau asks for, by id of the duty area."""
    found: dict[int, list[PeriodFigure]] = {}
    rows = PeriodFigure.objects.filter(period=report.period_id, withdrawn_on=None)
    for row in rows.order_by("position", "id") if report.period_id else ():
        found.setdefault(row.area_id, []).append(row)
    return found


def items_by_area(report: Report) -> dict[int, list[DutyItem]]:
    """The items that apply to the body, by id of the duty area."""
    found: dict[int, list[DutyItem]] = {}
    rows = DutyItem.rows.applying_to(report.assignment.enrolment)
    for row in rows.order_by("area_id", "position", "id"):
        found.setdefault(row.area_id, []).append(row)
    return found


def state_of(section: Section, faults: Iterable[Fault]) -> str:
    """未写, 写了一半 or 已写完: finished is what would go through as it is."""
    if not any(fault.section == section.key for fault in faults):
        return DONE
    has_figures = any(row.value is not None for row in section.figures.all())
    begun = not section.is_empty or section.completion or has_figures or section.attached.all()
    return HALF if begun else UNWRITTEN


def minutes_left(report: Report, sections: Iterable[Section], faults: list[Fault]) -> int:
    """About how long the rest takes; 0 when nothing is missing."""
    said, asked = before(report), figures_by_area(report)
    total = Decimal(0)
    for row in sections:
        if state_of(row, faults) == DONE:
            continue
        total += WITH_WORDS if said.text(row.key, "body") else FROM_NOTHING
        total += ONE_FIGURE * len(asked.get(row.area_id or 0, ()))
    return int(total.to_integral_value(rounding="ROUND_CEILING"))


def remarks_of(report: Report) -> dict[tuple[str, str], list[ReviewRemark]]:
    """What the last review sent back, by (section key, field); empty once a newer edition went in."""
    edition = report.submissions.order_by("-edition").first()
    found: dict[tuple[str, str], list[ReviewRemark]] = {}
    if edition is None or not report.is_writable:
        return found
    reviews = edition.reviews.filter(undone_at=None, decision=Decision.RETURNED)
    for remark in ReviewRemark.objects.filter(review__in=reviews).order_by("id"):
        found.setdefault((remark.section_key, remark.field), []).append(remark)
    return found


def revisions_for(report: Report, user: Any) -> Any:
    """The former texts of the report's sections that the user reads: whoever enters a letter those
    since it came, for what the unit had written before is its own matter."""
    rows = SectionRevision.objects.filter(section__report=report)
    letter = open_letter(report)
    if letter is None or writes_for(report, user):
        return rows
    return rows.filter(saved_at__gte=letter.begun_at)


def unsettled(report: Report, user: Any) -> dict[int, SectionRevision]:
    """{id of a section: the text that another window saved too late}, as long as nobody has chosen."""
    rows = revisions_for(report, user).order_by("section_id", "-id")
    newest = rows.distinct("section_id").select_related("saved_by")
    return {row.section_id: row for row in newest if row.kind == Saving.CONFLICT}


def library(report: Report, user: Any, words: str = "") -> list[Evidence]:
    """The unit's files of the programme that the user sees, the newest first; `words` is sought in the
    name."""
    enrolment = report.assignment.enrolment
    rows = Evidence.objects.visible_to(user)
    rows = rows.filter(unit=enrolment.unit_id, programme=enrolment.programme_id)
    if words.strip():
        rows = rows.filter(name__icontains=words.strip())
    return list(rows.select_related("stored", "uploaded_by")[:200])


def may_carry_all(report: Report) -> bool:
    """Whether 「本期整体无变化，沿用上期」 is on offer."""
    return report.kind == Kind.PROGRESS and earlier_report(report) is not None


def chain_purpose(report: Report) -> str:
    return Purpose.OVERALL if report.kind == Kind.OVERALL else Purpose.REPORT


def first_step(report: Report) -> Planned:
    """The step that the report comes to once it is put up."""
    return chain_of(report.unit, chain_purpose(report))[0]


def signs_first(report: Report, user: Any) -> bool:
    """Whether the writer may sign the first step in the same act: the rule of approvals.may_sign, before
    there is a round."""
    step = first_step(report)
    held = [row for row in memberships_of(user) if row.unit_id == report.unit.pk]
    if step.signer is not None:
        lent = step.kind == StepKind.CDO and step.signer.pk in {row.delegated_by_id for row in held}
        is_own = step.signer.pk == user.pk
        return lent or (is_own and may_be_named(step.kind, user, report.unit.pk))
    roles, drafter_too = SIGNERS[step.kind]
    return drafter_too and any(row.role in roles for row in held)


def starts_from(task: Assignment) -> Report | None:
    """The report of an earlier period from which the task's new one could carry over; None for a
    summary, which is put together of many."""
    period = Period.rows.filter(obligation=task.obligation_id, code=task.occurrence).first()
    if period is None:
        return None
    return earlier_report(Report(kind=Kind.PROGRESS, assignment=task, period=period))


def used_in(evidence: Evidence, seen: Any) -> list[Report]:
    """The reports, among those of `seen`, with which the file lies: in an edition, or in a draft."""
    lies = Q(submissions__files__evidence=evidence) | Q(sections__attached__evidence=evidence)
    return list(seen.filter(lies).distinct().order_by("-created_at"))
