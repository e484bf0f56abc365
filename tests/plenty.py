"""A city with something of everything that the portal keeps, for tests that walk over all pages."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import User
from approvals import services as approvals
from core.uploads import Received
from duties import services as duties
from duties.choices import Verdict
from officers import services
from officers.models import Person
from pilots.services import keep_view
from projects import services as projects
from reports import services as reports
from reports.models import Period, Report
from tests.conftest import City
from tests.duties import chasing, ordering
from tests.factories.core import StoredFileFactory
from tests.factories.officers import (
    AppointmentFactory,
    FilingFactory,
    HandoverFactory,
    PublicDirectoryFactory,
    TeamFactory,
    TeamMemberFactory,
)
from tests.factories.projects import PowerFactory
from tests.officers.cast import ruled
from tests.reports.cast import Desk

Cast = Mapping[str, User]


def everything(city: City, cast: Cast) -> None:
    """All of what follows, through the services where there are any."""
    officers(city, cast)
    ordered(city, cast)
    chased(city, cast)
    papers(city, cast)
    projected(city, cast)
    asked(city, cast)
    days = {"starts_on": date(2022, 4, 15), "ends_on": date(2022, 4, 22)}
    approvals.lend_signature(cast["data_officer"], city.department, by=cast["unit_cdo"], **days)
    keep_view(path="/tasks/", query="light=overdue", name="逾期任务", by=cast["officer"])


def officers(city: City, cast: Cast) -> None:
    """A register with a holder on record, one who left, one proposed, a stand-in, what was returned
    and what waits, teams, a hand-over and a public directory."""
    register, autumn = ruled(city), date(2021, 9, 16)
    left = AppointmentFactory(
        unit=city.department,
        status="ended",
        ending="moved",
        starts_on=date(2021, 8, 10),
        ends_on=date(2021, 9, 15),
        rank_reason="由局长指定",
    )
    same = {"programme": city.programme, "desk": register.office}
    FilingFactory(**same, appointment=left, returned=True)
    paper = services.Paper(number="深公〔2021〕12号", signed_on=autumn)
    holder = register.appoint(city.department, autumn, paper=paper)
    letter = services.Letter("深公〔2021〕13号", reported_on=date(2021, 9, 28))
    filing = services.file_appointment(holder, letter=letter, by=cast["data_officer"])
    services.accept_filing(filing, by=cast["officer"], on=date(2021, 10, 8))
    register.appoint(city.district, date(2022, 4, 1), by=cast["stranger"])
    AppointmentFactory(unit=city.government, kind="presiding", confirmed_on=date(2021, 3, 1))
    FilingFactory(**same, kind="plan", appointment=None, unit=city.district)
    teams(city, holder.person)
    HandoverFactory(leaver=left.person, appointment=left, taker=holder.person)
    PublicDirectoryFactory(programme=city.programme)


def teams(city: City, leader: Person) -> None:
    team = TeamFactory(unit=city.department, leader=leader, headcount=5)
    TeamMemberFactory(team=team, duty="目录编制", ends_on=date(2022, 3, 1))
    pool = TeamFactory(unit=city.department, kind="expert_pool", name="人才库")
    TeamMemberFactory(team=pool, entry_mode="invited", employer="样例大学")


def papers(city: City, cast: Cast) -> None:
    """A finalised period and an open one: accepted, returned, awaiting review, in draft, as a
    letter; an overall report that awaits the bureau's head."""
    desk = Desk(city, cast["officer"], cast["data_officer"], cast["unit_cdo"])
    area = city.obligations["training"].area
    figure = reports.FigureAsked(area, "培训人次", unit_label="人", minimum=Decimal(1))
    last = desk.open_period("2021Q4", figures=[figure])
    earlier = _written(desk.report(code="2021Q4"), desk, last)
    reports.put_up_and_sign(earlier, by=desk.unit_cdo)
    reports.accept(earlier, by=desk.officer)
    reports.close_period(last, by=desk.officer)
    period = desk.open_period("2022Q1", figures=[figure], note="沿用上期的请写明原因。")
    now = _written(desk.report(), desk, period, body="本期新编目录三十项。")
    _with_file(now, desk)
    reports.put_up_and_sign(now, by=desk.unit_cdo)
    flaw = reports.Remark(now.sections.first().key, "body", "vague", "写明数量。")
    reports.return_report(now, [flaw], by=desk.officer)
    desk.handed_in(desk.summary())
    desk.report(city.government)
    letter = reports.Letter("测试市福田区", date(2022, 4, 12), "福府函〔2022〕7号")
    scan = Received(StoredFileFactory(), "来文.pdf")
    task = city.assignment_of(city.district, "2022Q1")
    reports.start_letter(task, letter, received=scan, by=desk.officer)
    whole = city.assignment(city.bureau, "overall_report")
    overall = reports.start_report(whole, by=desk.officer)
    reports.draft_overall(overall, by=desk.officer)
    reports.put_up(overall, by=desk.officer)


def _written(report: Report, desk: Desk, period: Period, **facts: Any) -> Report:
    figure = period.figures.get()
    desk.fill(report, **facts)
    for section in report.sections.filter(area=figure.area):
        facts = {
            "completion": "under_way",
            "body": "两期培训。",
            "figures": {figure.pk: Decimal(12)},
        }
        reports.save_section(section, facts, by=desk.data_officer, version=None)
    report.refresh_from_db()
    return report


def _with_file(report: Report, desk: Desk) -> None:
    received = Received(StoredFileFactory(), "目录清单.pdf")
    facts = {"unit": desk.city.department, "programme": desk.city.programme}
    evidence = reports.keep_evidence(received, by=desk.data_officer, **facts)
    reports.attach(desk.section(report), evidence, by=desk.data_officer)


def ordered(city: City, cast: Cast) -> None:
    """A notice issued to two units with one that helps, one that awaits a signature, a draft; an
    instruction."""
    clerk, head = cast["officer"], cast["head"]
    two = [city.department, city.district]
    ordering.issued(city, clerk, head, units=two, helpers=[city.government])
    ordering.put_up(city, clerk, title="报送数据共享进展", level="urgent")
    duties.draft_order(city.programme, by=clerk, leads=[], **ordering.FACTS)
    task = city.assignment(city.department, "training")
    duties.write_remark(task, text="请加快进度。", by=head)


def chased(city: City, cast: Cast) -> None:
    """An extension granted in part, one to be decided and one to be signed; a slip that awaits a
    reply and one that awaits the bureau's head."""
    clerk, deputy, holder = cast["officer"], cast["data_officer"], cast["unit_cdo"]
    first = city.assignment(city.department)
    row = duties.ask_extension(first, chasing.request(), by=deputy)
    row = duties.agree_extension(row, by=holder)
    duties.decide_extension(row, Verdict.PARTLY, granted_on=chasing.PART, by=clerk)
    training = city.assignment(city.department, "training")
    row = duties.ask_extension(training, chasing.request(), by=deputy)
    duties.agree_extension(row, by=holder)
    chasing.ask(city, cast["stranger"], unit=city.district)
    duties.issue_slip(training, chasing.draft(), by=clerk)
    duties.issue_slip(city.assignment(city.district), chasing.draft("supervise"), by=clerk)


def projected(city: City, cast: Cast) -> None:
    """A project agreed to and one vetoed, with requirements, an evaluation and a finding."""
    for kind in ("veto", "correct", "coordinate", "guide", "gate"):
        PowerFactory(programme=city.programme, kind=kind)
    unit, by = city.enrolment(city.department), cast["unit_cdo"]
    agreed = projects.register_project(unit, name="数据共享平台", by=by)
    vetoed = projects.register_project(unit, name="重复建设的平台", by=by)
    same = {"gate": "approval", "given_on": date(2021, 11, 12), "route": "online", "by": by}
    projects.give_opinion(agreed, decision="approve", **same)
    why = {"reason": "与已建平台重复", "basis": "方案四（二）4"}
    projects.give_opinion(vetoed, decision="veto", **why, **same)
    projects.report_finding(
        unit,
        nature="breach",
        title="未经审批对外提供数据",
        what="接口未办审批。",
        basis="数据安全法",
        found_on=date(2022, 3, 1),
        by=by,
    )


def asked(city: City, cast: Cast) -> None:
    """Support asked for: answered, promised, new."""
    unit, by = city.enrolment(city.department), cast["data_officer"]
    wants = reports.Asked("support", "申请经费", "目录编制缺经费。", kind="funds")
    row = reports.raise_support(unit, wants, by=by)
    reports.answer_support(row, "已列入预算。", by=cast["officer"])
    row = reports.raise_support(
        unit, reports.Asked("problem", "编码规则不一", "各处室的编码规则不同。"), by=by
    )
    reports.promise_support(row, answer_by=date(2022, 4, 22), by=cast["officer"])
    reports.raise_support(unit, reports.Asked("suggestion", "增加培训", "每季度一次。"), by=by)
