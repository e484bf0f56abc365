"""Trainings and meetings of the story: each of the 13 units holds two trainings, the city and the four
districts two exchange meetings each, recorded in mixed ways; and two meetings of the bureau's own.

Of 26 trainings 25 count on the last day: 市气象局 held its second one after the last day that the words
allow, has no sign-in sheet of it, and its declaration waits for the bureau.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import singledispatch
from typing import Any

from accounts.models import User
from accounts.roles import Role
from core import documents, files
from officers.models import Appointment
from pilots.choices import Part
from pilots.models import Enrolment, Programme
from trainings import services
from trainings.choices import EventForm, EventKind, FileKind, Route
from trainings.documents import papers
from trainings.models import Event
from trainings.services import Seat

from . import people, story

TICKED, PASTED, IMPORTED, DECLARED, BUREAU = "ticked", "pasted", "imported", "declared", "bureau"
WAYS = (TICKED, PASTED, IMPORTED, DECLARED, BUREAU)
TOPICS = ("公共数据目录编制业务培训", "数据共享和数据安全业务培训")
PAPERS = {
    FileKind.SIGN_IN: "sign-in",
    FileKind.MATERIAL: "notice",
    FileKind.MINUTES: "minutes",
}
FIRST_NAME = 300  # the people of lists have the numbers from here on
AGREED = "各试点单位梳理本单位公共数据共享需求清单，报送市政务服务数据管理局（演示）"


@dataclass(frozen=True)
class Held:
    """A unit held a training or an exchange meeting, recorded in one of `WAYS`; a declaration that
    nobody confirmed leaves it uncounted."""

    on: date
    unit: str
    kind: str
    title: str
    way: str
    is_confirmed: bool = True
    code: str = "gathering"


@dataclass(frozen=True)
class Met:
    """A 工作例会 of the bureau, on `starts_on`; held already, with minutes, or still to come."""

    on: date
    unit: str
    title: str
    starts_on: date
    is_held: bool
    code: str = "meeting"


Scene = Held | Met


def scenes() -> Iterator[Scene]:
    yield from _trainings()
    yield from _exchanges()
    yield Met(
        date(2022, 4, 12), story.BUREAU, "首席数据官试点工作例会（演示）", date(2022, 4, 12), True
    )
    yield Met(
        date(2022, 5, 9),
        story.BUREAU,
        "首席数据官试点总结工作例会（演示）",
        date(2022, 5, 17),
        False,
    )


def _trainings() -> Iterator[Held]:
    """Four of the second ones between the two readings of 「4月前」."""
    for place, unit in enumerate(story.PILOTS):
        way = WAYS[place % len(WAYS)]
        kind, topic = EventKind.TRAINING, f"{TOPICS[0]}（演示）"
        yield Held(date(2021, 12, 2) + place * 3 * story.DAY, unit, kind, topic, way)
        second = date(2022, 3, 2) + place * 2 * story.DAY
        if place % 3 == 1:
            second = date(2022, 4, 6) + place * story.DAY
        way, topic = WAYS[(place + 2) % len(WAYS)], f"{TOPICS[1]}（演示）"
        if unit == story.WEATHER:
            yield Held(date(2022, 5, 6), unit, kind, topic, DECLARED, is_confirmed=False)
        else:
            yield Held(second, unit, kind, topic, way)


def _exchanges() -> Iterator[Held]:
    for place, unit in enumerate((story.GOVERNMENT, *story.DISTRICTS)):
        for turn, day in enumerate((date(2021, 12, 15), date(2022, 3, 8))):
            title = f"{'第一次' if turn == 0 else '第二次'}首席数据官业务交流会（演示）"
            on = day + place * (5 - turn) * story.DAY
            yield Held(on, unit, EventKind.EXCHANGE, title, WAYS[(place + turn) % len(WAYS)])


@singledispatch
def act(scene: Scene, teller: User | None) -> None:
    raise TypeError(f"No gathering is such as {scene}.")


@act.register
def _held(scene: Held, teller: User | None) -> None:
    place = people.enrolment(scene.unit)
    clerk = people.account(scene.unit, Role.DATA_OFFICER)
    officer = people.bureau_officer(people.bureau(place.programme))
    by = officer if scene.way == BUREAU else clerk
    row = services.plan_event(
        place.programme,
        [place],
        kind=scene.kind,
        title=scene.title,
        starts_on=scene.on,
        form=EventForm.MIXED if scene.way == DECLARED else EventForm.OFFLINE,
        hours=4,
        place="单位会议室（演示）",
        audience="各处室业务人员" if scene.kind == EventKind.TRAINING else "首席数据官和工作团队",
        expected=20,
        note=people.SOURCE,
        by=by,
    )
    row = services.hold_event(row, by=by)
    if scene.way == DECLARED:
        said = services.declare(row, place, headcount=18, note=people.SOURCE, by=clerk)
        if scene.is_confirmed:
            services.confirm_declaration(said, by=officer)
        return
    _list(row, scene, place, by)
    kind = FileKind.MATERIAL if scene.way == IMPORTED else FileKind.SIGN_IN
    _file(row, kind, by)


def _list(row: Event, scene: Held, place: Enrolment, by: Any) -> None:
    """The CDO was there, and clerks of the unit."""
    holder = Appointment.rows.in_office(scene.on).filter(unit=place.unit, post__code="cdo").first()
    if holder is not None and scene.way in {TICKED, BUREAU}:
        services.add_people(row, [Seat(person=holder.person)], route=Route.TICKED, by=by)
    first = FIRST_NAME + story.PILOTS.index(scene.unit) * 10
    seats = [
        Seat(f"演示人员{number}", unit=place.unit, duty="科员（演示）")
        for number in range(first, first + 9)
    ]
    route = Route.SHEET if scene.way == IMPORTED else Route.PASTED
    services.add_people(row, seats, route=route, by=by)


def _file(row: Event, kind: str, by: Any) -> None:
    paper = PAPERS[kind]
    stored = files.store(
        [papers.write(papers.paper_of(row, paper, by))], media_type=documents.MEDIA_TYPE
    )
    services.add_file(row, kind, stored=stored, name=papers.file_name(row, paper), by=by)


@act.register
def _met(scene: Met, teller: User | None) -> None:
    programme = Programme.rows.get(code=story.PROGRAMME)
    bureau = people.bureau(programme)
    officer = people.bureau_officer(bureau)
    host = Enrolment.rows.get(programme=programme, unit=bureau, part=Part.BUREAU)
    invited = [people.enrolment(code) for code in story.PILOTS]
    row = services.plan_event(
        programme,
        [host],
        participants=invited,
        kind=EventKind.MEETING,
        title=scene.title,
        starts_on=scene.starts_on,
        form=EventForm.OFFLINE,
        place="市民中心（演示）",
        audience="各试点单位首席数据官和经办人",
        content="通报试点进展，研究存在问题（演示）",
        reply_by_on=None if scene.is_held else scene.starts_on - timedelta(days=4),
        note=people.SOURCE,
        by=officer,
    )
    if not scene.is_held:
        return
    row = services.hold_event(row, by=officer)
    row = services.write_minutes(
        row, "会议通报了试点工作进展，研究了数据共享需求对接问题（演示）。", by=officer
    )
    due_on = scene.starts_on + timedelta(days=45)
    services.add_resolution(row, text=AGREED, leads=invited, due_on=due_on, by=officer)
    _file(row, FileKind.MINUTES, officer)
