"""Reading and writing IT projects, opinions and findings: the same rules as the pages."""

import pytest

from projects.models import Finding, Opinion, Project
from tests.factories.projects import FindingFactory, PowerFactory, ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def powers(city):
    kinds = ("veto", "correct", "coordinate", "guide")
    return {kind: PowerFactory(programme=city.programme, kind=kind, clause=None) for kind in kinds}


@pytest.fixture
def project(powers, city):
    return ProjectFactory(enrolment=city.enrolment(city.department), name="平台")


def place(city):
    return {"programme": city.programme.code, "unit": city.department.code}


def veto(project, **facts):
    given = {"project": project.number, "gate": "approval", "decision": "veto"}
    return {**given, "reason": "重复", "basis": "方案四（二）4", **facts}


def test_a_project_is_entered_mended_and_withdrawn(powers, city, data_officer, send, done):
    made = done(
        data_officer, "projects", {**place(city), "name": "平台", "budget": "12.5"}, etag=None
    )
    assert (made["budget"], made["approval"], made["warnings"]) == ("12.50", None, [])
    path = f"projects/{made['id']}"
    mended = done(data_officer, path, {"summary": "目录", "budget": None}, method="patch")
    assert (mended["summary"], mended["budget"], mended["version"]) == ("目录", None, 2)
    stale = send(data_officer, path, {"note": "x"}, etag='"1"', method="patch")
    assert stale.status_code == 412
    gone = done(data_officer, f"{path}/withdraw", {"reason": "录错了"})
    assert gone["withdraw_reason"] == "录错了"
    assert Project.rows.count() == 1


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "平台", "budget": "1.234"}, "budget"),
        ({"name": "平台", "budget": "NaN"}, "budget"),
        ({"name": "平台", "kind": "palace"}, "kind"),
        ({"name": "平台", "started_on": "2022-02-30"}, "started_on"),
        ({"name": "平台", "colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_is_said_by_field(powers, city, data_officer, send, content, field):
    answer = send(data_officer, "projects", {**place(city), **content})
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {field}


def test_a_unit_that_is_no_pilot_there_is_refused(powers, city, officer, send):
    content = {**place(city), "unit": city.bureau.code, "name": "平台"}
    answer = send(officer, "projects", content)
    assert answer.status_code == 422
    assert "不是" in answer.json()["errors"]["unit"][0]


def test_the_cdo_vetoes_online_and_the_projects_answer_says_so(
    project, unit_cdo, data_officer, officer, send, done, read
):
    lacking = send(unit_cdo, "opinions", veto(project, reason=""))
    assert set(lacking.json()["errors"]) == {"reason"}
    assert send(data_officer, "opinions", veto(project)).status_code == 403
    made = done(unit_cdo, "opinions", veto(project), etag=None)
    assert (made["route"], made["cdo_name"]) == ("online", unit_cdo.display_name)
    assert read(officer, "opinions", made["id"]) == made
    seen = read(officer, "projects", project.number)
    assert (seen["approval"], seen["approval_opinion"]) == ("veto", made["id"])
    assert (seen["warnings"], seen["version"]) == (["approval_vetoed"], 2)
    assert read(officer, "projects", project.number, on="2022-04-14")["approval"] is None


def test_a_paper_opinion_is_entered_by_the_clerk_or_the_bureau(
    project, data_officer, officer, stranger, head, send, done
):
    content = veto(
        project,
        route="paper",
        cdo_name="周明",
        given_on="2021-11-12",
        document_number="深公字〔2021〕12号",
    )
    assert send(stranger, "opinions", content).status_code == 422  # sees no such project
    assert send(head, "opinions", content).status_code == 403
    done(data_officer, "opinions", content, etag=None)
    done(officer, "opinions", {**content, "decision": "approve"}, etag=None)
    bare = send(officer, "opinions", {**content, "document_number": ""})
    assert set(bare.json()["errors"]) == {"document_number"}
    assert Opinion.rows.count() == 2


def test_the_same_key_gives_one_opinion(project, unit_cdo, send):
    answers = [send(unit_cdo, "opinions", veto(project), key="once") for _time in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert "ETag" not in answers[0].headers
    assert Opinion.rows.count() == 1


def test_no_opinion_is_changed_or_removed(project, unit_cdo, done, send):
    made = done(unit_cdo, "opinions", veto(project), etag=None)
    for method in ("patch", "put", "delete"):
        answer = send(unit_cdo, f"opinions/{made['id']}", {"reason": "x"}, method=method)
        assert answer.status_code == 405


def test_records_and_preconditions_are_added(city, project, data_officer, send, done):
    path = f"projects/{project.number}"
    content = {"kind": "coordination", "text": "协调", "happened_on": "2022-04-01"}
    assert done(data_officer, f"{path}/records", content)["records"][0]["text"] == "协调"
    check = {"gate": "approval", "condition": "catalogue", "is_met": True, "evidence": "目录1号"}
    refused = send(data_officer, f"{path}/checks", check, etag='"2"')
    assert refused.status_code == 409
    PowerFactory(programme=city.programme, kind="gate", clause=None)
    missing = done(data_officer, f"{path}/checks", check)["missing"]
    assert missing == [
        {"gate": "approval", "condition": "aggregation"},
        {"gate": "acceptance", "condition": "catalogue"},
        {"gate": "acceptance", "condition": "aggregation"},
    ]


def test_a_finding_goes_its_way(powers, city, project, data_officer, done, send):
    content = {
        **place(city),
        "nature": "breach",
        "title": "未经审批",
        "what": "接口",
        "basis": "数据安全法",
        "found_on": "2022-03-01",
        "project": project.number,
    }
    made = done(data_officer, "findings", content, etag=None)
    path = f"findings/{made['id']}"
    done(data_officer, path, {"title": "新标题"}, method="patch")
    done(data_officer, f"{path}/stop", {"text": "停用", "happened_on": "2022-03-02"})
    order = {"measures": "补办", "due_on": "2022-04-10", "happened_on": "2022-03-02"}
    assert done(data_officer, f"{path}/order", order)["is_overdue"]
    done(data_officer, f"{path}/redate", {"due_on": "2022-04-20", "text": "延后"})
    done(data_officer, f"{path}/follow-up", {"text": "已报送"})
    done(data_officer, f"{path}/correct", {"text": "齐全"})
    done(data_officer, f"{path}/reopen", {"measures": "再办", "due_on": "2022-05-10"})
    last = done(data_officer, f"{path}/close", {"reason": "已移交"})
    assert (last["status"], last["title"], len(last["steps"])) == ("closed", "新标题", 8)
    again = send(data_officer, f"{path}/close", {"reason": "再来"}, etag="read")
    assert (again.status_code, again.json()["code"]) == (409, "move_not_allowed")


def test_strangers_and_readers_change_nothing(project, stranger, head, auditor, send):
    row = FindingFactory(enrolment=project.enrolment)
    for user, status in ((stranger, 404), (head, 403), (auditor, 403)):
        for path in (f"projects/{project.number}/withdraw", f"findings/{row.number}/close"):
            answer = send(user, path, {"reason": "x"}, etag='"1"')
            assert answer.status_code == status, (user, path)
    assert Finding.rows.get().status == "found"


@pytest.mark.parametrize(
    ("endpoint", "query", "count"),
    [
        ("projects", {"approval": "veto"}, 1),
        ("projects", {"approval": "none"}, 0),
        ("projects", {"warning": "any"}, 1),
        ("projects", {"state": "withdrawn"}, 0),
        ("opinions", {"decision": "approve"}, 0),
        ("opinions", {"after": "2021-11-01", "before": "2021-12-01"}, 1),
        ("opinions", {"search": "数据共享"}, 1),
        ("opinions", {"gate": "approval", "route": "online"}, 1),
        ("findings", {"overdue": "true"}, 0),
        ("findings", {"open": "true", "status": "correcting"}, 1),
    ],
)
def test_lists_narrow_as_the_pages_do(world, data_officer, read, endpoint, query, count):
    assert read(data_officer, endpoint, **query)["count"] == count
