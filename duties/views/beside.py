"""What stands beside a task's facts: 批示, 协办单位, and the note that its page was opened."""

from collections.abc import Sequence
from typing import Any

import structlog
from django.db import DatabaseError, transaction
from django.http import HttpRequest

from accounts.roles import Permission
from pilots import access
from pilots.models import Unit

from .. import services
from ..models import Assignment, Remark
from ..order_forms import HelperForm, RemarkForm, StrikeForm, TranscriptForm
from ..queries.orders import helpers_of, open_to_help
from ..queries.remarks import leads_at, remarks_on, writes_at

log = structlog.get_logger(__name__)


def note_opening(tasks: Sequence[Assignment], request: HttpRequest) -> int:
    """首次打开; returns how many were noted now. A page that cannot note it (the database takes no
    writes) is read all the same."""
    try:
        with transaction.atomic():
            return services.note_opening(tasks, by=request.user)
    except DatabaseError as error:
        log.warning("opening_not_noted", path=request.path, error=str(error))
        return 0


def remark_block(row: Assignment, user: Any, sent_back: StrikeForm | None = None) -> dict[str, Any]:
    """The remarks that the reader sees, each with the form that strikes it out where it is of the
    reader's own body, and the forms of a new one."""
    is_theirs = access.may(user, Permission.REMARK_TASKS, unit=row.unit, programme=row.programme)
    unit = writes_at(user, row) if is_theirs else None
    found = [
        {"row": each, "form": _striking(each, unit, sent_back)} for each in remarks_on(row, user)
    ]
    return {
        "remarks": found,
        "remark_form": RemarkForm(prefix="remark") if unit and leads_at(user, row) else None,
        "transcript_form": TranscriptForm(prefix="transcript") if unit else None,
    }


def _striking(row: Remark, unit: Unit | None, sent_back: StrikeForm | None) -> StrikeForm | None:
    if unit is None or unit.pk != row.unit_id or row.is_struck:
        return None
    form = StrikeForm(prefix=f"strike-{row.number}")
    return sent_back if sent_back and sent_back.prefix == form.prefix else form


def helper_block(row: Assignment, *, manages: bool) -> dict[str, Any]:
    """The units that help, when they first opened the task, and the form that names another."""
    opened = {opening.unit_id: opening for opening in row.openings.all()}
    may_add = manages and row.is_open()
    return {
        "helpers": [
            {"row": helper, "opening": opened.get(helper.unit_id)} for helper in helpers_of(row)
        ],
        "helper_form": HelperForm(prefix="helper", units=open_to_help(row)) if may_add else None,
    }
