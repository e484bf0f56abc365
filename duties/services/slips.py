"""提醒单: drafted by the bureau for one task each, signed where it is the strongest, sent, answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from approvals import services as approvals
from approvals.choices import Purpose, State
from approvals.models import Approval
from core import audit, clock, moves
from core.errors import Refused
from core.models import StoredFile
from core.numbers import next_numbers
from pilots.models import Programme

from ..choices import SLIP_MOVES, SlipLevel, SlipMove, SlipState
from ..models import Assignment, Slip, SlipLabel, SlipReply
from ..queries.extensions import bureau_of
from ..queries.merging import faults_of, merged
from ..queries.slips import contact_for, label_for, labels_of, refusal_of, round_of
from .slip_writing import cancel, lock_slip, save_slip, slip_facts, stamp_sent
from .writing import lock

LONGEST = 1000  # characters of a template


@dataclass(frozen=True)
class Draft:
    """What the bureau writes for all units at once: the level, a text with merge fields, the day by
    which it wants an answer (None asks for none), and whether it leaves outside of working hours too
    (`is_at_once`, for the strongest level only)."""

    level: str
    template: str
    reply_by: date | None = None
    is_at_once: bool = False


@dataclass(frozen=True)
class Issued:
    """What became of a batch: slips sent, slips that wait for the head, and tasks left out with the
    reason."""

    sent: list[Slip]
    to_approve: list[Slip]
    left_out: list[tuple[Assignment, str]]


@transaction.atomic
def issue_slips(tasks: Iterable[Assignment], draft: Draft, *, by: Any) -> Issued:
    """A slip for each of these tasks and for no other; those that may get none today are left out
    and named. Raises ValidationError for a draft that cannot be sent."""
    check_draft(draft)
    made: list[Slip] = []
    left_out: list[tuple[Assignment, str]] = []
    # One order for everybody, and every task before the first number, so that two who send at once, or
    # send and ask for a later day, wait for each other in turn.
    tasks = sorted(tasks, key=lambda task: task.pk)
    held = Assignment.rows.select_for_update(of=("self",)).filter(pk__in=[row.pk for row in tasks])
    list(held.order_by("pk").values_list("pk"))
    for task in tasks:
        try:
            made.append(issue_slip(task, draft, by=by))
        except Refused as refusal:
            left_out.append((task, str(refusal)))
    waiting = [slip for slip in made if slip.state == SlipState.TO_APPROVE]
    return Issued([slip for slip in made if slip.is_sent], waiting, left_out)


@transaction.atomic
def issue_slip(
    assignment: Assignment, draft: Draft, *, by: Any, version: int | None = None
) -> Slip:
    """One slip: sent at once, or put up for the bureau's chain where it is the strongest.

    Raises Refused when the task is done or off the table, when a slip as strong was sent less than
    two working days ago (it is named), or for the bureau itself; StaleVersion, ValidationError.
    """
    check_draft(draft)
    task = lock(assignment, version)
    refusal = refusal_of(task, draft.level, clock.today())
    if refusal:
        raise Refused(refusal)
    row = Slip(
        number=next_numbers(Slip.rows, "TX")[0],
        assignment=task,
        issuer=bureau_of(task.programme),
        level=draft.level,
        label=label_for(task, draft.level),
        drafted_on=clock.today(),
        drafted_at=clock.now(),
        drafted_by=by,
    )
    _word(row, draft, by=by)
    if row.is_strongest:
        row.state = SlipState.TO_APPROVE
        row = save_slip(row, "draft", by=by, before=None)
        _open_round(row, by=by)
        return row
    stamp_sent(row)
    return save_slip(row, SlipMove.SEND, by=by, before=None)


@transaction.atomic
def resubmit_slip(
    slip: Slip,
    *,
    by: Any,
    template: str,
    reply_by: date | None,
    is_at_once: bool = False,
    version: int | None = None,
) -> Slip:
    """Put a slip that came back up for signing again, mended. Raises MoveNotAllowed, Refused when
    its task is done, StaleVersion, ValidationError."""
    row = lock_slip(slip, version)
    before = slip_facts(row)
    row.state = moves.target(SLIP_MOVES, row.state, SlipMove.RESUBMIT)
    draft = Draft(row.level, template, reply_by, is_at_once)
    check_draft(draft)
    _require_open(row)
    row.state_note = ""
    _word(row, draft, by=by)
    row = save_slip(row, SlipMove.RESUBMIT, by=by, before=before)
    _open_round(row, by=by)
    return row


@transaction.atomic
def cancel_slip(slip: Slip, *, by: Any, reason: str, version: int | None = None) -> Slip:
    """不再发出, before it is sent. Raises MoveNotAllowed, StaleVersion, Refused without a reason."""
    if not reason.strip():
        raise Refused(_("写明不再发出的原因。"))
    row = lock_slip(slip, version)
    moves.target(SLIP_MOVES, row.state, SlipMove.CANCEL)
    waiting = round_of(row)
    if waiting is not None and waiting.state == State.OPEN:
        approvals.drop(waiting, by=by)
    return cancel(row, reason.strip(), by=by)


@transaction.atomic
def reply_slip(
    slip: Slip,
    *,
    by: Any,
    text: str,
    file: StoredFile | None = None,
    file_name: str = "",
    version: int | None = None,
) -> SlipReply:
    """The unit's answer. The first one counts; later ones add to it. Raises MoveNotAllowed for a
    slip that was not sent, StaleVersion, ValidationError."""
    row = lock_slip(slip, version)
    before = slip_facts(row)
    row.state = moves.target(SLIP_MOVES, row.state, SlipMove.REPLY)
    if not text.strip():
        raise ValidationError({"text": _("填写“回复”")})
    reply = SlipReply(
        slip=row,
        text=text.strip(),
        file=file,
        file_name=file_name,
        replied_on=clock.today(),
        replied_at=clock.now(),
        replied_by=by,
    )
    reply.full_clean()
    reply.save()
    row.replied_on = row.replied_on or reply.replied_on
    save_slip(row, SlipMove.REPLY, by=by, before=before, after={"reply": reply.text})
    return reply


@transaction.atomic
def name_levels(programme: Programme, labels: Mapping[str, str], *, by: Any) -> dict[str, str]:
    """What the programme calls its levels from now on; slips that are out keep their name. Raises
    ValidationError by level: a name that is missing, given twice, or one of government supervision
    (督查, 督办), which is for bodies that were named for it (domain.md C.1)."""
    given = {level.value: labels.get(level, "").strip() for level in SlipLevel}
    _check_labels(given)
    Programme.rows.select_for_update(of=("self",)).get(pk=programme.pk)
    before = labels_of(programme)
    if before == given:
        return given
    for level, label in given.items():
        row = SlipLabel.rows.filter(programme=programme, level=level).first()
        row = row or SlipLabel(programme=programme, level=level)
        row.label = label
        row.full_clean()
        row.save()
    audit.record(
        "slip.name_levels",
        by=by,
        subject=programme,
        programme=programme,
        before=before,
        after=given,
    )
    return given


def check_draft(draft: Draft) -> None:
    """Raise ValidationError by field."""
    faults: dict[str, Any] = {}
    if draft.level not in SlipLevel.values:
        faults["level"] = _("选择“级别”")
    text = draft.template.strip()
    if not text:
        faults["template"] = _("填写“正文”")
    elif len(text) > LONGEST:
        facts = {"over": len(text) - LONGEST, "most": LONGEST}
        faults["template"] = _("“正文”超出上限%(over)s字，压缩到%(most)s字以内") % facts
    elif said := faults_of(text):
        faults["template"] = said
    if draft.reply_by is not None and draft.reply_by < clock.today():
        faults["reply_by"] = _("“回复期限”%(day)s已经过了") % {"day": draft.reply_by}
    if draft.is_at_once and draft.level != SlipLevel.SUPERVISE:
        faults["is_at_once"] = _("“即时发送”只用于最高一级，改选最高一级或取消勾选")
    if faults:
        raise ValidationError(faults)


# --- parts ---------------------------------------------------------------------------------------


def _word(row: Slip, draft: Draft, *, by: Any) -> None:
    task, contact = row.assignment, contact_for(row.assignment, by)
    row.template, row.reply_by = draft.template.strip(), draft.reply_by
    row.is_at_once = draft.is_at_once
    row.due_on = task.latest_on
    row.text = merged(row.template, task, contact=contact, on=clock.today())


def _require_open(row: Slip) -> None:
    task = row.assignment
    if not task.is_open():
        facts = {"number": task.number, "status": task.get_status_display()}
        raise Refused(_("%(number)s%(status)s，不用再提醒") % facts)


def _open_round(row: Slip, *, by: Any) -> Approval:
    facts = {"unit": row.unit, "task": row.assignment.obligation.short_title, "label": row.label}
    with override(settings.LANGUAGE_CODE):  # a title is kept, and read by others
        title = _("%(label)s：%(unit)s，%(task)s") % facts
    return approvals.open_approval(
        Purpose.SLIP,
        row.number,
        title=title,
        unit=row.issuer,
        programme=row.programme,
        by=by,
        length=len(row.text),
    )


def _check_labels(given: Mapping[str, str]) -> None:
    faults: dict[str, str] = {}
    for level, label in given.items():
        if not label:
            faults[level] = _("填写“%(level)s”这一级的名称") % {"level": SlipLevel(level).label}
        elif "督查" in label or "督办" in label:
            faults[level] = _(
                "“%(label)s”不能用：政府督查一类的名称只由有职权的机构使用，换一个名称"
            ) % {"label": label}
        elif list(given.values()).count(label) > 1:
            faults[level] = _("“%(label)s”用了两次，三级各起一个名称") % {"label": label}
    if faults:
        raise ValidationError(faults)
