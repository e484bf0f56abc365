"""How a filing comes: reported by the unit today, or on paper, entered by the desk."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.serializers import ValidationError

from pilots.models import Unit

from ...choices import Route
from ...models import Filing
from ...queries.allowed import may_report
from ...queries.desks import require_decider
from ...services import Letter
from .bases import refuse_unless


@dataclass(frozen=True)
class Sent:
    """A letter and its route, by somebody who may take it."""

    letter: Letter
    route: str
    by: Any

    @classmethod
    def of(cls, given: dict[str, Any], *, unit: Unit, by: Any) -> "Sent":
        """Take them out of the content. Raises PermissionRefused when the caller reports nothing
        for that unit, ValidationError for a day of one's own choice: it counts for being on time."""
        route = given.pop("route", Route.ONLINE)
        letter = Letter(
            document_number=given.pop("document_number", ""),
            note=given.pop("note", ""),
            reported_on=given.pop("reported_on", None),
        )
        if route == Route.ONLINE:
            refuse_unless(may_report(by, unit))
            if letter.reported_on is not None:
                message = _(
                    "网上报送的，报备日期就是今天；登记来文时（route为paper）才写来文日期。"
                )
                raise ValidationError({"reported_on": [message]})
        return cls(letter, route, by)

    def checked(self, filing: Filing) -> Filing:
        """The new filing; raises PermissionRefused, which undoes it, when a letter was entered by
        somebody who is not of its desk."""
        if self.route == Route.PAPER:
            require_decider(self.by, filing)
        return filing
