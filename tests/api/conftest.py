"""The city with something to read at every endpoint."""

from dataclasses import dataclass
from uuid import uuid4

import pytest

from cdo_portal.api import router
from core import clock
from officers.models import Appointment, Filing, Handover, Person, Team, TeamMember
from projects.models import Finding, Opinion, Power, Project
from reminders.models import Notice
from tests.factories.approvals import ApprovalFactory, ApprovalStepFactory
from tests.factories.duties import (
    ExtensionFactory,
    OrderFactory,
    OrderHelperFactory,
    OrderLeadFactory,
    RemarkFactory,
    SlipFactory,
    SlipReplyFactory,
)
from tests.factories.officers import (
    AppointmentFactory,
    FilingFactory,
    HandoverFactory,
    PersonFactory,
    PostRuleFactory,
    TeamFactory,
    TeamMemberFactory,
)
from tests.factories.pilots import SavedViewFactory
from tests.factories.projects import (
    FindingFactory,
    FindingStepFactory,
    OpinionFactory,
    PowerFactory,
    ProjectFactory,
    ProjectRecordFactory,
)
from tests.factories.reminders import DeliveryLineFactory, EndpointFactory, NoticeFactory
from tests.factories.reports import ReportFactory
from tests.factories.trainings import (
    AttendanceFactory,
    DeclarationFactory,
    EventFactory,
    OrganiserFactory,
)
from tests.officers.cast import Register, ruled
from trainings.models import Event

from .evaluated import evaluated_of
from .reported import period_of, reports_of

ENDPOINTS = [prefix for prefix, _viewset, _name in router.registry]
VIEWSETS = {prefix: viewset for prefix, viewset, _name in router.registry}


def address(endpoint: str, key: object = "") -> str:
    return f"/api/v1/{endpoint}/" + (f"{key}/" if key != "" else "")


@dataclass
class Notices:
    department: Notice
    district: Notice


@pytest.fixture
def notices(city, data_officer, stranger) -> Notices:
    """One notice of the department's clerk and one of the district's."""

    def told(unit, user):
        assignment = city.assignment(unit)
        return NoticeFactory(
            key=f"duties.deadline:assignment:{assignment.number}:1:14:{user.pk}",
            type="duties.deadline",
            subject=f"assignment:{assignment.number}",
            stage="14",
            reading="due",
            recipient=user,
            programme=city.programme,
            unit=unit,
            facts={
                "title": assignment.obligation.short_title,
                "number": assignment.number,
                "due_on": "2022-04-30",
                "latest_on": "2022-04-30",
                "unit": unit.code,
            },
        )

    found = Notices(told(city.department, data_officer), told(city.district, stranger))
    for notice in (found.department, found.district):
        DeliveryLineFactory(delivery__endpoint__user=notice.recipient, notice=notice)
    return found


@pytest.fixture
def reached(city):
    """A group of the department and one of the district that hear what their people are told."""
    for unit in (city.department, city.district):
        EndpointFactory(user=None, unit=unit, channel="webhook", address=f"example#{unit.pk}")


@dataclass
class Officers:
    """What the register knows of one unit: a CDO, how that was filed, a team with an expert, and
    what the CDO before handed over."""

    holder: Person
    appointment: Appointment
    filing: Filing
    team: Team
    expert: TeamMember
    handover: Handover


def officers_of(city, unit) -> Officers:
    holder = PersonFactory(unit=unit)
    appointment = AppointmentFactory(unit=unit, person=holder)
    team = TeamFactory(unit=unit, leader=holder)
    return Officers(
        holder,
        appointment,
        FilingFactory(programme=city.programme, appointment=appointment, desk=city.bureau),
        team,
        TeamMemberFactory(team=team, entry_mode="contract", expertise="数据治理"),
        HandoverFactory(leaver=holder, items=[{"part": "duties", "title": "工作总结"}]),
    )


@dataclass
class Projects:
    """What is known of one unit's IT projects: one whose 立项 is vetoed, and a finding about it."""

    project: Project
    opinion: Opinion
    finding: Finding


def projects_of(city, unit) -> Projects:
    power = Power.rows.filter(programme=city.programme).first()
    enrolment = city.enrolment(unit)
    project = ProjectFactory(enrolment=enrolment)
    opinion = OpinionFactory(
        project=project,
        power=power or PowerFactory(programme=city.programme, clause=None),
        veto=True,
    )
    ProjectRecordFactory(project=project)
    finding = FindingFactory(enrolment=enrolment, project=project, correcting=True)
    FindingStepFactory(finding=finding)
    return Projects(project, opinion, finding)


@pytest.fixture
def schemes(city):
    """The IT projects of the department and of the district."""
    return {unit: projects_of(city, unit) for unit in (city.department, city.district)}


@pytest.fixture
def chased(city):
    """A later day that the department and the district ask for, signed, and a slip to each."""
    for unit in (city.department, city.district):
        task = city.assignment(unit)
        ExtensionFactory(assignment=task, state="asked", signed_at=clock.now())
        SlipReplyFactory(slip=SlipFactory(assignment=task, issuer=city.bureau))


@pytest.fixture
def ordered(city):
    """An issued order to the department and the district, a draft, and a remark to each unit."""
    facts = {"programme": city.programme, "issuer": city.bureau}
    now = clock.now()
    sent = OrderFactory(
        **facts, state="issued", obligation=city.obligations["report"],
        issued_on="2022-04-14", issued_at=now,
    )  # fmt: skip
    for unit in (city.department, city.district):
        lead = OrderLeadFactory(order=sent, enrolment=city.enrolment(unit))
        OrderHelperFactory(lead=lead, unit=city.government)
        RemarkFactory(assignment=city.assignment(unit))
    OrderFactory(**facts)


@pytest.fixture
def reported(city):
    """A period; of the department and of the district a report and a request for support; and a
    draft of the department that nobody else has read."""
    period_of(city.programme, obligation=city.obligations["report"])
    ReportFactory(assignment=city.assignment(city.department, "training"))
    return {unit: reports_of(city.assignment(unit)) for unit in (city.department, city.district)}


@pytest.fixture
def known(city):
    """The officers of the department and of the district, and the rule about their post."""
    PostRuleFactory(programme=city.programme, filed_at=city.bureau)
    return {unit: officers_of(city, unit) for unit in (city.department, city.district)}


def signed_at(unit, programme) -> None:
    """A round that the unit has signed."""
    now = clock.now()
    row = ApprovalFactory(unit=unit, programme=programme, state="signed", closed_at=now)
    ApprovalStepFactory(
        approval=row,
        position=1,
        decision="agreed",
        route="online",
        signed_name="演示人员01",
        signed_on="2022-04-14",
        decided_at=now,
    )


@pytest.fixture
def signed(city):
    """What was signed at the department and at the district: a round each."""
    for unit in (city.department, city.district):
        signed_at(unit, city.programme)


@pytest.fixture
def saved(city, officer, data_officer, stranger):
    """What the officer shared with the city, and what each clerk keeps for himself or herself."""
    SavedViewFactory(owner=officer, programme=city.programme)
    return [SavedViewFactory(owner=user) for user in (data_officer, stranger)]


def gathering_of(city, unit) -> Event:
    event = EventFactory(programme=city.programme)
    part = OrganiserFactory(event=event, enrolment=city.enrolment(unit)).enrolment
    AttendanceFactory(event=event, unit=unit, unit_name="")
    DeclarationFactory(event=event, enrolment=part)
    return event


@pytest.fixture
def gathered(city):
    """A training of the department and one of the district, with somebody on the list and what the
    unit declared."""
    for unit in (city.department, city.district):
        gathering_of(city, unit)


@pytest.fixture
def evaluated(city):
    """A published round over the department and the district."""
    evaluated_of(city, city.department, city.district)


@pytest.fixture
def world(
    city,
    cast,
    notices,
    reached,
    known,
    schemes,
    saved,
    chased,
    ordered,
    signed,
    reported,
    gathered,
    evaluated,
):
    """The city, its whole cast, and something at every endpoint."""
    return city


@pytest.fixture
def read(api):
    """`read(user, endpoint, key, **query)` gives the answer's JSON; it has to be 200."""

    def reading(user, endpoint, key="", **query):
        answer = api(user).get(address(endpoint, key), query)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    return reading


@pytest.fixture
def ids(read):
    """`ids(user, endpoint, **query)` gives the ids of a list, in its order."""

    def listing(user, endpoint, **query):
        return [row["id"] for row in read(user, endpoint, **query)["results"]]

    return listing


@pytest.fixture
def refused(api):
    """`refused(user, endpoint, **query)` gives the `errors` of a list that is refused with 422."""

    def asking(user, endpoint, **query):
        answer = api(user).get(address(endpoint), query)
        assert answer.status_code == 422, answer.content.decode()
        assert set(answer.json()) == {"code", "message", "errors", "request_id"}
        return answer.json()["errors"]

    return asking


@pytest.fixture
def register(city) -> Register:
    """The city with rules for its posts: the department appoints its own CDO and files it at the
    leading group's office, where nobody has an account, so that the bureau decides."""
    return ruled(city)


@pytest.fixture
def send(api):
    """`send(user, path, content, key=, etag=, method=)` gives the answer to a write request; `etag`
    "read" is that of the row at the path's start, a missing `key` a new one."""

    def sending(user, path, content=None, *, key=None, etag=None, method="post"):
        client, url = api(user), f"/api/v1/{path}/"
        if etag == "read":
            row = "/".join(path.split("/")[:2])
            etag = client.get(f"/api/v1/{row}/").headers.get("ETag", '"1"')
        headers = {"Idempotency-Key": str(uuid4()) if key is None else key}
        if etag is not None:
            headers["If-Match"] = etag
        return getattr(client, method)(url, content or {}, format="json", headers=headers)

    return sending


@pytest.fixture
def done(send):
    """The same for what has to succeed; gives the JSON."""

    def doing(user, path, content=None, *, etag="read", **how):
        answer = send(user, path, content, etag=etag, **how)
        assert answer.status_code in {200, 201}, answer.content.decode()
        return answer.json()

    return doing
