"""授权代签: a CDO lets one of the unit's people sign for a time; logged, and revoked in a second."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import UNIT_ROLES, Role
from core import clock
from core.errors import Refused
from pilots import services as pilots
from pilots.models import Membership, Unit


@transaction.atomic
def lend_signature(to: User, unit: Unit, *, by: User, starts_on: date, ends_on: date) -> Membership:
    """The unit's CDO `by` lets `to`, who acts for the unit already, sign from one day to another.

    Every signature given meanwhile says on whose behalf. Raises Refused when `by` holds the post not
    by own right or `to` is nobody of the unit, ValidationError for the days: nothing is lent beyond the
    last day of the right that it hangs on.
    """
    today = clock.today()
    live = Membership.rows.live(today).filter(unit=unit)
    # Held until this is done, so that neither right ends unseen meanwhile and leaves the loan behind.
    own = live.filter(user__in=[by, to], delegated_by=None).order_by("pk")
    held = list(own.select_for_update(of=("self",)))
    lenders = [row for row in held if row.user_id == by.pk and row.role == Role.UNIT_CDO]
    if not lenders:
        raise Refused(
            _("只有%(unit)s的首席数据官本人可以授权，受托人不能再授权。") % {"unit": unit}
        )
    if not live.filter(user=to, role__in=UNIT_ROLES).exists():
        raise Refused(_("%(user)s不是%(unit)s的经办人，先开通账号。") % {"user": to, "unit": unit})
    if live.filter(user=to, role=Role.UNIT_CDO, delegated_by=None).exists():
        raise Refused(_("%(user)s本来就可以审签，不用授权。") % {"user": to})
    if starts_on < today:
        raise ValidationError({"starts_on": _("起始日期不能早于今天。")})
    if ends_on < starts_on:
        raise ValidationError(
            {"ends_on": _("终止日期不能早于起始日期%(day)s。") % {"day": starts_on}}
        )
    _refuse_beyond(lenders, ends_on)
    _refuse_beyond([row for row in held if row.user_id == to.pk], ends_on)
    _refuse_overlap(to, unit, starts_on, ends_on)
    return pilots.add_membership(
        to,
        unit,
        Role.UNIT_CDO,
        starts_on=starts_on,
        ends_on=ends_on,
        delegated_by=by,
        origin=_("授权代签"),
        by=by,
    )


def end_delegation(membership: Membership, *, by: User) -> Membership:
    """Take the lent signature back this second. Raises Refused for a right that was not lent."""
    if membership.delegated_by_id is None:
        raise Refused(_("这项身份不是授权得来的，由市政数局办理。"))
    return pilots.revoke_membership(membership, by=by)


def _refuse_beyond(rows: list[Membership], ends_on: date) -> None:
    """`rows` are the memberships of one person; the one that lasts longest counts."""
    days = [row.ends_on for row in rows]
    last = max((day for day in days if day is not None), default=None)
    if None not in days and last is not None and ends_on > last:
        words = {"user": rows[0].user, "day": last}
        raise ValidationError(
            {"ends_on": _("%(user)s的岗位权限到%(day)s为止，授权不能晚于这一天。") % words}
        )


def _refuse_overlap(to: User, unit: Unit, starts_on: date, ends_on: date) -> None:
    lent = Membership.rows.filter(
        user=to, unit=unit, role=Role.UNIT_CDO, revoked_at=None, delegated_by__isnull=False
    )
    other = lent.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if other is not None:
        words = {"user": to, "from": other.starts_on, "to": other.ends_on}
        raise Refused(_("%(user)s从%(from)s到%(to)s已有授权，先收回再改。") % words)
