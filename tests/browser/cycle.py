"""The duty cycle on top of the living city: reports in every hand, an order, a request, a slip, a
wish, an IT project with a veto, a finding."""

from datetime import date

from approvals.models import Approval
from duties.choices import ExtensionState, SlipState
from projects import services as projects
from reports import services
from reports.choices import Status
from reports.models import Report
from tests.browser.city import LivingCity
from tests.conftest import _member
from tests.duties.chasing import extension_in, slip_in
from tests.duties.ordering import issued, put_up
from tests.factories.projects import PowerFactory
from tests.reports.cast import Desk

NOVEMBER = date(2021, 11, 12)
WISH = services.Asked("support", "申请经费", "目录编制缺经费。", kind="funds")


def lay(living: LivingCity) -> dict[str, str]:
    """Makes it, through the services; the codes that its addresses need."""
    return {**_reports(living), **_chasing(living), **_projects(living)}


def _reports(living: LivingCity) -> dict[str, str]:
    """The department's accepted, in draft and waiting for its CDO; others with the bureau and back."""
    city, people = living.ground, living.people
    desk = Desk(city, people["officer"], people["data_officer"], people["unit_cdo"])
    period = desk.open_period("2021Q4")
    desk.open_period("2022Q1")
    accepted = desk.handed_in(desk.report(code="2021Q4"))
    services.accept(accepted, by=desk.officer)
    draft = desk.report()
    services.save_section(desk.section(draft), {"body": "编目有进展。"}, by=None, version=None)
    summary = desk.fill(desk.summary())
    services.put_up(summary, by=desk.data_officer)
    waiting, returned = (_handed_in(desk, unit) for unit in (city.government, city.district))
    section = returned.submissions.get().content["sections"][0]["key"]
    remark = services.Remark(section, "body", "", "写明完成时间。")
    services.return_report(returned, [remark], by=desk.officer)
    overall = services.start_report(city.assignment(city.bureau, "overall_report"), by=desk.officer)
    services.draft_overall(overall, by=desk.officer)
    wish = services.raise_support(city.enrolment(city.department), WISH, by=desk.data_officer)
    rows = {"done": accepted, "draft": draft, "signing": summary, "waiting": waiting}
    rows |= {"back": returned, "overall": overall, "wish": wish}
    rows["unwritten"] = city.assignment_of(city.government, "2021Q4")
    numbers = {name: row.number for name, row in rows.items()}
    return {**numbers, "period": period.audit_key, "section": desk.section(draft).key}


def _handed_in(desk: Desk, unit) -> Report:
    clerk, cdo = (_member(desk.city, unit, role) for role in ("data_officer", "unit_cdo"))
    report = services.start_report(desk.city.assignment_of(unit, "2022Q1"), by=clerk)
    services.put_up_and_sign(desk.fill(report), by=cdo)
    return Report.rows.get(pk=report.pk, status=Status.SUBMITTED)


def _chasing(living: LivingCity) -> dict[str, str]:
    city, officer, head = living.ground, living.people["officer"], living.people["head"]
    clerk, cdo = living.people["data_officer"], living.people["unit_cdo"]
    order = issued(city, officer, head)
    proposed = put_up(city, officer, title="报送数据目录")
    slip = slip_in(SlipState.REPLIED, city, officer, head, clerk)
    wanted = extension_in(ExtensionState.ASKED, city, officer, head, clerk, cdo)
    return {
        "order": order.number,
        "proposed_order": proposed.number,
        "order_task": order.obligation.assignments.get().number,
        "reminder": slip.number,
        "extension": wanted.number,
        "round": Approval.rows.get(subject=wanted.number).number,
    }


def _projects(living: LivingCity) -> dict[str, str]:
    city, clerk = living.ground, living.people["data_officer"]
    for kind, name in {"veto": "一票否决权", "correct": "制止"}.items():
        PowerFactory(programme=city.programme, kind=kind, name=name)
    department = city.enrolment(city.department)
    project = projects.register_project(department, name="数据共享平台", by=clerk)
    projects.give_opinion(
        project,
        gate="approval",
        decision="veto",
        given_on=NOVEMBER,
        route="online",
        by=living.people["unit_cdo"],
        reason="与已建平台重复",
        basis="方案四（二）4",
    )
    finding = projects.report_finding(
        department,
        nature="breach",
        title="未经审批对外提供数据",
        what="接口未办审批。",
        basis="数据安全法",
        found_on=date(2022, 3, 1),
        by=clerk,
    )
    return {"project": project.number, "finding": finding.number}
