"""A published round in which two units were evaluated, and one objection of each."""

from decimal import Decimal

from tests.factories.evaluations import (
    EditionFactory,
    IndicatorFactory,
    ObjectionFactory,
    ResultFactory,
    RoundFactory,
    ScorecardFactory,
)

DAY = "2022-04-15"


def evaluated_of(city, *units) -> None:
    """Entered past the services: only who sees it is asked."""
    round_ = RoundFactory(
        programme=city.programme, state="published", finalised_on=DAY, published_on=DAY, editions=1
    )
    leaf = IndicatorFactory(scheme_version=round_.scheme_version, weight=Decimal(100))
    edition = EditionFactory(round=round_, published_on=DAY)
    for unit in units:
        card = ScorecardFactory(round=round_, enrolment=city.enrolment(unit))
        ResultFactory(edition=edition, scorecard=card)
        ObjectionFactory(scorecard=card, indicator=leaf)
