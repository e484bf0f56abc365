"""Pages of findings: the list, each step on a page of its own, scans."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from projects import services
from projects.choices import MOVES, FindingMove
from projects.models import Finding, FindingStep
from tests.core.made_files import PDF
from tests.factories.projects import FindingFactory, ProjectFactory

pytestmark = pytest.mark.django_db
WHAT = {
    "nature": "loss",
    "title": "备份缺失",
    "what": "没有备份",
    "basis": "数据安全法",
    "found_on": "2022-04-01",
    "project": "",
    "document_number": "",
    "once": "f1",
}


def text(answer):
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", answer.content.decode()))


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", {"一", "二", "三"}),
        ("status=found", {"一"}),
        ("open=true", {"一", "二"}),
        ("open=false", {"三"}),
        ("overdue=true", {"二"}),
        ("overdue=false", {"一", "三"}),
        ("nature=loss", {"三"}),
        ("due_before=2022-04-10", {"二"}),
        ("q=二", {"二"}),
        ("programme=", {"一", "二", "三"}),
    ],
)
def test_filters_narrow_the_list(powers, department, browse, officer, query, titles):
    FindingFactory(enrolment=department, title="一")
    FindingFactory(enrolment=department, title="二", correcting=True, due_on=date(2022, 4, 1))
    FindingFactory(
        enrolment=department,
        title="三",
        nature="loss",
        status="corrected",
        corrected_on=date(2022, 4, 2),
    )
    client = browse(officer)
    answer = client.get(f"/findings/?{query}")
    assert {line["row"].title for line in answer.context["lines"]} == titles
    for fact in answer.context["facts"]:
        counted = client.get(fact["url"]).context["page_obj"].paginator.count
        assert counted == fact["value"], fact


def test_those_of_one_project_are_listed_whatever_the_programme(project, browse, officer):
    mine = FindingFactory(enrolment=project.enrolment, project=project)
    FindingFactory(enrolment=project.enrolment)
    answer = browse(officer).get(f"/findings/?project={project.number}")
    assert [line["row"] for line in answer.context["lines"]] == [mine]


def test_a_unit_enters_what_it_found_with_its_paper(project, browse, data_officer):
    client = browse(data_officer)
    page = client.get(f"/findings/new/?unit={project.unit.code}&project={project.number}")
    assert page.context["form"]["project"].value() == project.number
    scan = SimpleUploadedFile("核查.pdf", PDF, "application/pdf")
    answer = client.post("/findings/new/", {**WHAT, "project": project.number, "file": scan})
    row = Finding.rows.get()
    assert answer["Location"] == f"/findings/{row.number}/"
    assert row.project == project
    (step,) = row.steps.all()
    file = client.get(f"/findings/{row.number}/steps/{step.pk}/file/")
    assert b"".join(file.streaming_content) == PDF
    assert row.title in text(client.get(f"/projects/{project.number}/"))


def test_a_project_of_another_unit_is_no_choice(powers, city, browse, data_officer):
    other = ProjectFactory(enrolment=city.enrolment(city.district))
    answer = browse(data_officer).post("/findings/new/", {**WHAT, "project": other.number})
    assert answer.status_code == 422
    assert other.name not in answer.content.decode()


def test_the_way_of_a_finding_page_by_page(finding, browse, data_officer):
    client, home = browse(data_officer), f"/findings/{finding.number}/"
    facts = {"document_number": "", "on": "2022-03-02"}
    steps = [
        ("stop", {**facts, "text": "停用接口"}, "已制止"),
        ("order", {**facts, "measures": "补办手续", "due_on": "2022-04-10"}, "整改中"),
        ("redate", {"document_number": "", "due_on": "2022-04-12", "text": "延后"}, "整改中"),
        ("follow_up", {**facts, "text": "已报送"}, "整改中"),
        ("correct", {**facts, "on": "2022-04-14", "text": "手续齐全"}, "已纠正"),
        ("reopen", {"document_number": "", "measures": "再办", "due_on": "2022-05-10"}, "整改中"),
        ("close", {"document_number": "", "reason": "已移交"}, "已了结"),
    ]
    for version, (act, given, status) in enumerate(steps, start=1):
        assert client.get(f"{home}{act}/").status_code == 200
        answer = client.post(f"{home}{act}/", {**given, "version": str(version)})
        assert answer.status_code == 302, answer.content.decode()
        assert status in text(client.get(home))
    assert FindingStep.rows.count() == 8


def test_only_what_may_be_done_now_is_offered(finding, browse, data_officer, head):
    client = browse(data_officer)
    page = client.get(f"/findings/{finding.number}/")
    offered = {act["url"].split("/")[-2] for act in page.context["acts"]}
    assert offered == {move.value for move in FindingMove if finding.status in MOVES[move][0]} | {
        "follow_up"
    }
    refused = client.get(f"/findings/{finding.number}/reopen/", follow=True)
    assert "现在是“已发现”，不能这样办" in refused.content.decode()
    assert client.get(f"/findings/{finding.number}/dance/").status_code == 404
    assert browse(head).get(f"/findings/{finding.number}/").context["acts"] == []
    assert browse(head).get(f"/findings/{finding.number}/stop/").status_code == 403


def test_a_step_on_an_old_page_is_told_and_keeps_what_was_typed(finding, browse, data_officer):
    services.follow_up(finding, on=date(2022, 4, 1), text="x", by=None)
    path = f"/findings/{finding.number}/stop/"
    facts = {"on": "2022-04-02", "text": "停用接口", "document_number": "", "version": "1"}
    answer = browse(data_officer).post(path, facts)
    assert answer.status_code == 412
    assert "停用接口" in answer.content.decode()
    assert 'value="2"' in answer.content.decode()


def test_what_was_found_is_mended(finding, browse, data_officer, project):
    client, path = browse(data_officer), f"/findings/{finding.number}/mend/"
    assert 'value="未经审批对外提供数据"' in client.get(path).content.decode()
    facts = {**WHAT, "title": "新标题", "version": "1", "project": project.number}
    assert client.post(path, facts).status_code == 302
    row = Finding.rows.get()
    assert (row.title, row.project) == ("新标题", project)
    assert "新标题" in client.get(path).content.decode()


def test_a_step_without_a_paper_has_no_file(finding, browse, data_officer, stranger):
    step = finding.steps.get()
    path = f"/findings/{finding.number}/steps/{step.pk}/file/"
    assert browse(data_officer).get(path).status_code == 404
    assert browse(stranger).get(path).status_code == 404


def test_an_overdue_correction_shows_on_its_page_in_the_list_and_in_the_units_file(
    project, browse, officer
):
    row = FindingFactory(
        enrolment=project.enrolment, correcting=True, due_on=date(2022, 4, 1), title="逾期的"
    )
    client = browse(officer)
    for path in ("/findings/", f"/findings/{row.number}/", f"/units/{project.unit.code}/"):
        page = text(client.get(path))
        assert "逾期的" in page
        assert "■逾期" in page
