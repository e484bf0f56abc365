"""What a person holds at a unit, and who could take it over."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.roles import ROLE_PERMISSIONS, UNIT_ROLES, Permission
from core import clock
from pilots.access import memberships_of
from pilots.models import Membership, Unit

from ..choices import FilingStatus, Status
from ..models import Appointment, Filing, Handover, Person, Team, TeamMember
from ..models.appointments import AppointmentQuerySet
from ..models.filings import FilingQuerySet
from ..models.handovers import HandoverQuerySet
from ..models.people import PersonQuerySet
from ..models.teams import TeamMemberQuerySet, TeamQuerySet
from .allowed import may_report


def person_of(user: Any) -> Person | None:
    """Whose account it is, if the register knows."""
    return Person.rows.filter(user=user).first()


def units_of(person: Person) -> list[Unit]:
    """The bodies that the person could leave: where he or she works, is in office, or acts by an
    account; the own one first."""
    today = clock.today()
    posts = Appointment.rows.in_office(today).filter(person=person)
    found = [person.unit, *(row.unit for row in posts.select_related("unit"))]
    if person.user is not None:
        rows = Membership.rows.live(today).filter(user=person.user)
        found += [row.unit for row in rows.select_related("unit").order_by("id")]
    return list({unit.pk: unit for unit in found}.values())


def may_hand_over(user: Any, person: Person, unit: Unit) -> bool:
    """Whether the user may end what the person is at the unit. Whoever reports for it may, as far as
    the roles of a unit go; who is more there (an officer, an evaluator) is dismissed by a colleague
    who manages the register, else by the security administrator."""
    if not may_report(user, unit):
        return False
    if person.user is None:
        return True
    held = Membership.rows.live(clock.today()).filter(user=person.user, unit=unit)
    if not held.exclude(role__in=UNIT_ROLES).exists():
        return True
    return any(
        row.unit_id == unit.pk and Permission.MANAGE_OFFICERS in ROLE_PERMISSIONS[row.role]
        for row in memberships_of(user)
    )


def posts_of(person: Person, unit: Unit) -> AppointmentQuerySet:
    """Posts of the unit that the person holds with no last day known, or is to hold."""
    return (
        Appointment.rows.filter(person=person, unit=unit)
        .filter(status__in=[Status.APPOINTED, Status.PROPOSED])
        .select_related("person", "unit", "post")
        .order_by("status", "since", "pk")
    )


def teams_led(person: Person, unit: Unit, on: date) -> TeamQuerySet:
    """Teams of the unit that the person leads and that last beyond the day."""
    lasting = Q(ends_on=None) | Q(ends_on__gt=on)
    return Team.rows.filter(lasting, leader=person, unit=unit, voided_at=None).order_by("number")


def teams_joined(person: Person, unit: Unit, on: date) -> TeamMemberQuerySet:
    """The person's places in teams of the unit that last beyond the day."""
    lasting = Q(ends_on=None) | Q(ends_on__gt=on)
    rows = TeamMember.rows.filter(lasting, person=person, team__unit=unit, voided_at=None)
    return rows.filter(team__voided_at=None).select_related("team").order_by("team__number")


def filings_open(unit: Unit, *, by: Any) -> FilingQuerySet:
    """Filings that the unit has to see through, and those that wait at its desk, as `by` sees them."""
    own = Q(unit=unit, status__in=[FilingStatus.SUBMITTED, FilingStatus.RETURNED])
    at_desk = Q(desk=unit, status=FilingStatus.SUBMITTED)
    return Filing.objects.visible_to(by).filter(own | at_desk).order_by("number")


def takers(person: Person, unit: Unit, *, user: Any) -> PersonQuerySet:
    """Who may take over, of those the user sees: people of the unit, in office there, or acting for
    it by an account that is open."""
    today = clock.today()
    posts = Appointment.rows.in_office(today).filter(person=OuterRef("pk"), unit=unit)
    acting = Membership.rows.live(today).filter(user=OuterRef("user_id"), unit=unit)
    rows = Person.objects.visible_to(user).exclude(pk=person.pk)
    open_account = Q(user=None) | Q(user__is_active=True)
    return rows.filter(Q(unit=unit) | Exists(posts) | Exists(acting), open_account)


def searched_handovers(rows: HandoverQuerySet, text: str) -> HandoverQuerySet:
    """Hand-overs by number, who left, who took over, or the unit."""
    people = Person.rows.searched(text)
    units = Unit.rows.searched(text).filter(pk=OuterRef("unit_id"))
    return rows.filter(
        Q(number__icontains=text) | Q(leaver__in=people) | Q(taker__in=people) | Exists(units)
    )


def handovers_of(person: Person) -> HandoverQuerySet:
    """Those in which the person gave or took."""
    return Handover.rows.filter(Q(leaver=person) | Q(taker=person)).order_by("on", "number")
