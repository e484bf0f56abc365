"""协办: who helps with a task, and who first opened it."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import UNIT_ROLES
from core import audit, clock
from core.errors import MoveNotAllowed, Refused
from pilots.access import memberships_of
from pilots.models import Unit

from ..models import Assignment, Helper, Opening
from ..queries.orders import possible_helpers
from .writing import lock


@transaction.atomic
def add_helper(
    assignment: Assignment, unit: Unit, *, by: Any, note: str = "", version: int | None = None
) -> Helper:
    """Let a unit help with an open task; one that helps already comes back as it is.

    Raises Refused for the unit that leads and for one outside the programme, MoveNotAllowed for a
    task that is over, StaleVersion.
    """
    row = lock(assignment, version)
    if not row.is_open():
        raise MoveNotAllowed(_("%(number)s已不在办理中，不用再指定协办。") % {"number": row.number})
    known = row.helpers.live().filter(unit=unit).first()
    if known is not None:
        return known
    if unit.pk == row.enrolment.unit_id:
        raise Refused(_("%(unit)s是主办单位，不能协办自己的任务。") % {"unit": unit.display_name})
    if not possible_helpers(row.programme, clock.today()).filter(pk=unit.pk).exists():
        raise Refused(_("%(unit)s没有参与这个方案，不能协办。") % {"unit": unit.display_name})
    helper = Helper(assignment=row, unit=unit, note=note.strip(), added_at=clock.now(), added_by=by)
    helper.full_clean()
    helper.save()
    _record("add_helper", row, by=by, after={"helper": unit, "note": helper.note})
    return helper


@transaction.atomic
def remove_helper(helper: Helper, *, by: Any, version: int | None = None) -> Helper:
    """The unit helps no more and sees the task no more; the record stays. Raises StaleVersion."""
    row = lock(helper.assignment, version)
    found = Helper.objects.select_for_update(of=("self",)).select_related("unit").get(pk=helper.pk)
    if found.removed_at is None:
        found.removed_at, found.removed_by = clock.now(), by
        found.save(update_fields=["removed_at", "removed_by"])
        _record("remove_helper", row, by=by, after={"helper": found.unit})
    return found


@transaction.atomic
def note_opening(assignments: Iterable[Assignment], *, by: Any) -> int:
    """首次打开: note for each task that somebody of the unit that leads, or of one that helps, has
    opened its page; once a unit, whoever comes first. Returns how many were noted now."""
    mine = {row.unit_id for row in memberships_of(by) if row.role in UNIT_ROLES}
    return sum(_open(row, mine, by) for row in assignments) if mine else 0


def _open(row: Assignment, mine: set[int], by: Any) -> int:
    helping = {helper.unit_id for helper in row.helpers.all() if helper.removed_at is None}
    units = mine & {row.enrolment.unit_id, *helping}
    known = {opening.unit_id for opening in row.openings.all()}
    noted = 0
    for unit_id in sorted(units - known):
        facts = {"opened_at": clock.now(), "opened_by": by}
        key = {"assignment": row, "unit_id": unit_id}
        opening, created = Opening.objects.get_or_create(**key, defaults=facts)
        if created:
            _record("first_open", row, by=by, after={"unit": opening.unit})
        noted += created
    return noted


def _record(verb: str, row: Assignment, *, by: Any, after: dict[str, Any]) -> None:
    audit.record(
        f"assignment.{verb}",
        by=by,
        subject=row,
        unit=row.unit,
        programme=row.programme,
        after=after,
    )
