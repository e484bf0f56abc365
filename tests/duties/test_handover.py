"""Assignments stay with the body when somebody leaves, listed with what is due first."""

from datetime import date

import pytest

from core.handover import Fate, Leaving
from duties import handover, services
from duties.choices import Move
from pilots.services import close_programme

TODAY = date(2022, 4, 15)
pytestmark = pytest.mark.django_db


def test_open_assignments_stay_most_urgent_first(city, officer):
    items = handover.open_items(Leaving(None, city.department, None, TODAY, officer))
    assert [item.title for item in items] == ["培训", "工作总结", "实施方案"]
    report = city.assignment(city.department)
    assert items[1].detail == f"{report.number}，已交办，2022-04-30截止"
    assert items[1].path == f"/tasks/{report.number}/"
    assert items[2].detail.endswith("，文件未定时限")
    assert {item.fate for item in items} == {Fate.STAYS}


def test_closed_ones_other_bodies_and_programmes_not_followed_are_left_out(city, officer):
    leaving = Leaving(None, city.department, None, TODAY, officer)
    services.take_off(city.assignment(city.department), Move.EXEMPT, by=officer, reason="无此职能")
    assert len(handover.open_items(leaving)) == 2
    close_programme(city.programme, on=TODAY, by=officer)
    assert handover.open_items(leaving) == []
    assert handover.move(leaving) == 0


def test_who_may_not_see_them_is_shown_none(city, foreigner):
    assert handover.open_items(Leaving(None, city.department, None, TODAY, foreigner)) == []
