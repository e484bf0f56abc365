"""Every change to programmes, bodies and who acts for them."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import services as accounts
from accounts.models import User
from accounts.roles import Role
from core import audit, clock, moves
from core.errors import Refused

from .choices import PHASE_MOVES, Certainty, PhaseMove, SuccessionKind
from .models import Enrolment, Membership, Programme, Succession, Unit, UnitName

DAY = timedelta(days=1)
NAME_FACTS = ("full_name", "short_name", "name_en", "starts_on", "ends_on")


# --- programmes ----------------------------------------------------------------------------------


@transaction.atomic
def start_programme(
    programme: Programme, *, on: date, by: Any, version: int | None = None
) -> Programme:
    """开始跟踪: from `on` the programme is followed; no reminder stage dated before it is planned.

    Raises MoveNotAllowed, StaleVersion.
    """
    row = _lock_programme(programme, version)
    before = audit.facts(row, ("phase", "started_on"))
    row.phase = moves.target(PHASE_MOVES, row.phase, PhaseMove.START)
    row.started_on = on
    return _save_programme(row, "start", by=by, before=before)


@transaction.atomic
def close_programme(
    programme: Programme, *, on: date, by: Any, version: int | None = None
) -> Programme:
    """结束跟踪: nothing is reminded from then on; everything stays readable."""
    row = _lock_programme(programme, version)
    before = audit.facts(row, ("phase", "closed_on"))
    row.phase = moves.target(PHASE_MOVES, row.phase, PhaseMove.CLOSE)
    row.closed_on = on
    return _save_programme(row, "close", by=by, before=before)


def _lock_programme(programme: Programme, version: int | None) -> Programme:
    row = Programme.rows.select_for_update().get(pk=programme.pk)
    row.require_version(version)
    return row


def _save_programme(row: Programme, verb: str, *, by: Any, before: dict) -> Programme:
    row.version += 1
    row.full_clean()
    row.save()
    after = audit.facts(row, before)
    audit.record(f"programme.{verb}", by=by, subject=row, programme=row, before=before, after=after)
    return row


# --- bodies --------------------------------------------------------------------------------------


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
    _save_name(name)
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

    Raises Refused when `on` is not after the present name's first day, StaleVersion, ValidationError.
    """
    unit = _lock_unit(unit, version)
    current = unit.names.select_for_update().filter(ends_on=None).order_by("starts_on").last()
    if current is not None and current.starts_on and on <= current.starts_on:
        raise Refused(_("现名从%(day)s起用，更名日期要晚于这一天。") % {"day": current.starts_on})
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
    _save_name(name)
    _touch(unit)
    after = audit.facts(name, NAME_FACTS)
    audit.record("unit.rename", by=by, subject=unit, unit=unit, before=before, after=after)
    return name


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
    """补名 in place: the numbered slot turns out to be this body; its code and rows stay."""
    unit = _lock_unit(slot, version)
    if not unit.is_slot:
        raise Refused(_("“%(unit)s”已有名称，更名请用“更名”。") % {"unit": unit})
    name = unit.names.select_for_update().order_by("starts_on").last() or UnitName(unit=unit)
    before = audit.facts(name, NAME_FACTS)
    name.full_name, name.short_name, name.basis = full_name, short_name, basis
    _save_name(name)
    unit.is_slot = False
    _touch(unit, "is_slot")
    Enrolment.rows.filter(unit=unit, certainty=Certainty.SLOT).update(certainty=Certainty.STATED)
    after = audit.facts(name, NAME_FACTS)
    audit.record("unit.name_slot", by=by, subject=unit, unit=unit, before=before, after=after)
    return unit


@transaction.atomic
def identify_slot(slot: Unit, unit: Unit, *, on: date, by: Any, version: int | None = None) -> Unit:
    """补名 to a body that exists already: the slot's enrolments point to it from now on.

    The slot stays, ceased, with a Succession of kind 补名. Raises Refused when `slot` is no slot or
    the body already takes that part in one of the programmes.
    """
    slot = _lock_unit(slot, version)
    if not slot.is_slot:
        raise Refused(_("“%(unit)s”不是待补名的席位。") % {"unit": slot})
    moved = list(Enrolment.rows.select_for_update().filter(unit=slot))
    for row in moved:
        if Enrolment.rows.filter(programme=row.programme, unit=unit, part=row.part).exists():
            facts = {"unit": unit, "programme": row.programme}
            raise Refused(_("%(unit)s已在%(programme)s中，不能再占一个席位。") % facts)
        row.unit, row.certainty = unit, Certainty.STATED
        row.version += 1
        row.full_clean()
        row.save()
    slot.ceased_on = on
    _touch(slot, "ceased_on")
    _succeed(slot, unit, on=on, kind=SuccessionKind.IDENTIFIED, note="", by=by)
    after = {"unit": unit, "enrolments": len(moved)}
    audit.record("unit.identify_slot", by=by, subject=slot, unit=unit, after=after)
    return unit


@transaction.atomic
def succeed_unit(
    unit: Unit,
    successor: Unit,
    *,
    on: date,
    kind: str,
    by: Any,
    note: str = "",
    version: int | None = None,
) -> Succession:
    """合并、分设、划转: records what became of a body and ends it the day before. Moves no rows.

    Raises Refused when the successor did not exist on that day, StaleVersion, ValidationError.
    """
    unit = _lock_unit(unit, version)
    if not successor.exists_on(on):
        raise Refused(_("%(unit)s在%(day)s还未成立或已撤销。") % {"unit": successor, "day": on})
    before = audit.facts(unit, ("ceased_on",))
    row = _succeed(unit, successor, on=on, kind=kind, note=note, by=by)
    if kind != SuccessionKind.SPLIT or unit.ceased_on is None:
        unit.ceased_on = on - DAY
    unit.full_clean()
    _touch(unit, "ceased_on")
    after = {"ceased_on": unit.ceased_on, "successor": successor, "kind": kind}
    audit.record("unit.succeed", by=by, subject=unit, unit=unit, before=before, after=after)
    return row


def _succeed(unit: Unit, successor: Unit, **facts: Any) -> Succession:
    facts.pop("by")
    row = Succession(from_unit=unit, to_unit=successor, **facts)
    row.full_clean()
    row.save()
    return row


def _lock_unit(unit: Unit, version: int | None) -> Unit:
    row = Unit.rows.select_for_update(of=("self",)).get(pk=unit.pk)
    row.require_version(version)
    return row


def _save_name(name: UnitName) -> None:
    name.spell()
    name.full_clean(exclude=["vector"])
    name.save()


def _touch(unit: Unit, *fields: str) -> None:
    unit.version += 1
    unit.save(update_fields=["version", *fields])


# --- who acts for a body -------------------------------------------------------------------------


@transaction.atomic
def add_membership(
    user: User,
    unit: Unit,
    role: str,
    *,
    by: Any,
    starts_on: date | None = None,
    ends_on: date | None = None,
    origin: str = "",
    delegated_by: User | None = None,
) -> Membership:
    """Let a person act for a body in a role. Raises ValidationError when the person does already,
    Refused when the person is one of the three administrators (三员 see no business rows)."""
    if user.site_role_kind:
        raise Refused(_("%(user)s担任站点角色，不能再有单位身份。") % {"user": user})
    row = Membership(
        user=user,
        unit=unit,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        origin=origin,
        delegated_by=delegated_by,
    )
    row.full_clean()
    row.save()
    after = {"user": user, "role": role, "starts_on": starts_on, "ends_on": ends_on}
    audit.record("membership.add", by=by, subject=row, unit=unit, after=after)
    return row


@transaction.atomic
def revoke_membership(membership: Membership, *, by: Any) -> Membership:
    """Take the rights away this second."""
    row = Membership.rows.select_for_update(of=("self",)).get(pk=membership.pk)
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = clock.now(), by
        row.save(update_fields=["revoked_at", "revoked_by"])
        audit.record(
            "membership.revoke", by=by, subject=row, unit=row.unit, before={"role": row.role}
        )
    return row


@transaction.atomic
def open_unit_account(
    unit: Unit, role: str, *, username: str, display_name: str, by: Any, email: str = ""
) -> tuple[User, str]:
    """Open an account for one person of a unit; returns it with its one-time password, which the
    printed 账号通知条 shows once. Raises ValidationError, Refused for a role that is not a unit's."""
    if role not in {Role.UNIT_CDO, Role.DATA_OFFICER}:
        raise Refused(_("单位账号只能是首席数据官或经办人。"))
    user = accounts.create_account(username=username, display_name=display_name, email=email, by=by)
    password = accounts.reset_password(user, by=by)
    add_membership(user, unit, role, by=by, starts_on=clock.today(), origin=_("市政数局开通"))
    return user, password
