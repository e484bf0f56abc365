"""The life of bodies: entering, renaming, naming slots. Nothing is deleted."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Refused

from ..choices import Certainty, SuccessionKind
from ..models import Enrolment, Unit, UnitName
from .rows import lock_unit, record_succession, save_name, touch

DAY = timedelta(days=1)
NAME_FACTS = ("full_name", "short_name", "name_en", "starts_on", "ends_on")


@transaction.atomic
def create_unit(
    *,
    code: str,
    kind: str,
    full_name: str,
    short_name: str,
    by: Any,
    region_code: str = "",
    name_en: str = "",
    parent: Unit | None = None,
    established_on: date | None = None,
    is_slot: bool = False,
    source: str = "",
) -> Unit:
    """Enter a body with its first name. Raises ValidationError."""
    unit = Unit(
        code=code,
        kind=kind,
        region_code=region_code,
        parent=parent,
        established_on=established_on,
        is_slot=is_slot,
        source=source,
    )
    unit.full_clean()
    unit.save()
    name = UnitName(
        unit=unit,
        full_name=full_name,
        short_name=short_name,
        name_en=name_en,
        starts_on=established_on,
    )
    save_name(name)
    audit.record("unit.create", by=by, subject=unit, unit=unit, after=audit.facts(name, NAME_FACTS))
    return unit


@transaction.atomic
def rename_unit(
    unit: Unit,
    *,
    full_name: str,
    short_name: str,
    on: date,
    by: Any,
    basis: str = "",
    name_en: str = "",
    version: int | None = None,
) -> UnitName:
    """更名: the body stays the same row, the old name ends the day before `on`, history is kept.

    Raises Refused for a slot, a body that has ceased by then, the same name again, or a day that is
    not after the present name's first; StaleVersion; ValidationError.
    """
    unit = lock_unit(unit, version)
    current = unit.names.select_for_update().filter(ends_on=None).order_by("starts_on").last()
    _check_rename(unit, current, (full_name, short_name), on)
    before = audit.facts(current, NAME_FACTS) if current else None
    if current is not None:
        current.ends_on = on - DAY
        current.save(update_fields=["ends_on"])
    name = UnitName(
        unit=unit,
        full_name=full_name,
        short_name=short_name,
        name_en=name_en,
        starts_on=on,
        basis=basis,
    )
    save_name(name)
    touch(unit)
    after = audit.facts(name, NAME_FACTS)
    audit.record("unit.rename", by=by, subject=unit, unit=unit, before=before, after=after)
    return name


def _check_rename(unit: Unit, current: UnitName | None, names: tuple[str, str], on: date) -> None:
    if unit.is_slot:
        raise Refused(_("“%(unit)s”是待补名的席位，用“补名”登记名称。") % {"unit": unit})
    if unit.ceased_on and on > unit.ceased_on:
        facts = {"unit": unit, "day": unit.ceased_on}
        raise Refused(_("%(unit)s已于%(day)s撤销，更名日期不能晚于这一天。") % facts)
    if current is None:
        return
    if current.starts_on and on <= current.starts_on:
        raise Refused(_("现名从%(day)s起用，更名日期要晚于这一天。") % {"day": current.starts_on})
    if (current.full_name, current.short_name) == names:
        raise Refused(_("新名称和现名“%(name)s”一样，不用更名。") % {"name": current.full_name})


# --- slots: a count is known, the name was not ---------------------------------------------------


@transaction.atomic
def name_slot(
    slot: Unit,
    *,
    full_name: str,
    short_name: str,
    by: Any,
    basis: str = "",
    version: int | None = None,
) -> Unit:
    """补名 in place: the numbered slot turns out to be this body; its code and rows stay.

    Raises Refused when the body is no slot or another body bears that full name; StaleVersion.
    """
    unit = lock_unit(slot, version)
    if not unit.is_slot:
        raise Refused(_("“%(unit)s”已有名称，更名用“更名”办理。") % {"unit": unit})
    namesake = UnitName.objects.filter(full_name=full_name).exclude(unit=unit).first()
    if namesake is not None:
        raise Refused(
            _("系统里已有“%(name)s”（%(code)s），用“对应到已有单位”办理。")
            % {"name": full_name, "code": namesake.unit.code}
        )
    name = unit.names.select_for_update().order_by("starts_on").last() or UnitName(unit=unit)
    before = audit.facts(name, NAME_FACTS)
    name.full_name, name.short_name, name.basis = full_name, short_name, basis
    save_name(name)
    unit.is_slot = False
    touch(unit, "is_slot")
    Enrolment.rows.filter(unit=unit, certainty=Certainty.SLOT).update(certainty=Certainty.STATED)
    after = audit.facts(name, NAME_FACTS)
    audit.record("unit.name_slot", by=by, subject=unit, unit=unit, before=before, after=after)
    return unit


@transaction.atomic
def identify_slot(slot: Unit, unit: Unit, *, on: date, by: Any, version: int | None = None) -> Unit:
    """补名 to a body that exists already: the slot's enrolments point to it from now on.

    The slot stays, ceased, with a Succession of kind 补名. Raises Refused when `slot` is no slot,
    `unit` is one, or the body already takes that part in one of the programmes; StaleVersion.
    """
    slot = lock_unit(slot, version)
    if not slot.is_slot or slot.ceased_on:
        raise Refused(_("“%(unit)s”不是待补名的席位。") % {"unit": slot})
    if unit.is_slot:
        raise Refused(_("“%(unit)s”自己还没有名称，先给它补名。") % {"unit": unit})
    moved = [_point_to(row, unit) for row in Enrolment.rows.select_for_update().filter(unit=slot)]
    slot.ceased_on = on
    touch(slot, "ceased_on")
    record_succession(slot, unit, on=on, kind=SuccessionKind.IDENTIFIED)
    after = {"unit": unit, "enrolments": len(moved)}
    audit.record("unit.identify_slot", by=by, subject=slot, unit=unit, after=after)
    return unit


def _point_to(row: Enrolment, unit: Unit) -> Enrolment:
    same = Enrolment.rows.filter(programme=row.programme, unit=unit, part=row.part)
    if same.filter(withdrawn_on=None).exists():
        facts = {"unit": unit, "programme": row.programme}
        raise Refused(_("%(unit)s已在%(programme)s试点名单中，不能再占一个席位。") % facts)
    row.unit, row.certainty = unit, Certainty.STATED
    row.version += 1
    row.full_clean()
    row.save()
    return row
