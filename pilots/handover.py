"""What a person holds at a body: roles, roles lent to others, and being somebody's contact."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.handover import Fate, Leaving, OpenItem, Part, register

from . import services
from .models import Enrolment, Membership


def open_items(leaving: Leaving) -> list[OpenItem]:
    user, unit = leaving.user, leaving.unit
    if user is None:
        return []
    items = [_membership_item(row) for row in services.live_at(user, unit)]
    items += [_delegation_item(row) for row in services.delegated_at(user, unit)]
    items += [_liaison_item(row, leaving) for row in services.liaisons_of(user, unit)]
    return items


def _membership_item(row: Membership) -> OpenItem:
    since = {"day": row.starts_on}
    detail = _("从%(day)s起，撤销后立即失效。") % since if row.starts_on else _("撤销后立即失效。")
    if row.delegated_by is not None:
        lent = {"lender": row.delegated_by}
        return OpenItem(_("代签：受%(lender)s授权") % lent, detail, "", Fate.ENDS)
    return OpenItem(_("身份：%(role)s") % {"role": row.get_role_display()}, detail, "", Fate.ENDS)


def _delegation_item(row: Membership) -> OpenItem:
    facts = {"user": row.user, "role": row.get_role_display()}
    title = _("授权：%(user)s代行%(role)s") % facts
    detail = _("授权人离任，授权同时终止；仍要代行的，由接任者重新授权。")
    return OpenItem(title, detail, "", Fate.ENDS)


def _liaison_item(row: Enrolment, leaving: Leaving) -> OpenItem:
    title = _("对口联系人：%(unit)s") % {"unit": row.unit.display_name}
    if services.may_be_liaison(leaving.taker, row):
        detail = _("%(programme)s，由%(taker)s接任。") % {
            "programme": row.programme,
            "taker": leaving.taker,
        }
    else:
        detail = _("%(programme)s，没有能接任的人，先空缺，并告知牵头单位。") % {
            "programme": row.programme
        }
    return OpenItem(title, detail, reverse("unit", args=[row.unit.code]), Fate.MOVES)


def move(leaving: Leaving) -> int:
    user, unit, by = leaving.user, leaving.unit, leaving.by
    if user is None:
        return 0
    moved = services.hand_over_liaisons(user, unit, taker=leaving.taker, by=by)
    left = services.leave_unit(user, unit, by=by, on=leaving.on)
    return len(moved) + len(left.memberships) + len(left.delegations)


PART = register(Part("pilots", gettext_lazy("身份、授权和对口联系"), open_items, move))
