"""Who may change what of an event: its organisers' own people, and the bureau of its programme."""

from typing import Any

from accounts.roles import UNIT_ROLES, Permission
from core import clock
from pilots.access import may, memberships_of
from pilots.choices import Part
from pilots.models import Enrolment, Programme, Unit

from ..models import Event


def may_manage(user: Any, programme: Programme) -> bool:
    """Whether the user keeps the programme's events for every unit, confirms and corrects."""
    return may(user, Permission.MANAGE_EVENTS, programme=programme)


def may_report(user: Any, unit: Unit) -> bool:
    """Whether the user enters what the unit itself organises or attended."""
    return may(user, Permission.REPORT_EVENTS, unit=unit)


def may_change(user: Any, event: Event) -> bool:
    """Whether the user changes this event: an organiser's own people, or the bureau."""
    if may_manage(user, event.programme):
        return True
    return any(may_report(user, row.enrolment.unit) for row in event.organisers.all())


def own_part(user: Any, event: Event) -> Enrolment | None:
    """The part by which the user's own unit attends the event, as organiser or invited; None for
    whoever acts for no such unit."""
    units = {row.unit_id for row in memberships_of(user) if row.role in UNIT_ROLES}
    parts = [row.enrolment for row in event.participants.select_related("enrolment__unit")]
    parts += [row.enrolment for row in event.organisers.select_related("enrolment__unit")]
    return next((row for row in parts if row.unit_id in units and may_report(user, row.unit)), None)


def possible_parties(programme: Programme) -> Any:
    """The bodies that organise or attend events of the programme today, in the document's order."""
    parts = (Part.PILOT, Part.BUREAU, Part.LEADING_GROUP, Part.LEADING_GROUP_OFFICE)
    rows = Enrolment.rows.standing(clock.today()).filter(programme=programme, part__in=parts)
    named = rows.filter(unit__is_slot=False)
    return (
        named.select_related("unit", "programme")
        .prefetch_related("unit__names")
        .order_by("position", "id")
    )
