"""The whole cast × every endpoint. What somebody may not see is not there, in any form."""

import pytest

from approvals.models import Approval
from core import clock
from duties.models import Fulfilment, ItemProgress
from pilots.models import Enrolment
from reminders.models import Endpoint
from tests.factories.approvals import ApprovalStepFactory
from tests.factories.duties import DutyItemFactory
from tests.factories.officers import HandoverFactory
from tests.factories.projects import FindingStepFactory, OpinionFactory, ProjectRecordFactory
from trainings.models import Event

from .conftest import ENDPOINTS, address
from .reported import sing

pytestmark = pytest.mark.django_db
COLUMNS = (
    "programmes",
    "documents",
    "clauses",
    "units",
    "duty-areas",
    "obligations",
    "assignments",
    "extensions",
    "slips",
    "orders",
    "remarks",
    "notices",
    "deliveries",
    "endpoints",
    "memberships",
    "posts",
    "post-rules",
    "persons",
    "appointments",
    "filings",
    "teams",
    "experts",
    "handovers",
    "periods",
    "reports",
    "submissions",
    "reviews",
    "support-requests",
    "approvals",
    "projects",
    "opinions",
    "findings",
    "events",
    "attendance",
    "declarations",
    "schemes",
    "rounds",
    "scorecards",
    "results",
    "objections",
    "saved-views",
)
# From "posts" on. The draft of a report is seen by the department alone, and by the auditor.
ALL = (1, 1, 4, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 2, 2, 2, 1)
OWN = (1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2)
CDO, NONE = (*OWN[:-1], 1), (1, *[0] * 25)
# Score sheets are for those who evaluate; another system reads what was published.
WIDE, MACHINE = (*ALL[:-4], 0, 0, 0, 1), (*ALL[:-4], 0, 2, 0, 1)
STRANGER, AUDITOR = (*OWN[:9], 1, *OWN[10:]), (*ALL[:9], 3, *ALL[10:])
# Rows seen by each person. Documents and clauses are public texts: two cities have one each.
TABLE = {
    "officer": (1, 2, 2, 5, 2, 4, 8, 2, 2, 2, 2, 2, 2, 2, 8, *ALL),
    "head": (1, 2, 2, 5, 2, 4, 8, 2, 2, 2, 2, 2, 2, 0, 8, *ALL),
    "api_client_user": (1, 2, 2, 5, 2, 4, 8, 2, 2, 1, 2, 0, 0, 0, 8, *MACHINE),
    "evaluator": (1, 2, 2, 5, 2, 4, 8, 2, 2, 1, 2, 0, 0, 0, 8, *WIDE),
    "provincial_reader": (1, 2, 2, 5, 2, 4, 8, 2, 2, 1, 2, 0, 0, 0, 8, *WIDE),
    "data_officer": (1, 2, 2, 1, 2, 4, 3, 1, 1, 1, 1, 1, 1, 1, 1, *OWN),
    "unit_cdo": (1, 2, 2, 1, 2, 4, 3, 1, 1, 1, 1, 0, 0, 1, 1, *CDO),
    "stranger": (1, 2, 2, 1, 2, 4, 3, 1, 1, 1, 1, 1, 1, 1, 1, *STRANGER),
    "foreigner": (1, 2, 2, 5, 2, 4, 8, 0, 0, 0, 0, 0, 0, 0, 1, *NONE),
    "auditor": (2, 2, 2, 10, 4, 8, 16, 2, 2, 2, 2, 2, 2, 2, 9, *AUDITOR),
    "system_admin": 403,
    "security_admin": 403,
}
CANARY = "CANARYLARK"


def test_the_table_names_every_endpoint_and_everybody(cast):
    assert list(COLUMNS) == ENDPOINTS
    assert set(TABLE) == set(cast)


@pytest.mark.parametrize("role", TABLE)
def test_who_sees_how_many(role, world, cast, api):
    seen = []
    for endpoint in COLUMNS:
        answer = api(cast[role]).get(address(endpoint))
        seen.append(answer.json()["count"] if answer.status_code == 200 else answer.status_code)
    expected = TABLE[role] if isinstance(TABLE[role], tuple) else (TABLE[role],) * len(COLUMNS)
    assert dict(zip(COLUMNS, seen, strict=True)) == dict(zip(COLUMNS, expected, strict=True))


def test_the_list_and_the_details_agree(world, officer, auditor, api, read):
    """Whatever a list shows opens by its url with the same content; nothing else opens."""
    for endpoint in ENDPOINTS:
        mine = {row["id"]: row for row in read(officer, endpoint)["results"]}
        everything = read(auditor, endpoint, page_size=500)["results"]
        assert len(everything) >= len(mine) > 0, endpoint
        for row in everything:
            answer = api(officer).get(row["url"])
            assert answer.status_code == (200 if row["id"] in mine else 404)
            if row["id"] in mine:
                assert answer.json() == mine[row["id"]]


OF_A_UNIT = (
    "units",
    "assignments",
    "extensions",
    "slips",
    "remarks",
    "notices",
    "deliveries",
    "endpoints",
    "memberships",
    "persons",
    "appointments",
    "filings",
    "teams",
    "experts",
    "handovers",
    "reports",
    "submissions",
    "reviews",
    "support-requests",
    "approvals",
    "projects",
    "opinions",
    "findings",
    "events",
    "attendance",
    "declarations",
    "scorecards",
    "results",
    "objections",
)


NOT_TOLD = ("api_client_user", "evaluator", "provincial_reader")


def test_who_sees_all_bodies_reads_nobodys_notices(world, cast, notices, api):
    """Neither as a list nor one by one, by search or by somebody's name; the own they do read."""
    texts = ("duties.deadline", notices.district.recipient.username, notices.district.key)
    for role in NOT_TOLD:
        queries = [{}, {"search": "assignment"}, {"recipient": texts[1]}, {"on": "2022-12-31"}]
        for query in [*queries, {"unit": world.district.code}, {"type": texts[0]}]:
            answer = api(cast[role]).get(address("notices"), query)
            assert (answer.status_code, answer.json()["count"]) == (200, 0), (role, query)
        for row in (notices.department, notices.district):
            answer = api(cast[role]).get(address("notices", row.pk))
            assert answer.status_code == 404, role
            assert not any(text in answer.content.decode() for text in texts)
    notices.district.recipient = cast["evaluator"]
    notices.district.save()
    assert api(cast["evaluator"]).get(address("notices")).json()["count"] == 1


def test_a_foreign_row_answers_like_one_that_does_not_exist(
    world, data_officer, stranger, read, api
):
    for endpoint in OF_A_UNIT:
        foreign = read(stranger, endpoint)["results"][0]["id"]
        missing = 10**9 if isinstance(foreign, int) else "nothing-like-it"
        answers = [api(data_officer).get(address(endpoint, key)) for key in (foreign, missing)]
        assert [answer.status_code for answer in answers] == [404, 404], endpoint
        bodies = [{**answer.json(), "request_id": ""} for answer in answers]
        assert bodies[0] == bodies[1]
        headers = [set(answer.headers) for answer in answers]
        assert headers[0] == headers[1]


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_nobody_reads_without_logging_in(endpoint, client):
    for key in ("", "1"):
        answer = client.get(address(endpoint, key))
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
        assert answer.json()["code"] == "not_authenticated"


def test_administrators_are_told_the_same_of_rows_that_exist_and_that_do_not(
    world, auditor, system_admin, read, api
):
    for endpoint in ENDPOINTS:
        known = read(auditor, endpoint)["results"][0]["id"]
        for key in (known, "no-such-row"):
            assert api(system_admin).get(address(endpoint, key)).status_code == 403, endpoint


def test_rights_end_the_same_second(world, data_officer, officer, api):
    for row in data_officer.memberships.all():
        row.revoked_at, row.revoked_by = clock.now(), officer
        row.save()
    assert api(data_officer).get(address("units")).status_code == 403


def _mark(city, stranger, notices, known, schemes, reported):
    """The canary in every text of the district: unit, names, enrolment, people, work, notices."""
    unit = city.district
    for name in unit.names.all():
        name.full_name = name.short_name = name.name_en = name.basis = CANARY
        name.pinyin = name.initials = CANARY
        name.save()
    unit.source, unit.credit_code = CANARY, CANARY
    unit.save()
    Enrolment.rows.filter(unit=unit).update(source=CANARY)
    for assignment in unit.enrolments.get().assignments.all():
        assignment.status_note = assignment.occurrence = CANARY
        assignment.save()
        Fulfilment.objects.create(
            assignment=assignment,
            source_key=f"{CANARY}{assignment.pk}",
            happened_on="2022-03-01",
            note=CANARY,
            void_reason=CANARY,
            created_at=clock.now(),
        )
    _mark_people(unit, stranger, notices)
    Approval.rows.filter(unit=unit).update(title=CANARY, subject=CANARY)
    step = {"decision": "agreed", "route": "online", "signed_name": CANARY, "remark": CANARY}
    step |= {"signed_on": "2022-04-14", "decided_at": clock.now(), "position": 2}
    for approval in Approval.rows.filter(unit=unit):  # what was signed stays: one more step
        ApprovalStepFactory(approval=approval, **step)
    told = ("title", "place", "audience", "content", "minutes", "note")
    Event.rows.organised_by(unit.pk).update(**dict.fromkeys(told, CANARY))
    _mark_officers(known[unit])
    _mark_projects(schemes[unit])
    sing(reported[unit], CANARY)


def _mark_people(unit, stranger, notices):
    ItemProgress.rows.create(
        item=DutyItemFactory(),
        enrolment=unit.enrolments.get(),
        source_key=CANARY,
        happened_on="2022-03-01",
        summary=CANARY,
        created_at=clock.now(),
    )
    unit.memberships.update(origin=CANARY)
    stranger.display_name, stranger.email = CANARY, f"{CANARY}@example.org"
    stranger.username = CANARY
    stranger.save()
    notices.district.facts = {**notices.district.facts, "title": CANARY, "wording": CANARY}
    notices.district.subject = notices.district.key = CANARY
    notices.district.save()
    Endpoint.rows.filter(unit=unit).update(name=CANARY, last_error=CANARY)


def _mark_officers(officers):
    for row in (officers.holder, officers.expert.person):
        row.name = row.job_title = row.source = row.office_phone = CANARY
        row.email = f"{CANARY}{row.pk}@{CANARY}.org"
        row.spell()
        row.save()
    texts = {
        officers.appointment: ("job_title", "rank_reason", "document_title", "reason", "source"),
        officers.filing: ("title", "note", "file_name", "return_reason"),
        officers.team: ("name", "note", "file_name", "void_reason"),
        officers.expert: ("duty", "expertise", "employer", "void_reason"),
    }
    for row, names in texts.items():
        for name in names:
            setattr(row, name, CANARY)
        row.save()
    HandoverFactory(leaver=officers.holder, note=CANARY)


def _mark_projects(projects):
    """Opinions, records and steps are never changed: those with the canary are added."""
    texts = {
        projects.project: ("name", "city_code", "summary", "responsible", "note"),
        projects.finding: ("title", "what", "basis", "measures"),
    }
    for row, names in texts.items():
        for name in names:
            setattr(row, name, CANARY)
        row.save()
    OpinionFactory(
        project=projects.project,
        power=projects.opinion.power,
        reason=CANARY,
        basis=CANARY,
        cdo_name=CANARY,
        file_name=CANARY,
    )
    ProjectRecordFactory(project=projects.project, text=CANARY, result=CANARY)
    FindingStepFactory(finding=projects.finding, text=CANARY)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_the_districts_words_never_reach_the_department(
    endpoint, world, cast, notices, known, schemes, reported, api
):
    _mark(world, cast["stranger"], notices, known, schemes, reported)
    queries = [{}, {"search": CANARY}, {"search": CANARY[:2]}, {"on": "2022-01-01"}]
    if endpoint in OF_A_UNIT:
        queries += [{"unit" if endpoint != "units" else "programme": world.district.code}]
    for user in (cast["data_officer"], cast["unit_cdo"]):
        for query in queries:
            answer = api(user).get(address(endpoint), query)
            assert answer.status_code == 200
            # The page links repeat the query; what counts is the rows.
            assert CANARY not in str(answer.json()["results"])
        for key in (
            CANARY,
            world.district.code,
            notices.district.pk,
            *_keys(known[world.district]),
            *_project_keys(schemes[world.district]),
            *_report_keys(reported[world.district]),
        ):
            assert CANARY not in api(user).get(address(endpoint, key)).content.decode()
    seen = api(cast["officer"]).get(address(endpoint), {"page_size": 500}).content.decode()
    assert (CANARY in seen) == (endpoint in OF_A_UNIT), "the canary itself has to sing"


def _keys(officers):
    rows = (officers.appointment, officers.filing, officers.team, officers.handover)
    return [officers.holder.uuid, officers.expert.pk, *(row.number for row in rows)]


def _project_keys(projects):
    return [projects.project.number, projects.opinion.pk, projects.finding.number]


def _report_keys(reported):
    number = reported.report.number
    return [number, f"{number}-1", f"{number}-2", reported.review.pk, reported.request.number]


def test_counts_and_searches_do_not_betray_the_neighbour(world, data_officer, read):
    name = world.district.short_name
    for endpoint in ("units", "assignments", "notices", *OF_A_UNIT[4:]):
        assert read(data_officer, endpoint, search=name)["count"] == 0
    assert read(data_officer, "assignments", unit=world.district.code)["count"] == 0
