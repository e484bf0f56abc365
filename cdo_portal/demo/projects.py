"""The scenes of IT projects: 市公安局's platform is vetoed at 立项 and agreed to a month later, 福田区's is
agreed to, 市气象局's passes 验收 though nobody spoke at 立项; and one finding, not yet corrected on the
story's last day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import singledispatch

from accounts.models import User
from accounts.roles import Role
from projects import services
from projects.choices import Decision, Gate, RecordKind, Route
from projects.models import Finding, Project

from . import people, story

BASIS = "《深圳市首席数据官制度试点实施方案》（深府办函〔2021〕71号）四（二）4"
PLATFORM = "警务数据共享平台（演示）"
BLOCKS = "社区智能治理应用（演示）"
WEATHER = "气象数据开放服务（演示）"
FOUND = "业务系统接口未经审批对外提供数据（演示）"


@dataclass(frozen=True)
class Proposed:
    """A unit enters a project; `budget` in 万元."""

    on: date
    unit: str
    name: str
    budget: str
    summary: str
    code: str = "project-1"


@dataclass(frozen=True)
class Opined:
    """The unit's CDO gives an opinion."""

    on: date
    unit: str
    name: str
    gate: str
    decision: str = Decision.APPROVE
    reason: str = ""
    code: str = "project-2"


@dataclass(frozen=True)
class Advised:
    """The CDO does something for a project beside its gates."""

    on: date
    unit: str
    name: str
    kind: str
    text: str
    result: str = ""
    code: str = "project-3"


@dataclass(frozen=True)
class Uncovered:
    """Something was found in a unit, stopped the next day, to be corrected until `due_on`."""

    on: date
    unit: str
    title: str
    due_on: date
    code: str = "finding"


Scene = Proposed | Opined | Advised | Uncovered


def scenes() -> Iterator[Scene]:
    police, futian = story.SECURITY, story.FUTIAN
    yield Proposed(
        date(2021, 10, 20), police, PLATFORM, "860", "汇聚警务数据，提供共享接口（演示）"
    )
    yield Opined(
        date(2021, 11, 12),
        police,
        PLATFORM,
        Gate.APPROVAL,
        Decision.VETO,
        "与市公共数据共享平台功能重复，没有提出对接方案（演示）",
    )
    yield Advised(
        date(2021, 12, 3),
        police,
        PLATFORM,
        RecordKind.COORDINATION,
        "与市政务服务数据管理局协调共享接口（演示）",
        "改为依托市共享平台建设（演示）",
    )
    yield Opined(
        date(2021, 12, 20),
        police,
        PLATFORM,
        Gate.APPROVAL,
        reason="已改为依托市公共数据共享平台建设（演示）",
    )
    yield Proposed(date(2022, 1, 10), futian, BLOCKS, "320.5", "社区事件分拨和数据分析（演示）")
    yield Opined(date(2022, 1, 18), futian, BLOCKS, Gate.APPROVAL)
    yield Advised(
        date(2022, 3, 22), futian, BLOCKS, RecordKind.REVIEW, "数据质量规则齐全，建议推广（演示）"
    )
    yield Proposed(date(2022, 2, 16), story.WEATHER, WEATHER, "95", "气象数据开放接口（演示）")
    yield Opined(date(2022, 4, 20), story.WEATHER, WEATHER, Gate.ACCEPTANCE)
    yield Uncovered(date(2022, 4, 7), futian, FOUND, date(2022, 5, 16))


@singledispatch
def act(scene: Scene, teller: User | None) -> None:
    raise TypeError(f"The register of projects knows no scene such as {scene}.")


@act.register
def _proposed(scene: Proposed, teller: User | None) -> None:
    services.register_project(
        people.enrolment(scene.unit),
        name=scene.name,
        budget=Decimal(scene.budget),
        summary=scene.summary,
        kind="build",
        note=people.SOURCE,
        by=people.account(scene.unit, Role.DATA_OFFICER),
    )


@act.register
def _opined(scene: Opined, teller: User | None) -> None:
    services.give_opinion(
        _project(scene),
        gate=scene.gate,
        decision=scene.decision,
        given_on=scene.on,
        route=Route.ONLINE,
        reason=scene.reason,
        basis=BASIS if scene.decision == Decision.VETO else "",
        by=people.account(scene.unit, Role.UNIT_CDO),
    )


@act.register
def _advised(scene: Advised, teller: User | None) -> None:
    services.record(
        _project(scene),
        kind=scene.kind,
        text=scene.text,
        result=scene.result,
        happened_on=scene.on,
        by=people.account(scene.unit, Role.DATA_OFFICER),
    )


@act.register
def _uncovered(scene: Uncovered, teller: User | None) -> None:
    clerk = people.account(scene.unit, Role.DATA_OFFICER)
    row: Finding = services.report_finding(
        people.enrolment(scene.unit),
        nature="breach",
        title=scene.title,
        what="日志核查发现，某业务系统接口未办理审批手续向外部单位提供数据（演示）",
        basis="《中华人民共和国数据安全法》（演示）",
        found_on=scene.on,
        by=clerk,
    )
    row = services.stop_finding(row, on=scene.on + story.DAY, text="当天停用接口（演示）", by=clerk)
    services.order_correction(
        row,
        on=scene.on + story.DAY,
        measures="补办审批手续，接口接入统一网关（演示）",
        due_on=scene.due_on,
        by=clerk,
    )


def _project(scene: Opined | Advised) -> Project:
    return Project.rows.get(enrolment=people.enrolment(scene.unit), name=scene.name)
