"""What the endpoints of reports have in common."""

from collections.abc import Sequence
from typing import Any, ClassVar

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts.roles import Permission
from core.api.reading import READS
from core.api.writing import WriteViewSet
from core.errors import PermissionRefused
from pilots.access import may
from pilots.models import Programme

from ... import services


def needing_read(*actions: str) -> dict[str, Permission]:
    """A `permission_map`: whoever changes something has to see it."""
    return dict.fromkeys((*READS, *actions), Permission.READ_REPORTS)


class Base(WriteViewSet):
    """A change needs one of `writers` somewhere, before its content is looked at, and then the right
    to the very row."""

    writers: ClassVar[tuple[Permission, ...]] = (
        Permission.WRITE_REPORTS,
        Permission.SIGN_DOCUMENTS,
        Permission.REVIEW_REPORTS,
        Permission.ISSUE_DOCUMENTS,
    )

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in SAFE_METHODS and self.action is not None:
            refuse_unless(any(may(request.user, needed) for needed in self.writers))

    def require_issuing(self, programme: Programme) -> None:
        refuse_unless(may(self.request.user, Permission.ISSUE_DOCUMENTS, programme=programme))


def refuse_unless(right: bool) -> None:
    if not right:
        raise PermissionRefused


def asked(figures: Sequence[dict[str, Any]]) -> list[services.FigureAsked]:
    return [services.FigureAsked(**figure) for figure in figures]
