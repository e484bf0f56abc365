"""P22: one box for units, tasks, documents, clauses and demands."""

import pytest

from pilots.models import Clause
from tests.factories.projects import FindingFactory, ProjectFactory

pytestmark = pytest.mark.django_db


def groups(client, text):
    answer = client.get("/search/", {"q": text})
    assert answer.status_code == 200
    return {group.label: [row["title"] for row in group.rows] for group in answer.context["groups"]}


@pytest.mark.parametrize("text", ["公安", "安", "gaj", "GAJ", "ＧＡＪ", " 公安局 "])
def test_a_unit_is_found_by_a_character_a_pair_or_initials(city, browse, officer, text):
    assert "测试市测试市公安局" in groups(browse(officer), text)["单位"]


def test_numbers_go_straight_to_their_page(city, browse, officer):
    client = browse(officer)
    number = city.assignment(city.department).number
    for typed in (number, number.lower(), f" {number} ", number.replace("-", "－")):
        assert client.get("/search/", {"q": typed})["Location"] == f"/tasks/{number}/"
    code = city.department.code
    assert client.get("/search/", {"q": code.upper()})["Location"] == f"/units/{code}/"


def test_a_project_and_a_finding_are_found_by_name_and_number(city, browse, officer, stranger):
    place = city.enrolment(city.department)
    project, finding = (
        ProjectFactory(enrolment=place, name="甲平台"),
        FindingFactory(enrolment=place),
    )
    client = browse(officer)
    assert groups(client, "甲平台") == {"信息化项目": ["甲平台"]}
    assert groups(browse(stranger), "甲平台") == {}
    for row, page in ((project, "projects"), (finding, "findings")):
        assert client.get("/search/", {"q": row.number})["Location"] == f"/{page}/{row.number}/"
        assert browse(stranger).get("/search/", {"q": row.number}).status_code == 200


def test_clauses_demands_and_documents_are_found_by_their_words(city, browse, officer):
    clause = Clause.rows.first()
    found = groups(browse(officer), "总结工作情况")
    assert found["条款"] == [f"{clause.document.title} {clause.label}"]
    assert "报送试点工作总结" in groups(browse(officer), "试点工作总结")["规定任务"]
    assert clause.document.title in groups(browse(officer), clause.document.number)["文件"]


def test_only_what_the_reader_sees_is_found(city, browse, data_officer, foreigner, system_admin):
    assert groups(browse(data_officer), "测试市")["单位"] == ["测试市测试市公安局"]
    number = city.assignment(city.department).number
    assert browse(foreigner).get("/search/", {"q": number}).status_code == 200
    assert groups(browse(foreigner), number) == {}
    assert groups(browse(system_admin), "公安") == {}


def test_nothing_found_says_what_to_try(city, browse, officer):
    page = browse(officer).get("/search/?q=jyj2").content.decode()
    assert "没有找到“jyj2”" in page
    assert "没有找到" not in browse(officer).get("/search/").content.decode()


def test_a_group_stops_at_fifty_and_links_to_the_rest(city, browse, officer, grow, rows_behind):
    grow(60)
    client = browse(officer)
    answer = client.get("/search/", {"q": "测试"})
    units = answer.context["groups"][0]
    assert (units.label, len(units.rows), units.more) == ("单位", 50, True)
    assert rows_behind(client, units.url) == 65


def test_what_was_typed_is_escaped(city, browse, officer):
    page = browse(officer).get("/search/", {"q": "<script>x"}).content.decode()
    assert "<script>x" not in page


def test_a_search_costs_the_same_for_any_number_of_hits(city, browse, officer, grow, cost):
    client = browse(officer)
    first = cost(client, "/search/?q=测")[0]
    grow(2)
    second = cost(client, "/search/?q=测")[0]
    grow(47)
    assert first == second == cost(client, "/search/?q=测")[0]
