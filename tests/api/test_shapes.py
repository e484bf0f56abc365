"""What the answers say, field by field, and that the OpenAPI document says the same."""

import json
from pathlib import Path

import pytest

from accounts.roles import Permission
from duties import services as duties
from tests.factories.pilots import CohortFactory

from .conftest import ENDPOINTS, VIEWSETS, address

pytestmark = pytest.mark.django_db
DOCUMENT = Path(__file__).resolve().parents[2] / "docs/openapi.json"


@pytest.fixture(scope="module")
def openapi():
    return json.loads(DOCUMENT.read_text(encoding="utf-8"))


def test_a_page_is_count_next_previous_results(world, officer, read):
    for endpoint in ENDPOINTS:
        assert set(read(officer, endpoint)) == {"count", "next", "previous", "results"}


def test_every_object_has_an_id_that_is_the_key_in_its_url(world, officer, read):
    for endpoint in ENDPOINTS:
        for row in read(officer, endpoint)["results"]:
            assert row["url"] == f"http://testserver{address(endpoint, row['id'])}"


def test_an_assignment_says_what_another_system_needs(city, officer, read):
    assignment = city.assignment(city.department, "training")
    row = read(officer, "assignments", assignment.number)
    assert row.pop("why").startswith("文件写“在2022年4月前”")
    assert row.pop("updated_at").startswith("20")
    assert row == {
        "id": assignment.number,
        "url": f"http://testserver/api/v1/assignments/{assignment.number}/",
        "programme": city.programme.code,
        "obligation": city.obligations["training"].code,
        "title": "组织面对部门业务人员的培训",
        "unit": city.department.code,
        "unit_name": "测试市公安局",
        "occurrence": "",
        "quantity": 2,
        "done": 0,
        "wording": "在2022年4月前",
        "due_on": "2022-03-31",
        "latest_on": "2022-04-30",
        "original_due_on": "2022-03-31",
        "last_workday_on": "2022-03-31",
        "deadline_version": 1,
        "on": "2022-04-15",
        "light": "unconfirmed",
        "status": "assigned",
        "status_as_of": "2022-04-15",
        "status_note": "",
        "accepted_at": None,
        "done_on": None,
        "closed_at": None,
        "order": None,
        "extension": None,
        "helpers": [],
        "version": 1,
    }


def test_a_code_with_a_dot_opens(city, officer, read):
    obligation = city.obligations["report"]
    obligation.code = "shenzhen-2021.ob-1"
    obligation.save()
    row = read(officer, "obligations", "shenzhen-2021.ob-1")
    assert (row["id"], row["clause"]) == (obligation.code, obligation.clause.code)
    assert read(officer, "assignments", obligation="shenzhen-2021.ob-1")["count"] == 2


def test_a_clause_has_its_text_and_a_document_its_number(city, officer, read):
    clause = city.obligations["report"].clause
    row = read(officer, "clauses", clause.code)
    assert row["text"] == "于2022年4月底前总结工作情况并报送"
    assert (row["document"], row["programme"]) == (clause.document.code, city.programme.code)
    assert read(officer, "documents", row["document"])["number"] == clause.document.number


def test_a_notice_says_whom_what_and_for_which_day(world, notices, officer, read):
    row = read(officer, "notices", notices.department.pk)
    number = world.assignment(world.department).number
    assert row["title"].startswith("测试市公安局：“工作总结”2022-04-30截止")
    assert row["path"].endswith(f"/{number}/")
    assert {name: row[name] for name in ("programme", "unit", "stage", "for_on", "subject")} == {
        "programme": world.programme.code,
        "unit": world.department.code,
        "stage": "14",
        "for_on": "2022-04-15",
        "subject": f"assignment:{number}",
    }


def test_a_notice_of_a_type_that_nobody_declares_any_more_is_still_listed(
    world, notices, officer, read
):
    notices.department.type = "gone.away"
    notices.department.save()
    assert read(officer, "notices", notices.department.pk)["title"] == ""


def test_an_area_contains_its_items_and_a_programme_its_cohorts(city, officer, read):
    area = city.obligations["training"].area
    names = [item["name"] for item in read(officer, "duty-areas", area.code)["items"]]
    assert names == ["数据运营机构建设", "全员数据技能与安全培训"]
    CohortFactory(programme=city.programme, expected={"municipal_department": 63}, total=64)
    (cohort,) = read(officer, "programmes", city.programme.code)["cohorts"]
    assert (cohort["expected"], cohort["total"]) == ({"municipal_department": 63}, 64)


def test_what_a_pack_withdrew_leaves_the_lists_and_keeps_its_address(city, officer, read, ids):
    row = city.obligations["plan"]
    row.withdrawn_on = "2022-04-10"
    row.save()
    assert row.code not in ids(officer, "obligations")
    assert row.code in ids(officer, "obligations", on="2022-04-09")
    assert read(officer, "obligations", row.code)["withdrawn_on"] == "2022-04-10"


def test_rows_that_people_edit_carry_their_version_as_etag(world, officer, api):
    client = api(officer)
    assignment = world.assignment(world.department)
    keys = {
        "programmes": world.programme.code,
        "units": world.department.code,
        "obligations": world.obligations["report"].code,
        "assignments": assignment.number,
    }
    for endpoint, key in keys.items():
        assert client.get(address(endpoint, key))["ETag"] == '"1"'
    duties.accept(assignment, by=officer, version=1)
    answer = client.get(address("assignments", assignment.number))
    assert (answer["ETag"], answer.json()["version"]) == ('"2"', 2)
    clause = world.obligations["report"].clause
    assert "ETag" not in client.get(address("clauses", clause.code))


def test_answers_with_business_data_stay_in_no_cache(world, officer, api):
    assert api(officer).get(address("units"))["Cache-Control"] == "no-store"


def test_answers_are_what_the_openapi_document_says(world, officer, read, openapi):
    for endpoint in ENDPOINTS:
        schema = openapi["paths"][address(endpoint) + "{id}/"]["get"]["responses"]["200"]
        name = schema["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for row in read(officer, endpoint)["results"]:
            _conforms(row, openapi["components"]["schemas"][name], openapi, endpoint)


TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}


def _named(reference, openapi):
    return openapi["components"]["schemas"][reference["$ref"].rpartition("/")[2]]


def _conforms(value, schema, openapi, place):
    schema = _named(schema, openapi) if "$ref" in schema else schema
    if value is None:
        assert schema.get("nullable"), place
    elif options := schema.get("oneOf") or schema.get("allOf"):
        # One object with a description; or enumerations, blank or not, one of which has to fit.
        if isinstance(value, dict):
            _conforms(value, options[0], openapi, place)
            return
        assert any(value in _named(option, openapi)["enum"] for option in options), (place, value)
    else:
        assert isinstance(value, TYPES[schema["type"]]), (place, value, schema)
        assert value in schema.get("enum", [value]), (place, value)
        _conforms_within(value, schema, openapi, place)


def _conforms_within(value, schema, openapi, place):
    for each in value if isinstance(value, list) else ():
        _conforms(each, schema["items"], openapi, place)
    if isinstance(value, dict) and "properties" in schema:
        assert set(value) == set(schema["properties"]) == set(schema["required"]), place
        for name, each in value.items():
            _conforms(each, schema["properties"][name], openapi, f"{place}.{name}")


def test_every_endpoint_declares_a_permission_for_each_action():
    for viewset in VIEWSETS.values():
        actions = set(viewset.permission_map)
        removes = {"destroy"} & set(dir(viewset))
        extra = viewset.get_extra_actions()
        reads = {"list", "retrieve", *(each.__name__ for each in extra if "get" in each.mapping)}
        assert actions == {*reads, *getattr(viewset, "inputs", {}), *removes}
        assert set(viewset.permission_map.values()) <= set(Permission)
