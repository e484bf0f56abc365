"""The registry of what is open when somebody leaves: each app declares its part, core knows none."""

from datetime import date

import pytest

from core import handover
from core.handover import Fate, Leaving, OpenItem, Part
from pilots.models import Membership
from tests.factories.accounts import TokenFactory, UserFactory

TODAY = date(2022, 4, 15)
OURS = ["duties", "reminders", "pilots", "accounts"]


@pytest.fixture
def leaving(city, data_officer, officer):
    return Leaving(data_officer, city.department, UserFactory(), TODAY, officer)


def test_every_app_below_has_declared_its_part_and_rights_come_last():
    names = [part.name for part in handover.parts()]
    assert [name for name in names if name in OURS] == OURS
    assert names[-2:] == ["pilots", "accounts"]
    assert all(str(part.label) for part in handover.parts())


def test_a_name_is_declared_once():
    part = handover.parts()[0]
    with pytest.raises(ValueError, match="declared twice"):
        handover.register(Part(part.name, "", part.open_items, part.move))


def test_parts_with_nothing_open_are_left_out(leaving, city):
    found = {part.name: items for part, items in handover.open_items(leaving)}
    assert {"duties", "pilots", "accounts"} <= found.keys()
    assert "reminders" not in found
    for items in found.values():
        assert all(isinstance(item, OpenItem) and item.fate in Fate for item in items)


def test_moving_goes_through_every_part_and_says_how_much(leaving, data_officer):
    TokenFactory(user=data_officer)
    changed = handover.move_all(leaving)
    assert changed.keys() == {part.name for part in handover.parts()}
    assert (changed["pilots"], changed["duties"]) == (1, 0)
    data_officer.refresh_from_db()
    assert not data_officer.is_active
    assert not Membership.rows.live(TODAY).filter(user=data_officer).exists()
    left = {part.name: items for part, items in handover.open_items(leaving)}
    assert "pilots" not in left
    assert "accounts" not in left


def test_a_second_move_changes_nothing(leaving):
    handover.move_all(leaving)
    assert not any(handover.move_all(leaving).values())


def test_somebody_without_account_leaves_only_the_work_of_the_body(city, officer):
    leaving = Leaving(None, city.department, None, TODAY, officer)
    assert [part.name for part, _items in handover.open_items(leaving) if part.name in OURS] == [
        "duties"
    ]
    changed = handover.move_all(leaving)
    assert not any(changed[name] for name in OURS)
