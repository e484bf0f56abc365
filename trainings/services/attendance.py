"""Who came: put on the list, struck out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import MoveNotAllowed
from officers.models import Person
from pilots.models import Unit

from ..choices import EventStatus, Route
from ..models import Attendance, Declaration, Event
from .checks import require_in_office
from .counting import settle
from .writing import lock_event, require_right, require_text, touch

MOST = 2000  # names in one list
NAME, UNIT_NAME, DUTY = 40, 120, 60


@dataclass(frozen=True)
class Seat:
    """Somebody to be put on a list: `person` of the register, or a name with a unit of the portal or
    one as written."""

    name: str = ""
    person: Person | None = None
    unit: Unit | None = None
    unit_name: str = ""
    duty: str = ""


@transaction.atomic
def add_people(
    event: Event,
    seats: Sequence[Seat],
    *,
    route: str,
    by: Any,
    version: int | None = None,
) -> int:
    """Put people on the list; whoever is on it already is left alone. Returns how many came new.

    Raises ValidationError on `people` for each who was not in office, for a name without a unit and
    for an empty or endless list; MoveNotAllowed for a cancelled event; StaleVersion,
    PermissionRefused.
    """
    row = lock_event(event, version)
    require_right(row, by)
    if row.status == EventStatus.CANCELLED:
        raise MoveNotAllowed(_("%(number)s已取消，先恢复再登记名单。") % {"number": row.number})
    added = put(row, seats, route=route, by=by)
    if added:
        touch(row, "attend", by=by, count=len(added), names=_names(added), route=route)
        settle(row, by=by, reason=_("%(number)s已更正") % {"number": row.number})
    return len(added)


@transaction.atomic
def strike_out(
    event: Event,
    entries: Iterable[Attendance],
    *,
    by: Any,
    reason: str,
    version: int | None = None,
) -> int:
    """Strike names out of the list, with the reason. Returns how many. Raises ValidationError without
    a reason, StaleVersion, PermissionRefused."""
    row = lock_event(event, version)
    require_right(row, by)
    said = require_text(reason, "reason", _("写明划去的原因"))
    wanted = [entry.pk for entry in entries]
    rows = Attendance.rows.live().filter(event=row, pk__in=wanted).select_for_update(of=("self",))
    found = list(rows)
    for entry in found:
        entry.removed_at, entry.remove_reason = clock.now(), said[:200]
        entry.save(update_fields=["removed_at", "remove_reason"])
    if found:
        touch(row, "strike_out", by=by, count=len(found), names=_names(found), reason=said)
        settle(row, by=by, reason=said)
    return len(found)


def put(
    event: Event,
    seats: Sequence[Seat],
    *,
    route: str,
    by: Any,
    declaration: Declaration | None = None,
) -> list[Attendance]:
    """The part that a declaration shares: check, and add those who are not on the list."""
    if not seats:
        raise ValidationError({"people": _("勾选或填写参加人员")})
    if len(seats) > MOST:
        text = _("一次最多%(most)s人，这份名单有%(count)s人，分几次登记")
        raise ValidationError({"people": text % {"most": MOST, "count": len(seats)}})
    _check_names(seats)
    require_in_office(event, [seat.person.pk for seat in seats if seat.person is not None])
    known = {_key(each) for each in Attendance.rows.live().filter(event=event)}
    added = []
    for seat in seats:
        entry = _entry(event, seat, route, by, declaration)
        if _key(entry) not in known:
            known.add(_key(entry))
            added.append(entry)
    Attendance.rows.bulk_create(added)
    return added


def _entry(
    event: Event, seat: Seat, route: str, by: Any, declaration: Declaration | None
) -> Attendance:
    person = seat.person
    return Attendance(
        event=event,
        person=person,
        name=person.name if person else seat.name.strip(),
        unit=person.unit if person else seat.unit,
        unit_name="" if person or seat.unit else seat.unit_name.strip(),
        duty=(person.job_title if person else seat.duty.strip())[:DUTY],
        route=Route(route),
        declaration=declaration,
        added_at=clock.now(),
        added_by=by,
    )


def _key(entry: Attendance) -> tuple[Any, ...]:
    if entry.person_id is not None:
        return (entry.person_id,)
    return (entry.name, entry.unit_id, entry.unit_name)


def _check_names(seats: Sequence[Seat]) -> None:
    faults = []
    for seat in seats:
        name = seat.name.strip()
        if seat.person is not None:
            continue
        if not name or len(name) > NAME:
            faults.append(_("“%(name)s”不像姓名，姓名要在1到40字之间") % {"name": name[:60]})
        elif seat.unit is None and not seat.unit_name.strip():
            faults.append(_("“%(name)s”没有写单位，写明所在单位") % {"name": name})
        elif len(seat.unit_name.strip()) > UNIT_NAME:
            faults.append(_("“%(name)s”的单位名称超过120字，压缩后再填") % {"name": name})
        elif any(not sign.isprintable() for sign in name + seat.unit_name + seat.duty):
            faults.append(_("“%(name)s”含有看不见的字符，重新填写") % {"name": name})
    if faults:
        raise ValidationError({"people": faults})


def _names(rows: Iterable[Attendance]) -> str:
    return "、".join(row.name for row in rows)[:500]
