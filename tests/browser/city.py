"""A small city with something on every page, built once for all browser tests."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.management import call_command

from core import clock, workdays
from duties.models import DutyItem
from duties.services import fulfil, record_progress
from officers import services
from pilots.services import rename_unit
from tests.conftest import City, _member, make_city
from tests.factories.accounts import SiteRoleFactory
from tests.factories.officers import (
    AppointmentFactory,
    HandoverFactory,
    PersonFactory,
    PostFactory,
    PostRuleFactory,
    PublicDirectoryFactory,
    TeamFactory,
    TeamMemberFactory,
)
from tests.factories.pilots import EnrolmentFactory, UnitFactory
from tests.factories.reminders import NoticeFactory
from tests.officers.cast import ruled

MEMBERS = {
    "officer": ("bureau", "bureau_officer"),
    "head": ("bureau", "bureau_head"),
    "evaluator": ("bureau", "evaluator"),
    "data_officer": ("department", "data_officer"),
    "unit_cdo": ("department", "unit_cdo"),
    "provincial_reader": ("superior", "provincial_reader"),
}


@dataclass
class LivingCity:
    """People by role, and the codes that addresses need; `ground` is the small city below."""

    people: dict[str, Any]
    codes: dict[str, str]
    today: date
    ground: City

    @classmethod
    def build(cls) -> "LivingCity":
        workdays.seed([2021, 2022])
        city = make_city()
        people = {
            name: _member(city, getattr(city, unit), role) for name, (unit, role) in MEMBERS.items()
        }
        for kind in ("auditor", "system_admin", "security_admin"):
            people[kind] = SiteRoleFactory(kind=kind).user
        _happenings(city, people)
        task = city.assignment(city.department, "training")
        codes = {
            "department": city.department.code,
            "programme": city.programme.code,
            "task": task.number,
            "obligation": task.obligation.code,
            "area": task.obligation.area.code,
            "document": task.obligation.clause.document.code,
            **_register(city, people),
        }
        return cls(people, codes, clock.today(), city)

    @staticmethod
    def clear() -> None:
        """The rows were committed; whoever comes next finds an empty database."""
        options = {"allow_cascade": True, "reset_sequences": False}  # no key a second time
        call_command("flush", verbosity=0, interactive=False, **options)


def _happenings(city: Any, people: dict[str, Any]) -> None:
    """Something done, something late in May, a former name, a notice, a slot."""
    officer = people["officer"]
    report = city.assignment(city.district)
    fulfil(report, source_key="report", happened_on=date(2022, 4, 2), by=officer, note="已收纸质件")
    item = DutyItem.rows.get(name="行业特色数据应用")
    record_progress(
        item,
        city.enrolment(city.department),
        source_key="progress",
        happened_on=date(2022, 4, 1),
        summary="数据服务已上线",
        by=officer,
    )
    rename_unit(
        city.department,
        full_name="测试市公安局",
        short_name="市公安局",
        on=date(2022, 1, 1),
        by=officer,
    )
    EnrolmentFactory(
        programme=city.programme,
        unit=UnitFactory(is_slot=True, kind="subdistrict"),
        certainty="slot",
    )
    for name in ("officer", "data_officer"):
        NoticeFactory(recipient=people[name], programme=city.programme)


def _register(city: Any, people: dict[str, Any]) -> dict[str, str]:
    """Holders of both kinds, one who left, one proposed; filings accepted, waiting and returned; a
    team; seats that are empty, of two posts; a hand-over slip, an open directory."""
    register, clerk = ruled(city), people["data_officer"]
    executive = PostFactory(code="executive", name="首席数据执行官")
    kinds = ["district_government"]
    PostRuleFactory(programme=city.programme, post=executive, title=executive.name, kinds=kinds)
    former = register.appoint(city.department, date(2021, 9, 16))
    accepted = services.file_appointment(former, by=clerk)
    services.accept_filing(accepted, by=people["officer"])
    holder = register.appoint(
        city.department,
        date(2022, 4, 1),
        person=PersonFactory(
            unit=city.department, mobile="13800138001", office_phone="0755-12345678"
        ),
        departure=services.Departure(on=date(2022, 3, 31)),
    )
    waiting = services.file_appointment(holder, by=clerk)
    returned = services.file_plan(city.enrolment(city.department), title="试点方案", by=clerk)
    services.return_filing(returned, reason="缺方案正文。", by=people["officer"])
    register.appoint(city.government, date(2021, 9, 14), kind="acting")
    proposed = AppointmentFactory(unit=city.district, post=register.cdo, status="proposed")
    PublicDirectoryFactory(programme=city.programme)
    return {
        "district": city.district.code,
        "office": register.office.code,
        "rule": register.department_rule.code,
        "person": str(holder.person.uuid),
        "appointment": holder.number,
        "former": former.number,
        "proposed": proposed.number,
        "filing": waiting.number,
        "accepted": accepted.number,
        "returned": returned.number,
        "slip": HandoverFactory(leaver=former.person, taker=holder.person).number,
        "team": _teams(city.department, holder.person),
    }


def _teams(unit: Any, person: Any) -> str:
    """The unit's office of data, and a pool of experts."""
    team = TeamFactory(unit=unit)
    TeamMemberFactory(team=team, person=person)
    TeamMemberFactory(team=TeamFactory(unit=unit, kind="expert_pool", name="专家库"))
    return team.number
