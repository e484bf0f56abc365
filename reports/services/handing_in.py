"""报送: an edition is frozen and goes to the bureau's desk; recalled until the bureau opens it; or
entered by the bureau as it came by letter."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from approvals.models import Approval
from core import audit, clock, document_numbers, moves
from core.errors import Refused
from duties.choices import Move as TaskMove
from duties.services import follow_hand_in

from ..choices import MOVES, Kind, Move, Route
from ..models import Report, SectionEvidence, Submission, SubmissionEvidence
from ..queries.content import digest_of, edition_of
from .writing import FACTS, lock, save


@dataclass(frozen=True)
class Letter:
    """A report that came on paper: from whom, under which number, on which day (来文日期, which counts
    for being on time)."""

    came_from: str
    came_on: date
    number: str = ""


@transaction.atomic
def enter_letter(report: Report, letter: Letter, *, by: Any, version: int | None = None) -> Report:
    """代录: the bureau enters what came as a letter; the text was typed into the sections before. It
    waits for another officer's review like any other.

    Raises ValidationError, MoveNotAllowed, StaleVersion, PeriodClosed.
    """
    row = lock(report, version)
    _check(row, letter)
    before = audit.facts(row, FACTS)
    row.status = moves.target(MOVES, row.status, Move.ENTER)
    return hand_in(row, by=by, before=before, verb=Move.ENTER, letter=letter)


@transaction.atomic
def recall(report: Report, *, by: Any, version: int | None = None) -> Report:
    """撤回: back to the unit's desk, as long as the bureau has not opened it. The edition stays.

    Raises Refused once it was opened, with who and when; MoveNotAllowed, StaleVersion, PeriodClosed.
    """
    row = lock(report, version)
    before = audit.facts(row, FACTS)
    row.status = moves.target(MOVES, row.status, Move.RECALL)
    if row.opened_at is not None:
        words = {"who": row.opened_by, "number": row.number}
        raise Refused(
            _("%(who)s已打开%(number)s，不能撤回。需要改动时请市政数局退回修改。") % words
        )
    row = save(row, Move.RECALL, by=by, before=before)
    if row.kind != Kind.OVERALL:
        follow_hand_in(row.assignment, TaskMove.RECALL, by=by, note=_("单位撤回，正在修改。"))
    return row


def hand_in(
    row: Report,
    *,
    by: Any,
    before: dict[str, Any],
    verb: str = Move.HAND_IN,
    approval: Approval | None = None,
    letter: Letter | None = None,
) -> Report:
    """Freeze the edition and carry the task along; `row` is locked and its status set."""
    now, today = clock.now(), clock.today()
    row.editions += 1
    row.handed_in_on = letter.came_on if letter else today
    row.handed_in_at = now
    row.opened_at = row.opened_by = None
    edition = _freeze(row, now, by=by, approval=approval, letter=letter)
    row = save(row, verb, by=by, before=before, extra={"sha256": edition.sha256})
    if row.kind != Kind.OVERALL:  # the overall report is done only when it was sent (报送登记)
        follow_hand_in(row.assignment, TaskMove.SUBMIT, by=by)
    return row


def _freeze(
    row: Report, now: datetime, *, by: Any, approval: Approval | None, letter: Letter | None
) -> Submission:
    content = edition_of(row)
    edition = Submission(
        report=row,
        edition=row.editions,
        content=content,
        sha256=digest_of(content),
        route=Route.PAPER if letter else Route.ONLINE,
        approval=approval,
        letter_from=letter.came_from.strip() if letter else "",
        letter_number=document_numbers.normalise(letter.number) if letter else "",
        counts_on=letter.came_on if letter else clock.today(),
        made_at=now,
        made_by=by,
    )
    edition.full_clean()
    edition.save()
    uses = SectionEvidence.objects.filter(section__report=row, section__dropped_on=None)
    SubmissionEvidence.objects.bulk_create(
        SubmissionEvidence(
            submission=edition, evidence_id=use.evidence_id, section_key=use.section.key
        )
        for use in uses.select_related("section").order_by("section__position", "id")
    )
    return edition


def _check(row: Report, letter: Letter) -> None:
    faults = {}
    if not letter.came_from.strip():
        faults["came_from"] = _("填写来文单位。")
    if letter.came_on > clock.today():
        faults["came_on"] = _("来文日期不能晚于今天。")
    if not any(not each.is_empty for each in row.sections.standing()):
        faults["body"] = _("先把来文内容录入各部分，再登记来文。")
    if faults:
        raise ValidationError(faults)
