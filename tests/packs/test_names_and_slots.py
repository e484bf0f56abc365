"""Names through time, numbered slots, successions: what a further load leaves to the people."""

from datetime import date

import pytest

from cdo_portal.packs.loader import load
from pilots import services as pilots
from pilots.models import Enrolment, Succession, Unit, UnitName

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("last", "first"), [("2024-03-31", "2024-04-01"), ("2025-01-31", "2025-02-01")]
)
def test_a_corrected_day_of_renaming_moves_both_names(small, last, first):
    load(small())

    load(
        small(
            "ends_on: 2024-05-09",
            f"ends_on: {last}",
            "starts_on: 2024-05-10",
            f"starts_on: {first}",
        )
    )

    old, new = UnitName.objects.filter(unit__code="990100-zsj").order_by("ends_on")
    assert (str(old.ends_on), str(new.starts_on)) == (last, first)


def test_a_rename_by_hand_is_kept(small):
    load(small())
    unit = Unit.rows.get(code="990100-gaj")
    pilots.rename_unit(
        unit, full_name="小城公安分局", short_name="公安分局", on=date(2023, 1, 1), by=None
    )

    difference = load(small("name: 小城公安局", "name: 小城市公安局"))

    assert [change.code for change in difference.conflicts] == ["990100-gaj"]
    assert unit.names.count() == 2
    assert not unit.names.filter(full_name="小城市公安局").exists()


def test_a_further_name_is_added_and_the_old_one_ends(small):
    load(small())
    renamed = """\
    names:
      - {name: 小城公安局, short: 公安局, ends_on: 2023-12-31, source: S2}
      - {name: 小城公安分局, short: 公安分局, starts_on: 2024-01-01, source: B.10}
"""

    load(small("    name: 小城公安局\n    short: 公安局\n", renamed))

    names = UnitName.objects.filter(unit__code="990100-gaj").order_by("ends_on")
    assert [row.full_name for row in names] == ["小城公安局", "小城公安分局"]


def test_a_slot_named_in_place_stays_named(small, writes):
    load(small())
    slot = Unit.rows.get(code="990100-slot-02")
    pilots.name_slot(slot, full_name="小城教育局", short_name="教育局", by=None)

    statements, difference = writes(small())

    assert (statements, difference.conflicts) == ([], [])
    assert Unit.rows.get(code="990100-slot-02").full_name == "小城教育局"


def test_an_identified_slot_stays_identified(small):
    load(small())
    slot = Unit.rows.get(code="990100-slot-01")
    school = pilots.create_unit(
        code="990100-jyj",
        kind="municipal_department",
        full_name="小城教育局",
        short_name="教育局",
        by=None,
    )
    pilots.identify_slot(slot, school, on=date(2022, 4, 15), by=None)

    difference = load(small())

    assert difference.changes == []
    assert difference.created == 1  # now that its kind is known, the summary report binds it
    assert Enrolment.rows.filter(part="pilot", withdrawn_on=None).count() == 5
    assert Enrolment.rows.filter(unit=school).exists()


def test_a_succession_is_made_once(small):
    more = "successions:\n  - {from: 990100-gaj, to: 990100-zsj, kind: merger, source: S2}\nslots:"

    load(small("slots:", more))
    difference = load(small("slots:", more))

    assert Succession.objects.count() == 1
    assert Succession.objects.get().on is None
    assert not difference.changes
