"""审核: the bureau opens an edition, returns it field by field or accepts it; within ten minutes the
decision may be taken back unless something was built on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core import audit, clock, moves
from core.errors import MoveNotAllowed, Refused
from duties import services as duties
from duties.choices import Move as TaskMove
from duties.models import DutyItem, Fulfilment, ItemProgress

from ..choices import (
    MOVES,
    UNDO_WITHIN,
    Completion,
    Decision,
    Field,
    Kind,
    LetterOutcome,
    Move,
    ReturnReason,
    Route,
)
from ..models import Report, Review, ReviewRemark, SectionRevision, Submission
from .writing import FACTS, lock, record, save


@dataclass(frozen=True)
class Remark:
    """What is to be changed: in which section and field (empty: the whole report), why."""

    section: str = ""
    field: str = ""
    reason: str = ""
    text: str = ""


@transaction.atomic
def open_for_review(report: Report, *, by: Any) -> Report:
    """The bureau looks at it: from now on the unit cannot recall it. Noted once an edition."""
    row = Report.rows.select_for_update(of=("self",)).for_lists().get(pk=report.pk)
    if row.status == "submitted" and row.opened_at is None:
        row.opened_at, row.opened_by = clock.now(), by
        row.save(update_fields=["opened_at", "opened_by"])
        record("open", row, by=by, after={"edition": row.editions})
    return row


@transaction.atomic
def accept(report: Report, *, by: Any, note: str = "", version: int | None = None) -> Review:
    """通过: the task is done on the day on which the edition was handed in, and each item that the
    unit named has progress.

    Raises AlreadyDecided (who, when, what), MoveNotAllowed, StaleVersion, Refused for one's own
    entry, PeriodClosed.
    """
    row, edition, before = _take(report, Move.ACCEPT, by, version)
    review = _decide(row, edition, Decision.ACCEPTED, by=by, note=note)
    save(row, Move.ACCEPT, by=by, before=before, extra={"edition": row.editions})
    key = f"report:{row.number}:{review.pk}"
    duties.fulfil(
        row.assignment,
        source_key=key,
        happened_on=edition.counts_on,
        note=f"{row.title} {row.number}"[:500],
        by=by,
    )
    _count_progress(row, edition, key, by=by)
    return review


@transaction.atomic
def return_report(
    report: Report,
    remarks: Sequence[Remark],
    *,
    by: Any,
    note: str = "",
    version: int | None = None,
) -> Review:
    """退回修改 with a reason for each field that is to be changed; the due date stays.

    Raises ValidationError without a remark or for an unknown field; else as `accept`.
    """
    row, edition, before = _take(report, Move.RETURN, by, version)
    _check(edition, remarks)
    review = _decide(row, edition, Decision.RETURNED, by=by, note=note)
    ReviewRemark.objects.bulk_create(
        ReviewRemark(
            review=review,
            section_key=each.section,
            field=each.field,
            reason=each.reason,
            text=each.text.strip()[:500],
        )
        for each in remarks
    )
    row.returns += 1
    save(row, Move.RETURN, by=by, before=before, extra={"remarks": len(remarks)})
    duties.follow_hand_in(row.assignment, TaskMove.RETURN, by=by, note=_summary(remarks))
    return review


@transaction.atomic
def undo(review: Review, *, by: Any) -> Report:
    """Take the decision back: the edition waits for review again, what it counted counts no more.

    Raises Refused after ten minutes, or when something was built on it: the unit went on writing or
    signing, the period was closed, another decision came since.
    """
    report = lock(review.submission.report, None)
    row = Review.rows.select_for_update(of=("self",)).get(pk=review.pk)
    before = audit.facts(report, FACTS)
    accepted = row.decision == Decision.ACCEPTED
    _check_undo(report, row)
    move = Move.UNDO_ACCEPT if accepted else Move.UNDO_RETURN
    report.status = moves.target(MOVES, report.status, move)
    row.undone_at, row.undone_by = clock.now(), by
    row.save(update_fields=["undone_at", "undone_by"])
    report.decided_on = report.decided_at = report.decided_by = None
    if not accepted:
        report.returns -= 1
    report = save(report, move, by=by, before=before)
    if accepted:
        _uncount(report, row, by=by)
    duties.follow_hand_in(report.assignment, TaskMove.SUBMIT, by=by)
    return report


# --- parts ---------------------------------------------------------------------------------------


class AlreadyDecided(MoveNotAllowed):
    """Somebody else decided this edition (409); the message says who, when and what."""

    code = "already_decided"


def _take(
    report: Report, move: Move, by: Any, version: int | None
) -> tuple[Report, Submission, dict[str, Any]]:
    row = lock(report, None)
    if row.kind == Kind.OVERALL:
        raise MoveNotAllowed(_("总体报告登记报送后即完成，不在这里审核。"))
    edition = row.submissions.order_by("-edition").first()
    if edition is None:
        raise MoveNotAllowed
    _refuse_decided(row, edition)
    before = audit.facts(row, FACTS)
    row.status = moves.target(MOVES, row.status, move)
    row.require_version(version)
    _refuse_own(edition, by)
    return row, edition, before


def _refuse_decided(row: Report, edition: Submission) -> None:
    known = edition.reviews.standing().select_related("decided_by").first()
    if known is not None and known.decided_at is not None:
        words = {
            "number": row.number,
            "who": known.decided_by,
            "at": f"{localtime(known.decided_at):%H:%M}",
            "what": known.get_decision_display(),
        }
        raise AlreadyDecided(_("%(number)s已由%(who)s在%(at)s审核：%(what)s，无须再处理。") % words)


def _refuse_own(edition: Submission, by: Any) -> None:
    """Whoever filed for a unit may not review it (house.md §6.7): who put it up, signed it or handed it
    in, where one body is pilot and bureau too; who registered its letter or typed any of it."""
    if by is None or by.pk not in _filers(edition):
        return
    if edition.route == Route.PAPER:
        raise Refused(_("来文由本人代录，请另一名经办人审核。"))
    raise Refused(_("这份报告由本人填报或审签，请另一名经办人审核。"))


def _filers(edition: Submission) -> set[int | None]:
    people = {edition.made_by_id}
    if edition.approval is not None:
        people.add(edition.approval.opened_by_id)
        people |= {step.decided_by_id for step in edition.approval.steps.all()}
    if edition.route == Route.PAPER:
        entered = edition.report.letters.filter(outcome=LetterOutcome.ENTERED)
        letter = entered.filter(closed_at__gte=edition.made_at).first()
        if letter is not None:
            typed = SectionRevision.objects.filter(
                section__report=edition.report,
                saved_at__range=(letter.begun_at, edition.made_at),
            )
            people |= {letter.begun_by_id, *typed.values_list("saved_by_id", flat=True)}
    return people


def _decide(row: Report, edition: Submission, decision: Decision, *, by: Any, note: str) -> Review:
    now, today = clock.now(), clock.today()
    review = Review(
        submission=edition,
        decision=decision,
        note=note.strip(),
        decided_on=today,
        decided_at=now,
        decided_by=by,
    )
    review.full_clean()
    review.save()
    row.decided_on, row.decided_at, row.decided_by = today, now, by
    return review


def _check(edition: Submission, remarks: Sequence[Remark]) -> None:
    if not remarks:
        raise ValidationError({"remarks": _("至少在一处写明要改什么，单位会在那一栏旁边看到。")})
    keys = {section["key"] for section in edition.content["sections"]} | {""}
    for place, each in enumerate(remarks):
        if each.section not in keys or each.field not in {*Field.values, ""}:
            raise ValidationError({f"remark-{place}": _("没有这一栏，刷新页面后再写。")})
        if each.reason not in {*ReturnReason.values, ""}:
            raise ValidationError({f"remark-{place}": _("没有这条退回原因，重新选择。")})
        if not each.reason and not each.text.strip():
            raise ValidationError({f"remark-{place}": _("选一条原因，或写明要改什么。")})


def _summary(remarks: Sequence[Remark]) -> str:
    """One line for the task: what the unit has to mend."""
    parts = []
    for each in remarks:
        label = str(ReturnReason(each.reason).label) if each.reason else ""
        parts.append("：".join(part for part in (label, each.text.strip()) if part))
    return "；".join(parts)[:500]


def _count_progress(row: Report, edition: Submission, key: str, *, by: Any) -> None:
    for section in edition.content["sections"]:
        if section["completion"] == Completion.UNCHANGED:
            continue
        for item in section["items"]:
            known = DutyItem.rows.applying_to(row.assignment.enrolment)
            found = known.filter(code=item["code"]).first()
            if found is not None and section["body"].strip():
                duties.record_progress(
                    found,
                    row.assignment.enrolment,
                    source_key=f"{key}:{found.code}"[:120],
                    happened_on=edition.counts_on,
                    summary=section["body"].strip()[:500],
                    by=by,
                )


def _check_undo(report: Report, row: Review) -> None:
    if row.undone_at is not None or report.status not in {"returned", "accepted"}:
        raise Refused(_("这次审核已撤销，或单位已继续办理，不能再撤销。"))
    if clock.now() - row.decided_at > UNDO_WITHIN:
        raise Refused(_("审核已超过10分钟，不能撤销。需要更正时联系单位重新报送。"))
    if report.submissions.filter(edition__gt=row.submission.edition).exists():
        raise Refused(_("单位已重新报送，不能再撤销上一次审核。"))
    later = Q(updated_at__gt=row.decided_at) | Q(attached__added_at__gt=row.decided_at)
    if report.sections.filter(later).exists():
        raise Refused(_("单位已经开始修改，不能再撤销退回。"))


def _uncount(report: Report, row: Review, *, by: Any) -> None:
    key = f"report:{report.number}:{row.pk}"
    for mark in Fulfilment.objects.filter(source_key=key, voided_at=None):
        duties.void(mark, by=by, reason=_("审核撤销"))
    for progress in ItemProgress.rows.filter(source_key__startswith=f"{key}:", voided_at=None):
        duties.void_progress(progress, by=by)
    report.assignment.refresh_from_db()
