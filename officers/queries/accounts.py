"""Which accounts could be a person's."""

from accounts.models import User
from accounts.roles import UNIT_ROLES
from core import clock
from pilots.models import Membership

from ..models import Person


def accounts_for(person: Person) -> list[User]:
    """Active accounts that act for the person's units and are nobody's yet, by name."""
    units = {person.unit_id, *person.appointments.standing().values_list("unit_id", flat=True)}
    live = Membership.rows.live(clock.today()).filter(unit__in=units, role__in=UNIT_ROLES)
    free = User.objects.filter(pk__in=live.values("user"), is_active=True, person=None)
    return list(free.order_by("display_name", "username"))
