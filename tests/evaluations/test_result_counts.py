"""What the pages of a result ask of the database beyond the frame around every page: at most eight
questions, as many for three bodies as for fifty."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.evaluations import (
    BonusProposalFactory,
    EditionFactory,
    IndicatorFactory,
    ObjectionFactory,
    ResultFactory,
    RoundFactory,
    ScorecardFactory,
)

pytestmark = pytest.mark.django_db
DAY = "2022-04-15"
MOST = 8


def evaluate(edition, leaf, units=(), more=0):
    """Results of these bodies' sheets, and of so many others."""
    places = [{"enrolment": place} for place in units] + [{}] * more
    for given in places:
        card = ScorecardFactory(round=edition.round, **given)
        got = {"points": "80", "reason": "少", "weight": "100", "by": "first"}
        facts = {"roots": {leaf.key: "80"}, "leaves": {leaf.key: got}}
        ResultFactory(edition=edition, scorecard=card, **facts)


@pytest.fixture
def pages(city, officer, data_officer, browse):
    """`counted()` asks for the table and for one's own result: {address: questions beyond the frame}."""
    round_ = RoundFactory(
        programme=city.programme, state="published", finalised_on=DAY, published_on=DAY, editions=1
    )
    version = round_.scheme_version
    leaf = IndicatorFactory(scheme_version=version, weight=Decimal(100))
    version.frozen_at = version.created_at
    version.save()
    edition = EditionFactory(round=round_, published_on=DAY)
    place = city.enrolment(city.department)
    evaluate(edition, leaf, [place], more=2)
    found = edition.results.get(scorecard__enrolment=place)
    BonusProposalFactory(result=found)
    ObjectionFactory(scorecard=found.scorecard, indicator=leaf)
    before = RoundFactory(programme=city.programme, starts_on="2021-01-01", ends_on="2021-07-31")
    before = ScorecardFactory(round=before, enrolment=place)
    earlier = EditionFactory(round=before.round, published_on=DAY)
    ResultFactory(edition=earlier, scorecard=before, total=Decimal("68.5"))
    base = f"/evaluations/{round_.number}/"
    asked = {
        f"{base}results/": browse(officer),
        f"{base}{city.department.code}/result/": browse(data_officer),
    }

    def count(client, path):
        client.get(path)  # the session remembers the moment and the programme
        with CaptureQueriesContext(connection) as questions:
            assert client.get(path).status_code == 200
        return len(questions)

    def counted():
        return {path: count(by, path) - count(by, "/help/") for path, by in asked.items()}

    def more(number):
        evaluate(edition, leaf, more=number)

    def table():
        return browse(officer).get(f"{base}results/").content.decode()

    return SimpleNamespace(counted=counted, more=more, table=table)


def test_results_of_fifty_bodies_ask_no_more_than_those_of_three(pages):
    of_three = pages.counted()
    assert max(of_three.values()) <= MOST, of_three
    pages.more(47)
    assert pages.counted() == of_three
    assert "+11.5" in pages.table()  # against the round before
