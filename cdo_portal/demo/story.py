"""What happens in the story, day by day. Bodies, demands and dates are those of the plan of 3 August
2021; who did what on which day is invented, which is why everything in it is marked 演示数据.

The story leaves things open on purpose, so that each page has something to show on its last day:
市气象局's CDO's filing waits at the desk; trainings and meetings are told by `gatherings`, what is open
with reports by `reporting`. No unit changes its CDO.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

PROGRAMME = "shenzhen-2021"
STARTS_ON = date(2021, 8, 3)
ENDS_ON = date(2022, 5, 10)

GOVERNMENT = "440300-szf"
BUREAU = "440300-zsj"
DEPARTMENTS = (
    "440300-gaj",
    "440300-rsj",
    "440300-gzj",
    "440300-sthjj",
    "440300-scjgj",
    "440300-ybj",
    "440300-jrj",
    "440300-qxj",
)
DISTRICTS = ("440304-zf", "440305-zf", "440306-zf", "440310-zf")
PILOTS = (GOVERNMENT, *DEPARTMENTS, *DISTRICTS)
FUTIAN, NANSHAN, WEATHER, SECURITY = DISTRICTS[0], DISTRICTS[1], DEPARTMENTS[-1], DEPARTMENTS[0]
INSURANCE = DEPARTMENTS[5]
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Done:
    """One thing that counts towards an assignment of `unit` under obligation `code`."""

    on: date
    unit: str
    code: str
    note: str


@dataclass(frozen=True)
class Progress:
    """Accepted progress of `unit` in item `code` of a duty area."""

    on: date
    unit: str
    code: str
    summary: str


@dataclass(frozen=True)
class Appointed:
    """A CDO appointed in `unit` by a document of that day."""

    on: date
    unit: str
    document: str
    code: str = "appointed"


@dataclass(frozen=True)
class Filed:
    """A department files its CDO's appointment; the desk may return it once before it accepts, and
    accepts on `accepted_on` (None: it still waits)."""

    on: date
    unit: str
    accepted_on: date | None
    returned_for: str = ""
    code: str = "filed"


@dataclass(frozen=True)
class Planned:
    """A unit files its implementation plan, which the bureau accepts on `accepted_on`."""

    on: date
    unit: str
    accepted_on: date
    code: str = "planned"


@dataclass(frozen=True)
class Staffed:
    """A unit sets up the office or task force that supports its CDO."""

    on: date
    unit: str
    kind: str
    code: str = "staffed"


Scene = Done | Progress | Appointed | Filed | Planned | Staffed


def scenes() -> list[Scene]:
    """Every scene in the order of its day."""
    told: list[Scene] = [
        *_posts(),
        *_plans(),
        *_offices(),
        *_progress(),
    ]
    return sorted(told, key=lambda scene: (scene.on, scene.unit, scene.code))


def _posts() -> Iterator[Scene]:
    """The leading group appoints five; eight departments appoint their own and file it later."""
    for place, unit in enumerate((GOVERNMENT, *DISTRICTS), start=1):
        yield Appointed(date(2021, 9, 14), unit, f"演示任〔2021〕{place}号")
    for place, unit in enumerate(DEPARTMENTS):
        appointed = date(2021, 9, 16) + place * 3 * DAY
        yield Appointed(appointed, unit, f"演示任〔2021〕{place + 11}号")
        if unit == WEATHER:
            yield Filed(date(2022, 5, 6), unit, None)
            continue
        returned = "任命文件扫描件缺第2页，补齐后再报。" if unit == INSURANCE else ""
        filed = appointed + 5 * DAY
        yield Filed(filed, unit, filed + 7 * DAY, returned)


def _plans() -> Iterator[Scene]:
    for place, unit in enumerate((*DEPARTMENTS, *DISTRICTS)):
        filed = date(2021, 10, 14) + place * 4 * DAY
        yield Planned(filed, unit, filed + 6 * DAY)


def _offices() -> Iterator[Scene]:
    for place, unit in enumerate(PILOTS):
        kind = "task_force" if place % 3 == 2 else "cdo_office"
        yield Staffed(date(2021, 11, 8) + place * 2 * DAY, unit, kind)
        if place % 2:
            yield Done(date(2022, 1, 10) + place * 3 * DAY, unit, "ob-11", "已印发配套措施（演示）")


ITEMS = (
    ("item-1-3", "接入“一网通办”事项清单（演示）"),
    ("item-1-4", "“一网统管”专题上线（演示）"),
    ("item-2-2", "印发数据管理办法（演示）"),
    ("item-2-4", "完成数据目录编制（演示）"),
    ("item-3-1", "公共数据开放目录更新（演示）"),
    ("item-3-4", "重点领域应用场景落地（演示）"),
    ("item-4-1", "协调解决系统对接问题（演示）"),
)
BY_KIND = {
    GOVERNMENT: ("item-5-1",),
    **dict.fromkeys(DEPARTMENTS, ("item-5-3", "item-5-4", "item-6-5")),
    **{unit: ("item-5-2", f"item-6-{place}") for place, unit in enumerate(DISTRICTS, start=1)},
}


def _progress() -> Iterator[Progress]:
    for place, unit in enumerate(PILOTS):
        for step, (item, summary) in enumerate(ITEMS):
            if (place + step) % 3 != 2:
                yield Progress(
                    date(2021, 11, 15) + (place * 5 + step * 11) * DAY, unit, item, summary
                )
        for item in BY_KIND[unit]:
            if place % 4 != 3:
                yield Progress(
                    date(2022, 2, 14) + place * 3 * DAY, unit, item, "已按计划推进（演示）"
                )
