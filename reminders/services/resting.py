"""Hours at which nobody is disturbed, whatever became of a message until then (ux.md §8)."""

from core import clock
from core.workdays import Calendar

from ..choices import Channel
from . import claiming, manners, planning

# What became due while nobody is to be disturbed leaves in the first minutes in which one may be.
LET_REST = """
UPDATE reminders_delivery AS delivery
SET next_at = portal_now() + %(wait)s
              + (abs(hashtext(delivery.endpoint_id::text)) %% %(spread)s) * interval '1 second'
WHERE delivery.id = ANY (ARRAY(
    SELECT waiting.id FROM reminders_delivery AS waiting
    WHERE waiting.channel = ANY (%(channels)s) AND NOT waiting.is_urgent
      AND waiting.state IN ('planned', 'retry') AND waiting.next_at <= portal_now()
      AND (waiting.lease_until IS NULL OR waiting.lease_until < portal_now())
    ORDER BY waiting.id FOR UPDATE SKIP LOCKED))
"""


def let_rest() -> int:
    """At night and on days off, put off what is due and not urgent; returns how many."""
    shown = clock.local(planning.database_now())
    slot = manners.slot(shown, Calendar.around(shown.date(), margin=60))
    if slot.is_open:
        return 0
    facts = {"wait": slot.wait, "spread": manners.SPREAD, "channels": list(Channel.values)}
    return claiming.execute(LET_REST, facts)
