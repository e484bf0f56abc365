"""For which units somebody enters people and appointments."""

from datetime import date
from typing import Any

from accounts.roles import ROLE_PERMISSIONS, UNIT_ROLES, Permission
from pilots.access import memberships_of
from pilots.choices import Part
from pilots.models import Enrolment, Unit
from pilots.models.scope import wide_programmes


def reported_units(user: Any, on: date) -> list[Unit]:
    """The own units, and for the bureau every named body of its programmes in the document's order,
    pilots first; each with its name of the day."""
    own = {
        row.unit_id
        for row in memberships_of(user)
        if row.role in UNIT_ROLES and Permission.REPORT_OFFICERS in ROLE_PERMISSIONS[row.role]
    }
    managed = wide_programmes(user, Permission.MANAGE_OFFICERS)
    parts = (
        Enrolment.rows.standing(on)
        .filter(programme_id__in=managed, unit__is_slot=False)
        .exclude(part=Part.SUPERIOR)
        .order_by("programme__position", "position", "id")
        .values_list("unit_id", "part")
    )
    ordered = sorted(parts, key=lambda pair: pair[1] != Part.PILOT)
    wanted = list(dict.fromkeys([*own, *(pk for pk, _part in ordered)]))
    units = {unit.pk: unit for unit in Unit.rows.with_name(on).filter(pk__in=wanted)}
    return [units[pk] for pk in wanted if units[pk].exists_on(on)]
