"""The first main job: reminders for April 2022, on a city shaped like Shenzhen (1 + 8 + 4)."""

from datetime import date

import pytest

from duties.models import Assignment
from duties.services import sync_assignments
from reminders import services
from reminders.models import Notice
from tests.factories.duties import ObligationFactory
from tests.factories.pilots import (
    EnrolmentFactory,
    MembershipFactory,
    ProgrammeFactory,
    UnitFactory,
)

KINDS = ["city_government"] + ["municipal_department"] * 8 + ["district_government"] * 4


@pytest.fixture
def shenzhen(db):
    programme = ProgrammeFactory(running=True)
    for place, kind in enumerate(KINDS):
        unit = UnitFactory(kind=kind)
        EnrolmentFactory(programme=programme, unit=unit, position=place)
        MembershipFactory(unit=unit, role="data_officer")
        MembershipFactory(unit=unit, role="unit_cdo")
    ObligationFactory(
        programme=programme, code="ob-1", kinds=["municipal_department", "district_government"]
    )
    doubt = {
        "due_on": date(2022, 3, 31),
        "latest_on": date(2022, 4, 30),
        "quantity": 2,
        "programme": programme,
    }
    ObligationFactory(code="ob-3", nature="training", **doubt)
    ObligationFactory(
        code="ob-4", nature="exchange", kinds=["city_government", "district_government"], **doubt
    )
    sync_assignments(programme, by=None)
    return programme


def test_fourteen_working_days_before_the_end_of_april_the_data_officers_are_told(shenzhen):
    assert services.plan(date(2022, 4, 15))["duties.deadline"] == 30
    counts = [
        Notice.rows.filter(facts__number__in=_numbers(code)).count()
        for code in ("ob-1", "ob-3", "ob-4")
    ]
    assert counts == [12, 13, 5]
    assert set(Notice.rows.values_list("stage", flat=True)) == {"14"}


def test_planning_the_same_day_again_makes_none(shenzhen):
    services.plan(date(2022, 4, 15))
    assert sum(services.plan(date(2022, 4, 15)).values()) == 0


def test_after_silence_everything_is_caught_up_once_with_the_newest_stage(shenzhen):
    services.plan(date(2022, 4, 15))
    assert sum(services.plan(date(2022, 5, 10)).values()) == 60
    assert set(Notice.rows.filter(for_on=date(2022, 5, 10)).values_list("stage", flat=True)) == {
        "overdue+1"
    }
    assert sum(services.plan(date(2022, 5, 10)).values()) == 0


def _numbers(code):
    return list(Assignment.rows.filter(obligation__code=code).values_list("number", flat=True))
