"""The scenes of reports: two periods of progress, twelve summaries of April 2022 (two came back and
were mended, 南山区's is late, 福田区's was given more time), and the overall report to the province.

On the last day the first quarter is due in three days: 市公安局's report waits for its CDO's signature,
福田区's came back, 坪山区's is not begun, and those of 市气象局 and 市地方金融监管局 wait for review, so that
each desk has something to do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import singledispatch

from accounts.models import User
from accounts.roles import Role
from core import clock
from duties import services as duties
from duties.choices import Verdict
from duties.models import Assignment, DutyArea, DutyItem
from pilots.choices import Part
from pilots.models import Enrolment, Programme
from reports import services
from reports.choices import Kind
from reports.models import Report
from reports.queries.overall import sources_of

from . import people, story

LAST, NOW = "2021Q4", "2022Q1"
PINGSHAN, FINANCE = story.DISTRICTS[3], story.DEPARTMENTS[6]
RESOURCES = story.DEPARTMENTS[2]
PERIODS = {
    LAST: ("2021年第四季度", date(2021, 10, 1), date(2021, 12, 31), date(2022, 1, 21)),
    NOW: ("2022年第一季度", date(2022, 1, 1), date(2022, 3, 31), date(2022, 5, 13)),
}
# By place of the area in the plan: a figure that the demonstration's 通知 asks for.
FIGURES = {
    2: ("数据目录编制数量", "项"),
    3: ("向社会开放数据集", "个"),
    5: ("参加培训人次", "人次"),
}
REASON = (
    "区数据运营机构四月中旬刚完成组建，各街道数据还在核对，总结所需的底数要到五月上旬才能汇齐，"
    "特申请延期报送（演示）。"
)


@dataclass(frozen=True)
class PeriodOpened:
    """The bureau opens a period, on the basis of a 通知 that is made up."""

    on: date
    code: str
    unit: str = ""


@dataclass(frozen=True)
class Reported:
    """A unit hands its report in; the bureau may return it first, and accepts it on `accepted_on`
    (None: it still waits, or lies with the unit when it was returned and not mended). One that is
    not `is_signed` waits for its CDO."""

    on: date
    unit: str
    period: str
    accepted_on: date | None = None
    returned_for: str = ""
    is_mended: bool = True
    is_signed: bool = True
    code: str = "reported"


@dataclass(frozen=True)
class Extended:
    """A unit asks for more time, and the bureau grants it."""

    on: date
    unit: str
    until: date
    code: str = "extended"


@dataclass(frozen=True)
class Concluded:
    """The bureau drafts the overall report, its head signs, and it goes to the province."""

    on: date
    unit: str = ""
    code: str = "overall"


Scene = PeriodOpened | Reported | Extended | Concluded
SUMMARY = ""  # `Reported.period` of a summary


def scenes() -> Iterator[Scene]:
    yield PeriodOpened(date(2022, 1, 5), LAST)
    yield PeriodOpened(date(2022, 4, 20), NOW)
    for place, unit in enumerate(story.PILOTS):
        late = unit == story.NANSHAN
        sent = date(2022, 1, 25) if late else date(2022, 1, 10) + (place % 9) * story.DAY
        yield Reported(sent, unit, LAST, date(2022, 1, 27))
        yield from _second(place, unit)
    yield Extended(date(2022, 4, 26), story.FUTIAN, date(2022, 5, 6))
    yield from _summaries()
    yield Concluded(date(2022, 5, 10))


def _second(place: int, unit: str) -> Iterator[Reported]:
    sent = (date(2022, 4, 27), date(2022, 4, 28), date(2022, 5, 5))[place % 3]
    if unit == PINGSHAN:
        return
    if unit == story.SECURITY:
        yield Reported(date(2022, 5, 9), unit, NOW, is_signed=False)
    elif unit == story.FUTIAN:
        wanted = "写明接入了哪几类数据（演示）"
        yield Reported(date(2022, 5, 6), unit, NOW, returned_for=wanted, is_mended=False)
    elif unit in {story.WEATHER, FINANCE}:
        yield Reported(date(2022, 5, 6), unit, NOW)
    else:
        yield Reported(sent, unit, NOW, date(2022, 5, 7))


def _summaries() -> Iterator[Reported]:
    returned = {
        story.INSURANCE: "补充共享数据的数量（演示）",
        RESOURCES: "写明下一步的时间安排（演示）",
    }
    # Nobody signs on a Saturday that is none of the working ones: what was signed is told the same day.
    days = {
        story.INSURANCE: date(2022, 4, 22),
        story.NANSHAN: date(2022, 5, 7),
        story.FUTIAN: date(2022, 5, 5),
    }
    for place, unit in enumerate((*story.DEPARTMENTS, *story.DISTRICTS)):
        sent = days.get(unit, date(2022, 4, 18) + (place % 11) * story.DAY)
        yield Reported(sent, unit, SUMMARY, date(2022, 5, 9), returned.get(unit, ""))


# --- told through the services -------------------------------------------------------------------


def act(scene: Scene, teller: User | None) -> None:
    with clock.telling(scene.on):
        _act(scene, teller)


@singledispatch
def _act(scene: Scene, teller: User | None) -> None:
    raise TypeError(f"The story of reports knows no scene such as {scene}.")


@_act.register
def _opened(scene: PeriodOpened, teller: User | None) -> None:
    programme = Programme.rows.get(code=story.PROGRAMME)
    title, starts_on, ends_on, due_on = PERIODS[scene.code]
    areas = list(DutyArea.rows.filter(programme=programme).order_by("position"))
    services.open_period(
        programme,
        services.Opening(
            code=scene.code,
            title=title,
            starts_on=starts_on,
            ends_on=ends_on,
            opens_on=scene.on,
            due_on=due_on,
            basis_title=f"关于报送{title}首席数据官履职进展的通知（演示）",
            basis_number=f"演示通〔2022〕{list(PERIODS).index(scene.code) + 1}号",
            note="演示数据",
        ),
        figures=[
            services.FigureAsked(areas[place - 1], name, label, Decimal(0))
            for place, (name, label) in FIGURES.items()
        ],
        by=teller,
    )


@_act.register
def _reported(scene: Reported, teller: User | None) -> None:
    report = services.start_report(_task(scene), by=people.account(scene.unit, Role.DATA_OFFICER))
    _write(report, scene)
    _sign(report, scene)
    if scene.returned_for:
        section = report.sections.standing().order_by("position")[0]
        remark = services.Remark(section.key, "body", "no_figures", scene.returned_for)
        services.open_for_review(report, by=teller)
        services.return_report(report, [remark], by=teller)
        if not scene.is_mended:
            return
        clerk = people.account(scene.unit, Role.DATA_OFFICER)
        mended = f"{section.body}已按意见补充（演示）。"
        services.save_section(section, {"body": mended}, by=clerk, version=None)
        _sign(report, scene)
    if scene.accepted_on:
        with clock.telling(scene.accepted_on):
            services.open_for_review(report, by=teller)
            services.accept(report, by=teller)


def _task(scene: Reported) -> Assignment:
    rows = Assignment.rows.filter(
        enrolment__programme__code=story.PROGRAMME, enrolment__unit__code=scene.unit
    )
    if scene.period == SUMMARY:
        return rows.get(obligation__code=f"{story.PROGRAMME}.ob-1")
    return rows.get(obligation__nature="progress", occurrence=scene.period)


def _sign(report: Report, scene: Reported) -> None:
    services.put_up(report, by=people.account(scene.unit, Role.DATA_OFFICER))
    if scene.is_signed:
        services.sign(report, remark="同意报送。", by=people.account(scene.unit, Role.UNIT_CDO))


def _write(report: Report, scene: Reported) -> None:
    clerk = people.account(scene.unit, Role.DATA_OFFICER)
    place = story.PILOTS.index(scene.unit)
    for section in report.sections.standing().select_related("area"):
        content = _words(report, section, place, scene)
        services.save_section(section, content, by=clerk, version=None)


def _words(report: Report, section: object, place: int, scene: Reported) -> dict[str, object]:
    if report.kind == Kind.SUMMARY:
        return {"body": _chapter(section.key, place)}  # type: ignore[attr-defined]
    area = section.area  # type: ignore[attr-defined]
    quarter = list(PERIODS).index(scene.period)
    figures = {
        str(figure.pk): Decimal(20 + 7 * place + 15 * quarter + 3 * number)
        for number, figure in enumerate(report.period.figures.filter(area=area))  # type: ignore[union-attr]
    }
    return {
        "body": f"{area.name}按方案推进，{PERIODS[scene.period][0]}召开专题会{1 + (place + quarter) % 3}次，"
        f"完成重点事项{2 + (place + quarter) % 4}项（演示）。",
        "problems": "跨部门数据对接还要协调（演示）。" if (place + quarter) % 4 == 0 else "",
        "next_steps": "按计划推进下一阶段工作（演示）。",
        "completion": "under_way",
        "items": _items(report, area, place, quarter),
        "figures": figures,
    }


def _items(report: Report, area: DutyArea, place: int, quarter: int) -> list[str]:
    """One or two items of the area on which the quarter brought something, others each quarter; a
    third of the areas rest."""
    applying = DutyItem.rows.applying_to(report.assignment.enrolment).filter(area=area)
    known = list(applying.order_by("position").values_list("code", flat=True))
    if (place + area.position) % 3 == 0:
        return []
    named = range(1 + (place + quarter) % 2)
    return [known[(place + 2 * quarter + step) % len(known)] for step in named]


def _chapter(key: str, place: int) -> str:
    return {
        "progress": f"印发本单位实施方案，组织业务培训2次，编制数据目录{60 + 9 * place}项，"
        f"上线应用场景{1 + place % 4}个（演示）。",
        "problems": "数据质量核查的人手不足，历史数据标准不一（演示）。",
        "suggestions": "建议市级统一提供数据质量核查工具，增加业务培训（演示）。",
    }[key]


@_act.register
def _extended(scene: Extended, teller: User | None) -> None:
    task = _task(Reported(scene.on, scene.unit, SUMMARY))
    request = duties.Request(scene.until, REASON, "已完成提纲和各部门材料收集（演示）。")
    row = duties.ask_extension(task, request, by=people.account(scene.unit, Role.DATA_OFFICER))
    row = duties.agree_extension(row, by=people.account(scene.unit, Role.UNIT_CDO))
    duties.decide_extension(row, Verdict.GRANT, by=teller)


@_act.register
def _concluded(scene: Concluded, teller: User | None) -> None:
    programme = Programme.rows.get(code=story.PROGRAMME)
    task = Assignment.rows.get(enrolment__programme=programme, obligation__nature="overall_report")
    report = services.start_report(task, by=teller)
    picks = [
        services.Pick(source.edition, key, field)
        for source in sources_of(programme)
        if source.report.kind == Kind.SUMMARY
        for key, field in source.passages
    ]
    services.choose_passages(report, picks, by=teller)
    services.draft_overall(report, by=teller)
    services.put_up(report, by=teller)
    report = services.sign(report, remark="同意报送。", by=people.bureau_head(report.unit))
    province = Enrolment.rows.filter(programme=programme, part=Part.SUPERIOR, withdrawn_on=None)
    services.dispatch(
        report,
        services.Sending(
            signed_by_name=people.bureau_head(report.unit).display_name,
            document_number="演示函〔2022〕1号",
            sent_on=scene.on,
            receiver=province.select_related("unit")[0].unit,
        ),
        by=teller,
    )
