"""What became of a body: merged, split, its work handed on. No row moves by itself."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Refused
from core.search import initials

from ..choices import SuccessionKind
from ..models import Enrolment, Succession, Unit
from .bodies import create_unit
from .rows import lock_unit, record_succession, touch

DAY = timedelta(days=1)
KINDS = (SuccessionKind.MERGER, SuccessionKind.SPLIT, SuccessionKind.REPLACEMENT)


@transaction.atomic
def succeed_unit(
    unit: Unit,
    successor: Unit,
    *,
    on: date,
    kind: str,
    by: Any,
    note: str = "",
    continues: bool = False,
    version: int | None = None,
) -> Succession:
    """合并、分设、划转: records what became of a body and ends it the day before `on`.

    No row moves by itself. `continues` is the clerk's word that the successor also takes over the
    part in the programmes: the old enrolment ends the day before, a new one begins on `on`; tasks
    stay with the old one until somebody decides each. A split is recorded once for each successor.

    Raises Refused for a slot, a body that had ceased otherwise, a kind that is not a succession, a
    successor that did not exist on that day or that leads back here; StaleVersion; ValidationError.
    """
    unit = lock_unit(unit, version)
    _check_succession(unit, successor, on, kind)
    before = audit.facts(unit, ("ceased_on",))
    row = record_succession(unit, successor, on=on, kind=kind, note=note)
    unit.ceased_on = on - DAY
    unit.full_clean()
    touch(unit, "ceased_on")
    moved = _continue_parts(unit, successor, on) if continues else 0
    after = {
        "ceased_on": unit.ceased_on,
        "successor": successor,
        "kind": kind,
        "continued": moved,
    }
    audit.record("unit.succeed", by=by, subject=unit, unit=unit, before=before, after=after)
    return row


def _check_succession(unit: Unit, successor: Unit, on: date, kind: str) -> None:
    if kind not in KINDS:
        raise Refused(_("承接方式只能是合并、分设或职能划转；席位补名用“补名”办理。"))
    if unit.is_slot:
        raise Refused(_("“%(unit)s”是待补名的席位，没有承接关系，用“补名”办理。") % {"unit": unit})
    if successor.is_slot:
        raise Refused(_("承接单位“%(unit)s”还没有名称，先给它补名。") % {"unit": successor})
    if not successor.exists_on(on):
        raise Refused(
            _("%(unit)s在%(day)s还未成立或已撤销，换一个日期或承接单位。")
            % {"unit": successor, "day": on}
        )
    if unit.ceased_on and not (kind == SuccessionKind.SPLIT and unit.ceased_on == on - DAY):
        raise Refused(
            _("%(unit)s已于%(day)s撤销，承接关系已登记。分设的另一家用同一天、同一方式登记。")
            % {"unit": unit, "day": unit.ceased_on}
        )
    if Succession.objects.filter(from_unit=successor, to_unit=unit).exists():
        facts = {"unit": unit, "successor": successor}
        raise Refused(_("%(unit)s由%(successor)s承接而来，不能反过来承接。") % facts)


def _continue_parts(unit: Unit, successor: Unit, on: date) -> int:
    """The successor's enrolments from `on`, in the old ones' places; returns how many."""
    standing = Enrolment.rows.select_for_update(of=("self",)).standing(on).filter(unit=unit)
    count = 0
    for row in standing.select_related("programme"):
        same = Enrolment.rows.standing(on).filter(programme=row.programme, part=row.part)
        row.ends_on = on - DAY
        row.version += 1
        row.full_clean()
        row.save()
        if not same.filter(unit=successor).exists():
            _copy_part(row, successor, on)
            count += 1
    return count


def _copy_part(row: Enrolment, unit: Unit, on: date) -> Enrolment:
    new = Enrolment(
        programme=row.programme,
        unit=unit,
        part=row.part,
        kind=row.kind or row.unit.kind,
        cohort=row.cohort,
        handled_by=row.handled_by,
        liaison=row.liaison,
        position=row.position,
        starts_on=on,
        source=row.source,
    )
    new.full_clean()
    new.save()
    return new


@transaction.atomic
def succeed_by_new_unit(
    unit: Unit,
    *,
    full_name: str,
    short_name: str,
    on: date,
    kind: str,
    by: Any,
    note: str = "",
    continues: bool = False,
    version: int | None = None,
) -> Succession:
    """The same for a successor that is founded on that day: a body of the same kind and place.

    Raises what `create_unit` and `succeed_unit` raise.
    """
    successor = create_unit(
        code=_free_code(unit, short_name),
        kind=unit.kind,
        region_code=unit.region_code,
        parent=unit.parent,
        full_name=full_name,
        short_name=short_name,
        established_on=on,
        by=by,
    )
    return succeed_unit(
        unit,
        successor,
        on=on,
        kind=kind,
        by=by,
        note=note,
        continues=continues,
        version=version,
    )


def _free_code(unit: Unit, short_name: str) -> str:
    """`440300-sjj` from the place and the pinyin initials; a number follows when it is taken."""
    place = unit.region_code or unit.code.split("-")[0]
    letters = "".join(c for c in initials(short_name) if c.isascii() and c.isalnum())[:20]
    base = f"{place}-{letters or 'dw'}"
    taken = set(Unit.rows.filter(code__startswith=base).values_list("code", flat=True))
    numbers = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(code for code in numbers if code not in taken)
