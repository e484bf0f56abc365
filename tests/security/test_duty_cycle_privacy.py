"""What a unit keeps for itself, what lies between it and its bureau, and what the bureau has only drafted:
three birds, and nobody hears one that is not meant for him, on any page, in any file, in any record."""

import re

import pytest

from approvals.models import Approval
from core import clock
from duties import services as duties
from duties.models import Assignment, Extension
from reminders.models import Notice
from reminders.services import deliver, hasten, plan
from reports import services
from reports.models import Report
from tests.duties.chasing import REASON, draft, request
from tests.duties.ordering import issued, put_up
from tests.factories.duties import RemarkFactory
from tests.factories.projects import FindingFactory, OpinionFactory, ProjectFactory
from tests.factories.reports import EvidenceFactory, SupportReplyFactory, SupportRequestFactory
from tests.reports.conftest import desk  # noqa: F401 - a fixture

from .test_register_privacy import routes, shared, written

pytestmark = pytest.mark.django_db
OURS = ("reports", "evidence", "review", "periods", "overall", "papers", "support", "approvals", "tasks",
        "orders", "extensions", "slips", "projects", "findings", "week", "search", "audit", "notices",
        "missing", "obligations", "overview", "deadlines", "areas", "units", "styleguide", "help")  # fmt: skip
UNITS, BETWEEN, BUREAUS = "云雀只在本单位", "画眉只在两家", "杜鹃只在局里"
# Who hears which: everybody else must not.
WRITERS = {"officer", "data_officer"}
HEARS = {
    "data_officer": {UNITS, BETWEEN},
    "officer": {BETWEEN, BUREAUS},
    "provincial_reader": {BETWEEN},
    "stranger": set(),
    "foreigner": set(),
    "security_admin": set(),
}


def unit_s_own(city, desk):  # noqa: F811
    """A draft that its CDO sent back, with a file; a request that waits for its CDO."""
    report, by = desk.report(), desk.data_officer
    first = desk.section(report)
    evidence = EvidenceFactory(
        unit=city.department, programme=city.programme, name=f"{UNITS}.pdf", uploaded_by=by
    )
    services.attach(first, evidence, by=by)
    desk.fill(report, body=UNITS, problems=UNITS, next_steps=UNITS)
    services.put_up(report, by=by)
    services.turn_back(report, by=desk.unit_cdo, reason=UNITS)
    task = city.assignment(city.department, "training")
    duties.ask_extension(task, request(reason=f"{UNITS}{REASON}"), by=by)
    return report, evidence


def between(city, desk, head):  # noqa: F811
    """A summary that was handed in and returned, and after that written again for the unit alone; and one
    of everything that the bureau and the unit say to each other."""
    report, by = desk.handed_in(desk.summary(), body=BETWEEN), desk.officer
    services.return_report(report, [services.Remark(text=BETWEEN)], by=by, note=BETWEEN)
    services.save_section(desk.section(report), {"body": UNITS}, by=desk.data_officer, version=None)
    place, task = city.enrolment(city.department), city.assignment(city.department, "training")
    support = SupportRequestFactory(enrolment=place, title=BETWEEN, text=BETWEEN)
    SupportReplyFactory(request=support, text=BETWEEN, file_name=BETWEEN)
    project = ProjectFactory(enrolment=place, name=BETWEEN)
    OpinionFactory(project=project)
    finding = FindingFactory(enrolment=place, title=BETWEEN, what=BETWEEN)
    RemarkFactory(assignment=task, text=BETWEEN)
    order = issued(city, by, head, title=BETWEEN, wanted=BETWEEN)
    slip = duties.issue_slip(task, draft("chase", template=BETWEEN), by=by)
    duties.reply_slip(slip, by=desk.data_officer, text=BETWEEN)
    return report, support, project, finding, order, slip


def bureau_s_own(city, officer):
    task = city.assignment(city.district)
    slip = duties.issue_slip(task, draft("supervise", template=BUREAUS), by=officer)
    order = put_up(city, officer, title=BUREAUS, wanted=BUREAUS)
    overall = services.start_report(city.assignment(city.bureau, "overall_report"), by=officer)
    services.draft_overall(overall, by=officer)
    first = overall.sections.standing().first()
    services.save_section(first, {"body": BUREAUS}, by=officer, version=None)
    return slip, order, overall


@pytest.fixture
def numbers(city, desk, head):  # noqa: F811
    """{beginning of an address: the keys that stand there}."""
    kept, evidence = unit_s_own(city, desk)
    said, support, project, finding, order, slip = between(city, desk, head)
    waiting, drafted, overall = bureau_s_own(city, desk.officer)
    plan(clock.today())
    hasten()
    deliver()
    tasks = Assignment.rows.filter(report__in=[kept, said]) | Assignment.rows.filter(
        obligation=city.obligations["training"], enrolment__unit=city.department
    )
    first = list(Approval.rows.values_list("number", flat=True))
    return {
        "reports": [kept.number, said.number],
        "review": [said.number, kept.number],
        "overall": [overall.number],
        "periods": [kept.period.audit_key],
        "evidence": [evidence.pk],
        "support": [support.number],
        "projects": [project.number],
        "findings": [finding.number],
        "orders": [order.number, drafted.number],
        "slips": [slip.number, waiting.number],
        "extensions": [Extension.rows.get().number],
        "tasks": [row.number for row in tasks],
        "approvals": first,
        "audit": [f"report:{kept.number}", f"report:{said.number}", *(f"approval:{n}" for n in first)],
        "units": [city.department.code],
        "obligations": [city.obligations["training"].code],
        "areas": [city.obligations["training"].area.code],
    }  # fmt: skip


def addresses(numbers):
    section = Report.rows.get(number=numbers["reports"][0]).sections.first().key
    found = [f"/search/?q={bird}" for bird in (UNITS, BETWEEN, BUREAUS)]
    for route in routes():
        start = route.split("/")[1]
        if start not in OURS or route.endswith(".pdf") or "styleguide" in route:
            continue
        for key in numbers.get(start, ["1"]):
            inner = section if "/<str:key>" in route and start == "reports" else key
            address = re.sub(r"<(str|slug|path):(number|code|subject)>", str(key), route)
            address = re.sub(r"<int:position>|<int:use>", "1", address)
            address = re.sub(r"<(str|slug):(key|remark|cell|act|gate|slug)>", str(inner), address)
            found.append(re.sub(r"<int:pk>", str(key), address))
    return [*dict.fromkeys(found)]


def test_nobody_hears_a_bird_that_is_not_his(numbers, cast, browse):
    heard, wrong, asked, live = {}, [], addresses(numbers), set()
    for name in sorted(HEARS, key=lambda name: name not in WRITERS):
        allowed, client = HEARS[name], browse(cast[name])
        client.raise_request_exception = False
        for address in asked if name in WRITERS else shared(sorted(live), name):
            answer = client.get(address)
            text = written(answer)
            assert answer.status_code < 500, (name, address)
            if answer.status_code not in {404, 405}:
                live.add(address)
            for bird in (UNITS, BETWEEN, BUREAUS):
                if bird in text and f"?q={bird}" not in address:
                    if bird not in allowed:
                        wrong.append((name, address, bird))
                    heard.setdefault((name, bird), set()).add(address)
            _policy(answer, address)
    assert not wrong, "\n".join(map(str, wrong))
    # Who may hear them does, or the walk was blind.
    assert len(heard["data_officer", UNITS]) > 5, heard
    assert len(heard["data_officer", BETWEEN]) > 8, heard
    assert len(heard["officer", BETWEEN]) > 8, heard
    assert len(heard["officer", BUREAUS]) > 4, heard
    assert heard["provincial_reader", BETWEEN]


INLINE = re.compile(
    r"<[^>]+\son[a-z]+\s*=|<[^>]+\sstyle\s*=|javascript:"
    r"|<script(?![^>]*(?:src=|nonce=|application/json))"
)


def _policy(answer, address):
    """Every page keeps to the policy, and has nothing in it that the policy would forbid."""
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy, address
    found = INLINE.search(answer.content.decode())
    assert found is None, (address, found)


def test_a_task_tells_also_notices_that_speak_of_no_deadline(city, desk, browse):  # noqa: F811
    """That a period was opened is told with the task as its subject."""
    task = city.assignment_of(city.department, "2022Q1")
    plan(clock.today())
    told = Notice.rows.filter(subject=f"assignment:{task.number}")
    assert "reports.opened" in set(told.values_list("type", flat=True))
    for user in (desk.data_officer, desk.officer):
        answer = browse(user).get(f"/tasks/{task.number}/")
        assert answer.status_code == 200
