"""Files of an event: put there, taken out."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import MoveNotAllowed
from core.models import StoredFile

from ..choices import EventStatus, FileKind
from ..models import Event, EventFile
from .counting import settle
from .writing import lock_event, require_right, require_text, touch


@transaction.atomic
def add_file(
    event: Event,
    kind: str,
    *,
    stored: StoredFile,
    name: str,
    by: Any,
    version: int | None = None,
) -> EventFile:
    """Put a file beside an event; the same file of the same kind is there once. With a sign-in sheet,
    a material or minutes an event that was held counts.

    Raises MoveNotAllowed for a cancelled event, StaleVersion, PermissionRefused, ValidationError.
    """
    row = lock_event(event, version)
    require_right(row, by)
    if row.status == EventStatus.CANCELLED:
        raise MoveNotAllowed(_("%(number)s已取消，先恢复再上传材料。") % {"number": row.number})
    if kind not in FileKind.values:
        raise ValidationError({"kind": _("选择“材料类别”")})
    known = EventFile.rows.live().filter(event=row, kind=kind, stored=stored).first()
    if known is not None:
        return known
    file = EventFile(
        event=row, kind=kind, stored=stored, name=name, added_at=clock.now(), added_by=by
    )
    file.full_clean()
    file.save()
    touch(row, "add_file", by=by, file_name=name, file_kind=kind)
    settle(row, by=by, reason=_("%(number)s已更正") % {"number": row.number})
    return file


@transaction.atomic
def remove_file(file: EventFile, *, by: Any, reason: str, version: int | None = None) -> EventFile:
    """Take a file out; it stays kept and no longer shows that the event was held.

    Raises ValidationError without a reason, StaleVersion, PermissionRefused.
    """
    row = lock_event(file.event, version)
    require_right(row, by)
    said = require_text(reason, "reason", _("写明移除的原因"))
    found: EventFile = EventFile.rows.select_for_update(of=("self",)).get(pk=file.pk)
    if found.removed_at is None:
        found.removed_at, found.remove_reason = clock.now(), said[:200]
        found.save(update_fields=["removed_at", "remove_reason"])
        touch(row, "remove_file", by=by, file_name=found.name, reason=said)
        settle(row, by=by, reason=said)
    return found
