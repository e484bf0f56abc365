"""`?on=` on the register: who was in office that day, under which name, in which programme."""

from datetime import date

import pytest

from officers import services as officers
from pilots import services as pilots
from tests.factories.officers import (
    AppointmentFactory,
    PersonFactory,
    PostFactory,
    PostRuleFactory,
    TeamFactory,
    TeamMemberFactory,
)
from tests.factories.pilots import EnrolmentFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db
DAYS = ("2021-08-02", "2021-09-16", "2022-03-01", "2022-03-31", "2022-04-01", "2022-04-15")


@pytest.fixture
def history(register):
    """The department's CDO changes on 2022-04-01; the district has had one since 2022-03-01, and
    proposes another."""
    city = register.city
    first = register.appoint(city.department, date(2021, 9, 16))
    leaving = officers.Departure(on=date(2022, 3, 31))
    second = register.appoint(city.department, date(2022, 4, 1), departure=leaving)
    district = register.appoint(city.district, date(2022, 3, 1))
    proposed = AppointmentFactory(unit=city.district, status="proposed", starts_on="2022-05-01")
    return [row.number for row in (first, second, district, proposed)]


def _in_office(day, numbers):
    first, second, district, _proposed = numbers
    spans = {
        first: ("2021-09-16", "2022-03-31"),
        second: ("2022-04-01", "2999"),
        district: ("2022-03-01", "2999"),
    }
    return {number for number, (start, end) in spans.items() if start <= day <= end}


@pytest.mark.parametrize("day", DAYS)
def test_the_list_of_a_day_is_who_was_in_office(day, history, register, officer, ids, read):
    programme = {"programme": register.city.programme.code, "post": "cdo"}
    found = ids(officer, "appointments", on=day, **programme)
    assert set(found) == _in_office(day, history)
    assert read(officer, "appointments", on=day, page_size=1, **programme)["count"] == len(found)
    for row in read(officer, "appointments", **programme)["results"]:
        then = read(officer, "appointments", row["id"], on=day)
        assert (then["is_in_office"], then["on"]) == (row["id"] in found, day)
        assert (then["status"], then["status_as_of"]) == (row["status"], "2022-04-15")


def test_the_state_asked_for_is_that_of_the_day(history, officer, ids):
    first, second, district, proposed = history
    for query, expected in (
        ({"status": "in_office"}, {second, district}),
        ({"status": "former"}, {first}),
        ({"status": "proposed"}, {proposed}),
        ({"status": "former", "on": "2022-03-31"}, set()),
        ({"status": "in_office", "on": "2022-03-31"}, {first, district}),
        ({"status": "coming", "on": "2022-03-31"}, {second}),
        ({"status": "voided"}, set()),
        ({}, {first, second, district, proposed}),
    ):
        assert set(ids(officer, "appointments", **query)) == expected, query


def test_people_have_the_posts_of_the_day(history, register, officer, read):
    row = read(officer, "appointments", history[0])
    person = read(officer, "persons", row["person"], on="2022-03-31")
    assert person["posts"] == [
        {
            "appointment": history[0],
            "unit": register.city.department.code,
            "post": "cdo",
            "kind": "substantive",
            "since": "2021-09-16",
        }
    ]
    assert read(officer, "persons", row["person"])["posts"] == []
    assert read(officer, "persons", post="cdo", on="2022-03-31")["count"] == 2


def test_units_have_the_name_of_the_day(history, register, officer, read):
    pilots.rename_unit(
        register.city.department,
        full_name="测试市数据局",
        short_name="市数据局",
        on=date(2022, 3, 1),
        by=officer,
    )
    for on, name in (("2022-02-28", "测试市公安局"), ("2022-03-01", "市数据局")):
        assert read(officer, "appointments", history[0], on=on)["unit_name"] == name


def test_a_programme_asks_only_for_units_that_take_part_on_the_day(history, register, officer, ids):
    row = register.city.enrolment(register.city.district)
    row.ends_on = date(2022, 4, 9)
    row.save()
    query = {"programme": register.city.programme.code}
    assert history[2] in ids(officer, "appointments", on="2022-04-09", **query)
    assert history[2] not in ids(officer, "appointments", on="2022-04-10", **query)
    assert history[2] in ids(officer, "appointments", on="2022-04-10")
    assert ids(officer, "appointments", on="2022-04-09", part="bureau", **query) == []


def test_teams_and_experts_are_those_that_stand_on_the_day(city, officer, ids, read):
    team = TeamFactory(unit=city.department, starts_on="2021-11-08", ends_on="2022-03-31")
    member = TeamMemberFactory(team=team, entry_mode="invited", starts_on="2022-01-01")
    for on, teams, experts in (
        ("2021-11-07", [], []),
        ("2021-11-08", [team.number], []),
        ("2022-03-31", [team.number], [member.pk]),
        ("2022-04-01", [], []),
    ):
        assert (ids(officer, "teams", on=on), ids(officer, "experts", on=on)) == (teams, experts)
        members = [row["id"] for row in read(officer, "teams", team.number, on=on)["members"]]
        assert members == experts
    assert ids(officer, "teams") == []
    assert ids(officer, "teams", state="ended") == [team.number]
    assert read(officer, "teams", team.number)["ends_on"] == "2022-03-31"


def test_rules_that_were_withdrawn_leave_the_list(city, officer, ids, read):
    rule = PostRuleFactory(programme=city.programme, withdrawn_on="2022-04-10")
    assert ids(officer, "post-rules") == []
    assert ids(officer, "post-rules", on="2022-04-09") == [rule.code]
    assert read(officer, "post-rules", rule.code)["withdrawn_on"] == "2022-04-10"


def test_filings_are_asked_by_what_they_are(history, register, data_officer, officer, read, done):
    filing = done(data_officer, f"appointments/{history[1]}/file")["id"]
    unit = register.city.department.code
    for query, count in (
        ({}, 1),
        ({"status": "submitted"}, 1),
        ({"status": "accepted"}, 0),
        ({"unit": unit, "kind": "appointment"}, 1),
        ({"desk": register.office.code}, 1),
        ({"appointment": history[1]}, 1),
        ({"mine": "true"}, 1),
        ({"overdue": "true"}, 0),
        ({"search": filing}, 1),
        ({"reported_before": "2022-04-14"}, 0),
    ):
        assert read(officer, "filings", **query)["count"] == count, query
    for state, count in (("at_desk", 1), ("not_reported", 1), ("not_asked", 2), ("accepted", 0)):
        assert read(officer, "appointments", filing=state)["count"] == count, state


def test_posts_rules_and_hand_overs_by_their_filters(world, known, officer, read):
    PostFactory(code="cio", name="首席信息官", name_en="Chief Information Officer")
    mine = known[world.department]
    for endpoint, query, count in (
        ("posts", {}, 2),
        ("posts", {"search": "信息"}, 1),
        ("posts", {"search": "information"}, 1),
        ("post-rules", {"programme": world.programme.code, "post": "cdo"}, 1),
        ("post-rules", {"programme": ProgrammeFactory().code}, 0),
        ("post-rules", {"search": "数据官"}, 1),
        ("handovers", {"unit": world.department.code}, 1),
        ("handovers", {"leaver": str(mine.holder.uuid)}, 1),
        ("handovers", {"taker": str(mine.holder.uuid)}, 0),
        ("handovers", {"after": "2022-04-01"}, 0),
        ("handovers", {"before": "2022-04-01", "search": mine.holder.name}, 1),
        ("persons", {"unit": world.department.code}, 2),
        ("persons", {"search": mine.holder.name}, 1),
        ("persons", {"account": "false"}, 4),
        ("appointments", {"person": str(mine.holder.uuid)}, 1),
        ("experts", {"team": mine.team.number, "expertise": "治理"}, 1),
    ):
        assert read(officer, endpoint, **query)["count"] == count, (endpoint, query)


def test_a_post_at_a_body_of_two_programmes_is_seen_by_both_bureaus_and_counted_in_each(
    history, register, foreigner, read
):
    other = foreigner.memberships.get().unit.enrolments.get().programme
    assert read(foreigner, "appointments")["count"] == 0
    EnrolmentFactory(programme=other, unit=register.city.department)
    query = {"programme": other.code, "on": "2022-04-15"}
    assert read(foreigner, "appointments", **query)["count"] == 1
    assert read(foreigner, "appointments", unit=register.city.district.code)["count"] == 0
    assert PersonFactory(unit=register.city.district).name not in str(read(foreigner, "persons"))
