"""One tick of the engine, and what makes it hold itself.

A tick that finds the database's clock to have jumped, or itself in a restored copy, plans nothing and
sends nothing until a person has looked (reliability.md §3.3, §3.16). Afterwards one catch-up each.
"""

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import MoveNotAllowed

from ..choices import HeldBy
from ..models import Engine
from . import planning

log = structlog.get_logger("portal.reminders")

TRUSTED_SILENCE = timedelta(hours=48)
BACKWARDS = timedelta(minutes=2)  # a clock that is being set right by steps

HOME = """
SELECT concat_ws(':', (SELECT oid FROM pg_database WHERE datname = current_database()),
                 'reminders_engine'::regclass::oid),
       has_function_privilege('pg_control_system()', 'EXECUTE')
   AND has_function_privilege('pg_control_checkpoint()', 'EXECUTE')
"""
CLUSTER = """
SELECT concat_ws(':', system.system_identifier, checkpoint.timeline_id)
FROM pg_control_system() AS system, pg_control_checkpoint() AS checkpoint
"""


@transaction.atomic
def tick() -> dict[str, int]:
    """Plan what is due today and not yet told; returns the number of new notices a type, nothing
    while the engine holds itself. May run anywhere, at any time, at once."""
    planning.lock()
    engine = locked()
    moment, home = planning.database_now(), find_home()
    fault, note = _fault(engine, moment, home)
    if fault and not engine.held_by:
        _hold(engine, fault, note, by=None)
    if engine.held_by in {HeldBy.CLOCK, HeldBy.RESTORED}:
        return {}
    on = clock.local(moment).date()
    planned = planning.plan(on)
    engine.last_tick_at, engine.last_day_on, engine.home = moment, on, home
    engine.save(update_fields=["last_tick_at", "last_day_on", "home"])
    return planned


def locked() -> Engine:
    """The engine's row, locked; made where there is none."""
    Engine.objects.get_or_create(id=1)
    return Engine.objects.select_for_update().get(id=1)


def find_home() -> str:
    """What changes when this database is a copy or was put back from a backup: the cluster and its
    timeline (where the provider lets it be read), the database, the table."""
    with connection.cursor() as cursor:
        cursor.execute(HOME)
        home, may_read = cursor.fetchone()
        if may_read:
            cursor.execute(CLUSTER)
            home = f"{cursor.fetchone()[0]}:{home}"
    return home


def _fault(engine: Engine, moment: datetime, home: str) -> tuple[str, str]:
    """Why the engine must hold itself, with what is to be said; ("", "") when it need not."""
    if engine.home and engine.home != home:
        return HeldBy.RESTORED, _("数据库与上次运行时不是同一个，可能由备份恢复。")
    if engine.last_tick_at is None or settings.TODAY:
        return "", ""  # where the day stands still no jump can make anything due
    passed = moment - engine.last_tick_at
    facts = {"last": f"{clock.local(engine.last_tick_at):%Y-%m-%d %H:%M}"}
    facts["now"] = f"{clock.local(moment):%Y-%m-%d %H:%M}"
    if passed > TRUSTED_SILENCE:
        return HeldBy.CLOCK, _("上次运行是%(last)s，现在是%(now)s，相隔超过48小时。") % facts
    if passed < -BACKWARDS:
        return HeldBy.CLOCK, _("上次运行是%(last)s，现在是%(now)s，时间倒退了。") % facts
    return "", ""


def _hold(engine: Engine, fault: str, note: str, *, by: Any) -> None:
    engine.held_by, engine.held_note = str(fault), note[:300]
    engine.held_at = planning.database_now()
    engine.version += 1
    engine.full_clean()
    engine.save()
    log.error("reminders_on_hold", by=engine.held_by, note=note)
    after = {"held_by": engine.held_by, "held_note": engine.held_note}
    audit.record("reminders.hold", by=by, subject=engine, after=after)


@transaction.atomic
def hold(*, by: Any, note: str = "") -> Engine:
    """Let nothing leave on any channel; planning goes on. Raises MoveNotAllowed when it is held."""
    engine = locked()
    if engine.held_by:
        raise MoveNotAllowed(_("提醒已经暂停。"))
    _hold(engine, HeldBy.HAND, note.strip(), by=by)
    return engine


@transaction.atomic
def release(*, by: Any, note: str = "") -> Engine:
    """Go on: the clock and the database are what they should be, as `note` says for the record. Raises
    MoveNotAllowed unless held."""
    engine = locked()
    if not engine.held_by:
        raise MoveNotAllowed(_("提醒没有暂停。"))
    before = {"held_by": engine.held_by, "held_note": engine.held_note}
    engine.held_by, engine.held_note, engine.held_at = "", "", None
    engine.last_tick_at, engine.home = planning.database_now(), find_home()
    engine.version += 1
    engine.full_clean()
    engine.save()
    after = {"note": note.strip()}
    audit.record("reminders.release", by=by, subject=engine, before=before, after=after)
    return engine
