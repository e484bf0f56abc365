"""The scenes of what the bureau asks besides the plan: one 通知 to all pilots, a 提醒单 to 市气象局 about its
second training, and what 宝安区 asks of the bureau."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from accounts.roles import Role
from core import clock
from duties import services as duties
from duties.choices import Level, SlipLevel
from duties.models import Assignment
from pilots.choices import Part
from pilots.models import Enrolment, Programme
from reports import services as reports

from . import people, story

BAOAN = story.DISTRICTS[2]
ACCEPTED_BY = (*story.DEPARTMENTS[1:4], story.DISTRICTS[1])


@dataclass(frozen=True)
class Ordered:
    """A 通知 to every pilot, signed by the bureau's head the same day."""

    on: date
    due_on: date
    unit: str = ""
    code: str = "ordered"


@dataclass(frozen=True)
class Chased:
    """A 提醒单 about one task."""

    on: date
    unit: str
    reply_by: date
    code: str = "z-chased"


@dataclass(frozen=True)
class Wished:
    """A unit asks for support, and the bureau says by when it answers."""

    on: date
    unit: str
    answer_by: date
    code: str = "z-wished"


Scene = Ordered | Chased | Wished


def scenes() -> Iterator[Scene]:
    yield Ordered(date(2022, 5, 6), date(2022, 5, 20))
    yield Chased(date(2022, 5, 6), story.WEATHER, date(2022, 5, 12))
    yield Wished(date(2022, 5, 7), BAOAN, date(2022, 5, 20))


def act(scene: Scene, teller: User | None) -> None:
    programme = Programme.rows.get(code=story.PROGRAMME)
    with clock.telling(scene.on):
        if isinstance(scene, Ordered):
            _order(scene, programme)
        elif isinstance(scene, Chased):
            _chase(scene, programme)
        else:
            _wish(scene, teller)


def _order(scene: Ordered, programme: Programme) -> None:
    bureau = people.bureau(programme)
    pilots = Enrolment.rows.filter(programme=programme, part=Part.PILOT, withdrawn_on=None)
    officer, head = people.bureau_officer(bureau), people.bureau_head(bureau)
    order = duties.draft_order(
        programme,
        leads=pilots.select_related("unit"),
        title="关于开展公共数据目录自查的通知（演示）",
        short_title="目录自查",
        document_number="演示通〔2022〕3号",
        level=Level.IMPORTANT,
        wanted="对照数据目录逐项自查，更新已变化的条目（演示）。",
        acceptance="目录与实际系统一致，更新记录完整（演示）。",
        due_on=scene.due_on,
        by=officer,
    )
    duties.submit_order(order, by=officer)
    duties.sign_order(order, by=head)
    given = Assignment.rows.filter(obligation__origin="order", enrolment__programme=programme)
    for task in given.filter(enrolment__unit__code__in=ACCEPTED_BY):
        duties.accept(task, by=people.account(task.unit.code, Role.DATA_OFFICER))


def _chase(scene: Chased, programme: Programme) -> None:
    task = Assignment.rows.for_lists().get(
        obligation__code=f"{programme.code}.ob-3", enrolment__unit__code=scene.unit
    )
    text = (
        "{{单位}}：{{任务}}截止日期{{截止日期}}，{{逾期天数}}。第二次业务培训举办后登记（演示）。"
    )
    officer = people.bureau_officer(people.bureau(programme))
    duties.issue_slip(task, duties.Draft(SlipLevel.HINT, text, scene.reply_by), by=officer)


def _wish(scene: Wished, teller: User | None) -> None:
    asked = reports.Asked(
        "support",
        "申请数据质量核查工具（演示）",
        "历史数据标准不一，人工核查进度慢，希望市级统一提供核查工具（演示）。",
        kind="governance",
    )
    clerk = people.account(scene.unit, Role.DATA_OFFICER)
    row = reports.raise_support(people.enrolment(scene.unit), asked, by=clerk)
    reports.promise_support(row, answer_by=scene.answer_by, by=teller)
