"""What a body still owes, or has to answer, when one of its people leaves."""

from typing import Any

from django.db.models import Q

from pilots.choices import Part, Phase
from pilots.models import Enrolment, Unit

from ..choices import OPEN_EXTENSIONS, UNSENT_SLIPS, ExtensionState, OrderState, SlipState
from ..models import (
    Assignment,
    AssignmentQuerySet,
    Extension,
    ExtensionQuerySet,
    Order,
    OrderQuerySet,
    Slip,
    SlipQuerySet,
)


def open_of_unit(unit: Unit, *, by: Any) -> AssignmentQuerySet:
    """Open assignments of a body in followed programmes, as far as `by` sees them, most urgent
    first."""
    rows: AssignmentQuerySet = Assignment.objects.visible_to(by)
    rows = rows.open().filter(enrolment__unit=unit)
    followed = {"enrolment__withdrawn_on": None, "enrolment__programme__phase": Phase.RUNNING}
    return rows.filter(**followed).for_lists().most_urgent_first()


def extensions_open(unit: Unit, *, by: Any) -> ExtensionQuerySet:
    """Requests for a later day that the body has made and not had answered, or has to answer."""
    own = Q(assignment__enrolment__unit=unit, state__in=OPEN_EXTENSIONS)
    asked = {"state__in": [ExtensionState.ASKED, ExtensionState.TO_APPROVE]}
    bureau = Q(assignment__enrolment__programme__in=programmes_led(unit), **asked)
    rows: ExtensionQuerySet = Extension.objects.visible_to(by)
    return rows.filter(own | bureau).for_lists().order_by("asked_on", "pk")


def slips_open(unit: Unit, *, by: Any) -> SlipQuerySet:
    """Slips that the body has not answered, or has drafted and not yet sent."""
    own = Q(assignment__enrolment__unit=unit, state=SlipState.SENT)
    drafted = Q(issuer=unit, state__in=UNSENT_SLIPS)
    rows: SlipQuerySet = Slip.objects.visible_to(by)
    return rows.filter(own | drafted).for_lists().order_by("reply_by", "pk")


def orders_open(unit: Unit, *, by: Any) -> OrderQuerySet:
    """Orders that the body has drafted and not yet issued."""
    waiting = (OrderState.DRAFT, OrderState.TO_SIGN)
    rows: OrderQuerySet = Order.objects.visible_to(by)
    return rows.filter(issuer=unit, state__in=waiting).for_lists().order_by("pk")


def programmes_led(unit: Unit) -> Any:
    """Ids of the programmes whose bureau the body is, as a subquery."""
    rows = Enrolment.rows.filter(unit=unit, part=Part.BUREAU, withdrawn_on=None)
    return rows.order_by().values("programme")
