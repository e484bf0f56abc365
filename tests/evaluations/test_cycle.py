"""A round from its preparation to its publication."""

from decimal import Decimal

import pytest

from evaluations import package
from evaluations.models import Edition, Result

pytestmark = pytest.mark.django_db


def test_a_round_goes_from_preparation_to_publication_and_counts_right(panel):
    round_ = panel.published()
    edition = Edition.rows.get(round=round_)
    result = Result.rows.get(scorecard=panel.card(round_))
    # 8 + 10 + 0 (plan not filed) + 0 (no training) + 18 + 20, nothing beside.
    assert result.total == Decimal("56.00")
    assert result.roots == {"k1": "18.00", "k2": "38.00"}
    assert edition.published_on is not None
    assert package.recompute(edition.package) == edition.package["results"]


def test_the_city_government_is_not_scored(panel):
    round_ = panel.prepared()
    units = {card.unit for card in round_.scorecards.all()}
    assert units == {panel.city.department, panel.city.district}
