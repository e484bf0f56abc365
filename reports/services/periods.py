"""开启报告期: the bureau opens a period on the basis of its 通知; every pilot then owes one report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock, document_numbers
from core.errors import Refused
from core.models import StoredFile
from core.workdays import Calendar
from duties import services as duties
from duties.choices import OPEN, Nature, Origin
from duties.models import Assignment, DutyArea, Obligation
from duties.queries.due_rules import settled
from pilots.choices import Part, Phase
from pilots.models import Enrolment, Programme

from ..choices import MOST_FIGURES
from ..models import Period, PeriodFigure

FACTS = (
    "title", "starts_on", "ends_on", "opens_on", "due_on", "due_rule", "basis_number", "closed_on",
)  # fmt: skip


@dataclass(frozen=True)
class FigureAsked:
    """One 关键数字 of an area: its name, unit of measure, and bounds (None: none)."""

    area: DutyArea
    name: str
    unit_label: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True)
class Opening:
    """What the bureau says of a period: `code` such as 2022Q1, the time it covers, when it is
    reported, and the 通知 that it rests on. Where `due_rule` is given it sets `due_on`, counted from the
    day on which reporting opens."""

    code: str
    title: str
    starts_on: date
    ends_on: date
    opens_on: date
    due_on: date
    basis_title: str
    due_rule: dict[str, Any] | None = None
    basis_number: str = ""
    basis_file: StoredFile | None = None
    basis_file_name: str = ""
    note: str = ""


@transaction.atomic
def open_period(
    programme: Programme,
    opening: Opening,
    *,
    by: Any,
    figures: Sequence[FigureAsked] = (),
) -> Period:
    """Open a period: each pilot with a name gets its task, due on the period's day.

    Raises Refused in a programme that is not followed, ValidationError for the same code twice, days
    out of order, no basis, or more than five figures in one area.
    """
    Programme.rows.select_for_update(of=("self",)).get(pk=programme.pk)
    if programme.phase != Phase.RUNNING:
        raise Refused(
            _("“%(programme)s”还没有开始跟踪，不能开启报告期。") % {"programme": programme}
        )
    if not opening.basis_title.strip():
        raise ValidationError({"basis_title": _("写明依据哪份通知，单位会看到。")})
    row = Period(
        programme=programme,
        obligation=_obligation(programme, by=by),
        opened_at=clock.now(),
        opened_by=by,
        **_facts(opening),
    )
    row.full_clean()
    row.save()
    _ask_figures(row, figures)
    count = _give_tasks(row, by=by)
    after = audit.facts(row, FACTS) | {"assignments": count, "figures": len(figures)}
    audit.record("period.open", by=by, subject=row, programme=programme, after=after)
    return row


@transaction.atomic
def change_period(
    period: Period,
    *,
    by: Any,
    due_on: date | None = None,
    title: str | None = None,
    note: str | None = None,
    figures: Sequence[FigureAsked] | None = None,
    reason: str = "",
    version: int | None = None,
) -> Period:
    """Move the due day of a period (reason compulsory; tasks that were extended keep theirs), reword
    it, or ask for other figures. Drafts keep everything: a figure that is no longer asked for is
    hidden with its values.

    Raises Refused when it is closed or a move has no reason, StaleVersion, ValidationError.
    """
    row = _lock(period, version)
    if row.closed_on is not None:
        raise Refused(_("%(period)s已定稿，先取消定稿再改。") % {"period": row})
    before = audit.facts(row, FACTS)
    if due_on is not None and due_on != row.due_on:
        if not reason.strip():
            raise Refused(_("调整截止日期要写明原因，单位会看到。"))
        _move_tasks(row, due_on)
        row.due_on, row.due_rule = due_on, None
    row.title = row.title if title is None else title.strip()
    row.note = row.note if note is None else note.strip()
    row.version += 1
    row.full_clean()
    row.save()
    if figures is not None:
        _ask_figures(row, figures)
    after = audit.facts(row, FACTS) | {"reason": reason.strip()}
    audit.record(
        "period.change", by=by, subject=row, programme=row.programme, before=before, after=after
    )
    return row


@transaction.atomic
def close_period(period: Period, *, by: Any, version: int | None = None) -> Period:
    """定稿: nothing is handed in, returned or accepted any more; a logged act that may be undone.

    Raises Refused while reports wait for the bureau or when it is closed already, StaleVersion.
    """
    row = _lock(period, version)
    if row.closed_on is not None:
        raise Refused(_("%(period)s已定稿。") % {"period": row})
    waiting = row.reports.filter(status="submitted").count()
    if waiting:
        words = {"period": row, "count": waiting}
        raise Refused(_("%(period)s还有%(count)s份报告待审核，审完再定稿。") % words)
    return _set_closed(row, clock.today(), "period.close", by=by)


@transaction.atomic
def reopen_period(period: Period, *, by: Any, version: int | None = None) -> Period:
    """取消定稿. Raises Refused when it is open, StaleVersion."""
    row = _lock(period, version)
    if row.closed_on is None:
        raise Refused(_("%(period)s没有定稿。") % {"period": row})
    return _set_closed(row, None, "period.reopen", by=by)


# --- parts ---------------------------------------------------------------------------------------


def _lock(period: Period, version: int | None) -> Period:
    rows = Period.rows.select_for_update(of=("self",)).select_related("programme", "obligation")
    row = rows.get(pk=period.pk)
    row.require_version(version)
    return row


def _facts(opening: Opening) -> dict[str, Any]:
    due_on, due_rule = opening.due_on, opening.due_rule
    if due_rule:
        due_on, due_rule = settled(due_rule, opening.opens_on)
    return {
        "code": opening.code.strip(),
        "title": opening.title.strip(),
        "starts_on": opening.starts_on,
        "ends_on": opening.ends_on,
        "opens_on": opening.opens_on,
        "due_on": due_on,
        "due_rule": due_rule,
        "basis_title": opening.basis_title.strip(),
        "basis_number": document_numbers.normalise(opening.basis_number),
        "basis_file": opening.basis_file,
        "basis_file_name": opening.basis_file_name,
        "note": opening.note.strip(),
    }


def _obligation(programme: Programme, *, by: Any) -> Obligation:
    """The programme's one periodic demand; its occurrences are the periods."""
    bureau = (
        Enrolment.rows.filter(programme=programme, part=Part.BUREAU, withdrawn_on=None)
        .standing(clock.today())
        .first()
    )
    row, created = Obligation.rows.get_or_create(
        code=f"{programme.code}.progress",
        defaults={
            "programme": programme,
            "title": "定期报送履职进展",
            "short_title": "进展报告",
            "title_en": "Periodic progress reports",
            "nature": Nature.PROGRESS,
            "origin": Origin.BUREAU,
            "parts": [Part.PILOT],
            "received_by": bureau.unit if bureau else None,
            "position": 900,
        },
    )
    if created:
        audit.record("obligation.create", by=by, subject=row, programme=programme, after={})
    return row


@transaction.atomic
def sync_periods() -> int:
    """Give the pilots that joined or got their name after a period was opened their task of it, as
    long as it is not over. Returns how many tasks are new."""
    added = 0
    running = Period.rows.open().filter(programme__phase=Phase.RUNNING, due_on__gte=clock.today())
    for period in running.select_related("programme", "obligation").order_by("id"):
        before = tasks_of(period).count()
        _give_tasks(period, by=None)
        added += tasks_of(period).count() - before
    return added


def _give_tasks(period: Period, *, by: Any) -> int:
    pilots = (
        Enrolment.rows.filter(programme=period.programme, part=Part.PILOT, withdrawn_on=None)
        .standing(clock.today())
        .filter(unit__is_slot=False)
        .select_related("unit")
        .in_document_order()
    )
    calendar = Calendar.around(period.due_on, margin=60)
    for enrolment in pilots:
        duties.open_occurrence(
            period.obligation,
            enrolment,
            occurrence=period.code,
            due_on=period.due_on,
            due_rule=period.due_rule,
            calendar=calendar,
            by=by,
        )
    return len(pilots)


def tasks_of(period: Period) -> Any:
    """The tasks of a period, one a pilot."""
    return Assignment.rows.filter(obligation=period.obligation_id, occurrence=period.code)


def _move_tasks(period: Period, due_on: date) -> None:
    """Those that still have the period's day follow it; an extension stays as it was granted."""
    dates = duties.deadline(due_on, due_on, Calendar.around(due_on, margin=60))
    following = tasks_of(period).filter(status__in=OPEN, due_on=period.due_on)
    moved = list(following.select_for_update(of=("self",)))
    for task in moved:
        for name, value in dates.items():
            setattr(task, name, value)
        task.original_due_on, task.due_rule = due_on, None
        task.deadline_version += 1
        task.version += 1
        task.updated_at = clock.now()
        task.save()
    duties.retell(moved)


def _ask_figures(period: Period, figures: Sequence[FigureAsked]) -> None:
    """Make the figures of the period those; what is no longer asked for is hidden, never deleted."""
    areas: dict[int, int] = {}
    known = {(row.area_id, row.name): row for row in period.figures.all()}
    wanted = set()
    for place, asked in enumerate(figures):
        areas[asked.area.pk] = areas.get(asked.area.pk, 0) + 1
        if areas[asked.area.pk] > MOST_FIGURES:
            words = {"area": asked.area, "most": MOST_FIGURES}
            raise ValidationError(_("“%(area)s”的关键数字最多%(most)s个。") % words)
        key = (asked.area.pk, asked.name.strip())
        if key in wanted:
            words = {"area": asked.area, "name": key[1]}
            raise ValidationError(_("“%(area)s”里“%(name)s”写了两次。") % words)
        wanted.add(key)
        row = known.get(key) or PeriodFigure(period=period, area=asked.area, name=key[1])
        row.unit_label, row.position = asked.unit_label.strip(), place
        row.minimum, row.maximum, row.withdrawn_on = asked.minimum, asked.maximum, None
        row.full_clean()
        row.save()
    for key, row in known.items():
        if key not in wanted and row.withdrawn_on is None:
            row.withdrawn_on = clock.today()
            row.save(update_fields=["withdrawn_on"])


def _set_closed(row: Period, day: date | None, verb: str, *, by: Any) -> Period:
    before = {"closed_on": row.closed_on}
    row.closed_on = day
    row.version += 1
    row.save(update_fields=["closed_on", "version"])
    after = {"closed_on": day}
    audit.record(verb, by=by, subject=row, programme=row.programme, before=before, after=after)
    return row
