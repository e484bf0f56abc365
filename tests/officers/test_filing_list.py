"""The list of filings: what comes first, what it narrows by, its numbers."""

from datetime import date

import pytest

from officers import services
from tests.factories.officers import FilingFactory

from .desk import numbers

pytestmark = pytest.mark.django_db


def _some(city, register, filing):
    """One of each state, older and newer than the one that waits."""
    same = {"programme": city.programme, "desk": register.office, "unit": city.department}
    made = {
        "newer": FilingFactory(**same, reported_on=date(2022, 4, 1)),
        "returned": FilingFactory(**same, returned=True),
        "accepted": FilingFactory(**same, accepted=True),
    }
    return {name: row.number for name, row in made.items()} | {"filing": filing.number}


def test_the_desk_reads_what_waits_first_and_the_longest_waiting_on_top(
    city, register, filing, officer, data_officer, browse
):
    rows = _some(city, register, filing)
    desk_order = [rows["filing"], rows["newer"], rows["returned"], rows["accepted"]]
    assert numbers(browse(officer)) == desk_order
    unit_order = [rows["returned"], rows["filing"], rows["newer"], rows["accepted"]]
    assert numbers(browse(data_officer)) == unit_order
    page = browse(officer).get("/filings/").content.decode()
    assert "199天" in page  # since 2021-09-28
    assert "来文登记" in page
    assert "报送备案" in browse(data_officer).get("/filings/").content.decode()


def test_the_numbers_above_the_list_are_those_of_the_lists_they_open(
    city, register, filing, officer, browse
):
    _some(city, register, filing)
    services.set_own_days(
        register.department_rule, vacancy_days=None, filing_days=30, basis="会议纪要", by=officer
    )
    client = browse(officer)
    facts = client.get("/filings/").context["facts"]
    assert [fact["value"] for fact in facts] == [2, 1, 3, 1]
    for fact in facts:
        assert len(client.get(fact["url"]).context["rows"]) == fact["value"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q={number}", 1),
        ("?q=深公〔2021〕13", 1),
        ("?q=公安", 1),
        ("?q=cssgaj", 1),
        ("?q={person}", 1),
        ("?q=别的单位", 0),
        ("?kind=plan", 0),
        ("?status=submitted", 1),
        ("?unit={unit}&desk={desk}", 1),
        ("?desk=nobody", 0),
        ("?overdue=true", 0),
        ("?overdue=false", 1),
        ("?mine=true", 1),
        ("?mine=false", 0),
        ("?route=paper", 0),
        ("?reported_after=2021-09-29", 0),
        ("?appointment={appointment}", 1),
        ("?programme=", 1),
        ("?ordering=-reported_on", 1),
    ],
)
def test_the_list_narrows(query, found, register, filing, officer, browse):
    address = query.format(
        number=filing.number,
        person=filing.appointment.person.name,
        unit=filing.unit.code,
        desk=filing.desk.code,
        appointment=filing.appointment.number,
    )
    assert len(numbers(browse(officer), address)) == found


def test_an_empty_list_says_whether_anything_was_filtered(register, officer, browse):
    client = browse(officer)
    assert "还没有备案" in client.get("/filings/").content.decode()
    assert "没有符合条件的备案" in client.get("/filings/?q=无").content.decode()


def test_what_is_late_shows_its_light(register, filing, officer, browse):
    services.set_own_days(
        register.department_rule, vacancy_days=None, filing_days=30, basis="会议纪要", by=officer
    )
    assert 'class="light late"' in browse(officer).get("/filings/").content.decode()


def test_a_long_list_takes_no_more_queries_than_a_short_one(
    city, register, filing, officer, browse, django_assert_max_num_queries
):
    client = browse(officer)
    client.get("/filings/")
    for _place in range(3):
        _some(city, register, filing)
    with django_assert_max_num_queries(18):
        client.get("/filings/")
