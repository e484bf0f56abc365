"""Planning an event, mending it, holding it, calling it off."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock, document_numbers
from core.errors import MoveNotAllowed, PermissionRefused, Refused
from core.numbers import next_numbers
from pilots import services as pilots
from pilots.models import Enrolment, Programme

from ..choices import EventMove, EventStatus
from ..models import Event, Organiser, Participant
from ..queries.allowed import may_manage, may_report, possible_parties
from .checks import require_still_in_office
from .counting import settle
from .writing import (
    EVENT_FACTS,
    lock_event,
    require_held_day,
    require_right,
    require_text,
    save_event,
    target,
)

MENDABLE = frozenset(EVENT_FACTS) - {"status", "cancel_reason", "minutes"}
TEXTS = ("title", "place", "audience", "content", "note")


@transaction.atomic
def plan_event(
    programme: Programme,
    organisers: Iterable[Enrolment],
    *,
    by: Any,
    participants: Iterable[Enrolment] = (),
    once: str = "",
    **values: Any,
) -> Event:
    """Enter an event that is to come, or one that was (then `hold_event` follows). `values` are names
    of `MENDABLE`: kind, title and starts_on at least; `once` is a form's own key.

    Raises ValidationError by field, PermissionRefused unless `by` acts for one of the organisers or
    keeps the programme, Refused for a form sent before.
    """
    if once:
        said = _("这次培训或会议已经登记过，没有重复登记。")
        pilots.claim(once, by=by, route="trainings.event", said=said)
    hosts = checked_parties(programme, organisers, "organisers")
    if not hosts:
        raise ValidationError({"organisers": _("选择举办单位")})
    _require_host(programme, hosts, by)
    row = Event(programme=programme)
    _set(row, values)
    row.number = next_numbers(Event.rows, "PX")[0]
    row = save_event(row, "plan", by=by, before=None, organisers=_codes(hosts))
    _name(row, Organiser, hosts)
    _name(row, Participant, checked_parties(programme, participants, "participants"))
    return row


@transaction.atomic
def mend_event(
    event: Event,
    *,
    by: Any,
    version: int | None = None,
    organisers: Iterable[Enrolment] | None = None,
    participants: Iterable[Enrolment] | None = None,
    **values: Any,
) -> Event:
    """Correct or complete an event, also one that was held: what it counts for follows at once.
    What is not given stays; a body that answered stays invited.

    Raises ValidationError by field, MoveNotAllowed for a cancelled one, StaleVersion,
    PermissionRefused, ValueError for another name.
    """
    row = lock_event(event, version)
    require_right(row, by)
    if row.status == EventStatus.CANCELLED:
        raise MoveNotAllowed(_("%(number)s已取消，先恢复再修改。") % {"number": row.number})
    before = audit.facts(row, EVENT_FACTS) | {"organisers": _codes(_hosts(row))}
    _set(row, values)
    if row.is_held:
        require_held_day(row)
    require_still_in_office(row)
    if organisers is not None:
        hosts = checked_parties(row.programme, organisers, "organisers")
        if not hosts:
            raise ValidationError({"organisers": _("选择举办单位")})
        _require_host(row.programme, hosts, by)
        _name(row, Organiser, hosts)
    if participants is not None:
        _invite(row, checked_parties(row.programme, participants, "participants"))
    row = save_event(row, "mend", by=by, before=before, organisers=_codes(_hosts(row)))
    settle(row, by=by, reason=_("%(number)s已更正") % {"number": row.number})
    return row


@transaction.atomic
def hold_event(event: Event, *, by: Any, version: int | None = None) -> Event:
    """登记举办. It counts as soon as there is evidence of it, at once or later.

    Raises ValidationError while its last day is to come, MoveNotAllowed, StaleVersion,
    PermissionRefused.
    """
    row = lock_event(event, version)
    require_right(row, by)
    before = audit.facts(row, EVENT_FACTS)
    row.status = target(row, EventMove.HOLD)
    require_held_day(row)
    row.held_at, row.held_by = clock.now(), by
    row = save_event(row, EventMove.HOLD, by=by, before=before)
    settle(row, by=by, reason=_("%(number)s已更正") % {"number": row.number})
    return row


@transaction.atomic
def reopen_event(event: Event, *, by: Any, reason: str, version: int | None = None) -> Event:
    """改回计划中: it was not held after all, or not so. It counts no more.

    Raises ValidationError without a reason, MoveNotAllowed, StaleVersion, PermissionRefused.
    """
    row = lock_event(event, version)
    require_right(row, by)
    said = require_text(reason, "reason", _("写明改回的原因"))
    before = audit.facts(row, EVENT_FACTS)
    row.status = target(row, EventMove.REOPEN)
    row.held_at, row.held_by = None, None
    row = save_event(row, EventMove.REOPEN, by=by, before=before, reason=said)
    settle(row, by=by, reason=said)
    return row


@transaction.atomic
def cancel_event(event: Event, *, by: Any, reason: str, version: int | None = None) -> Event:
    """取消 one that was planned, with the reason that those who are invited read. Raises as
    `reopen_event`."""
    row = lock_event(event, version)
    require_right(row, by)
    said = require_text(reason, "reason", _("写明取消的原因，参加单位会看到"))
    before = audit.facts(row, EVENT_FACTS)
    row.status = target(row, EventMove.CANCEL)
    row.cancelled_on, row.cancel_reason = clock.today(), said[:200]
    return save_event(row, EventMove.CANCEL, by=by, before=before)


@transaction.atomic
def restore_event(event: Event, *, by: Any, version: int | None = None) -> Event:
    """恢复 a cancelled one. Raises MoveNotAllowed, StaleVersion, PermissionRefused."""
    row = lock_event(event, version)
    require_right(row, by)
    before = audit.facts(row, EVENT_FACTS)
    row.status = target(row, EventMove.RESTORE)
    row.cancelled_on, row.cancel_reason = None, ""
    return save_event(row, EventMove.RESTORE, by=by, before=before)


def note_export(*, by: Any, count: int, filters: Mapping[str, str]) -> None:
    """Record that a list of events left the portal as a file."""
    after = {"count": count, "filters": dict(filters)}
    audit.record("events.export", by=by, subject="events", after=after)


# --- parts ---------------------------------------------------------------------------------------


def _set(row: Event, values: Mapping[str, Any]) -> None:
    if unknown := values.keys() - MENDABLE:
        raise ValueError(f"These are not mended here: {sorted(unknown)}")
    for name, value in values.items():
        setattr(row, name, value.strip() if name in TEXTS else value)
    if row.starts_on is None:
        raise ValidationError({"starts_on": _("填写“开始日期”")})
    if not row.title:
        raise ValidationError({"title": _("填写“名称”")})
    row.ends_on = row.ends_on or row.starts_on
    if row.ends_on < row.starts_on:
        text = _("结束日期不能早于开始日期%(day)s")
        raise ValidationError({"ends_on": text % {"day": row.starts_on}})
    if row.reply_by_on and row.reply_by_on > row.starts_on:
        text = _("回执截止日期不能晚于开始日期%(day)s")
        raise ValidationError({"reply_by_on": text % {"day": row.starts_on}})
    row.document_number = document_numbers.normalise(row.document_number)


def checked_parties(
    programme: Programme, wanted: Iterable[Enrolment], field: str
) -> list[Enrolment]:
    """The bodies named, each once, in the document's order; raises ValidationError for strangers."""
    asked = {row.pk: row for row in wanted}
    known = [row for row in possible_parties(programme) if row.pk in asked]
    found = {row.pk for row in known}
    strangers = [str(row.unit) for pk, row in asked.items() if pk not in found]
    if strangers:
        facts = {"units": "、".join(strangers), "programme": programme}
        text = _("%(units)s现在没有参与“%(programme)s”，重新选择") % facts
        raise ValidationError({field: text})
    return known


def _require_host(programme: Programme, hosts: list[Enrolment], by: Any) -> None:
    if by is None or may_manage(by, programme):
        return
    if not any(may_report(by, row.unit) for row in hosts):
        raise PermissionRefused(_("举办单位里没有本单位，由举办单位或牵头单位登记。"))


def _hosts(row: Event) -> list[Enrolment]:
    return [each.enrolment for each in row.organisers.select_related("enrolment__unit")]


def _codes(rows: Iterable[Enrolment]) -> list[str]:
    return [row.unit.code for row in rows]


def _name(row: Event, model: Any, chosen: list[Enrolment]) -> None:
    rows = model._default_manager.filter(event=row)
    rows.exclude(enrolment__in=chosen).delete()
    kept = set(rows.values_list("enrolment_id", flat=True))
    model._default_manager.bulk_create(
        model(event=row, enrolment=each) for each in chosen if each.pk not in kept
    )


def _invite(row: Event, chosen: list[Enrolment]) -> None:
    """A body that sent its 回执 is not struck off the list without a word to it."""
    answered = row.participants.exclude(answer="").exclude(enrolment__in=chosen).first()
    if answered is not None:
        text = _("%(unit)s已送回执，不能从参加单位里去掉。")
        raise Refused(text % {"unit": answered.unit})
    _name(row, Participant, chosen)
