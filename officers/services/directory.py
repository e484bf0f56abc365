"""Opening and closing the public directory of a programme."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import MoveNotAllowed
from core.models import AuditEntry
from pilots.models import Programme

from ..models import PublicDirectory

FACTS = ("is_open", "basis")


def open_directory(
    programme: Programme, *, basis: str, by: Any, version: int | None = None
) -> PublicDirectory:
    """Show the programme's CDOs to the world. `basis` is the decision to publish
    (个人信息保护法 art. 13 and 25). Raises ValidationError on `basis` without one, MoveNotAllowed
    when it is open already, StaleVersion (0 stands for a directory that nobody has touched yet)."""
    return _switch(programme, is_open=True, basis=basis, by=by, version=version)


def close_directory(
    programme: Programme, *, basis: str, by: Any, version: int | None = None
) -> PublicDirectory:
    """Take it off the net again, and say why. Raises as `open_directory`."""
    return _switch(programme, is_open=False, basis=basis, by=by, version=version)


@transaction.atomic
def _switch(
    programme: Programme, *, is_open: bool, basis: str, by: Any, version: int | None
) -> PublicDirectory:
    if not basis.strip():
        message = _("写明公开的依据。") if is_open else _("写明停止公开的原因。")
        raise ValidationError({"basis": message})
    row = _locked(programme)
    if row.is_open == is_open:
        raise MoveNotAllowed(_already(row))
    row.require_version(version)
    before = audit.facts(row, FACTS)
    row.is_open, row.basis, row.changed_at = is_open, basis.strip(), clock.now()
    row.version += 1
    row.full_clean()
    row.save()
    verb = "directory.open" if is_open else "directory.close"
    after = audit.facts(row, FACTS)
    audit.record(verb, by=by, subject=row, programme=programme, before=before, after=after)
    return row


def _locked(programme: Programme) -> PublicDirectory:
    PublicDirectory.objects.get_or_create(
        programme=programme, defaults={"changed_at": clock.now(), "version": 0}
    )
    return PublicDirectory.objects.select_for_update().get(programme=programme)


def _already(row: PublicDirectory) -> str:
    """Who has done it meanwhile."""
    last = AuditEntry.objects.of(audit.label(row)).last()
    if last is None:
        return _("名录还没有公开过。")
    words = {
        "state": _("公开") if row.is_open else _("停止公开"),
        "who": last.actor_shown,
        "at": f"{localtime(last.at):%Y-%m-%d %H:%M}",
    }
    return _("%(who)s在%(at)s已%(state)s名录，无须再办。") % words
