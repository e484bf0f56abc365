"""Filters, search, order and pages: strict, stable, and in words where they refuse."""

from datetime import date

import pytest

from duties.models import Assignment
from tests.factories.pilots import EnrolmentFactory, ProgrammeFactory, UnitFactory

from .conftest import ENDPOINTS, VIEWSETS, address

pytestmark = pytest.mark.django_db


def _numbers(city, unit=None):
    rows = Assignment.rows.filter(enrolment__programme=city.programme)
    rows = rows.filter(enrolment__unit=unit) if unit else rows
    return sorted(rows.values_list("number", flat=True))


# --- filters --------------------------------------------------------------------------------------


def test_assignments_by_each_filter(city, officer, read):
    report, training = city.obligations["report"], city.obligations["training"]
    for query, count in (
        ({"programme": city.programme.code}, 8),
        ({"programme": "elsewhere-2021"}, 0),
        ({"unit": city.department.code}, 3),
        ({"unit_kind": "city_government"}, 1),
        ({"obligation": report.code}, 2),
        ({"obligation": training.code, "unit": city.district.code}, 1),
        ({"nature": "plan"}, 2),
        ({"area": training.area.code}, 3),
        ({"light": "unconfirmed"}, 3),
        ({"light": "normal"}, 2),
        ({"light": "due_soon"}, 0),
        ({"light": "due_soon", "on": "2022-04-18"}, 2),
        ({"light": "undated"}, 3),
        ({"light": "overdue"}, 0),
        ({"status": "assigned"}, 8),
        ({"status": ["done", "assigned"]}, 8),
        ({"status": "done"}, 0),
        ({"open": "true"}, 8),
        ({"open": "false"}, 0),
        ({"due_before": "2022-03-31"}, 3),
        ({"due_after": "2022-04-01"}, 2),
        ({"on_time": "true"}, 0),
        ({"status": ""}, 8),
    ):
        assert read(officer, "assignments", **query)["count"] == count, query


def test_a_part_without_a_kind_of_its_own_has_that_of_the_body(city, officer, read):
    row = city.enrolment(city.department)
    row.kind = ""
    row.save()
    assert read(officer, "assignments", unit_kind="municipal_department")["count"] == 4
    (part,) = read(officer, "units", city.department.code)["enrolments"]
    assert part["kind"] == "municipal_department"


def test_units_by_each_filter(city, officer, ids):
    pilots = {city.government.code, city.department.code, city.district.code}
    code = city.programme.code
    assert set(ids(officer, "units", programme=code)) == pilots
    assert ids(officer, "units", programme=code, part="bureau") == [city.bureau.code]
    assert ids(officer, "units", kind="district_government") == [city.district.code]
    assert ids(officer, "units", is_slot="true") == []


def test_texts_and_demands_by_their_filters(city, officer, read, api):
    code = city.programme.code
    clause = city.obligations["report"].clause
    for endpoint, query, count in (
        ("programmes", {"phase": "running"}, 1),
        ("programmes", {"region": "440300"}, 1),
        ("documents", {"programme": code}, 1),
        ("clauses", {"document": clause.document.code}, 1),
        ("clauses", {"programme": code}, 1),
        ("duty-areas", {"programme": code}, 2),
        ("obligations", {"programme": code, "nature": "training"}, 1),
        ("obligations", {"origin": "bureau"}, 0),
        ("memberships", {"role": "bureau_officer", "unit": city.bureau.code}, 1),
        ("memberships", {"programme": code}, 1),
        ("memberships", {"on": "2022-04-15"}, 1),
    ):
        assert read(officer, endpoint, **query)["count"] == count, (endpoint, query)
    answer = api(officer).get(address("memberships"), {"user": officer.username})
    assert answer.json()["count"] == 1


def test_notices_of_the_programme_and_the_inbox(world, notices, officer, data_officer, ids):
    both = {notices.department.pk, notices.district.pk}
    assert set(ids(officer, "notices")) == both
    assert ids(officer, "notices", recipient="me") == []
    assert ids(data_officer, "notices", recipient="me") == [notices.department.pk]
    assert ids(officer, "notices", recipient=data_officer.username) == [notices.department.pk]
    assert ids(officer, "notices", unit=world.district.code) == [notices.district.pk]
    for query, count in (
        ({"programme": world.programme.code}, 2),
        ({"stage": "14"}, 2),
        ({"type": "duties.deadline"}, 2),
        ({"for_on": "2022-04-15"}, 2),
        ({"for_on": "2022-04-14"}, 0),
        ({"on": "2022-04-15"}, 2),
        ({"on": "2022-04-14"}, 0),
        ({"unread": "true"}, 2),
        ({"unread": "false"}, 0),
        ({"search": "工作总结"}, 2),
        ({"search": "福田"}, 1),
    ):
        assert len(ids(officer, "notices", **query)) == count, query


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("endpoint", "query", "said"),
    [
        ("assignments", {"light": "red"}, "overdue、unconfirmed、due_soon"),
        ("assignments", {"status": ["done", "finished"]}, "assigned、accepted"),
        ("assignments", {"open": "yes"}, "true或false"),
        ("assignments", {"due_before": "31.3.2022"}, "2022-04-15"),
        ("assignments", {"due_before": "2022/3/31"}, "2022-04-15"),
        ("assignments", {"on": "2022-13-45"}, "2022-04-15"),
        ("assignments", {"on": "0001-01-01"}, "1949"),
        ("assignments", {"on": "9999-12-31"}, "2199"),
        ("units", {"on": "20220415"}, "2022-04-15"),
        ("programmes", {"on": "yesterday"}, "2022-04-15"),
        ("units", {"part": "boss"}, "pilot、bureau"),
        ("units", {"kind": "nothing"}, "city_government"),
        ("units", {"is_slot": "1"}, "true或false"),
        ("memberships", {"role": "king"}, "bureau_officer"),
        ("notices", {"for_on": "x"}, "2022-04-15"),
        ("units", {"ordering": "colour"}, "short_name"),
        ("assignments", {"ordering": "number"}, "due_on"),
        ("units", {"page_size": "many"}, "整数"),
        ("units", {"page_size": "0"}, "整数"),
        ("units", {"page": "0"}, "整数"),
        ("units", {"page": "-1"}, "整数"),
        ("units", {"page": "²"}, "整数"),
        ("units", {"programe": "x"}, "是不是programme"),
        ("assignments", {"colour": "x"}, "可用的有"),
    ],
)
def test_a_value_that_cannot_be_meant_names_the_parameter_and_what_is_allowed(
    endpoint, query, said, officer, refused
):
    errors = refused(officer, endpoint, **query)
    assert list(errors) == list(query)
    assert said in errors[next(iter(query))][0]


def test_every_endpoint_refuses_a_misspelt_parameter_and_knows_the_common_ones(officer, api):
    for endpoint in ENDPOINTS:
        client = api(officer)
        assert client.get(address(endpoint), {"serach": "x"}).status_code == 422
        common = {"search": "市", "page": 1, "page_size": 5, "on": "2022-04-15", "format": "json"}
        assert client.get(address(endpoint), common).status_code == 200, endpoint
        for name in VIEWSETS[endpoint].ordering_fields:
            assert client.get(address(endpoint), {"ordering": f"-{name}"}).status_code == 200


def test_details_know_only_the_day(city, officer, api):
    client = api(officer)
    url = address("units", city.department.code)
    assert client.get(url, {"on": "2022-01-01"}).status_code == 200
    assert client.get(url, {"kind": "court"}).status_code == 422
    assert client.get(url, {"on": "x"}).status_code == 422


# --- search ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["公", "公安", "公安局", "gaj", "GAJ", "安局"])
def test_units_are_found_by_one_or_two_characters_and_by_initials(word, city, officer, ids):
    assert ids(officer, "units", search=word) == [city.department.code]
    assert ids(officer, "units", q=word) == [city.department.code]


def test_a_former_name_still_finds_the_unit(city, officer, ids):
    name = city.department.names.get()
    name.ends_on = date(2021, 12, 31)
    name.save()
    name.pk, name.starts_on, name.ends_on = None, date(2022, 1, 1), None
    name.full_name = name.short_name = "市治安总局"
    name.spell()
    name.save()
    assert ids(officer, "units", search="公安局") == [city.department.code]
    assert ids(officer, "units", search="治安") == [city.department.code]


def test_assignments_are_found_by_number_unit_and_title(city, officer, ids):
    number = _numbers(city)[0]
    assert ids(officer, "assignments", search=number) == [number]
    assert ids(officer, "assignments", search="公安") == _numbers(city, city.department)
    assert ids(officer, "assignments", search="gaj") == _numbers(city, city.department)
    assert len(ids(officer, "assignments", search="培")) == 3
    assert len(ids(officer, "assignments", search="总结")) == 2


@pytest.mark.parametrize(
    ("endpoint", "word"),
    [
        ("programmes", "试点"),
        ("documents", "实施"),
        ("documents", "测府办函"),
        ("clauses", "总结工作"),
        ("duty-areas", "职责"),
        ("obligations", "培训"),
        ("memberships", "bureau"),
    ],
)
def test_every_list_can_be_searched(endpoint, word, city, officer, read):
    assert read(officer, endpoint, search=word)["count"] >= 1
    assert read(officer, endpoint, search="鑫鑫鑫")["count"] == 0


def test_a_blank_search_is_no_search(city, officer, read):
    assert read(officer, "units", search="  ")["count"] == 5


# --- order and pages ------------------------------------------------------------------------------


@pytest.fixture
def many(city):
    """Thirty-one pilots that share everything one could sort by but their code."""
    for _number in range(28):
        EnrolmentFactory(programme=city.programme, unit=UnitFactory(name="市同名局"))
    return city


def test_pages_neither_overlap_nor_leave_out(many, officer, read):
    for ordering in ("kind", "-kind", "short_name", "region_code"):
        query = {"programme": many.programme.code, "ordering": ordering, "page_size": 7}
        seen, page = [], 1
        while page:
            answer = read(officer, "units", page=page, **query)
            seen += [row["id"] for row in answer["results"]]
            assert (answer["previous"] is None) == (page == 1)
            page = page + 1 if answer["next"] else None
        assert answer["count"] == len(seen) == len(set(seen)) == 31


def test_next_and_previous_can_be_followed_and_keep_the_filters(many, officer, api):
    client = api(officer)
    query = {"page_size": 10, "search": "同名", "kind": "municipal_department"}
    first = client.get(address("units"), query).json()
    second = client.get(first["next"]).json()
    assert (first["count"], len(first["results"]), len(second["results"])) == (28, 10, 10)
    assert client.get(second["previous"]).json() == first


def test_a_page_beyond_the_last_is_404_in_words(city, officer, api):
    for page in ("99", "9" * 40):
        answer = api(officer).get(address("units"), {"page": page})
        assert answer.status_code == 404
        assert "没有这一页" in answer.json()["message"]


def test_fifty_rows_a_page_unless_told_and_five_hundred_at_most(officer, city, read):
    for _number in range(50):
        EnrolmentFactory(programme=ProgrammeFactory(), unit=city.bureau, part="bureau")
    assert len(read(officer, "programmes")["results"]) == 50
    assert len(read(officer, "programmes", page_size=9999)["results"]) == 51


def test_empty_dates_come_last_either_way(city, officer, read):
    for ordering in ("due_on", "-due_on"):
        rows = read(officer, "assignments", ordering=ordering)["results"]
        assert [row["due_on"] is None for row in rows] == [False] * 5 + [True] * 3
    due = [row["due_on"] for row in rows if row["due_on"]]
    assert due == sorted(due, reverse=True)


def test_units_sort_by_pinyin(city, officer, read):
    names = [row["short_name"] for row in read(officer, "units", ordering="short_name")["results"]]
    assert names.index("测试市福田区") < names.index("测试市公安局") < names.index("测试市人民政府")
