"""Pages of teams: lists, one team, forms for a unit's own people and for the bureau."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from duties.choices import Status
from officers.models import Person, Team, TeamMember
from tests.factories.officers import PersonFactory, TeamFactory, TeamMemberFactory
from tests.factories.pilots import EnrolmentFactory, UnitFactory

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def office(register):
    return TeamFactory(unit=register.city.department, name="市公安局首席数据官办公室")


def filled(**facts):
    given = {
        "kind": "task_force",
        "name": "首席数据官工作专班",
        "starts_on": "2021-11-08",
        "document_number": "深公字(2021)12号",
        "modes": ["part_time", "purchased"],
        "once": "key-1",
    }
    return {**given, **facts}


# --- lists ---------------------------------------------------------------------------------------


def test_each_sees_the_teams_of_its_own(city, office, cast, browse):
    seen = {}
    for name, user in cast.items():
        answer = browse(user).get("/teams/?programme=")
        if answer.status_code == 200:
            seen[name] = len(answer.context["lines"])
    assert seen == {
        "officer": 1, "head": 1, "data_officer": 1, "unit_cdo": 1, "stranger": 0, "foreigner": 0,
        "provincial_reader": 1, "evaluator": 1, "api_client_user": 1, "auditor": 1,
    }  # fmt: skip
    assert browse(cast["stranger"]).get(f"/teams/{office.number}/").status_code == 404


def test_the_list_says_how_many_pilots_have_a_team_of_that_kind(register, office, officer, browse):
    programme = register.city.programme
    programme.provisions = {
        "teams": [
            {
                "name": "首席数据官支撑团队",
                "text": "成立首席数据官办公室或首席数据官工作专班",
                "kinds": ["city_government", "municipal_department", "district_government"],
            },
            {"name": "专业人才", "text": "通过聘任制公务员引进"},
            {"name": "行业数据专家人才库", "text": "", "kinds": ["municipal_department"]},
        ]
    }
    programme.save()
    TeamFactory(unit=register.city.district, kind="task_force", name="区专班")
    TeamFactory(unit=register.city.district, kind="support", name="区支撑团队")
    TeamFactory(unit=register.city.government, name="旧", ends_on=date(2022, 1, 1))
    answer = browse(officer).get("/teams/")
    facts = {fact["label"]: fact["value"] for fact in answer.context["facts"]}
    assert facts == {
        "首席数据官办公室或首席数据官工作专班": "2/3",
        "支撑团队": "1/3",
        "行业数据专家人才库": "0/1",
    }
    assert [row["units"] for row in answer.context["missing"]] == ["测试市人民政府", "测试市公安局"]
    for fact in answer.context["facts"]:
        behind = browse(officer).get(fact["url"])
        assert str(behind.context["page_obj"].paginator.count) == fact["value"].split("/")[0]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"市公安局首席数据官办公室"}),
        ("?kind=cdo_office&kind=support", {"市公安局首席数据官办公室"}),
        ("?kind=support", set()),
        ("?mode=part_time", {"市公安局首席数据官办公室"}),
        ("?mode=purchased", set()),
        ("?q=TD-2021", {"市公安局首席数据官办公室"}),
        ("?q=周明", {"市公安局首席数据官办公室"}),
        ("?q=zm", {"市公安局首席数据官办公室"}),
        ("?q=李四", set()),
        ("?on=2021-11-07", set()),
        ("?on=2022-04-14", {"市公安局首席数据官办公室", "旧办公室"}),
        ("?state=ended", {"旧办公室"}),
        ("?state=voided", {"错登的"}),
        ("?part=bureau", set()),
    ],
)
def test_filters_narrow_the_list(register, office, officer, browse, query, found):
    unit = register.city.department
    TeamMemberFactory(team=office, person=PersonFactory(unit=unit, name="周明"))
    TeamFactory(unit=unit, name="旧办公室", modes=[], starts_on=date(2021, 12, 1),
                ends_on=date(2022, 4, 14))  # fmt: skip
    TeamFactory(unit=unit, name="错登的", voided_at="2022-01-01T00:00Z", void_reason="错")
    rows = browse(officer).get(f"/teams/{query}").context["lines"]
    assert {line["row"].name for line in rows} == found


def test_a_wrong_filter_breaks_nothing_and_another_citys_unit_stays_choosable(
    office, officer, browse
):
    for query in ("?unit=nothing", "?kind=x", "?on=x", "?page=9", "?state=x", "?ordering=person"):
        assert browse(officer).get(f"/teams/{query}").status_code == 200


def test_the_lists_cost_the_same_for_any_number_of_rows(city, officer, browse):
    client, found = browse(officer), []
    for wanted in (1, 3, 50):
        while Team.rows.count() < wanted:
            unit = UnitFactory(name=f"某某局{Team.rows.count()}")
            EnrolmentFactory(programme=city.programme, unit=unit)
            team = TeamFactory(unit=unit, leader=PersonFactory(unit=unit))
            TeamMemberFactory(team=team, entry_mode="invited")
        counts = []
        for path in ("/teams/", "/teams/experts/"):
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(path)
            assert answer.context["page_obj"].paginator.count == wanted
            assert len(answer.content) < 60_000
            counts.append(len(queries))
        found.append(tuple(counts))
    assert len(set(found)) == 1, found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"甲", "乙"}),
        ("?entry_mode=purchased", {"甲"}),
        ("?expertise=安全", {"甲"}),
        ("?employer=数据公司", {"甲"}),
        ("?kind=expert_pool", {"乙"}),
        ("?q=数据公司", {"甲"}),
        ("?q=乙", {"乙"}),
        ("?q=人才库", {"乙"}),
        ("?state=ended", {"丁"}),
        ("?unit=nothing", set()),
    ],
)
def test_experts_are_found(register, office, officer, browse, query, found):
    unit = register.city.department
    pool = TeamFactory(unit=unit, kind="expert_pool", name="人才库")
    old = TeamFactory(unit=unit, kind="expert_pool", name="旧库", ends_on=date(2022, 1, 1))
    for team, name, facts in (
        (
            office,
            "甲",
            {"entry_mode": "purchased", "expertise": "数据安全", "employer": "测试数据公司"},
        ),
        (pool, "乙", {}),
        (office, "丙", {}),
        (old, "丁", {}),
    ):
        TeamMemberFactory(team=team, person=PersonFactory(unit=unit, name=name), **facts)
    answer = browse(officer).get(f"/teams/experts/{query}")
    assert {row.person.name for row in answer.context["rows"]} == found


# --- one team ------------------------------------------------------------------------------------


def test_a_units_clerk_sets_up_an_office_and_the_task_is_done(register, data_officer, browse):
    client = browse(data_officer)
    page = client.get("/teams/new/")
    assert "登记测试市公安局的团队" in page.content.decode()
    answer = client.post("/teams/new/", filled(upload=SimpleUploadedFile("成立.pdf", PDF)))
    team = Team.rows.get()
    assert answer["Location"] == f"/teams/{team.number}/"
    assert team.document_number == "深公字〔2021〕12号"
    assert register.city.assignment(register.city.department, "office").status == Status.DONE
    page = client.get(answer["Location"]).content.decode()
    for words in ("首席数据官工作专班", "兼职、购买服务", "成立团队", "成立.pdf"):
        assert words in page
    file = client.get(f"/teams/{team.number}/file/")
    assert b"".join(file.streaming_content) == PDF
    again = client.post("/teams/new/", filled())
    assert (again.status_code, Team.rows.count()) == (409, 1)
    assert "没有重复登记" in again.content.decode()


def test_the_bureau_chooses_the_unit_first(city, officer, browse):
    client = browse(officer)
    assert "下一步" in client.get("/teams/new/").content.decode()
    assert client.get("/teams/new/?unit=没有的局").status_code == 422
    page = client.get("/teams/new/", {"unit": city.district.full_name, "kind": "professional"})
    assert page.context["form"].initial["kind"] == "professional"
    client.post(f"/teams/new/?unit={city.district.code}", filled(kind="professional"))
    assert Team.rows.get().unit == city.district


def test_nobody_enters_a_team_of_others(city, office, cast, browse):
    unit = city.department.code
    for name in ("head", "auditor", "evaluator", "provincial_reader", "stranger"):
        client = browse(cast[name])
        assert client.post(f"/teams/new/?unit={unit}", filled()).status_code in {403, 422}, name
        assert client.post(f"/teams/{office.number}/end/").status_code in {403, 404}, name
        page = client.get(f"/teams/{office.number}/")
        assert "作废</a>" not in page.content.decode()
    own = browse(cast["data_officer"])
    assert own.post(f"/teams/new/?unit={city.bureau.code}", filled()).status_code == 422
    assert Team.rows.count() == 1


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(office, data_officer, browse):
    client = browse(data_officer)
    given = filled(kind="cdo_office", name=office.name, document_number="深公字12")
    answer = client.post("/teams/new/", given)
    assert answer.status_code == 422
    assert "深公字12" in answer.context["form"].errors["document_number"][0]
    answer = client.post("/teams/new/", {**given, "document_number": "", "starts_on": "2022-01-10"})
    assert office.number in answer.context["form"].errors["name"][0]
    assert office.name in answer.content.decode()
    future = client.post("/teams/new/", filled(starts_on="2022-04-16", headcount="0"))
    assert set(future.context["form"].errors) == {"starts_on", "headcount"}


def test_a_team_is_mended_ended_restored_and_voided(register, office, data_officer, browse):
    client, path = browse(data_officer), f"/teams/{office.number}/"
    leader = PersonFactory(unit=office.unit, name="李四")
    page = client.get(f"{path}edit/")
    assert "ends_on" not in page.context["form"].fields
    given = filled(version=office.version, leader=leader.uuid, name="甲办", modes=["full_time"])
    assert client.post(f"{path}edit/", given).status_code == 302
    assert "名称由市公安局首席数据官办公室改为甲办" in client.get(path).content.decode()
    stale = client.post(f"{path}edit/", given)
    assert stale.status_code == 412
    version = Team.rows.get().version
    step = client.post(f"{path}end/", {"on": "2022-03-31", "version": version})
    assert "到2022-03-31为止" in step.content.decode()
    client.post(f"{path}end/", {"on": "2022-03-31", "version": version, "confirmed": "1"})
    assert Team.rows.get().ends_on == date(2022, 3, 31)
    client.post(f"{path}edit/", {**given, "version": version + 1, "ends_on": ""})
    assert Team.rows.get().ends_on is None
    gone = {"reason": "重复登记", "version": version + 2, "confirmed": "1"}
    client.post(f"{path}void/", gone)
    page = client.get(path).content.decode()
    assert "这条登记已作废：重复登记" in page
    assert client.get(f"{path}edit/").status_code == 302


def test_members_come_and_go_on_the_page(office, data_officer, browse):
    client, path = browse(data_officer), f"/teams/{office.number}/"
    person = PersonFactory(unit=office.unit, name="李四")
    both = {"person": person.uuid, "name": "周明", "entry_mode": "internal", "once": "a",
            "starts_on": "2021-12-01"}  # fmt: skip
    assert client.get(f"{path}members/new/").status_code == 200
    wrong = client.post(f"{path}members/new/", both)
    assert "已选了人员" in wrong.context["form"].errors["name"][0]
    neither = client.post(f"{path}members/new/", {**both, "person": "", "name": ""})
    assert "选择“人员”" in neither.context["form"].errors["person"][0]
    client.post(f"{path}members/new/", {**both, "name": ""})
    expert = {**both, "person": "", "entry_mode": "purchased", "once": "b"}
    refused = client.post(f"{path}members/new/", expert)
    assert "employer" in refused.context["form"].errors
    assert not Person.rows.filter(name="周明").exists()
    client.post(f"{path}members/new/", {**expert, "employer": "测试数据公司"})
    assert TeamMember.rows.count() == 2
    page = client.get(path).content.decode()
    assert "测试数据公司" in page
    row = TeamMember.rows.get(person=person)
    member = f"{path}members/{row.pk}/"
    given = {"version": 1, "entry_mode": "internal", "starts_on": "2021-12-02", "duty": "统筹"}
    assert client.get(member).status_code == 200
    assert client.post(member, given).status_code == 302
    ending = {"on": "2022-03-01", "version": 2, "confirmed": "1"}
    assert (
        "退出" in client.post(f"{member}end/", {"on": "2022-03-01", "version": 2}).content.decode()
    )
    client.post(f"{member}end/", ending)
    assert client.get(path).context["past"] == [row]
    client.post(member, {**given, "version": 3, "ends_on": ""})
    assert client.get(path).context["past"] == []
    client.post(f"{member}void/", {"reason": "录错人", "version": 4, "confirmed": "1"})
    assert client.get(path).context["void"] == [row]
    assert client.get("/teams/TD-0000/").status_code == 404
    assert client.get(f"{path}members/99999/").status_code == 404
    assert client.get(f"{path}file/").status_code == 404
