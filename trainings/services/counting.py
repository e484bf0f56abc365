"""What of an event counts, in the transaction of every change that decides it.

An event counts when it was held and there is evidence: a sign-in sheet or a material, or an
organiser's own declaration that the bureau confirmed. It counts once for each organiser (A.9, E2),
towards the demand of its kind whose window its last day falls into.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import PermissionRefused, Refused
from duties import services as duties
from duties.choices import COUNTED, Nature
from duties.models import Assignment
from officers.models import Appointment
from officers.models.posts import CDO
from pilots.models import Programme

from ..choices import NATURES, DeclarationState, EventKind, EventStatus, Reading
from ..models import Attendance, CountingRule, Credit, Event, EventFile
from ..queries.allowed import may_manage

RULE_FACTS = ("exchange_reading", "note", "trains")


def settle(event: Event, *, by: Any, reason: str) -> None:
    """Make the credits of a locked event what they have to be: those that hold no more are voided
    with `reason`, those that are missing are counted under a key of their own."""
    wanted = {row.pk: row for row in _wanted(event)}
    for credit in event.credits.select_related("mark").filter(mark__voided_at=None):
        if credit.assignment_id in wanted and credit.mark.happened_on == event.ends_on:
            del wanted[credit.assignment_id]
        else:
            duties.void(credit.mark, by=by, reason=reason[:200])
    for row in wanted.values():
        turn = event.credits.filter(assignment=row).count() + 1
        mark = duties.fulfil(
            row,
            source_key=f"event:{event.number}:{row.number}:{turn}",
            happened_on=event.ends_on,
            by=by,
            note=str(event),
        )
        Credit.objects.create(event=event, assignment=row, mark=mark)


def rule_of(programme: Programme) -> CountingRule:
    """The programme's rule, an unsaved one with what holds by default where nobody set any."""
    return CountingRule.rows.filter(programme=programme).first() or CountingRule(
        programme=programme
    )


@transaction.atomic
def set_counting(
    programme: Programme,
    *,
    by: Any,
    version: int | None = None,
    exchange_reading: str | None = None,
    note: str | None = None,
    trains: str | None = None,
) -> CountingRule:
    """Say how a programme counts its events; all of them are counted anew at once.

    Raises PermissionRefused, Refused where a reading has no note, StaleVersion, ValidationError.
    """
    if by is not None and not may_manage(by, programme):
        raise PermissionRefused
    Programme.rows.select_for_update().get(pk=programme.pk)
    row = rule_of(programme)
    row.require_version(version)
    before = audit.facts(row, RULE_FACTS)
    given = {"exchange_reading": exchange_reading, "note": note, "trains": trains}
    for name, value in given.items():
        if value is not None:
            setattr(row, name, value.strip())
    if row.exchange_reading != before["exchange_reading"] and not row.note:
        raise Refused(_("写明采用这种读法的依据。"))
    row.updated_at = clock.now()
    row.version += 1 if row.pk else 0
    row.full_clean()
    row.save()
    after = audit.facts(row, RULE_FACTS)
    audit.record(
        "event.counting", by=by, subject=row, programme=programme, before=before, after=after
    )
    recount(programme, by=by)
    return row


def recount(programme: Programme, *, by: Any) -> None:
    """Count every event of the programme anew."""
    kinds = (EventKind.TRAINING, EventKind.OFFICER, EventKind.EXCHANGE)
    rows = Event.rows.select_for_update(of=("self",)).select_related("programme")
    for event in rows.filter(programme=programme, kind__in=kinds).order_by("pk"):
        settle(event, by=by, reason=_("计数口径调整"))


def has_evidence(event: Event) -> bool:
    """Whether there is something to show for it: a file, or a confirmed word of an organiser."""
    if EventFile.rows.evidence().filter(event=event).exists():
        return True
    confirmed = event.declarations.filter(state=DeclarationState.CONFIRMED)
    return confirmed.filter(enrolment__in=event.organisers.values("enrolment")).exists()


def _wanted(event: Event) -> list[Assignment]:
    """The assignments towards which the event counts as it stands now."""
    if event.status != EventStatus.HELD or not has_evidence(event):
        return []
    rule = rule_of(event.programme)
    nature = _nature(event, rule)
    if nature is None:
        return []
    rows = Assignment.rows.filter(
        enrolment__programme=event.programme,
        obligation__nature=nature,
        obligation__withdrawn_on=None,
        status__in=COUNTED,
    )
    if event.kind == EventKind.OFFICER:
        rows = rows.filter(enrolment__unit__in=_trained_units(event))
    elif nature == Nature.TRAINING or rule.exchange_reading == Reading.EACH:
        rows = rows.filter(enrolment__in=event.organisers.values("enrolment"))
    return _in_window(rows.select_related("enrolment"), event.ends_on)


def _nature(event: Event, rule: CountingRule) -> str | None:
    if event.kind in {EventKind.TRAINING, EventKind.OFFICER}:
        return Nature.TRAINING if event.kind == rule.trains else None
    return NATURES.get(EventKind(event.kind))


def _trained_units(event: Event) -> Any:
    """The units whose CDO was there."""
    there = Attendance.rows.counted().filter(event=event).values("person_id")
    posts = Appointment.rows.standing().filter(post__code=CDO, person_id__in=there)
    posts = posts.filter(since__lte=event.ends_on)
    return posts.exclude(ends_on__lt=event.starts_on).values("unit_id")


def _in_window(rows: Any, day: date) -> list[Assignment]:
    """Of each demand on each body the occurrence that the day belongs to: the first whose last day is
    not over on it, else the last one, which is late then."""
    found: dict[tuple[int, int], Assignment] = {}
    for row in rows.order_by("latest_on", "pk"):  # undated ones come last
        key = (row.enrolment_id, row.obligation_id)
        known = found.get(key)
        if known is None or (known.latest_on is not None and known.latest_on < day):
            found[key] = row
    return list(found.values())
