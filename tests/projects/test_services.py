"""Entering projects and what is said of them: through the services, with every refusal in words."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from core import clock
from core.errors import Refused, StaleVersion
from core.models import AuditEntry
from pilots.models import Enrolment
from projects import services
from projects.models import GateCheck, Opinion, Project
from projects.queries.powers import Powers, powers_of
from tests.factories.projects import FindingFactory

from .conftest import DECEMBER, NOVEMBER

pytestmark = pytest.mark.django_db


def said(caught):
    """{field: sentence} of a ValidationError."""
    return {name: "".join(texts) for name, texts in caught.value.message_dict.items()}


# --- the register --------------------------------------------------------------------------------


def test_a_project_gets_a_number_and_an_entry_in_the_record(powers, department, data_officer):
    row = services.register_project(
        department, name="  数据共享平台 ", budget=Decimal("120.5"), kind="build", by=data_officer
    )
    assert (row.number, row.name, row.version) == ("XM-2022-0001", "数据共享平台", 1)
    entry = AuditEntry.objects.get(verb="project.register")
    assert (entry.subject, entry.unit_code) == (f"project:{row.number}", department.unit.code)
    assert entry.after["budget"] == "120.5"


def test_a_form_sent_twice_enters_one_project(powers, department, data_officer):
    services.register_project(department, name="平台", once="k", by=data_officer)
    with pytest.raises(Refused, match="没有重复登记"):
        services.register_project(department, name="平台二", once="k", by=data_officer)
    assert Project.rows.count() == 1


def test_the_same_project_twice_is_refused_by_the_name_of_the_first(project, department):
    with pytest.raises(ValidationError) as caught:
        services.register_project(department, name="数据共享平台", by=None)
    assert project.number in said(caught)["name"]
    services.mend_project(project, city_code="SZ-1", by=None)
    with pytest.raises(ValidationError) as caught:
        services.register_project(department, name="另一个", city_code="SZ-1", by=None)
    assert "SZ-1" in said(caught)["city_code"]
    assert "数据共享平台" in said(caught)["city_code"]


def test_only_pilots_of_a_programme_with_a_say_have_projects(city, department, data_officer):
    with pytest.raises(Refused, match="没有写信息化项目方面的职权"):
        services.register_project(department, name="平台", by=data_officer)
    bureau = Enrolment.rows.get(unit=city.bureau)
    with pytest.raises(Refused, match="不是这个方案的试点单位"):
        services.register_project(bureau, name="平台", by=data_officer)


def test_a_slot_has_no_projects(powers, city, department):
    city.department.is_slot = True
    city.department.save()
    with pytest.raises(Refused, match="先补名"):
        services.register_project(department, name="平台", by=None)


def test_days_that_contradict_are_refused_at_their_field(project):
    facts = {"started_on": DECEMBER, "closed_on": NOVEMBER}
    with pytest.raises(ValidationError) as caught:
        services.mend_project(project, by=None, **facts)
    assert said(caught) == {"closed_on": "结束日期不能早于启动日期2021-12-20。"}


def test_mending_counts_versions_and_knows_its_fields(project, data_officer):
    row = services.mend_project(project, summary=" 目录 ", version=1, by=data_officer)
    assert (row.summary, row.version) == ("目录", 2)
    with pytest.raises(StaleVersion):
        services.mend_project(project, note="x", version=1, by=data_officer)
    with pytest.raises(ValueError, match="number"):
        services.mend_project(project, number="XM-1", by=data_officer)


def test_a_withdrawn_project_stays_readable_and_takes_no_more(project, opine, data_officer):
    opine(project)
    with pytest.raises(Refused, match="写明"):
        services.withdraw_project(project, reason=" ", by=data_officer)
    row = services.withdraw_project(project, reason="录错了", by=data_officer)
    assert (row.withdrawn_on, row.withdraw_reason) == (clock.today(), "录错了")
    assert Opinion.rows.count() == 1
    with pytest.raises(Refused, match="已在2022-04-15撤销登记"):
        opine(project)


def test_a_project_with_an_open_finding_is_not_withdrawn(project):
    row = FindingFactory(enrolment=project.enrolment, project=project)
    with pytest.raises(Refused, match=row.number):
        services.withdraw_project(project, reason="录错了", by=None)


# --- opinions ------------------------------------------------------------------------------------


def test_an_opinion_given_online_bears_the_name_of_its_giver(project, opine, unit_cdo, powers):
    row = opine(project, cdo_name="别人")
    assert (row.cdo_name, row.entered_by, row.power) == (
        unit_cdo.display_name,
        unit_cdo,
        powers["veto"],
    )
    project.refresh_from_db()
    assert project.version == 2  # nobody acts on what he has not seen
    entry = AuditEntry.objects.get(verb="project.opine")
    assert (entry.after["decision"], entry.after["gate"]) == ("approve", "approval")


def test_a_veto_needs_reason_and_basis_all_said_at_once(project, opine):
    with pytest.raises(ValidationError) as caught:
        opine(project, "veto", reason=" ", basis="")
    assert set(said(caught)) == {"reason", "basis"}
    row = opine(project, "veto")
    assert row.is_veto


def test_a_paper_opinion_needs_a_name_and_its_paper(project, opine, data_officer):
    with pytest.raises(ValidationError) as caught:
        opine(project, route="paper", by=data_officer)
    assert set(said(caught)) == {"cdo_name", "document_number"}
    row = opine(
        project,
        route="paper",
        by=data_officer,
        cdo_name=" 周明 ",
        paper=services.Paper("深公字[2021]12号"),
    )
    assert (row.cdo_name, row.document_number) == ("周明", "深公字〔2021〕12号")


def test_a_number_that_is_none_is_refused_with_what_was_typed(project, opine):
    with pytest.raises(ValidationError) as caught:
        opine(project, paper=services.Paper("十二号"))
    assert "“十二号”" in said(caught)["document_number"]


@pytest.mark.parametrize("on", [None, clock.FIRST_DAY + timedelta(days=90_000)])
def test_an_opinion_has_a_day_that_has_come(project, opine, on):
    with pytest.raises(ValidationError) as caught:
        opine(project, on=on)
    assert set(said(caught)) == {"given_on"}


def test_before_the_unit_took_part_nobody_had_the_power(project, opine):
    place = project.enrolment
    place.starts_on = date(2021, 12, 1)
    place.save()
    with pytest.raises(ValidationError) as caught:
        opine(project)
    assert "没有这项职权" in said(caught)["given_on"]


def test_where_no_document_grants_the_veto_nobody_vetoes(gated, department, opine):
    row = services.register_project(department, name="平台", by=None)
    with pytest.raises(Refused, match="没有赋予立项环节的一票否决权"):
        opine(row, "veto")
    assert opine(row).power == gated


def test_where_no_document_speaks_of_gates_there_are_no_opinions(powers, project, opine):
    power = powers["veto"]
    power.withdrawn_on = clock.today()
    power.save()
    with pytest.raises(Refused, match="没有写首席数据官在验收环节的职权"):
        opine(project, gate="acceptance")
    with pytest.raises(Refused, match="launch"):
        opine(project, gate="launch")


def test_a_veto_for_one_gate_only_binds_the_other_to_nothing(powers, project, opine):
    power = powers["veto"]
    power.moments = ["approval"]
    power.save()
    assert opine(project, "veto")
    with pytest.raises(Refused, match="验收环节的职权"):
        opine(project, "veto", gate="acceptance")


def test_a_form_sent_twice_gives_one_opinion_and_a_stale_one_none(project, opine):
    opine(project, once="k", version=1)
    with pytest.raises(Refused, match="没有重复登记"):
        opine(project, once="k")
    with pytest.raises(StaleVersion):
        opine(project, version=1)
    assert Opinion.rows.count() == 1


# --- preconditions and records -------------------------------------------------------------------


def check(project, **facts):
    given = {"gate": "approval", "condition": "catalogue", "is_met": True, "evidence": "目录1号"}
    return services.check_gate(
        project, **{**given, "checked_on": NOVEMBER, "by": None, "version": None, **facts}
    )


def test_a_precondition_is_noted_with_its_evidence(gated, department):
    row = services.register_project(department, name="平台", by=None)
    with pytest.raises(ValidationError) as caught:
        check(row, evidence=" ")
    assert set(said(caught)) == {"evidence"}
    assert check(row).is_met
    assert not check(row, is_met=False, evidence="目录已撤").is_met
    assert GateCheck.rows.count() == 2


def test_what_a_programme_does_not_ask_for_is_not_checked(project):
    with pytest.raises(Refused, match="没有这项审批要件"):
        check(project)


def test_reviews_and_coordination_rest_on_their_own_powers(project, powers):
    facts = {"text": "建议对接", "happened_on": NOVEMBER, "by": None}
    row = services.record(project, kind="review", result="已采纳 ", once="", **facts)
    assert (row.result, row.get_kind_display()) == ("已采纳", "项目评价意见")
    powers["coordinate"].withdrawn_on = clock.today()
    powers["coordinate"].save()
    with pytest.raises(Refused, match="重大问题协调"):
        services.record(project, kind="coordination", **facts)
    with pytest.raises(ValidationError):
        services.record(project, kind="review", **{**facts, "text": ""})


def test_a_record_sent_twice_is_one(project, data_officer):
    facts = {"kind": "review", "text": "建议", "happened_on": NOVEMBER, "by": data_officer}
    services.record(project, once="k", **facts)
    with pytest.raises(Refused, match="没有重复登记"):
        services.record(project, once="k", **facts)


def test_powers_are_those_of_the_programme_and_no_other(powers, city):
    found = powers_of(city.programme)
    assert (found.has_projects, found.has_findings) == (True, True)
    assert [gate.value for gate in found.gates] == ["approval", "acceptance"]
    assert found.decisions("launch") == []
    nothing = Powers()
    assert (nothing.has_projects, nothing.has_findings, nothing.gates) == (False, False, [])
