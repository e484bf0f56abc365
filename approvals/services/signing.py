"""One round of signing: put up, signed step by step online or on paper, sent back, recalled.

The app that owns the thing calls these in its own transaction and moves its own row by what comes
back: `approval.state` is SIGNED after the last step.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, clock, moves
from core.errors import Refused
from core.models import StoredFile
from core.numbers import next_numbers
from pilots.models import Programme, Unit

from ..choices import FOUR_EYES, MOVES, Decision, Move, Purpose, Route, State
from ..models import Approval, ApprovalStep
from ..queries import chain_of, lender_of, require_signer, require_writer


@dataclass(frozen=True)
class PaperSignature:
    """Who signed the 审签单 by hand, and when."""

    name: str
    on: date
    remark: str = ""


@transaction.atomic
def open_approval(
    purpose: Purpose,
    subject: str,
    *,
    title: str,
    unit: Unit,
    programme: Programme,
    by: Any,
    length: int = 0,
    due_on: date | None = None,
) -> Approval:
    """Put a thing up for signing by its unit's chain; a new round each time. `length` is in
    characters. Raises ValidationError while a round is open."""
    row = Approval(
        number=next_numbers(Approval.rows, "SQ")[0],
        purpose=purpose,
        subject=subject,
        title=title[:200],
        unit=unit,
        programme=programme,
        round=Approval.rows.of(subject).count() + 1,
        length=length,
        due_on=due_on,
        opened_on=clock.today(),
        opened_at=clock.now(),
        opened_by=by,
    )
    row.full_clean()
    row.save()
    steps = [
        ApprovalStep(
            approval=row,
            position=place,
            kind=step.kind,
            signer=reserved(step.kind, step.signer, by),
        )
        for place, step in enumerate(chain_of(unit, purpose), start=1)
    ]
    ApprovalStep.objects.bulk_create(steps)
    after = {"subject": subject, "round": row.round, "steps": [step.kind for step in steps]}
    _record("open", row, by=by, after=after)
    return row


@transaction.atomic
def agree(approval: Approval, *, by: Any, remark: str = "", version: int | None = None) -> Approval:
    """同意: the step that waits is signed; after the last one the round is SIGNED.

    Raises MoveNotAllowed when the round is over, StaleVersion, PermissionRefused.
    """
    row, step = _lock(approval, version, by)
    _decide(step, Decision.AGREED, by=by, remark=remark)
    return _advance(row, by=by, step=step)


@transaction.atomic
def send_back(approval: Approval, *, by: Any, reason: str, version: int | None = None) -> Approval:
    """退回修改 with what is to be changed; ends the round. Raises Refused without a reason."""
    if not reason.strip():
        raise Refused(_("写明要改什么，拟稿人会看到。"))
    row, step = _lock(approval, version, by)
    _decide(step, Decision.SENT_BACK, by=by, remark=reason)
    # The reason stands on the step, for those who read the round: the record is read by the bureau too.
    return _close(row, Move.SEND_BACK, by=by, after={"step": step.kind})


@transaction.atomic
def recall(approval: Approval, *, by: Any, version: int | None = None) -> Approval:
    """Taken back by those who write for the unit, before the last signature. Raises MoveNotAllowed,
    StaleVersion, PermissionRefused."""
    row = _locked(approval, version)
    require_writer(row, by)
    return _close(row, Move.RECALL, by=by, after={})


@transaction.atomic
def drop(approval: Approval, *, by: Any) -> Approval:
    """The thing itself was withdrawn: the app that owns it has seen to the right, and the round ends
    with it, whoever put it up. Raises MoveNotAllowed."""
    return _close(_locked(approval, None), Move.RECALL, by=by, after={})


@transaction.atomic
def record_paper(
    approval: Approval,
    signatures: Sequence[PaperSignature],
    *,
    scan: StoredFile,
    scan_name: str,
    by: Any,
    version: int | None = None,
) -> Approval:
    """What was signed by hand on the printed 审签单: one signature a step, beginning with the one that
    waits; the scan stands beside each. Whoever writes for the unit may enter it.

    Raises MoveNotAllowed, StaleVersion, PermissionRefused, ValidationError for names and days.
    """
    row = _locked(approval, version)
    moves.target(MOVES, row.state, Move.SIGN)
    require_writer(row, by)
    waiting = [step for step in row.steps.all() if not step.decision]
    _check_paper(row, waiting, signatures)
    for step, signature in zip(waiting, signatures, strict=False):
        step.scan, step.scan_name = scan, scan_name
        _decide(step, Decision.AGREED, by=by, remark=signature.remark, paper=signature)
        row = _advance(row, by=by, step=step)
    return row


# --- parts ---------------------------------------------------------------------------------------


def reserved(kind: str, signer: User | None, drafter: Any) -> User | None:
    """For whom a step is kept: nobody signs alone for the section what he or she drafted, so that
    whoever else holds the step's role does."""
    return None if kind in FOUR_EYES and signer is not None and signer == drafter else signer


def _locked(approval: Approval, version: int | None) -> Approval:
    rows = Approval.rows.select_for_update(of=("self",)).select_related("unit", "programme")
    row = rows.prefetch_related("steps__signer").get(pk=approval.pk)
    row.require_version(version)
    return row


def _lock(approval: Approval, version: int | None, by: Any) -> tuple[Approval, ApprovalStep]:
    row = _locked(approval, version)
    moves.target(MOVES, row.state, Move.SIGN)
    return row, require_signer(row, by)


def _decide(
    step: ApprovalStep,
    decision: Decision,
    *,
    by: Any,
    remark: str,
    paper: PaperSignature | None = None,
) -> None:
    step.decision, step.remark = decision, remark.strip()
    step.decided_at, step.decided_by = clock.now(), by
    if paper is None:
        step.route, step.signed_on = Route.ONLINE, clock.today()
        step.signed_name = str(by.display_name or by)[:60]
        step.on_behalf_of = lender_of(step, by)[:60]
    else:
        step.route, step.signed_on, step.signed_name = Route.PAPER, paper.on, paper.name.strip()
    step.full_clean()
    step.save()


def _advance(row: Approval, *, by: Any, step: ApprovalStep) -> Approval:
    after = {"step": step.kind, "name": step.signed_name, "route": step.route}
    if step.on_behalf_of:
        after["on_behalf_of"] = step.on_behalf_of
    if all(each.decision for each in row.steps.all()):
        return _close(row, Move.SIGN, by=by, after=after)
    row.version += 1
    row.save(update_fields=["version"])
    _record("agree", row, by=by, after=after)
    return row


def _close(row: Approval, move: Move, *, by: Any, after: dict[str, Any]) -> Approval:
    row.state = moves.target(MOVES, row.state, move)
    row.closed_at = clock.now()
    row.version += 1
    row.full_clean()
    row.save()
    _record(move, row, by=by, after=after | {"state": State(row.state).value})
    return row


def _check_paper(
    row: Approval, waiting: list[ApprovalStep], signatures: Sequence[PaperSignature]
) -> None:
    faults: dict[str, str] = {}
    if not signatures or len(signatures) > len(waiting):
        faults["signatures"] = _("还有%(count)s步待签，按顺序填写签署人和日期。") % {
            "count": len(waiting)
        }
    for place, signature in enumerate(signatures):
        if not signature.name.strip():
            faults[f"name-{place}"] = _("填写签署人姓名。")
        if signature.on > clock.today():
            faults[f"on-{place}"] = _("签署日期不能晚于今天。")
        elif signature.on < row.opened_on:
            words = {"day": row.opened_on}
            faults[f"on-{place}"] = _("签署日期不能早于提交审签的%(day)s。") % words
    if faults:
        raise ValidationError(faults)


def _record(verb: str, row: Approval, *, by: Any, after: dict[str, Any]) -> None:
    audit.record(
        f"approval.{verb}",
        by=by,
        subject=row,
        unit=row.unit,
        programme=row.programme,
        after=after,
    )
