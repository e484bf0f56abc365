"""Loading what a programme's document lets its CDOs do about IT projects."""

from projects.models import Power

from . import codes
from .programmes import Load
from .rows import plain

FIELDS = ("kind", "name", "text", "note", "source")


def load_powers(load: Load) -> None:
    """Write the powers. One that left the pack is withdrawn: opinions rest on it."""
    rows = Power.rows.select_for_update(of=("self",)).filter(programme=load.programme)
    links = {"clause": load.clauses}
    table = load.table(Power, {row.code: row for row in rows}, links=links)
    for position, entry in enumerate(load.pack.powers, start=1):
        own = codes.of_power(load.code, entry.code)
        values = plain(entry, *FIELDS) | {
            "moments": [str(moment) for moment in entry.moments],
            "conditions": [str(condition) for condition in entry.conditions],
            "clause": load.clause(entry.clause),
            "position": position,
        }
        table.want(own, values, code=own, programme=load.programme)
    table.write()
