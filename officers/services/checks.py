"""What is refused about an appointment, with the sentence that names the other record. The
database refuses the same from raw SQL (models/appointments.py)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from core.errors import Refused

from ..choices import STAND_INS, STANDING, Kind
from ..models import Appointment
from ..queries.rules import Ruling


def refuse_overlap(row: Appointment) -> None:
    """Raise Refused when another substantive holder (for a stand-in: another stand-in) has that
    seat of the post on one of the days, and say who."""
    since = row.starts_on or row.known_on
    if since is None:
        raise ValidationError({"starts_on": _("写明起始日期；查不到的，写最早见于哪一天。")})
    kinds = STAND_INS if row.kind in STAND_INS else {Kind.SUBSTANTIVE}
    others = Appointment.rows.filter(
        Q(ends_on=None) | Q(ends_on__gte=since),
        unit=row.unit,
        post=row.post,
        seat=row.seat,
        status__in=STANDING,
        kind__in=kinds,
    ).exclude(pk=row.pk)
    if row.ends_on is not None:
        others = others.filter(since__lte=row.ends_on)
    other = others.select_related("person").order_by("since").first()
    if other is not None:
        raise Refused(_overlap(row, other))


def _overlap(row: Appointment, other: Appointment) -> str:
    words = {
        "unit": row.unit,
        "post": row.post,
        "person": other.person,
        "kind": other.get_kind_display(),
        "number": other.number,
        "since": other.since,
        "until": other.ends_on or _("今"),
    }
    return (
        _(
            "%(unit)s的%(post)s%(since)s至%(until)s由%(person)s%(kind)s担任（%(number)s），"
            "同一时间只能有一名。先登记%(person)s离任，或改起止日期。"
        )
        % words
    )


def refuse_extra_seat(row: Appointment, ruling: Ruling | None) -> None:
    """Raise ValidationError for a place that the post does not have: a second CDO is none in a seat
    of his own."""
    seats = ruling.seats if ruling else 1 if row.post.is_single else None
    if seats is not None and row.seat > seats:
        words = {"unit": row.unit, "post": row.post, "seats": seats, "seat": row.seat}
        message = _("%(unit)s的%(post)s只有%(seats)s个席位，没有第%(seat)s席。")
        raise ValidationError({"seat": message % words})


def refuse_outside_life(row: Appointment) -> None:
    """Raise Refused when the unit was not yet founded or had ceased on a day of the appointment."""
    unit, since = row.unit, row.starts_on or row.known_on or date.max
    words = {"unit": unit, "day": since}
    if unit.established_on and since < unit.established_on:
        words["established"] = unit.established_on
        message = _(
            "%(unit)s于%(established)s成立，任职起始日期%(day)s早于这一天。核对日期或单位。"
        )
        raise Refused(message % words)
    if unit.ceased_on and (since > unit.ceased_on or row.ends_on is None):
        words["ceased"] = unit.ceased_on
        successor = unit.successions_out.select_related("to_unit").first()
        words["successor"] = str(successor.to_unit) if successor else _("承接单位")
        message = _("%(unit)s已于%(ceased)s撤销，不能再登记在任人员。改登记到%(successor)s。")
        raise Refused(message % words)


def refuse_misfit(row: Appointment, ruling: Ruling | None) -> None:
    """原则上: a holder whom the rank rule does not mean is entered all the same, with the reason in
    writing. Raises ValidationError on `rank_reason` without one."""
    if row.rank_reason:
        return
    if message := misfit(ruling, row.kind, row.level, is_in_charge=row.is_in_charge):
        raise ValidationError({"rank_reason": message})


def misfit(ruling: Ruling | None, kind: str, level: str, *, is_in_charge: bool) -> str:
    """What the rank rule says against such a holder, '' where it says nothing."""
    if ruling is None or kind != Kind.SUBSTANTIVE:
        return ""
    if not ruling.rule.misfit(level, is_in_charge=is_in_charge):
        return ""
    message = _("文件规定“%(rule)s”。与此不符的可以登记，在这里写明原因。")
    return message % {"rule": ruling.rule.holder}
