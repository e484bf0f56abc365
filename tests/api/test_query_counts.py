"""A list costs the same number of queries at 1, 3 and 50 rows, and few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from core import clock
from tests.factories.accounts import TokenFactory
from tests.factories.duties import (
    AssignmentFactory,
    DutyAreaFactory,
    DutyItemFactory,
    ExtensionFactory,
    FulfilmentFactory,
    HelperFactory,
    ObligationFactory,
    OrderFactory,
    OrderHelperFactory,
    OrderLeadFactory,
    RemarkFactory,
    SlipFactory,
    SlipReplyFactory,
)
from tests.factories.evaluations import FactValueFactory, ScorecardFactory, ScoreFactory
from tests.factories.officers import PostFactory, PostRuleFactory
from tests.factories.pilots import (
    ClauseFactory,
    CohortFactory,
    EnrolmentFactory,
    MembershipFactory,
    PolicyDocumentFactory,
    ProgrammeFactory,
    SavedViewFactory,
    UnitFactory,
)
from tests.factories.reminders import DeliveryLineFactory, EndpointFactory, NoticeFactory
from tests.factories.trainings import CreditFactory, EventFileFactory, ParticipantFactory

from .conftest import ENDPOINTS, address, gathering_of, officers_of, projects_of, signed_at
from .evaluated import evaluated_of
from .reported import period_of, reports_of

pytestmark = pytest.mark.django_db
MOST = 5  # the token with its user and site role, the memberships, the count and the rows included
# Lists inside a row cost one query each: organisers, bodies invited, files, tasks; versions with their
# indicators; scores, facts, results, and whether the reader organises.
LISTS_INSIDE = {"events": 3, "schemes": 1, "scorecards": 3}
SECRET = "cdo_query-counts"


@pytest.fixture
def crowd(city, officer):
    """Fifty of everything, each with what hangs on it, and a client that comes with a token."""
    demand = city.obligations["report"]
    clause = ClauseFactory(document=PolicyDocumentFactory(programme=city.programme))
    for _number in range(50):
        programme = ProgrammeFactory()
        EnrolmentFactory(programme=programme, unit=city.bureau, part="bureau")
        CohortFactory(programme=programme)
        unit = UnitFactory()
        enrolment = EnrolmentFactory(programme=city.programme, unit=unit)
        EnrolmentFactory(programme=programme, unit=unit)
        task = AssignmentFactory(obligation=demand, enrolment=enrolment)
        mark = FulfilmentFactory(assignment=task)
        ExtensionFactory(assignment=task, state="asked", signed_at=clock.now())
        SlipReplyFactory(slip=SlipFactory(assignment=task, issuer=city.bureau))
        order = OrderFactory(programme=city.programme, issuer=city.bureau)
        OrderHelperFactory(lead=OrderLeadFactory(order=order, enrolment=enrolment))
        HelperFactory(assignment=task)
        RemarkFactory(assignment=task)
        signed_at(unit, city.programme)
        period_of(city.programme, obligation=demand)
        reports_of(task)
        user = MembershipFactory(unit=unit).user
        notice = NoticeFactory(programme=city.programme, unit=unit, recipient=user)
        DeliveryLineFactory(delivery__endpoint__user=user, notice=notice)
        EndpointFactory(user=None, unit=unit, channel="webhook", address=f"example#{unit.pk}")
        document = PolicyDocumentFactory(programme=city.programme)
        document.based_on.add(clause.document)
        ClauseFactory(document=document)
        area = DutyAreaFactory(programme=city.programme, clause=clause)
        DutyItemFactory(area=area, clause=clause).units.add(unit)
        obligation = ObligationFactory(programme=city.programme, clause=clause, area=area)
        obligation.units.add(unit)
        officers_of(city, unit)
        projects_of(city, unit)
        credited(city, enrolment, mark)
        scored(city, enrolment)
        SavedViewFactory(owner=officer, programme=city.programme)
        post = PostFactory(code=f"post-{programme.pk}")
        PostRuleFactory(programme=city.programme, post=post, clause=clause).units.add(unit)
    TokenFactory(user=officer, secret=SECRET)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {SECRET}")
    return client


def credited(city, enrolment, mark):
    """An event with all that hangs on one."""
    event = gathering_of(city, enrolment.unit)
    ParticipantFactory(event=event, enrolment=enrolment)
    EventFileFactory(event=event)
    CreditFactory(event=event, mark=mark)


def scored(city, enrolment):
    """A round that is over, and one that goes on."""
    evaluated_of(city, enrolment.unit)
    card = ScorecardFactory(
        round__programme=city.programme, round__state="unit_scoring", enrolment=enrolment
    )
    ScoreFactory(scorecard=card, hand="unit")
    FactValueFactory(scorecard=card)


def _queries(client, endpoint, **query):
    with CaptureQueriesContext(
        connection,
    ) as found:
        answer = client.get(address(endpoint), query)
    assert answer.status_code == 200, answer.content.decode()
    return len(found), len(answer.json()["results"])


def _most(endpoint):
    return MOST + LISTS_INSIDE.get(endpoint, 0)


def test_lists_cost_the_same_at_one_three_and_fifty_rows(crowd):
    figures = {}
    for endpoint in ENDPOINTS:
        costs = []
        for size in (1, 3, 50):
            queries, rows = _queries(crowd, endpoint, page_size=size)
            assert rows == size, endpoint
            costs.append(queries)
        figures[endpoint] = costs
    assert all(len(set(costs)) == 1 for costs in figures.values()), figures
    dear = {endpoint: costs for endpoint, costs in figures.items() if costs[0] > _most(endpoint)}
    assert not dear


def test_filters_search_and_time_travel_add_one_query_at_most(crowd):
    for query in (
        {"light": "normal"},
        {"search": "测试"},
        {"on": "2022-03-01"},
        {"ordering": "-due_on,unit"},
    ):
        costs = {_queries(crowd, "assignments", page_size=size, **query)[0] for size in (1, 50)}
        assert len(costs) == 1
        assert max(costs) <= MOST + 1, query


def test_details_cost_no_more_than_lists(crowd):
    for endpoint in ENDPOINTS:
        url = crowd.get(address(endpoint), {"page_size": 1}).json()["results"][0]["url"]
        with CaptureQueriesContext(connection) as found:
            assert crowd.get(url).status_code == 200
        assert len(found) <= _most(endpoint), endpoint
