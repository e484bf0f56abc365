"""总体报告: chosen, drafted, signed by the bureau's chain, and closed only by its 报送登记."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import audit, clock, document_numbers, moves
from core.errors import MoveNotAllowed, Refused
from core.models import StoredFile
from duties import services as duties
from duties.models import Fulfilment
from pilots.models import Unit

from ..choices import DRAFTED, MOVES, Chapter, Kind, Move, Part, Saving
from ..models import Dispatch, Passage, Report, Section, SectionRevision, Submission
from ..queries.content import content_of
from ..queries.overall import (
    chosen_texts,
    demands_of,
    pilots_count,
    progress_of,
)
from .writing import FACTS, lock, record, save


@dataclass(frozen=True)
class Pick:
    """One passage: a unit's edition, the section in it, the field (body, problems, next_steps)."""

    submission: Submission
    section: str
    field: str = "body"


@dataclass(frozen=True)
class Sending:
    """报送登记: who signed the document, its number, the day it was sent, to whom, its scan."""

    signed_by_name: str
    document_number: str
    sent_on: date
    receiver: Unit
    scan: StoredFile | None = None
    scan_name: str = ""


@transaction.atomic
def choose_passages(
    report: Report, picks: Iterable[Pick], *, by: Any, version: int | None = None
) -> list[Passage]:
    """Make these the passages of the draft. Raises MoveNotAllowed, StaleVersion, Refused for one of
    another programme or one that says nothing."""
    row = _draft(report, version)
    wanted = {(pick.submission.pk, pick.section, pick.field): pick for pick in picks}
    known = {
        (each.submission_id, each.section_key, each.field): each for each in row.passages.all()
    }
    for key, passage in known.items():
        if key not in wanted:
            passage.delete()
    for key, pick in wanted.items():
        if key not in known:
            _choose(row, pick, by=by)
    if wanted.keys() != known.keys():
        _touch(row)  # whoever chose from what was there before is told
        record("choose", row, by=by, after={"passages": len(wanted)})
    return list(row.passages.order_by("id"))


@transaction.atomic
def draft_overall(report: Report, *, by: Any, version: int | None = None) -> Report:
    """Put the text together by part from figures, accepted progress and the chosen passages. What was
    changed by hand since it was drafted stays as it is. Raises MoveNotAllowed, StaleVersion."""
    row = _draft(report, version)
    with override(settings.LANGUAGE_CODE):  # the record is Chinese, whoever drafts reads English
        parts = _parts(row, clock.today())
    known = {section.key: section for section in row.sections.all()}
    for place, (key, area, heading, text) in enumerate(parts):
        section = known.pop(key, None) or Section(report=row, key=key, updated_at=clock.now())
        section.area, section.heading = area, heading
        section.position, section.dropped_on = place, None
        _write(section, text, by=by)
    for section in known.values():
        section.dropped_on = clock.today()
        section.save(update_fields=["dropped_on"])
    _touch(row)
    record("draft", row, by=by, after={"parts": len(parts)})
    return row


@transaction.atomic
def dispatch(report: Report, sending: Sending, *, by: Any, version: int | None = None) -> Dispatch:
    """报送登记: the signed report went out; its task (OB-2) is done on that day.

    Raises MoveNotAllowed before it was signed, StaleVersion, ValidationError for number or day.
    """
    row = lock(report, version)
    if row.kind != Kind.OVERALL:
        raise MoveNotAllowed
    before = audit.facts(row, FACTS)
    row.status = moves.target(MOVES, row.status, Move.ACCEPT)
    entry = _entry(row, sending, by=by)
    row.decided_on, row.decided_at, row.decided_by = sending.sent_on, clock.now(), by
    extra = {"document_number": entry.document_number, "receiver": sending.receiver}
    save(row, "dispatch", by=by, before=before, extra=extra)
    duties.fulfil(
        row.assignment,
        source_key=f"dispatch:{row.number}:{entry.pk}",
        happened_on=sending.sent_on,
        note=f"{row.title} {entry.document_number}"[:500],
        by=by,
    )
    return entry


@transaction.atomic
def void_dispatch(entry: Dispatch, *, by: Any, reason: str, version: int | None = None) -> Report:
    """The entry was an error: the report waits for its 报送登记 again. Raises Refused without a reason
    or for one that was taken back, StaleVersion."""
    reason = reason.replace("\x00", "")
    if not reason.strip():
        raise Refused(_("写明作废原因。"))
    row = lock(entry.report, version)
    entry = Dispatch.rows.select_for_update(of=("self",)).get(pk=entry.pk)
    if entry.voided_at is not None:
        raise Refused(_("这条报送登记已作废。"))
    before = audit.facts(row, FACTS)
    entry.voided_at, entry.void_reason = clock.now(), reason.strip()[:200]
    entry.full_clean()
    entry.save(update_fields=["voided_at", "void_reason"])
    row.status = moves.target(MOVES, row.status, Move.UNDO_ACCEPT)
    row.decided_on = row.decided_at = row.decided_by = None
    row = save(row, "void_dispatch", by=by, before=before, extra={"reason": entry.void_reason})
    for mark in Fulfilment.objects.filter(source_key=f"dispatch:{row.number}:{entry.pk}"):
        duties.void(mark, by=by, reason=entry.void_reason)
    return row


# --- parts ---------------------------------------------------------------------------------------


def _draft(report: Report, version: int | None) -> Report:
    row = lock(report, version)
    if row.kind != Kind.OVERALL or not row.is_writable:
        raise MoveNotAllowed
    return row


def _touch(row: Report) -> None:
    row.version += 1
    row.updated_at = clock.now()
    row.save(update_fields=["version", "updated_at"])


def _choose(row: Report, pick: Pick, *, by: Any) -> None:
    passage = Passage(
        report=row,
        submission=pick.submission,
        section_key=pick.section,
        field=pick.field,
        chosen_at=clock.now(),
        chosen_by=by,
    )
    if pick.submission.report.programme != row.programme:
        raise Refused(_("%(number)s不是本方案的报告。") % {"number": pick.submission.report.number})
    if not passage.text:
        words = {"number": pick.submission.report.number}
        raise Refused(_("%(number)s的这一部分没有内容，不能选用。") % words)
    passage.full_clean()
    passage.save()


def _parts(row: Report, on: date) -> list[tuple[str, Any, str, str]]:
    areas = [
        (found.area.code, found.area, found.area.name, _lines(found.lines))
        for found in progress_of(row.programme, on=on)
    ]
    chapters = ((Part.UNITS, Chapter.PROGRESS), (Part.PROBLEMS, Chapter.PROBLEMS),
                (Part.SUGGESTIONS, Chapter.SUGGESTIONS))  # fmt: skip
    return [
        (Part.INTRO.value, None, str(Part.INTRO.label), _intro(row, on)),
        *areas,
        *(
            (part.value, None, str(part.label), _lines(chosen_texts(row, chapter)))
            for part, chapter in chapters
        ),
    ]


def _lines(found: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{unit}：{text}" for unit, text in found)


def _intro(row: Report, on: date) -> str:
    programme = row.programme
    words = {
        "plan": programme.name,
        "units": pilots_count(programme, on=on),
        "day": f"{on.year}年{on.month}月{on.day}日",
    }
    sentences = [_("根据《%(plan)s》，共有%(units)s个单位参加试点。截至%(day)s：") % words]
    for demand in demands_of(programme, on=on):
        facts = {
            "title": demand.obligation.title,
            "quantity": demand.quantity,
            "done": demand.done,
            "units": demand.units,
            "units_done": demand.units_done,
        }
        sentences.append(
            _(
                "%(title)s：%(units)s个单位，应完成%(quantity)s，已完成%(done)s，%(units_done)s个单位全部完成。"
            )
            % facts
        )
    return "\n".join(sentences)


def _write(section: Section, text: str, *, by: Any) -> None:
    """A text of the portal's own is drafted anew; one that a person touched is left alone."""
    is_ours = section.origins.get("body") == DRAFTED or not section.body.strip()
    if section.pk is None or (is_ours and section.body != text):
        section.body = text
        section.origins = {"body": DRAFTED} if text.strip() else {}
        section.version += 0 if section.pk is None else 1
        section.updated_at, section.updated_by = clock.now(), by
        section.full_clean()
        section.save()
        SectionRevision.objects.create(
            section=section,
            version=section.version,
            kind=Saving.CARRIED,
            content=content_of(section),
            saved_at=section.updated_at,
            saved_by=by,
        )
        return
    section.save()


def _entry(row: Report, sending: Sending, *, by: Any) -> Dispatch:
    faults = {}
    if not sending.signed_by_name.strip():
        faults["signed_by_name"] = _("填写签发人。")
    if not sending.document_number.strip():
        faults["document_number"] = _("填写发文字号。")
    if sending.sent_on > clock.today():
        faults["sent_on"] = _("报送日期不能晚于今天。")
    if faults:
        raise ValidationError(faults)
    entry = Dispatch(
        report=row,
        submission=row.submissions.latest("edition"),
        receiver=sending.receiver,
        signed_by_name=sending.signed_by_name.strip(),
        document_number=document_numbers.normalise(sending.document_number),
        sent_on=sending.sent_on,
        scan=sending.scan,
        scan_name=sending.scan_name,
        recorded_at=clock.now(),
        recorded_by=by,
    )
    entry.full_clean()
    entry.save()
    return entry
