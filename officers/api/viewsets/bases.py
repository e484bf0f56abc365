"""What the endpoints of the register have in common."""

from typing import Any, ClassVar

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts.roles import Permission
from core.api.reading import READS
from core.api.writing import WriteViewSet
from core.errors import PermissionRefused
from pilots.access import may
from pilots.models import Unit

from ... import services
from ...models import Person
from ...queries.allowed import may_report

WRITERS = (Permission.REPORT_OFFICERS, Permission.MANAGE_OFFICERS)


def needing_read(*actions: str) -> dict[str, Permission]:
    """A `permission_map`: whoever changes something has to see it."""
    return dict.fromkeys((*READS, *actions), Permission.READ_OFFICERS)


class RegisterViewSet(WriteViewSet):
    """A change needs one of `writers` somewhere, before its content is looked at, and then the
    right to the very row."""

    writers: ClassVar[tuple[Permission, ...]] = WRITERS

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in SAFE_METHODS and self.action is not None:
            refuse_unless(any(may(request.user, needed) for needed in self.writers))

    def require_reporting(self, unit: Unit) -> None:
        """Raise PermissionRefused unless the caller enters people of that unit."""
        refuse_unless(may_report(self.request.user, unit))


def refuse_unless(right: bool) -> None:
    if not right:
        raise PermissionRefused


def taken_out(given: dict[str, Any], *names: str) -> dict[str, Any]:
    """Those of `given` that were sent, taken out of it."""
    return {name: given.pop(name) for name in names if name in given}


def person_of(given: dict[str, Any], *, unit: Unit, by: Any) -> Person:
    """The person that `given` names, or the new one that it describes, entered at `unit`."""
    if "person" in given:
        return given.pop("person")
    return services.register_person(unit=unit, by=by, **given.pop("new_person"))
