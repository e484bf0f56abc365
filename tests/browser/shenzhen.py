"""Shenzhen as its plan names it, thirteen units and the bureau, on the real pack: for the story of April
2022. Nobody has written anything yet; trainings, meetings and progress of the year are entered."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import User
from accounts.roles import Role
from cdo_portal.demo import gatherings, people, story
from cdo_portal.packs.loader import load_all
from core import workdays
from duties.models import Assignment, DutyItem
from duties.services import fulfil, record_progress
from pilots.models import Programme, Unit
from pilots.services import start_programme
from reports import services
from reports.models import Report
from tests.browser.city import LivingCity

# By chapter of the summary; `figure` differs from unit to unit.
CHAPTERS = {
    "progress": "印发本单位实施方案，组织业务培训2次，编制数据目录{figure}项。",
    "problems": "数据质量核查的人手不足，历史数据标准不一。",
    "suggestions": "建议市级统一提供数据质量核查工具。",
}
UNITS = (*story.DEPARTMENTS, *story.DISTRICTS)


@dataclass
class Shenzhen:
    """`people` by 「<unit code> clerk」, 「<unit code> cdo」, 「officer」, 「head」; the rest as the tour asks."""

    programme: Programme
    people: dict[str, Any]
    codes: dict[str, str]

    @classmethod
    def build(cls) -> "Shenzhen":
        workdays.seed([2021, 2022])
        load_all()
        programme = Programme.rows.get(code=story.PROGRAMME)
        start_programme(programme, on=story.STARTS_ON, by=None)
        people.open_accounts()
        bureau = people.bureau(programme)
        cast = {"officer": people.bureau_officer(bureau), "head": people.bureau_head(bureau)}
        for code in story.PILOTS:
            cast[f"{code} clerk"] = people.account(code, Role.DATA_OFFICER)
            cast[f"{code} cdo"] = people.account(code, Role.UNIT_CDO)
        User.objects.update(must_change_password=False)  # they come in by a cookie
        _the_year(cast["officer"])
        return cls(programme, cast, {"programme": programme.code})

    @staticmethod
    def clear() -> None:
        LivingCity.clear()

    @staticmethod
    def unit(code: str) -> Unit:
        return Unit.rows.get(code=code)

    @staticmethod
    def task(code: str) -> Assignment:
        """The unit's OB-1."""
        return Assignment.rows.get(
            obligation__code=f"{story.PROGRAMME}.ob-1", enrolment__unit__code=code
        )

    def texts(self, code: str) -> list[str]:
        return [text.format(figure=figure_of(code)) for text in CHAPTERS.values()]

    def hand_in(self, code: str) -> Report:
        """The unit's summary, written and signed as its people would."""
        clerk = self.people[f"{code} clerk"]
        report = services.start_report(self.task(code), by=clerk)
        sections = report.sections.standing().order_by("position")
        for section, text in zip(sections, self.texts(code), strict=True):
            services.save_section(section, {"body": text}, by=clerk, version=None)
        services.put_up(report, by=clerk)
        return services.sign(report, by=self.people[f"{code} cdo"])


def figure_of(code: str) -> int:
    return 60 + 9 * UNITS.index(code)


def _the_year(officer: Any) -> None:
    for held in gatherings.scenes():
        if isinstance(held, gatherings.Held) and held.on <= date(2022, 4, 15):
            gatherings.act(held, officer)
    for scene in story.scenes():
        key = f"{scene.unit}:{scene.code}:{scene.on}"
        if scene.on > date(2022, 4, 15):
            continue
        if isinstance(scene, story.Done):
            task = Assignment.rows.get(
                obligation__code=f"{story.PROGRAMME}.{scene.code}", enrolment__unit__code=scene.unit
            )
            fulfil(task, source_key=key, happened_on=scene.on, by=officer, note=scene.note)
        elif isinstance(scene, story.Progress):
            item = DutyItem.rows.get(code=f"{story.PROGRAMME}-{scene.code}")
            record_progress(
                item,
                people.enrolment(scene.unit),
                source_key=key,
                happened_on=scene.on,
                summary=scene.summary,
                by=officer,
            )
