"""Posts, teams and filings of somebody who leaves: posts end by their document, teams get another
leader, filings stay with the unit."""

from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.handover import Fate, Leaving, OpenItem, Part, register

from . import services
from .choices import FilingStatus, Status
from .models import Appointment, Filing, Person, Team, TeamMember
from .queries.allowed import allowed
from .queries.handovers import filings_open, person_of, posts_of, teams_joined, teams_led
from .queries.rules import ruling_for

VOID_REASON = gettext_lazy("加入日期在离任之后，随交接作废。")


def open_items(leaving: Leaving) -> list[OpenItem]:
    items = [_filing_item(row) for row in filings_open(leaving.unit, by=leaving.by)]
    person = _person(leaving)
    if person is None:
        return items
    unit, on = leaving.unit, leaving.on
    posts = [_post_item(row, leaving) for row in posts_of(person, unit)]
    led = [_led_item(row, leaving) for row in teams_led(person, unit, on)]
    joined = [_joined_item(row) for row in teams_joined(person, unit, on)]
    return [*posts, *led, *joined, *items]


def move(leaving: Leaving) -> int:
    """End the posts that were decided on, give the teams their new leader, end the places in teams."""
    person = _person(leaving)
    if person is None:
        return 0
    unit, on, by = leaving.unit, leaving.on, leaving.by
    led, joined = list(teams_led(person, unit, on)), list(teams_joined(person, unit, on))
    for team in led:
        services.mend_team(team, by=by, leader=getattr(leaving, "successor", None))
    for member in joined:
        _leave_team(member, leaving)
    return len(led) + len(joined) + _end_posts(leaving)


def endable(person: Person, leaving: Leaving) -> list[Appointment]:
    """The posts that whoever enters the hand-over may end along with it."""
    return [row for row in posts_of(person, leaving.unit) if _may_end(row, leaving)]


def _end_posts(leaving: Leaving) -> int:
    ends: Collection[Appointment] = getattr(leaving, "ends", None) or ()
    departure = getattr(leaving, "departure", None) or services.Departure(leaving.on)
    for row in ends:
        services.end_appointment(
            row,
            on=departure.on,
            ending=departure.ending,
            paper=departure.paper,
            reason=departure.reason,
            by=leaving.by,
        )
    return len(ends)


def _leave_team(member: TeamMember, leaving: Leaving) -> None:
    on, by = leaving.on, leaving.by
    if member.starts_on and member.starts_on > on:
        services.void_member(member, by=by, reason=str(VOID_REASON))
    elif member.ends_on is None:
        services.end_member(member, on=on, by=by)
    else:  # an end was planned for a later day
        services.mend_member(member, by=by, ends_on=on)


def _person(leaving: Leaving) -> Person | None:
    """The leaver in the register: the page says who; otherwise whoever the account belongs to."""
    if person := getattr(leaving, "person", None):
        return person
    return person_of(leaving.user) if leaving.user else None


def _may_end(row: Appointment, leaving: Leaving) -> bool:
    ruling = ruling_for(row.unit, row.post, leaving.on)
    return allowed(leaving.by, row, ruling).end


def _post_item(row: Appointment, leaving: Leaving) -> OpenItem:
    facts: dict[str, Any] = {"number": row.number, "since": row.since, "post": row.post}
    path = reverse("officers:appointment", args=[row.number])
    if row.status == Status.PROPOSED:
        title = _("拟任：%(post)s") % facts
        return OpenItem(title, _("%(number)s，任命还没有确认。") % facts, path, Fate.STAYS)
    title = _("岗位：%(post)s") % facts
    decided = getattr(leaving, "ends", None)
    ends = _may_end(row, leaving) if decided is None else row in decided
    if ends:
        detail = _("%(number)s，%(since)s起任职，随交接登记离任，岗位权限当场终止。") % facts
        return OpenItem(title, detail, path, Fate.ENDS)
    detail = _("%(number)s，%(since)s起任职，免职另行登记；在登记之前名册仍显示在任。") % facts
    return OpenItem(title, detail, path, Fate.STAYS)


def _led_item(row: Team, leaving: Leaving) -> OpenItem:
    successor = getattr(leaving, "successor", None)
    title = _("团队负责人：%(team)s") % {"team": row}
    detail = (
        _("%(number)s，由%(taker)s接任。") % {"number": row.number, "taker": successor}
        if successor
        else _("%(number)s，没有接任者的，负责人空缺。") % {"number": row.number}
    )
    return OpenItem(title, detail, reverse("officers:team", args=[row.number]), Fate.MOVES)


def _joined_item(row: TeamMember) -> OpenItem:
    title = _("团队成员：%(team)s") % {"team": row.team}
    detail = _("%(number)s，到最后一天退出。") % {"number": row.team.number}
    return OpenItem(title, detail, reverse("officers:team", args=[row.team.number]), Fate.ENDS)


def _filing_item(row: Filing) -> OpenItem:
    facts = {"number": row.number, "status": row.get_status_display(), "reason": row.return_reason}
    detail = _("%(number)s，%(status)s") % facts
    if row.status == FilingStatus.RETURNED:
        detail = _("%(number)s，%(status)s：%(reason)s") % facts
    path = reverse("officers:filing", args=[row.number])
    return OpenItem(_("备案：%(title)s") % {"title": row.title}, detail, path, Fate.STAYS)


PART = register(Part("officers", gettext_lazy("岗位、团队和备案"), open_items, move))
