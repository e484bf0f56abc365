"""Telling the story: through the services, in the order of its days, so that quotas, lights and
reminders come out as they would have."""

from collections.abc import Iterable
from datetime import date
from functools import singledispatch
from itertools import groupby
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.roles import Role
from core import clock
from core.errors import Refused
from core.models import SiteState
from core.workdays import Calendar
from duties import services as duties
from duties.models import Assignment, DutyItem
from pilots import services as pilots
from pilots.choices import Phase
from pilots.models import Enrolment, Membership, Programme
from reminders import services as reminders
from reminders.models import Notice

from . import evaluating, gatherings, ordering, people, projects, register, reporting, story

Scene = (
    story.Scene
    | projects.Scene
    | reporting.Scene
    | ordering.Scene
    | gatherings.Scene
    | evaluating.Scene
)
REMINDED_FROM = date(2022, 3, 1)  # the story's people begin to use the portal


class Unready(Refused):
    """The story cannot be told here; the message says why."""


@transaction.atomic
def tell() -> dict[str, int]:
    """Tell the whole story once; a second telling changes nothing. Returns what there is of what.

    Raises Unready when the pack is missing or the clock stands before the story's end.
    """
    programme = Programme.rows.filter(code=story.PROGRAMME).first()
    if programme is None:
        raise Unready(f"没有方案{story.PROGRAMME}。先运行load_packs。")
    if clock.today() < story.ENDS_ON:
        raise Unready(f"演示故事讲到{story.ENDS_ON}，系统日期不能更早。")
    SiteState.objects.update_or_create(id=1, defaults={"is_demo": True})
    if programme.phase != Phase.DRAFT:
        return {"scenes": 0, "notices": 0}
    pilots.start_programme(programme, on=story.STARTS_ON, by=None)
    teller = _bureau_officer(programme)
    people.open_accounts()
    told = [
        *story.scenes(),
        *projects.scenes(),
        *reporting.scenes(),
        *ordering.scenes(),
        *gatherings.scenes(),
        *evaluating.scenes(),
    ]
    return _replay(sorted(told, key=lambda scene: (scene.on, scene.unit, scene.code)), teller)


def _bureau_officer(programme: Programme) -> User | None:
    """Whoever acts for the city's bureau writes the entries; the system itself when nobody does."""
    bureau = Enrolment.rows.filter(programme=programme, part="bureau").values("unit_id")
    held = Membership.rows.filter(unit__in=bureau, role=Role.BUREAU_OFFICER)
    row = held.select_related("user").order_by("id").first()
    return row.user if row else None


def _replay(scenes: Iterable[Scene], teller: User | None) -> dict[str, int]:
    told, known = 0, Notice.rows.count()
    days = {day: list(group) for day, group in groupby(scenes, key=lambda scene: scene.on)}
    calendar = Calendar.around(story.STARTS_ON, story.ENDS_ON)
    last = max(*days, story.ENDS_ON)
    day = min(days)
    while day <= last:
        for scene in days.get(day, ()):
            _act(scene, teller)
            told += 1
        if day >= REMINDED_FROM and calendar.is_working(day):
            reminders.plan(day)
        day += story.DAY
    reminders.hasten()  # the story's mornings are over: what still holds of them leaves now
    # Counted as rows: a deadline that is moved tells its people at once, outside any morning's plan.
    return {"scenes": told, "notices": Notice.rows.count() - known}


@singledispatch
def _act(scene: Any, teller: User | None) -> None:
    register.act(scene, teller)


@_act.register(projects.Proposed)
@_act.register(projects.Opined)
@_act.register(projects.Advised)
@_act.register(projects.Uncovered)
def _of_projects(scene: projects.Scene, teller: User | None) -> None:
    projects.act(scene, teller)


@_act.register(reporting.PeriodOpened)
@_act.register(reporting.Reported)
@_act.register(reporting.Extended)
@_act.register(reporting.Concluded)
def _of_reports(scene: reporting.Scene, teller: User | None) -> None:
    reporting.act(scene, teller)


@_act.register(ordering.Ordered)
@_act.register(ordering.Chased)
@_act.register(ordering.Wished)
def _of_orders(scene: ordering.Scene, teller: User | None) -> None:
    ordering.act(scene, teller)


@_act.register(gatherings.Held)
@_act.register(gatherings.Met)
def _of_gatherings(scene: gatherings.Scene, teller: User | None) -> None:
    gatherings.act(scene, teller)


@_act.register
def _evaluated(scene: evaluating.Evaluated, _teller: User | None) -> None:
    evaluating.act(scene)


@_act.register
def _done(scene: story.Done, teller: User | None) -> None:
    assignment = Assignment.rows.get(
        obligation__code=f"{story.PROGRAMME}.{scene.code}", enrolment__unit__code=scene.unit
    )
    duties.fulfil(
        assignment, source_key=_key(scene), happened_on=scene.on, by=teller, note=scene.note
    )


@_act.register
def _progress(scene: story.Progress, teller: User | None) -> None:
    item = DutyItem.rows.get(code=f"{story.PROGRAMME}-{scene.code}")
    duties.record_progress(
        item,
        people.enrolment(scene.unit),
        source_key=_key(scene),
        happened_on=scene.on,
        summary=scene.summary,
        by=teller,
    )


def _key(scene: story.Done | story.Progress) -> str:
    return f"demo:{scene.unit}:{scene.code}:{scene.on}"
