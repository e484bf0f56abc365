"""述职/迎检材料: one Word file of one person's year, of what the reader may see."""

import io
from datetime import date

import pytest
from docx import Document
from docx.table import Table

from cdo_portal.pages import year as pages
from tests.factories.accounts import UserFactory
from tests.factories.duties import FulfilmentFactory, ItemProgressFactory
from tests.factories.officers import (
    AppointmentFactory,
    FilingFactory,
    PersonFactory,
    TeamFactory,
    TeamMemberFactory,
)
from tests.factories.projects import FindingFactory, OpinionFactory, ProjectFactory
from tests.officers.cast import ruled

pytestmark = pytest.mark.django_db


@pytest.fixture
def holder(city):
    ruled(city)
    person = PersonFactory(unit=city.department, name="周明")
    return AppointmentFactory(
        unit=city.department, person=person, document_number="深公字〔2021〕31号"
    )


def opened(answer):
    """{heading: the lines of its table, or its sentence}."""
    found, heading = {}, ""
    for block in Document(io.BytesIO(answer.content)).iter_inner_content():
        if isinstance(block, Table):
            found[heading] = [[cell.text for cell in row.cells] for row in block.rows]
        elif block.style.style_id == "Heading1":
            heading = block.text.partition("、")[2]
        elif heading and block.text:
            found[heading] = block.text
    found.pop("", None)
    return found


def path(person, year=""):
    return f"/officers/people/{person.uuid}/year.docx?year={year}"


def test_an_empty_year_says_so_in_each_section(city, holder, officer, browse):
    found = opened(browse(officer).get(path(holder.person, 2020)))
    assert len(found) == len(pages.SECTIONS)
    assert set(found.values()) == {
        "本年度没有任职登记。",
        "任职期间没有登记培训和交流会。",
        "任职期间没有登记报送的报告。",
        "任职期间没有登记事项进展。",
        "任职期间没有登记其他完成的任务。",
        "任职期间没有登记信息化项目意见。",
        "任职期间没有登记发现的问题。",
        "本年度没有登记团队。",
    }


def test_a_year_holds_what_fell_into_the_tenure(city, holder, officer, browse):
    training = city.assignment(city.department, "training")
    for day, note in (("2021-09-01", "任前"), ("2021-10-11", "首次"), ("2022-03-01", "次年")):
        FulfilmentFactory(assignment=training, happened_on=day, note=note)
    FulfilmentFactory(assignment=training, happened_on="2021-11-11", note="作废的",
                      voided_at="2021-12-01T00:00Z", void_reason="错",
                      voided_by=officer)  # fmt: skip
    FulfilmentFactory(
        assignment=city.assignment(city.department), happened_on="2021-12-20", note="总结"
    )
    FulfilmentFactory(
        assignment=city.assignment(city.department, "plan"), happened_on="2021-12-21", note="方案"
    )
    item = training.obligation.area.items.last()
    ItemProgressFactory(item=item, enrolment=city.enrolment(city.department),
                        happened_on=date(2021, 11, 2), summary="培训120人")  # fmt: skip
    FilingFactory(programme=city.programme, appointment=holder, accepted=True)
    TeamFactory(unit=city.department, name="甲办", leader=holder.person)
    other = TeamFactory(unit=city.department, name="乙组", kind="support")
    TeamMemberFactory(team=other, person=holder.person, duty="统筹")
    TeamFactory(unit=city.district, name="别区的")
    project = ProjectFactory(enrolment=city.enrolment(city.department), name="共享平台")
    OpinionFactory(project=project, veto=True, reason="重复")
    OpinionFactory(project=project, given_on=date(2021, 9, 1))
    for day in (date(2021, 9, 1), date(2021, 12, 1)):
        FindingFactory(enrolment=project.enrolment, title=f"{day}发现", found_on=day)
    found = opened(browse(officer).get(path(holder.person, 2021)))
    assert found["任职"][1][:4] == [
        "测试市公安局", "首席数据官（正式）", "2021年9月16日\n至今", "深公字〔2021〕31号",
    ]  # fmt: skip
    assert "2021年10月8日" in found["任职"][1][4]
    assert [row[-1] for row in found["组织培训和交流会"][1:]] == ["首次"]
    assert [row[-1] for row in found["报送工作总结和报告"][1:]] == ["总结"]
    assert [row[-1] for row in found["完成的其他规定任务"][1:]] == ["方案"]
    assert [row[-1] for row in found["各项职责的进展"][1:]] == ["培训120人"]
    assert [row[1:] for row in found["信息化项目意见"][1:]] == [["共享平台", "立项否决", "重复"]]
    assert [row[1:] for row in found["发现、制止及纠正"][1:]] == [["2021-12-01发现", "已发现", "—"]]
    assert [(row[0], row[-1]) for row in found["工作机构和团队"][1:]] == [
        ("甲办", "负责人"),
        ("乙组", "统筹"),
    ]


@pytest.mark.parametrize(
    ("asked", "year"),
    [("2021", 2021), ("2022", 2022), ("2023", 2022), ("", 2022), ("x", 2022), ("0001", 2022),
     ("１９９９", 2022)],
)  # fmt: skip
def test_the_year_asked_for_or_this_one(holder, officer, browse, asked, year):
    answer = browse(officer).get(path(holder.person, asked))
    assert f"{year}" in answer["Content-Disposition"]
    assert answer["Content-Type"].endswith("wordprocessingml.document")


def test_the_document_is_chinese_for_a_reader_of_english_and_has_no_contacts(
    city, holder, officer, browse
):
    officer.language = "en"
    officer.save()
    holder.person.mobile = "13800001234"
    holder.person.save()
    answer = browse(officer).get(path(holder.person, 2021))
    found = opened(answer)
    assert "任职" in found
    assert b"13800001234" not in answer.content
    assert "1234" not in str(found)


def test_who_sees_the_person_gets_the_file(city, holder, cast, browse):
    seen = {
        name
        for name, user in cast.items()
        if browse(user).get(path(holder.person, 2021)).status_code == 200
    }
    assert seen == {"officer", "head", "data_officer", "unit_cdo", "provincial_reader",
                    "evaluator", "api_client_user", "auditor"}  # fmt: skip
    assert browse(UserFactory()).get(path(holder.person)).status_code == 403


def test_apps_to_come_add_their_own_section(holder, officer, browse):
    def opinions(_year):
        return pages.Section("提出意见", ["意见"], [["甲"]], "没有。")

    pages.SECTIONS.append(opinions)
    try:
        found = opened(browse(officer).get(path(holder.person)))
    finally:
        pages.SECTIONS.remove(opinions)
    assert found["提出意见"] == [["意见"], ["甲"]]
