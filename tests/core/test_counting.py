"""Several counts in one statement."""

import pytest

from core.models import ScopeMissing, WorkingDay, counts_of
from pilots.models import Unit


def test_several_counts_take_one_statement(city, officer, django_assert_num_queries):
    seen = Unit.objects.visible_to(officer)
    alone = (seen.count(), seen.filter(is_slot=True).count(), WorkingDay.objects.count())
    with django_assert_num_queries(1):
        found = counts_of(
            seen=seen,
            slots=seen.filter(is_slot=True),
            days=WorkingDay.objects.all(),
            none=seen.none(),
        )
    assert found == {"seen": alone[0], "slots": alone[1], "days": alone[2], "none": 0}


def test_nothing_is_counted_before_somebody_says_for_whom(city, officer):
    with pytest.raises(ScopeMissing):
        counts_of(seen=Unit.objects.visible_to(officer), all=Unit.objects.all())
