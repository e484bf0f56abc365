"""One of everything in the duty cycle, of the department, by the services where they have rules."""

from duties import services as duties
from duties.choices import ExtensionState, SlipState
from projects import services as projects
from reports import services as reports
from tests.duties.chasing import extension_in, slip_in
from tests.duties.ordering import issued, put_up
from tests.factories.duties import RemarkFactory
from tests.factories.projects import FindingFactory, PowerFactory, ProjectFactory
from tests.factories.reports import SupportRequestFactory
from tests.reports.cast import Desk

FINDINGS = {
    "found": {},
    "stopped": {"status": "stopped", "stopped_on": "2022-04-01"},
    "correcting": {"correcting": True},
    "corrected": {"status": "corrected", "corrected_on": "2022-04-01"},
    "closed": {"status": "closed", "closed_on": "2022-04-01", "close_reason": "已移交"},
}


def references(city):
    """What `refs` name, by field."""
    project = ProjectFactory(enrolment=city.enrolment(city.department), name="别的平台")
    return {
        "programme": city.programme.code,
        "unit": city.department.code,
        "assignment": city.assignment(city.department).number,
        "receiver": city.superior.code,
        "project": project.number,
    }


def rows_of(endpoint, city, cast):
    """{name: what makes that row} for the changes of that endpoint."""
    made = {
        "periods": _periods, "reports": _reports, "reviews": _reports,
        "support-requests": _requests, "extensions": _extensions, "slips": _slips,
        "orders": _orders, "remarks": _remarks,
    }  # fmt: skip
    return made.get(endpoint, _projects)(city, cast)


def _desk(city, cast):
    return Desk(city, cast["officer"], cast["data_officer"], cast["unit_cdo"])


def _periods(city, cast):
    desk = _desk(city, cast)
    return {
        "period": desk.open_period,
        "closed": lambda: reports.close_period(desk.open_period(), by=desk.officer),
    }


def _reports(city, cast):
    desk = _desk(city, cast)
    desk.open_period("2021Q4")
    desk.open_period("2022Q1")
    desk.handed_in(desk.report(code="2021Q4"))
    task = city.assignment(city.bureau, "overall_report")
    overall = reports.start_report(task, by=desk.officer)

    def draft():
        return desk.fill(desk.report(code="2022Q1"))

    def handed():
        return desk.handed_in(desk.report(code="2022Q1"))

    def overall_signed():
        row = reports.draft_overall(overall, by=desk.officer)
        return reports.sign(reports.put_up(row, by=desk.officer), by=cast["head"])

    return {
        "draft": draft,
        "to_sign": lambda: reports.put_up(draft(), by=desk.data_officer),
        "handed": handed,
        "returned": lambda: _returned(handed(), desk),
        "accepted": lambda: reports.accept(handed(), by=desk.officer).submission.report,
        "review": lambda: reports.accept(handed(), by=desk.officer),
        "overall": lambda: overall,
        "overall_signed": overall_signed,
    }


def _returned(row, desk):
    remarks = [reports.Remark("", "", "", "补充数据。")]
    return reports.return_report(row, remarks, by=desk.officer).submission.report


def _requests(city, cast):
    enrolment = city.enrolment(city.department)
    answered = {"status": "answered", "answered_on": "2022-04-14"}
    return {
        "request": lambda: SupportRequestFactory(enrolment=enrolment),
        "answered": lambda: SupportRequestFactory(enrolment=enrolment, **answered),
    }


def _extensions(city, cast):
    people = [cast[name] for name in ("officer", "head", "data_officer", "unit_cdo")]
    return {
        f"ext_{state}": lambda state=state: extension_in(state, city, *people)
        for state in ExtensionState
    }


def _slips(city, cast):
    people = [cast[name] for name in ("officer", "head", "data_officer")]
    names = {"waiting": "to_approve", "returned": "returned", "sent": "sent"}
    return {
        f"slip_{name}": lambda state=state: slip_in(SlipState(state), city, *people)
        for name, state in names.items()
    }


def _orders(city, cast):
    officer, head = cast["officer"], cast["head"]
    return {
        "order_draft": lambda: duties.recall_order(put_up(city, officer), by=officer),
        "order_waiting": lambda: put_up(city, officer),
        "order_sent": lambda: issued(city, officer, head),
    }


def _remarks(city, cast):
    facts = {"assignment": city.assignment(city.department), "unit": city.bureau}
    return {"remark": lambda: RemarkFactory(**facts)}


def _projects(city, cast):
    enrolment = city.enrolment(city.department)
    for kind in ("veto", "correct", "coordinate", "guide", "gate"):
        PowerFactory(programme=city.programme, kind=kind, clause=None)
    return {
        "project": lambda: ProjectFactory(enrolment=enrolment),
        "withdrawn": lambda: projects.withdraw_project(
            ProjectFactory(enrolment=enrolment), by=cast["officer"], reason="登记有误"
        ),
        **{
            status: lambda facts=facts: FindingFactory(enrolment=enrolment, **facts)
            for status, facts in FINDINGS.items()
        },
    }
