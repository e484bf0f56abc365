"""How the engine fares, in one statement that the frame of a page can carry: who gave no sign of life,
what is on hold, what gets nothing through (reliability.md §2 A11, A16)."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import JSONField
from django.db.models.expressions import RawSQL

from core import clock, heartbeats

from .choices import Channel
from .credentials import missing

FAILING = timedelta(minutes=2)  # with the minute of a tick: said within three
LATE = timedelta(minutes=10)

SIGNS = """
SELECT jsonb_build_object(
    'living', (SELECT coalesce(jsonb_agg(DISTINCT split_part(name, ':', 1)), '[]'::jsonb)
               FROM core_heartbeat WHERE at > %s),
    'held', (SELECT jsonb_build_array(held_by, held_note) FROM reminders_engine
             WHERE held_by <> ''),
    'channels', (SELECT coalesce(jsonb_agg(jsonb_build_array(
                            channel, held_at, held_note,
                            coalesce(failing_since <= %s, false), last_error,
                            config, secret IS NOT NULL)
                            ORDER BY channel), '[]'::jsonb)
                 FROM reminders_channelsetting
                 WHERE is_enabled AND (is_held OR failing_since <= %s)),
    'late', EXISTS (SELECT FROM reminders_delivery AS delivery
                    WHERE delivery.channel = ANY (ARRAY(
                              SELECT known.channel FROM unnest(%s::text[]) AS known (channel)
                              WHERE NOT EXISTS (
                                  SELECT FROM reminders_channelsetting AS setting
                                  WHERE setting.channel = known.channel
                                    AND (setting.is_held OR NOT setting.is_enabled))))
                      AND delivery.state IN ('planned', 'retry') AND delivery.next_at < %s)
            OR EXISTS (SELECT FROM reminders_delivery AS delivery
                       WHERE delivery.state = 'sending' AND delivery.lease_until < %s),
    'unplanned', EXISTS (SELECT FROM reminders_engine
                         WHERE last_tick_at < %s AND held_by NOT IN ('clock', 'restored')),
    'broken', (SELECT detail -> 'failed' FROM core_heartbeat WHERE name = 'planning'))
"""


@dataclass(frozen=True)
class Signs:
    """`living` are the kinds of processes heard of within three minutes; `held_by` and `held_note` say
    why nothing leaves; `held` and `failing` are channels (the former with the moment and the reason, the
    latter with their last error); `late`: something should have left ten minutes ago and is on no
    hold, or a dead worker left it in hand and nobody took it over; `unplanned`: nothing was planned
    for three minutes although no hold forbids it; `broken` are the types that planning failed at."""

    living: frozenset[str] = frozenset()
    held_by: str = ""
    held_note: str = ""
    held: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    failing: dict[str, str] = field(default_factory=dict)
    late: bool = False
    unplanned: bool = False
    broken: tuple[str, ...] = ()

    @property
    def has_bell(self) -> bool:
        """Beat asks and a worker answers."""
        return {"beat", "worker"} <= self.living

    @property
    def delivers(self) -> bool:
        return self.has_bell or "deliver" in self.living


def expression() -> RawSQL:
    """The signs as one value of a larger statement; `read()` makes Signs of it."""
    return RawSQL(SIGNS, _params(clock.now()), output_field=JSONField())  # noqa: S611 - a constant of this file


def current() -> Signs:
    """The signs of this moment. One query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ({SIGNS})::text", _params(clock.now()))
        return read(json.loads(cursor.fetchone()[0]))


def read(found: Any) -> Signs:
    held_by, held_note = found["held"] or ("", "")
    return Signs(
        living=frozenset(found["living"]),
        held_by=held_by,
        held_note=held_note,
        held={
            name: (datetime.fromisoformat(held_at), note)
            for name, held_at, note, *_facts in found["channels"]
            if held_at
        },
        failing={
            name: error
            for name, held_at, _note, failing, error, config, has_secret in found["channels"]
            if failing and not held_at and not missing(name, config, has_secret=has_secret)
        },
        late=found["late"] and not held_by,
        unplanned=found["unplanned"],
        broken=tuple(found["broken"] or ()),
    )


def _params(now: datetime) -> list[Any]:
    silent, failing = now - heartbeats.FRESH, now - FAILING
    return [silent, failing, failing, list(Channel.values), now - LATE, failing, silent]
