"""What every change to a body does: lock, check the version, write, raise the version."""

from typing import Any

from ..models import Succession, Unit, UnitName


def lock_unit(unit: Unit, version: int | None) -> Unit:
    """The row, locked until the transaction ends. Raises StaleVersion."""
    row = Unit.rows.select_for_update(of=("self",)).get(pk=unit.pk)
    row.require_version(version)
    return row


def touch(unit: Unit, *fields: str) -> None:
    unit.version += 1
    unit.save(update_fields=["version", *fields])


def save_name(name: UnitName) -> None:
    """Raises ValidationError, also where the period overlaps another name of the body."""
    name.spell()
    name.full_clean(exclude=["vector"])
    name.save()


def record_succession(unit: Unit, successor: Unit, **facts: Any) -> Succession:
    row = Succession(from_unit=unit, to_unit=successor, **facts)
    row.full_clean()
    row.save()
    return row
