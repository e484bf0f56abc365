"""Loading when a programme's deadlines are told."""

from typing import Any

from reminders import services
from reminders.models import ReminderRule

from .difference import Difference, Kind
from .programmes import Load


def load_reminders(load: Load, *, by: Any) -> None:
    """Write the rule where the pack has one. A pack that says nothing, or no longer does, leaves the
    rule of the programme as it is: there is always one in force."""
    if load.pack.reminders is None:
        return
    wanted = load.pack.reminders.facts()
    rows = ReminderRule.objects.select_for_update(of=("self",))
    row = rows.filter(programme=load.programme).first()
    if row is None:
        facts = wanted | {"programme": load.programme, "loaded": wanted}
        services.set_rule(ReminderRule(), by=by, **facts)
        load.difference.add(Kind.ADDED, ReminderRule, load.code)
    else:
        _follow(load.difference, load.code, row, wanted, by=by)


def _follow(
    difference: Difference, code: str, row: ReminderRule, wanted: dict[str, Any], *, by: Any
) -> None:
    """What still is as it was loaded follows the pack, anything else was set here and is kept. An empty
    field is no gap to be filled: it says that nobody else is told."""
    now = {name: getattr(row, name) for name in wanted}
    other = {name for name in wanted if now[name] != wanted[name]}
    ours = {name for name in other if name not in row.loaded or row.loaded[name] != now[name]}
    taken = {name: wanted[name] for name in wanted if name in other - ours}
    loaded = row.loaded | {name: wanted[name] for name in wanted if name not in ours}
    details = [(name, now[name], wanted[name]) for name in wanted if name in other]
    if taken:
        services.set_rule(row, by=by, loaded=loaded, **taken)
        changed = tuple(each for each in details if each[0] in taken)
        difference.add(Kind.CHANGED, ReminderRule, code, changed)
    elif loaded != row.loaded:
        row.loaded = loaded
        row.save(update_fields=["loaded"])
        difference.adopted += 1
    if ours:
        kept = tuple(each for each in details if each[0] in ours)
        difference.add(Kind.CONFLICT, ReminderRule, code, kept)
