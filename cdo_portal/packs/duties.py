"""Loading what a programme asks for: areas, items, obligations, and the assignments under them."""

from typing import Any

from django.utils.translation import gettext as _

from core import deadlines
from duties import services
from duties.choices import OPEN, Move, Status
from duties.models import Assignment, DutyArea, DutyItem, Obligation
from duties.queries.due_rules import explained
from pilots.models import Enrolment

from . import codes
from .programmes import Load
from .rows import Many, plain

OBLIGATION = (
    "title", "short_title", "title_en", "nature", "origin", "parts", "kinds", "quantity",
    "wording", "due_on", "latest_on", "basis", "source",
)  # fmt: skip


def load_duties(load: Load, *, by: Any) -> None:
    """Write areas, items and obligations, then bring the assignments after them."""
    _areas(load)
    _items(load)
    _obligations(load)
    _assignments(load, by=by)


def _areas(load: Load) -> None:
    rows = DutyArea.rows.select_for_update().filter(programme=load.programme)
    links = {"clause": load.clauses}
    table = load.table(DutyArea, {row.code: row for row in rows}, links=links, grows=load.areas)
    for position, entry in enumerate(load.pack.areas, start=1):
        values = plain(entry, "name", "medium_name", "short_name", "name_en", "source")
        values |= {"clause": load.clause(entry.clause), "position": position}
        own = codes.of_part(load.code, entry.code)
        table.want(own, values, code=own, programme=load.programme)
    table.write()


def _items(load: Load) -> None:
    rows = DutyItem.rows.select_for_update().filter(area__programme=load.programme)
    present = {row.code: row for row in rows}
    sides = {"units": Many(DutyItem.units, load.units, present.values())}
    links = {"clause": load.clauses, "area": load.areas}
    table = load.table(DutyItem, present, links=links, sides=sides)
    for area in load.pack.areas:
        for position, entry in enumerate(area.items, start=1):
            # An item that names units binds those alone, whatever the area says of kinds.
            kinds = entry.kinds or ([] if entry.units else area.kinds)
            values = plain(entry, "name", "name_en", "source") | {
                "area": codes.of_part(load.code, area.code),
                "kinds": [kind.value for kind in kinds],
                "units": sorted(entry.units),
                "clause": load.clause(entry.clause or area.clause),
                "position": position,
            }
            own = codes.of_part(load.code, entry.code)
            table.want(own, values, code=own)
    table.write()


def _obligations(load: Load) -> None:
    rows = Obligation.rows.select_for_update().filter(programme=load.programme)
    present = {row.code: row for row in rows}
    sides = {"units": Many(Obligation.units, load.units, present.values())}
    links = {"clause": load.clauses, "area": load.areas, "received_by": load.units}
    table = load.table(Obligation, present, links=links, sides=sides)
    for position, entry in enumerate(load.pack.obligations, start=1):
        values = plain(entry, *OBLIGATION) | {
            **_by_rule(entry.due_rule),
            "units": sorted(entry.units),
            "clause": load.clause(entry.clause),
            "area": codes.of_part(load.code, entry.area) if entry.area else None,
            "received_by": entry.received_by,
            "position": position,
        }
        own = codes.of_obligation(load.code, entry.code)
        table.want(own, values, code=own, programme=load.programme)
    table.write()
    changed = [row.pk for row in table.changed()]
    load.difference.touched = Assignment.rows.filter(obligation_id__in=changed).count()


def _by_rule(rule: Any) -> dict[str, Any]:
    """The rule as it is stored; one that counts working days sets both days too."""
    if rule is None:
        return {"due_rule": None}
    stored = {"due_rule": deadlines.write(rule)}
    if not rule.counts_workdays:
        return stored
    day = explained(rule).due_on.isoformat()
    return stored | {"due_on": day, "latest_on": day}


# --- assignments ---------------------------------------------------------------------------------


def _assignments(load: Load, *, by: Any) -> None:
    """Take off what the pack no longer asks for, put back what it asks for again, then let the
    service give every bound body its assignment."""
    for row in _of(load, is_withdrawn=True).filter(status__in=OPEN):
        services.take_off(row, Move.WITHDRAW, by=by, reason=_reason())
        load.difference.updated += 1
    for row in _of(load, is_withdrawn=False).filter(status=Status.WITHDRAWN, status_note=_reason()):
        services.restore(row, by=by)
        load.difference.updated += 1
    done = services.sync_assignments(load.programme, by=by, on=load.on)
    load.difference.created += done["created"]
    load.difference.updated += done["updated"]


def _of(load: Load, *, is_withdrawn: bool) -> Any:
    """Assignments of this programme under a withdrawn obligation or enrolment, or under neither."""
    withdrawn_obligations = Obligation.rows.filter(
        programme=load.programme, withdrawn_on__isnull=False
    )
    withdrawn_bodies = Enrolment.rows.filter(programme=load.programme, withdrawn_on__isnull=False)
    mine = Assignment.rows.filter(enrolment__programme=load.programme)
    off = mine.filter(obligation__in=withdrawn_obligations) | mine.filter(
        enrolment__in=withdrawn_bodies
    )
    return off if is_withdrawn else mine.exclude(pk__in=off.values("pk"))


def _reason() -> str:
    return _("方案包已撤回该规定任务或该单位的参与。")
