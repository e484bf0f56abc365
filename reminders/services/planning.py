"""Planning: one INSERT … SELECT … ON CONFLICT DO NOTHING a type.

The question is always «due by that day and not yet told», so a run that was missed is caught up
once, and a run that comes twice adds nothing.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, transaction

from core import audit, clock
from core.faults import fault
from core.models import Heartbeat
from core.workdays import Calendar

from ..models import Engine
from ..registry import NoticeType, types
from . import bundling, manners

log = structlog.get_logger("portal.reminders")
FAILED = "planning"  # the row of signs that names the types that could not be planned

# The anti-join spares the keys that exist: without it every minute's run would use up a number of
# the sequence for each of them. ON CONFLICT stays for a run at the same time elsewhere. The order makes
# it read all before it writes: into an empty table, which is searched from end to end, it would look
# through all that it has written so far for each row (measured: 3.6 s instead of 1).
NOTICES = """
INSERT INTO reminders_notice
    (key, type, subject, stage, reading, deadline_version, recipient_id, programme_id, unit_id,
     for_on, facts, created_at)
SELECT named.key, %(type)s, due.subject, due.stage, due.reading, due.deadline_version,
       due.recipient_id, due.programme_id, due.unit_id, %(on)s, due.facts, portal_now()
FROM ({select}) AS due
CROSS JOIN LATERAL (
    SELECT concat_ws(':', %(type)s::text, due.subject, due.deadline_version,
                     concat_ws('.', nullif(due.reading, ''), due.stage), due.recipient_id) AS key
) AS named
WHERE NOT EXISTS (SELECT FROM reminders_notice AS told WHERE told.key = named.key OFFSET 0)
  AND (%(only_subjects)s::text[] IS NULL OR due.subject = ANY (%(only_subjects)s))
  AND (%(only_programme)s::bigint IS NULL OR due.programme_id = %(only_programme)s)
ORDER BY named.key
ON CONFLICT (key) DO NOTHING
"""

# What a trigger wrote down as missing and is there again.
FILLED = """
UPDATE reminders_hole AS hole SET filled_at = portal_now()
WHERE filled_at IS NULL AND CASE WHEN notice_id IS NULL
    THEN EXISTS (SELECT FROM reminders_notice AS notice WHERE notice.key = hole.key)
    ELSE EXISTS (SELECT FROM reminders_deliveryline AS line
                 WHERE line.notice_id = hole.notice_id AND line.channel = hole.channel)
      OR NOT EXISTS (SELECT FROM reminders_notice AS notice WHERE notice.id = hole.notice_id)
    END
RETURNING key, channel
"""
NAMED = 20  # missing rows named in the audit record; the rest is a number


@transaction.atomic
def plan(on: date) -> dict[str, int]:
    """Write the notices that are due by `on` and not yet told, with the messages that carry them.

    Returns the number of new notices a type; one that fails is left out. May run at any time, any
    number of times, at once.
    """
    lock()
    fault("before_plan")
    planned = _insert_all(on)
    bundle_now(on)
    refilled()
    fault("after_plan")
    return planned


def _insert_all(on: date) -> dict[str, int]:
    """Each type behind a savepoint of its own: one that fails stops no other, and pages name it."""
    planned, failed = {}, []
    for notice_type in types():
        try:
            with transaction.atomic():
                planned[notice_type.name] = insert(notice_type, on)
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:
            if transaction.get_rollback():
                raise  # not even the savepoint was left: the database is away
            text = f"{type(error).__name__}: {error}"
            log.exception("type_not_planned", type=notice_type.name, error=text)
            failed.append(notice_type.name)
    _remember(failed)
    return planned


def _remember(failed: list[str]) -> None:
    row = Heartbeat.objects.filter(name=FAILED).first()
    if failed != (row.detail["failed"] if row else []):
        facts = {"at": clock.now(), "detail": {"failed": failed}}
        Heartbeat.objects.update_or_create(name=FAILED, defaults=facts)


def lock() -> None:
    """Two runs at once would insert the same keys in different orders and could block each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reminders.plan'))")


def insert(
    notice_type: NoticeType,
    on: date,
    *,
    subjects: Collection[str] | None = None,
    programme: int | None = None,
) -> int:
    """Write what of the type is due (only of these subjects or a programme, where given); returns the
    number of new notices."""
    select = notice_type.select(on)
    if select is None:
        return 0
    params: dict[str, Any] = {**select.params, "type": notice_type.name, "on": on}
    wanted = None if subjects is None else sorted(subjects)
    params |= {"only_subjects": wanted, "only_programme": programme}
    with connection.cursor() as cursor:
        cursor.execute(NOTICES.replace("{select}", select.sql), params)
        return cursor.rowcount


def bundle_now(on: date) -> int:
    """Messages for what no message carries, with the manners of this moment of the day `on`."""
    moment = database_now()
    shown = datetime.combine(on, clock.local(moment).time())
    engine, calendar = Engine.current(), Calendar.around(on, margin=60)
    last = None
    if engine.last_tick_at and not _missed_days(engine, on):
        last = shown - (moment - engine.last_tick_at)
    slot = manners.slot(shown, calendar, last=last)
    return bundling.bundle(on, slot, last_on=engine.last_day_on)


def _missed_days(engine: Engine, on: date) -> bool:
    """The engine planned last on a day before. Its last tick would not tell: who releases it from a hold
    lets the clock count from that moment, although nothing has been planned yet."""
    return engine.last_day_on is not None and engine.last_day_on < on


def database_now() -> datetime:
    """The moment by the database's clock, the only one that all machines share."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_now()")
        return cursor.fetchone()[0]


def refilled() -> int:
    """Close the holes that planning has filled, and say so in the audit record; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(FILLED)
        rows = sorted(cursor.fetchall())
    if rows:
        named = [f"{channel or 'notice'} {key}" for key, channel in rows[:NAMED]]
        audit.record(
            "reminders.refill",
            by=None,
            subject=Engine.current(),
            after={"count": len(rows), "rows": named},
        )
    return len(rows)
