"""Reads across slips: what a level is called, who is told, and what was sent a short while ago."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.roles import UNIT_ROLES, Permission
from approvals.models import Approval
from approvals.queries import last_round
from core import clock
from core.workdays import Calendar
from pilots import access
from pilots.choices import Part, UnitKind
from pilots.models import Membership, Programme

from ..choices import SLIP_RANK, SlipLevel, SlipState
from ..models import Assignment, Slip, SlipLabel
from ..queries.merging import merged

COOL_DOWN = 2  # working days between two slips of one level for one task
DISTRICTS = frozenset({UnitKind.DISTRICT_GOVERNMENT})


def labels_of(programme: Programme | None) -> dict[str, str]:
    """What the programme calls its three levels, the weakest first; the usual names without one."""
    with override(settings.LANGUAGE_CODE):
        found = {level.value: str(level.label) for level in SlipLevel}
    own = SlipLabel.rows.filter(programme=programme).values_list("level", "label")
    return found | dict(own)


def label_for(task: Assignment, level: str, labels: dict[str, str] | None = None) -> str:
    """The name on one slip: the strongest one to a district is a letter, 提醒函 (house.md §6.14)."""
    kind = task.enrolment.kind or task.unit.kind
    if level == SlipLevel.SUPERVISE and kind in DISTRICTS:
        return "提醒函"
    return (labels or labels_of(task.programme))[level]


def contact_for(task: Assignment, by: Any) -> str:
    """Whom the unit asks: its liaison at the bureau, else whoever writes the slip."""
    person = task.enrolment.liaison or by
    return str(getattr(person, "display_name", "") or person or "")


def cooling(task: Assignment, level: str, on: date) -> Slip | None:
    """A slip of this level or a stronger one for the same task, less than two working days ago."""
    rows = Slip.rows.filter(assignment=task).exclude(state=SlipState.CANCELLED)
    strong = [each for each, rank in SLIP_RANK.items() if rank >= SLIP_RANK[SlipLevel(level)]]
    last = rows.filter(level__in=strong).first()
    if last is None:
        return None
    since = last.sent_on or last.drafted_on
    return last if Calendar.around(on, since, margin=30).between(since, on) < COOL_DOWN else None


def free_again(slip: Slip) -> date:
    """The first working day on which a slip of the same level may follow this one."""
    since = slip.sent_on or slip.drafted_on
    return Calendar.around(since, margin=30).forward(since, COOL_DOWN)


def people_told(tasks: Iterable[Assignment]) -> int:
    """How many people of the units are told: their CDOs and clerks who can log in, each once."""
    units = {task.enrolment.unit_id for task in tasks}
    rows = Membership.rows.live(clock.today()).filter(unit__in=units, role__in=UNIT_ROLES)
    return rows.filter(user__is_active=True).values("user_id").distinct().count()


@dataclass(frozen=True)
class Line:
    """One task as the preview shows it: the slip's name and words, or why none goes out."""

    task: Assignment
    label: str
    text: str
    last: Slip | None
    refusal: str = ""


def previewed(
    tasks: Iterable[Assignment], level: str, template: str, *, by: Any, on: date
) -> list[Line]:
    """What would go out to whom, one line a task, in the given order."""
    labels: dict[int, dict[str, str]] = {}
    found = []
    for task in tasks:
        named = labels.setdefault(task.programme.pk, labels_of(task.programme))
        text = merged(template, task, contact=contact_for(task, by), on=on)
        last = Slip.rows.filter(assignment=task).sent().first()
        label = label_for(task, level, named)
        found.append(Line(task, label, text, last, refusal_of(task, level, on)))
    return found


def refusal_of(task: Assignment, level: str, on: date) -> str:
    """Why this task gets no slip of that level today; '' when it may."""
    if not task.is_open():
        facts = {"number": task.number, "status": task.get_status_display()}
        return _("%(number)s%(status)s，不用再提醒") % facts
    if task.enrolment.part == Part.BUREAU:
        return _("%(number)s是牵头单位自己的任务，不发提醒单") % {"number": task.number}
    known = cooling(task, level, on)
    if known is None:
        return ""
    facts = {"number": known.number, "label": known.label, "sent": str(known.sent_on)}
    if known.sent_on is None:
        return _("%(number)s（%(label)s）正在审定，不再另发") % facts
    facts["day"] = str(free_again(known))
    if known.level == SlipLevel.SUPERVISE:
        return _("%(sent)s已发%(label)s%(number)s，%(day)s起可以再发") % facts
    return _("%(sent)s已发%(label)s%(number)s，%(day)s起可以再发；要现在发，选更高一级") % facts


def round_of(slip: Slip) -> Approval | None:
    """The round of signing of a slip that waits for it."""
    return last_round(slip.number) if slip.state == SlipState.TO_APPROVE else None


def may_issue(programme: Programme | None, user: Any) -> bool:
    if programme is None:
        return access.may(user, Permission.ISSUE_DOCUMENTS)
    return access.may(user, Permission.ISSUE_DOCUMENTS, programme=programme)


def may_reply(slip: Slip, user: Any) -> bool:
    return slip.is_sent and access.may(user, Permission.WRITE_REPORTS, unit=slip.unit)


def slips_of(task: Assignment, *, user: Any) -> list[Slip]:
    """Every slip of a task that the reader sees, the newest first, with its answers."""
    rows = Slip.objects.visible_to(user).filter(assignment=task)
    return list(rows.select_related("issuer").prefetch_related("replies").order_by("-pk"))


def waiting_for_reply(user: Any) -> list[Slip]:
    """Slips that the user's own units have not answered, the most urgent first."""
    units = {row.unit_id for row in access.memberships_of(user) if row.role in UNIT_ROLES}
    rows = Slip.objects.visible_to(user).unanswered()
    mine = rows.filter(Q(assignment__enrolment__unit__in=units))
    return list(mine.for_lists().order_by("reply_by", "sent_on", "pk"))


def last_sent(units: Iterable[int], programme: Programme) -> dict[int, date]:
    """{unit: the day on which the last slip of that programme went to it}; one query."""
    rows = Slip.rows.sent().filter(
        assignment__enrolment__programme=programme, assignment__enrolment__unit__in=list(units)
    )
    facts = rows.order_by().values_list("assignment__enrolment__unit")
    return dict(facts.annotate(day=Max("sent_on")))
