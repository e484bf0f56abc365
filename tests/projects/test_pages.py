"""Pages of projects: who sees what, the way of a veto with its check page, what is refused."""

import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from core import clock
from core.models import AuditEntry
from pilots.models import Unit
from projects import services
from projects.models import GateCheck, Opinion, Project, ProjectRecord
from tests.core.made_files import PDF
from tests.factories.officers import AppointmentFactory
from tests.factories.projects import OpinionFactory, PowerFactory, ProjectFactory

from .conftest import DECEMBER, NOVEMBER

pytestmark = pytest.mark.django_db
READERS = {
    "officer",
    "head",
    "data_officer",
    "unit_cdo",
    "stranger",
    "foreigner",
    "provincial_reader",
    "evaluator",
    "api_client_user",
    "auditor",
}
OF_DEPARTMENT = READERS - {"stranger", "foreigner"}
WRITERS = {"officer", "data_officer", "unit_cdo"}
VETO = {
    "gate": "approval",
    "decision": "veto",
    "reason": "与已建平台重复",
    "basis": "方案四（二）4",
    "given_on": "2022-04-14",
    "document_number": "",
    "version": "1",
    "once": "k1",
}


def text(answer):
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", answer.content.decode()))


# --- who sees what -------------------------------------------------------------------------------

SHOWN = {
    "/projects/": READERS,
    "/projects/export.xlsx": READERS,
    "/findings/": READERS,
    "/projects/{project}/": OF_DEPARTMENT,
    "/findings/{finding}/": OF_DEPARTMENT,
    "/projects/new/": WRITERS | {"stranger", "foreigner"},
    "/projects/new/?unit={unit}": WRITERS,
    "/findings/new/?unit={unit}": WRITERS,
    "/projects/{project}/mend/": WRITERS,
    "/projects/{project}/withdraw/": WRITERS,
    "/projects/{project}/opinion/": {"unit_cdo"},
    "/projects/{project}/opinion/paper/": WRITERS,
    "/projects/{project}/records/new/": WRITERS,
    "/findings/{finding}/mend/": WRITERS,
    "/findings/{finding}/stop/": WRITERS,
    "/findings/{finding}/follow_up/": WRITERS,
}


@pytest.mark.parametrize("path", SHOWN)
def test_the_cast_sees_what_it_may(path, cast, city, project, finding, browse):
    address = path.format(project=project.number, finding=finding.number, unit=city.department.code)
    shown = {name for name, user in cast.items() if browse(user).get(address).status_code == 200}
    assert shown == SHOWN[path]


def test_the_unseen_is_not_found_and_the_unasked_refused(project, browse, stranger, head):
    assert browse(stranger).get(f"/projects/{project.number}/").status_code == 404
    assert browse(stranger).get(f"/projects/{project.number}/opinion/").status_code == 404
    assert browse(head).get(f"/projects/{project.number}/opinion/paper/").status_code == 403


# --- the list ------------------------------------------------------------------------------------


@pytest.fixture
def three(project, opine, department):
    """One vetoed at 立项, one agreed to, one of which 验收 was agreed to without 立项."""
    opine(project, "veto")
    good = ProjectFactory(enrolment=department, name="乙项目")
    opine(good)
    late = ProjectFactory(enrolment=department, name="丙项目", closed_on=date(2022, 3, 1))
    opine(late, gate="acceptance")
    return project, good, late


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"数据共享平台", "乙项目", "丙项目"}),
        ("approval=veto", {"数据共享平台"}),
        ("approval=approve", {"乙项目"}),
        ("approval=none", {"丙项目"}),
        ("acceptance=approve", {"丙项目"}),
        ("warning=any", {"数据共享平台", "丙项目"}),
        ("warning=not_approved", {"丙项目"}),
        ("warning=acceptance_vetoed", set()),
        ("state=closed", {"丙项目"}),
        ("state=live", {"数据共享平台", "乙项目"}),
        ("state=withdrawn", set()),
        ("record=review", {"乙项目"}),
        ("kind=build", {"乙项目", "丙项目"}),
        ("q=乙", {"乙项目"}),
        ("on=2021-11-01&approval=none", {"数据共享平台", "乙项目", "丙项目"}),
        ("programme=&q=平台", {"数据共享平台"}),
    ],
)
def test_filters_narrow_list_and_export_alike(three, query, names, browse, officer):
    services.record(three[1], kind="review", text="好", happened_on=DECEMBER, by=None)
    client = browse(officer)
    answer = client.get(f"/projects/?{query}")
    assert {line.row.name for line in answer.context["lines"]} == names
    book = client.get(f"/projects/export.xlsx?{query}")
    sheet = load_workbook(io.BytesIO(book.content)).active
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert {row[2] for row in rows} == names
    assert AuditEntry.objects.get(verb="projects.export").after["count"] == len(names)


def test_the_list_warns_of_a_veto_and_its_numbers_lead_to_their_rows(three, browse, officer):
    client = browse(officer)
    answer = client.get("/projects/")
    assert "立项被否决，2021-11-12，与已建平台重复" in text(answer)
    facts = {fact["label"]: fact for fact in answer.context["facts"]}
    for fact in facts.values():
        assert client.get(fact["url"]).context["page_obj"].paginator.count == fact["value"]
    assert facts["有提示"]["value"] == 2
    earlier = client.get("/projects/?on=2021-11-01")
    assert "意见和提示按2021-11-01列出" in text(earlier)
    assert "on=2021-11-01" in earlier.context["facts"][0]["url"]


def test_a_programme_that_grants_nothing_says_so(city, browse, officer):
    answer = browse(officer).get("/projects/")
    assert "没有写信息化项目方面的职权" in text(answer)
    assert answer.context["new_url"] == ""
    assert "没有写发现、制止及纠正的职权" in text(browse(officer).get("/findings/"))


# --- entering and mending ------------------------------------------------------------------------


def new(**facts):
    return {"name": "甲项目", "budget": "120.5", "kind": "build", "once": "n1", **facts}


def test_a_unit_enters_its_own_project(powers, browse, data_officer, city):
    answer = browse(data_officer).post("/projects/new/", new())
    row = Project.rows.get()
    assert answer["Location"] == f"/projects/{row.number}/"
    assert (row.unit, str(row.budget)) == (city.department, "120.50")


def test_the_bureau_chooses_the_unit_first(powers, browse, officer, city):
    client = browse(officer)
    first = client.get("/projects/new/")
    assert "下一步" in first.content.decode()
    assert client.get("/projects/new/?unit=无此单位").status_code == 422
    name = Unit.rows.get(pk=city.district.pk).full_name
    client.post(f"/projects/new/?unit={name}", new())
    assert Project.rows.get().unit == city.district
    refused = client.get(f"/projects/new/?unit={city.bureau.code}", follow=True)
    assert "不登记信息化项目" in refused.content.decode()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"name": ""}, "填写“项目名称”"),
        ({"budget": "很多"}, "最多两位小数"),
        ({"budget": "-1"}, "不能是负数"),
        ({"budget": "1.234"}, "最多两位小数"),
        ({"summary": "字" * 501}, "超出上限1字"),
        ({"kind": "palace"}, "重新选择"),
        ({"started_on": "2022-03-02", "closed_on": "2022-03-01"}, "不能早于启动日期"),
        ({"started_on": "春天"}, "写成2022-04-29这样"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_lost(powers, browse, data_officer, facts, words):
    answer = browse(data_officer).post("/projects/new/", new(note="留着", **facts))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "留着" in answer.content.decode()
    assert not Project.rows.exists()


def test_mending_on_an_old_page_is_told_and_can_be_sent_again(project, browse, data_officer):
    client, path = browse(data_officer), f"/projects/{project.number}/mend/"
    assert 'value="数据共享平台"' in client.get(path).content.decode()
    services.mend_project(project, note="别人写的", by=None)
    answer = client.post(path, {**new(), "name": "数据共享平台", "version": "1"})
    assert answer.status_code == 412
    assert "改过这条记录" in answer.content.decode()
    assert 'name="version" value="2"' in answer.content.decode()
    again = client.post(path, {**new(), "name": "数据共享平台", "version": "2"})
    assert again.status_code == 302
    assert Project.rows.get().kind == "build"


def test_a_withdrawal_is_checked_first(project, browse, data_officer):
    client, path = browse(data_officer), f"/projects/{project.number}/withdraw/"
    step = client.post(path, {"reason": "录错了", "version": "1"})
    assert step.status_code == 200
    assert "不能恢复" in step.content.decode()
    assert Project.rows.live().exists()
    client.post(path, {"reason": "录错了", "version": "1", "confirmed": "1"})
    assert not Project.rows.live().exists()
    page = text(client.get(f"/projects/{project.number}/"))
    assert "2022-04-15已撤销登记：录错了" in page
    answer = client.get(f"/projects/{project.number}/mend/", follow=True)
    assert "已撤销登记，不能再改" in answer.content.decode()


# --- opinions ------------------------------------------------------------------------------------


def test_a_veto_is_restated_before_it_is_recorded(project, browse, unit_cdo, officer):
    client, path = browse(unit_cdo), f"/projects/{project.number}/opinion/"
    page = client.get(f"{path}?gate=acceptance")
    assert page.context["form"]["gate"].value() == "acceptance"
    step = client.post(path, VETO)
    assert step.status_code == 200
    assert "不能修改、不能撤回" in step.content.decode()
    assert "确认否决" in step.content.decode()
    assert (Opinion.rows.count(), Project.rows.get().version) == (0, 1)
    back = client.post(path, {**VETO, "back": "1"})
    assert "与已建平台重复" in back.content.decode()
    answer = client.post(path, {**VETO, "confirmed": "1"})
    assert answer["Location"] == f"/projects/{project.number}/"
    row = Opinion.rows.get()
    assert (row.route, row.cdo_name, row.entered_by) == ("online", unit_cdo.display_name, unit_cdo)
    for reader in (unit_cdo, officer):
        seen = text(browse(reader).get(f"/projects/{project.number}/"))
        assert "立项被否决，2022-04-14，与已建平台重复" in seen
        assert "立项被否决，2022-04-14，与已建平台重复" in text(
            browse(reader).get(f"/units/{project.unit.code}/")
        )


def test_what_a_veto_lacks_is_said_before_the_check_page(project, browse, unit_cdo):
    path = f"/projects/{project.number}/opinion/"
    answer = browse(unit_cdo).post(path, {**VETO, "reason": "", "basis": ""})
    assert answer.status_code == 422
    assert "否决要写明理由" in answer.content.decode()
    assert "否决要写明依据" in answer.content.decode()


def test_an_agreement_is_recorded_at_once_and_a_second_sending_refused(project, browse, unit_cdo):
    client, path = browse(unit_cdo), f"/projects/{project.number}/opinion/"
    facts = {**VETO, "decision": "approve"}
    assert client.post(path, facts).status_code == 302
    again = client.post(path, {**facts, "version": "2"})
    assert again.status_code == 409
    assert "没有重复登记" in again.content.decode()
    assert Opinion.rows.count() == 1


def test_the_earlier_opinions_stay_on_the_page(project, opine, browse, data_officer):
    opine(project, "veto")
    opine(project, on=DECEMBER)
    page = text(browse(data_officer).get(f"/projects/{project.number}/"))
    assert "此前的意见1份" in page
    assert "被否决" not in page


def test_a_paper_opinion_keeps_its_scan_through_the_check_page(project, browse, data_officer, city):
    AppointmentFactory(unit=city.department, person__name="周明")
    client, path = browse(data_officer), f"/projects/{project.number}/opinion/paper/"
    assert client.get(path).context["form"]["cdo_name"].value() == "周明"
    scan = SimpleUploadedFile("意见.pdf", PDF, "application/pdf")
    step = client.post(path, {**VETO, "cdo_name": "周明", "file": scan})
    assert "意见.pdf" in step.content.decode()
    kept = re.search(r'name="kept" value="([^"]+)"', step.content.decode())[1]
    client.post(path, {**VETO, "cdo_name": "周明", "kept": kept, "confirmed": "1"})
    row = Opinion.rows.get()
    assert (row.route, row.cdo_name, row.file_name) == ("paper", "周明", "意见.pdf")
    file = client.get(f"/projects/{project.number}/opinions/{row.pk}/file/")
    assert b"".join(file.streaming_content) == PDF


def test_a_scan_is_for_those_who_see_the_project(project, opine, browse, stranger, data_officer):
    row = opine(project)
    path = f"/projects/{project.number}/opinions/{row.pk}/file/"
    assert browse(stranger).get(path).status_code == 404
    assert browse(data_officer).get(path).status_code == 404  # there is none
    other = OpinionFactory()
    path = f"/projects/{project.number}/opinions/{other.pk}/file/"
    assert browse(data_officer).get(path).status_code == 404


def test_the_form_warns_of_what_stands_and_what_is_missing(
    gated, powers, project, opine, browse, unit_cdo
):
    opine(project, "veto")
    page = text(browse(unit_cdo).get(f"/projects/{project.number}/opinion/"))
    assert "立项被否决，2021-11-12" in page
    assert "立项的审批要件未登记：公共数据资源目录编制、数据汇聚" in page


def test_where_no_gate_is_granted_no_opinion_form_opens(powers, project, browse, unit_cdo):
    power = powers["veto"]
    power.withdrawn_on = clock.today()
    power.save()
    client = browse(unit_cdo)
    answer = client.get(f"/projects/{project.number}/opinion/", follow=True)
    assert "没有写首席数据官在立项、验收环节的职权" in answer.content.decode()
    assert "出具意见</a>" not in client.get(f"/projects/{project.number}/").content.decode()


# --- preconditions and records -------------------------------------------------------------------


@pytest.fixture
def asked(gated, department, data_officer):
    return services.register_project(department, name="目录平台", by=data_officer)


def test_preconditions_are_ticked_with_their_evidence(asked, browse, data_officer):
    client, path = browse(data_officer), f"/projects/{asked.number}/checks/approval/"
    facts = {"checked_on": "2022-04-14", "version": "1", "document_number": ""}
    bare = client.post(path, {**facts, "catalogue": "on"})
    assert bare.status_code == 422
    assert "写明佐证" in bare.content.decode()
    client.post(path, {**facts, "catalogue": "on", "catalogue_evidence": "目录1号"})
    assert GateCheck.rows.get().condition == "catalogue"
    unchanged = client.post(
        path, {**facts, "version": "2", "catalogue": "on", "catalogue_evidence": "目录1号"}
    )
    assert "没有改动" in unchanged.content.decode()
    client.post(
        path, {**facts, "version": "2", "aggregation": "on", "aggregation_evidence": "清单"}
    )
    assert [(row.condition, row.is_met) for row in GateCheck.rows.order_by("pk")][1:] == [
        ("catalogue", False),
        ("aggregation", True),
    ]
    page = text(client.get(f"/projects/{asked.number}/"))
    assert "数据汇聚✓已完成清单，2022-04-14" in page


@pytest.mark.parametrize("gate", ["launch", "acceptance"])
def test_what_is_not_asked_for_has_no_page(asked, gated, browse, data_officer, gate):
    gated.moments = ["approval"]
    gated.save()
    path = f"/projects/{asked.number}/checks/{gate}/"
    assert browse(data_officer).get(path).status_code == 404


def test_a_warning_and_not_a_block_where_preconditions_are_missing(asked, opine, browse, officer):
    opine(asked)
    page = text(browse(officer).get("/projects/?warning=not_prepared"))
    assert "立项的审批要件未登记：公共数据资源目录编制、数据汇聚" in page


def test_reviews_and_coordination_stand_on_the_page(project, browse, data_officer):
    client, path = browse(data_officer), f"/projects/{project.number}/records/new/"
    assert client.get(f"{path}?kind=review").context["form"]["kind"].value() == "review"
    facts = {"kind": "coordination", "happened_on": "2022-04-01", "once": "r1"}
    scan = SimpleUploadedFile("纪要.pdf", PDF, "application/pdf")
    client.post(path, {**facts, "text": "协调接口", "result": "已对接", "file": scan})
    row = ProjectRecord.rows.get()
    page = text(client.get(f"/projects/{project.number}/"))
    assert "重大问题协调2022-04-01协调接口结果：已对接纪要.pdf" in page
    file = client.get(f"/projects/{project.number}/records/{row.pk}/file/")
    assert file.status_code == 200


def test_without_such_powers_there_are_no_records(city, department, browse, data_officer):
    PowerFactory(programme=city.programme)
    row = services.register_project(department, name="平台", by=None)
    answer = browse(data_officer).get(f"/projects/{row.number}/records/new/", follow=True)
    assert "没有写评价和协调的职权" in answer.content.decode()


# --- where else they show ------------------------------------------------------------------------


def test_the_units_file_of_an_earlier_day_shows_what_stood_then(project, opine, browse, officer):
    opine(project, "veto", on=NOVEMBER)
    opine(project, on=DECEMBER)
    path = f"/units/{project.unit.code}/"
    assert "立项被否决" not in text(browse(officer).get(path))
    assert "立项被否决，2021-11-12" in text(browse(officer).get(f"{path}?on=2021-12-01"))


def test_a_unit_without_powers_and_projects_has_no_such_block(city, browse, officer):
    path = f"/units/{city.department.code}/"
    assert "信息化项目意见" not in browse(officer).get(path).content.decode()
