"""任命与备案 on first pages: what the bureau's desk and a unit's people have to do about officers."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from core import clock
from core.models import counts_of
from duties.choices import URGENCY
from officers.choices import FilingState
from officers.filters import IN_OFFICE, LEFT_BEHIND, PROPOSED, AppointmentFilter
from officers.models import Appointment, AppointmentQuerySet, Filing, FilingQuerySet
from officers.queries.desks import waiting_for
from officers.queries.filings import Unfiled, unfiled_in
from officers.queries.listing import with_unit_name
from officers.queries.register import stale
from officers.queries.rules import rulings
from officers.queries.seats import Seat, rulings_on, seats_in
from pilots.choices import Phase
from pilots.models import Enrolment, Programme, Unit
from pilots.queries import with_units

from .links import link

MOST = 5  # rows of each kind; the number above opens the list with all of them
EVERY_POST = {"post": "", "status": IN_OFFICE}
UNREPORTED = {**EVERY_POST, "filing": FilingState.NOT_REPORTED.value}
OLD = {**EVERY_POST, "unconfirmed": "true"}


def desk_block(programme: Programme, user: Any, among: list[Enrolment]) -> dict[str, Any]:
    """Context of pages/home/desk/officers.html: five numbers, each that of its list, and the first
    rows behind them. `among` are those with a part in the programme today. `mine` are the numbers that
    wait for the reader's own decision; those filings stand in 待我审核 (home_waiting.py), here only what
    other desks decide."""
    on = clock.today()
    found = rulings_on(programme, user=user, on=on, among=among)
    vacant = [seat for seat in seats_in(found, on=on) if seat.is_vacant]
    off = [row for row in unfiled_in(found, on=on) if row.state != FilingState.AT_DESK]
    waiting = Filing.objects.visible_to(user).filter(programme=programme).waiting()
    proposed = _appointments(user, programme, post="", status=PROPOSED)
    mine = waiting_for(user, on).filter(programme=programme)
    counts = counts_of(
        waiting=waiting,
        mine=mine,
        proposed=proposed,
        unreported=_appointments(user, programme, **UNREPORTED),
        old=_appointments(user, programme, **OLD),
        # Of every programme: the part in this one has ended with the body.
        behind=Appointment.objects.visible_to(user).left_behind(on),
    )
    others = waiting.exclude(pk__in=mine.values("pk"))
    return {
        "mine": _mine(programme, counts),
        "facts": _facts(programme, counts, len(vacant)),
        "groups": [
            group
            for group in (
                (
                    _("待其他机关备案"),
                    _waiting(others) if counts["waiting"] > counts["mine"] else [],
                ),
                (_("拟任待确认"), _proposed(proposed) if counts["proposed"] else []),
                (_("空缺"), _vacant(vacant)),
                (_("未报备或退回补正"), _unfiled(off)),
            )
            if group[1]
        ],
    }


def _appointments(user: Any, programme: Programme, **query: str) -> AppointmentQuerySet:
    """What the register lists at the address with the same parameters."""
    rows = Appointment.objects.visible_to(user)
    return AppointmentFilter({"programme": programme.code, **query}, queryset=rows).qs


def _mine(programme: Programme, counts: dict[str, int]) -> list[dict[str, Any]]:
    """Where other desks wait too, the list of filings is longer: then the rows of 待我审核 are meant."""
    facts = {row["label"]: row for row in _facts(programme, counts, 0)}
    filings, proposed = facts[_("待备案")], facts[_("拟任待确认")]
    url = filings["url"] if counts["mine"] == counts["waiting"] else "#waiting"
    return [{**filings, "value": counts["mine"], "url": url}, proposed]


def _facts(programme: Programme, counts: dict[str, int], vacant: int) -> list[dict[str, Any]]:
    code = {"programme": programme.code}
    register = "officers:appointment-list"
    facts = [
        (_("待备案"), counts["waiting"], link("officers:filing-list", **code, status="submitted")),
        (_("拟任待确认"), counts["proposed"], link(register, **code, post="", status=PROPOSED)),
        (_("空缺"), vacant, link("officers:vacancy-list", **code)),
        (_("未报备"), counts["unreported"], link(register, **code, **UNREPORTED)),
        (_("超过12个月未确认"), counts["old"], link(register, **code, **OLD)),
    ]
    if counts["behind"]:
        url = link(register, programme="", post="", status=LEFT_BEHIND)
        facts.append((_("单位已撤销，未登记离任"), counts["behind"], url))
    return [
        {"label": label, "value": value, "url": url if value else "", "tone": ""}
        for label, value, url in facts
    ]


def _waiting(rows: FilingQuerySet) -> list[dict[str, Any]]:
    """The longest waiting first, with days since the report."""
    today = clock.today()
    return [
        {
            "url": link("officers:filing", row.number),
            "title": f"{row.unit.display_name} {row.title}",
            "state": "",
            "word": "",
            "note": " · ".join(
                (
                    row.number,
                    _("已等%(days)s天") % {"days": (today - row.reported_on).days},
                    row.desk.display_name,
                )
            ),
        }
        for row in rows.for_lists().order_by("reported_on", "number")[:MOST]
    ]


def _proposed(rows: AppointmentQuerySet) -> list[dict[str, Any]]:
    rows = with_unit_name(
        rows.select_related("person", "post").defer("post__loaded"), clock.today()
    )
    return [
        {
            "url": link("officers:appointment", row.number),
            "title": f"{row.unit_label} {row.person}",
            "state": "",
            "word": "",
            "note": f"{row.post.display_name} · {row.number}",
        }
        for row in rows.order_by("created_at", "pk")[:MOST]
    ]


def _vacant(seats: Iterable[Seat]) -> list[dict[str, Any]]:
    first = sorted(seats, key=lambda seat: URGENCY[seat.light])[:MOST]
    return [
        {
            "url": link("unit", seat.unit.code) + "#officers",
            "title": f"{seat.unit.display_name} {seat.post.display_name}",
            "state": seat.light,
            "word": seat.word,
            "note": seat.limit,
        }
        for seat in first
    ]


def _unfiled(rows: Iterable[Unfiled]) -> list[dict[str, Any]]:
    first = sorted(rows, key=lambda row: URGENCY[row.light])[:MOST]
    return [
        {
            "url": link("officers:appointment", row.appointment.number),
            "title": f"{row.ruling.unit.display_name} {row.appointment.person}",
            "state": row.light,
            "word": row.word,
            "note": row.limit,
        }
        for row in first
    ]


# --- of a unit -----------------------------------------------------------------------------------


def unit_block(units: list[Unit], user: Any) -> dict[str, Any]:
    """Context of pages/home/officers.html: what is missing for the reader's own units in programmes
    that are followed, and whose entries nobody confirmed for twelve months."""
    on = clock.today()
    rows = (
        Enrolment.objects.visible_to(user)
        .filter(unit__in=units, unit__is_slot=False, programme__phase=Phase.RUNNING)
        .standing(on)
        .in_document_order()
        .select_related("programme")
        .defer("programme__loaded", "programme__provisions")
    )
    parts = with_units(rows, on)
    if not parts:
        return {"items": [], "old": []}
    found = rulings(parts)
    empty = [seat for seat in seats_in(found, on=on) if seat.is_vacant and not seat.stand_in]
    off = [row for row in unfiled_in(found, on=on) if row.state != FilingState.AT_DESK]
    return {
        "items": [*map(_missing, empty), *map(_off, off)],
        "old": _old({row.unit_id: row.unit for row in parts}, user),
    }


def _missing(seat: Seat) -> dict[str, Any]:
    new = link("officers:appointment-new", unit=seat.unit.code, post=seat.post.code)
    facts = {"unit": seat.unit.display_name, "post": seat.post.display_name}
    return {
        "url": new or link("unit", seat.unit.code),
        "title": _("%(unit)s还没有任命%(post)s") % facts,
        "state": seat.light,
        "word": seat.word,
        "note": _("%(limit)s。收到任命文件后登记。") % {"limit": seat.limit},
    }


def _off(row: Unfiled) -> dict[str, Any]:
    """Straight to the form: the filing to be mended, or the report to be made."""
    facts = {"person": row.appointment.person, "post": row.ruling.rule.post.display_name}
    if row.filing is not None:
        url = link("officers:filing", row.filing.number)
        title = _("%(person)s%(post)s任命备案被退回补正") % facts
        note = _("补正要求：%(reason)s") % {"reason": row.filing.return_reason}
    else:
        url = link("officers:filing-new", appointment=row.appointment.number)
        title, note = _("%(person)s%(post)s任命还没有报备") % facts, row.limit
    return {"url": url, "title": title, "state": row.light, "word": row.word, "note": note}


def _old(units: dict[int, Unit], user: Any) -> list[dict[str, Any]]:
    """Units with entries that ask for 「信息无变化」, and how many."""
    rows = stale(Appointment.objects.visible_to(user), clock.today()).filter(unit__in=units)
    counts = rows.order_by().values_list("unit").annotate(count=Count("pk"))
    return [
        {
            "name": units[pk].display_name,
            "count": count,
            "url": link("unit", units[pk].code) + "#officers",
            "confirm_url": link("officers:confirm-unchanged", units[pk].code),
        }
        for pk, count in counts
    ]
