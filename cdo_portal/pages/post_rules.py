"""What a programme rules about a post, in one sentence: where, how many, held by whom, who appoints
and removes, where it is filed, within how many days."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.words import listed
from officers.models import PostRule
from pilots.choices import Part, UnitKind
from pilots.models import Programme, Unit


def shown_to(user: Any, programme: Programme) -> QuerySet[PostRule]:
    """The rules in force, in the order of the document; as many queries whatever they name."""
    rows = PostRule.objects.visible_to(user).in_force().filter(programme=programme)
    bodies = ("appointed_by", "removed_by", "filed_at")
    names = [f"{body}__names" for body in (*bodies, "units")]
    return rows.select_related("clause", *bodies).prefetch_related(*names)


def said_of(rule: PostRule) -> str:
    """市级部门各1名；由本单位任免；报领导小组办公室备案；补任、备案文件未定时限。"""
    sentences = [_whose(rule), rule.holder, _by_whom(rule)]
    if rule.filed_at:
        sentences.append(_("报%(unit)s备案") % {"unit": _body(rule.filed_at)})
    return _("；").join(said for said in (*sentences, *_within(rule)) if said)


def _whose(rule: PostRule) -> str:
    kinds = [UnitKind(kind).label for kind in rule.kinds]
    units = [_body(unit) for unit in rule.units.all()]
    # 试点单位 goes without saying where kinds or units are named.
    is_plain = rule.parts == [Part.PILOT] and (kinds or units)
    parts = [] if is_plain else [Part(part).label for part in rule.parts]
    count = _("各%(count)s名") % {"count": rule.count} if rule.count else ""
    wish = _("（鼓励设立）") if rule.is_encouraged else ""
    return f"{listed([*kinds, *units, *parts])}{count}{wish}"


def _by_whom(rule: PostRule) -> str:
    own = _("本单位")
    appoints = own if rule.is_self_appointed else _body(rule.appointed_by)
    removes = own if rule.is_self_removed else _body(rule.removed_by)
    if appoints and appoints == removes:
        return _("由%(unit)s任免") % {"unit": appoints}
    said = [
        _("由%(unit)s任命") % {"unit": appoints} if appoints else "",
        _("由%(unit)s免职") % {"unit": removes} if removes else "",
    ]
    return _("；").join(filter(None, said)) or _("由谁任免未见来源")


def _within(rule: PostRule) -> list[str]:
    """How soon an empty seat is filled and an appointment filed, where anybody asks for it."""
    said = []
    if not rule.is_encouraged:
        said.append(_("补任：%(days)s") % {"days": _days(*rule.days_for_vacancy())})
    if rule.needs_filing:
        said.append(_("备案：%(days)s") % {"days": _days(*rule.days_for_filing())})
    return said


def _days(days: int | None, is_own: bool) -> str:
    if days is None:
        return _("文件未定时限")
    if is_own:
        return _("%(days)s天内（牵头单位期望，文件未定时限）") % {"days": days}
    return _("%(days)s天内") % {"days": days}


def _body(unit: Unit | None) -> str:
    return unit.display_name if unit else ""
