"""What is refused about teams and members, with the sentence that names the other record."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from core import clock
from core.errors import Refused

from ..choices import EntryMode
from ..models import Team, TeamMember

# Whoever these bring in works somewhere else, and the register says where.
FROM_OUTSIDE = frozenset({EntryMode.PURCHASED, EntryMode.INVITED})


def require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("写明作废原因，单位会看到。"))


def check_team(row: Team) -> None:
    """Raise ValidationError or Refused for what would be wrong about the team's days and name."""
    if row.starts_on is None:
        raise ValidationError({"starts_on": _("填写“成立日期”")})
    row.clean()
    if row.starts_on > clock.today():
        text = _("成立日期%(day)s还没有到，成立以后再登记。")
        raise ValidationError({"starts_on": text % {"day": row.starts_on}})
    if not row.unit.exists_on(row.starts_on):
        facts = {"unit": row.unit, "day": row.starts_on}
        raise Refused(_("%(day)s时%(unit)s还没有成立或已经撤销，不能有团队。") % facts)
    same = Team.rows.filter(unit=row.unit, kind=row.kind, name=row.name, voided_at=None)
    if other := _beside(same, row):
        facts = {"unit": row.unit, "name": other.name, "number": other.number} | _span(other)
        text = _(
            "%(unit)s已登记“%(name)s”（%(number)s，%(since)s至%(until)s），同一个团队不登记两次。"
        )
        raise ValidationError({"name": text % facts})


def check_member(row: TeamMember) -> None:
    if row.starts_on is None:
        raise ValidationError({"starts_on": _("填写“加入日期”")})
    row.clean()
    team = row.team
    if not team.holds_on(row.starts_on):
        facts = {"team": team, "number": team.number} | _span(team)
        text = _("加入日期要在“%(team)s”（%(number)s）存续期间：%(since)s至%(until)s。")
        raise ValidationError({"starts_on": text % facts})
    if row.entry_mode in FROM_OUTSIDE and not row.employer:
        text = _("%(mode)s的人员，写明所在机构。")
        raise ValidationError({"employer": text % {"mode": row.get_entry_mode_display()}})
    if other := _beside(TeamMember.rows.filter(team=team, person=row.person, voided_at=None), row):
        facts = {"team": team, "number": team.number, "person": row.person} | _span(other)
        text = _("%(person)s已在“%(team)s”（%(number)s）中：%(since)s至%(until)s。")
        raise ValidationError({"person": text % facts})


def refuse_members_outside(row: Team) -> None:
    """A team does not begin after somebody joined it, nor end before somebody joined."""
    early, late = Q(starts_on__lt=row.starts_on), Q(starts_on__gt=row.ends_on or date.max)
    for name, outside in (("starts_on", early), ("ends_on", late)):
        member = row.members.filter(outside, voided_at=None).select_related("person").first()
        if member is not None:
            facts = {"person": member.person, "day": member.starts_on}
            text = _(
                "%(person)s%(day)s加入这个团队，团队的日期要包含这一天；先更正或作废这名成员。"
            )
            raise ValidationError({name: text % facts})


def _beside(others: Any, row: Team | TeamMember) -> Any:
    """The first of `others`, all alike, that holds on one of the row's days."""
    found = others.filter(Q(ends_on=None) | Q(ends_on__gte=row.starts_on)).exclude(pk=row.pk)
    if row.ends_on is not None:
        found = found.filter(starts_on__lte=row.ends_on)
    return found.order_by("starts_on").first()


def _span(row: Team | TeamMember) -> dict[str, Any]:
    return {"since": row.starts_on, "until": row.ends_on or _("今")}
