"""What a row says of itself."""

from datetime import date

import pytest
from django.utils import translation

from core.words import month_and_day
from tests.factories.duties import (
    AssignmentFactory,
    DutyAreaFactory,
    DutyItemFactory,
    FulfilmentFactory,
    ItemProgressFactory,
    ObligationFactory,
)

pytestmark = pytest.mark.django_db


def test_rows_in_words():
    row = AssignmentFactory(number="RW-2022-0001", obligation__short_title="工作总结")
    assert str(row) == "RW-2022-0001 工作总结"
    assert str(FulfilmentFactory(assignment=row)).endswith("2022-03-01")
    assert str(DutyAreaFactory(name="推进数字政府")) == "推进数字政府"
    item = DutyItemFactory(name="编制目录")
    assert str(item) == "编制目录"
    assert str(ItemProgressFactory(item=item)).startswith("编制目录")


def test_names_in_the_readers_language():
    area = DutyAreaFactory(name="推进数字政府", name_en="Digital government")
    obligation = ObligationFactory(title="报送总结", title_en="Report")
    assert (area.display_name, obligation.display_title) == ("推进数字政府", "报送总结")
    with translation.override("en"):
        assert (area.display_name, obligation.display_title) == ("Digital government", "Report")


def test_late_is_after_the_last_day_that_the_words_allow():
    doubtful = AssignmentFactory(due_on=date(2022, 3, 31), latest_on=date(2022, 4, 30))
    doubtful.done_on = date(2022, 4, 15)
    assert not doubtful.was_late()
    doubtful.done_on = date(2022, 5, 1)
    assert doubtful.was_late()


def test_what_has_no_date_is_never_over():
    row = AssignmentFactory(obligation__due_on=None)
    assert row.days_over(date(2030, 1, 1)) == 0
    assert not row.is_overdue(date(2030, 1, 1))


def test_an_obligation_binds_by_part_kind_and_name():
    row = ObligationFactory.build(parts=["pilot"], kinds=["court"])
    assert row.binds(part="pilot", kind="court", unit_id=1)
    assert not row.binds(part="bureau", kind="court", unit_id=1)
    assert not row.binds(part="pilot", kind="street", unit_id=1)
    assert row.binds(part="pilot", kind="court", unit_id=1, named={1})
    assert not row.binds(part="pilot", kind="court", unit_id=1, named={2})


def test_english_readers_get_the_nature_of_a_demand_and_whole_dates(city):
    with translation.override("en"):
        assert city.obligations["training"].display_short_title == "Training"
        other = ObligationFactory(nature="other", title_en="Data survey")
        assert other.display_short_title == "Data survey"
        assert month_and_day(date(2022, 4, 30)) == "2022-04-30"
