"""What the database itself holds of projects, opinions and findings: the same from raw SQL."""

from datetime import date

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from tests.factories.projects import (
    FindingFactory,
    FindingStepFactory,
    GateCheckFactory,
    OpinionFactory,
    PowerFactory,
    ProjectFactory,
    ProjectRecordFactory,
)

pytestmark = pytest.mark.django_db


def run(sql, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.mark.parametrize(
    ("made", "table"),
    [
        (OpinionFactory, "projects_opinion"),
        (GateCheckFactory, "projects_gatecheck"),
        (ProjectRecordFactory, "projects_projectrecord"),
        (FindingStepFactory, "projects_findingstep"),
    ],
)
def test_what_was_said_is_neither_changed_nor_deleted(made, table):
    row = made()
    for sql in (
        f"UPDATE {table} SET document_number = '' WHERE id = %s",
        f"DELETE FROM {table} WHERE id = %s",
    ):
        with pytest.raises(InternalError, match="Cannot"):
            run(sql, row.pk)
    assert type(row).rows.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"decision": "veto"}, "veto_with_reason_and_basis"),
        ({"decision": "veto", "reason": "重复"}, "veto_with_reason_and_basis"),
        ({"decision": "veto", "basis": "方案"}, "veto_with_reason_and_basis"),
        ({"decision": "perhaps"}, "yes_or_veto"),
        ({"gate": "launch"}, "one_of_two_gates"),
        ({"gate": ""}, "one_of_two_gates"),
        ({"cdo_name": ""}, "names_the_cdo"),
        ({"route": "paper"}, "on_paper_has_its_paper"),
        ({"route": "phone"}, "on_paper_has_its_paper"),
        ({"document_number": "12号"}, "opinion_document_number"),
    ],
)
def test_an_opinion_that_says_too_little_is_no_row(facts, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        OpinionFactory(**facts)


def test_a_paper_opinion_stands_on_its_number():
    assert OpinionFactory(route="paper", document_number="深公字〔2021〕12号").pk


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"started_on": date(2022, 2, 1), "closed_on": date(2022, 1, 1)}, "closed_after"),
        ({"budget": -1}, "budget_is_no_debt"),
        ({"withdrawn_on": date(2022, 1, 1)}, "withdrawn_with_a_reason"),
        ({"withdraw_reason": "重复"}, "withdrawn_with_a_reason"),
    ],
)
def test_a_project_with_dates_or_sums_that_contradict_is_no_row(facts, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        ProjectFactory(**facts)


def test_a_project_is_once_in_a_unit_until_it_is_withdrawn():
    row = ProjectFactory(name="平台", city_code="A1")
    for facts in ({"name": "平台"}, {"city_code": "A1"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProjectFactory(enrolment=row.enrolment, **facts)
    assert ProjectFactory(name="平台", city_code="A1").pk  # of another unit
    run(
        "UPDATE projects_project SET withdrawn_on = '2022-01-01', withdraw_reason = 'x'"
        " WHERE id = %s",
        row.pk,
    )
    assert ProjectFactory(enrolment=row.enrolment, name="平台", city_code="A1").pk


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"status": "lost"}, "no state of projects_finding"),
        ({"status": "stopped"}, "stopped_on_a_day"),
        ({"status": "correcting"}, "corrected_by_a_day"),
        ({"status": "correcting", "due_on": date(2022, 4, 1)}, "corrected_by_a_day"),
        ({"status": "corrected"}, "corrected_on_a_day"),
        ({"corrected_on": date(2022, 4, 1)}, "corrected_on_a_day"),
        ({"status": "closed", "closed_on": date(2022, 4, 1)}, "closed_with_a_reason"),
        ({"close_reason": "不属实"}, "closed_with_a_reason"),
        ({"stopped_on": date(2022, 2, 1)}, "stopped_on_not_before"),
        ({"due_on": date(2022, 2, 1)}, "due_on_not_before"),
        ({"status": "corrected", "corrected_on": date(2022, 2, 1)}, "corrected_on_not_before"),
        (
            {"status": "closed", "closed_on": date(2022, 2, 1), "close_reason": "x"},
            "closed_on_not_before",
        ),
    ],
)
def test_a_finding_whose_state_and_days_disagree_is_no_row(facts, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        FindingFactory(**facts)


@pytest.mark.parametrize(
    ("made", "facts"),
    [
        (GateCheckFactory, {"evidence": ""}),
        (GateCheckFactory, {"gate": "launch"}),
        (ProjectRecordFactory, {"text": ""}),
        (ProjectRecordFactory, {"kind": "chat"}),
        (FindingStepFactory, {"text": ""}),
        (FindingStepFactory, {"step": "dance"}),
    ],
)
def test_entries_say_something_of_a_known_kind(made, facts):
    with pytest.raises(IntegrityError):
        made(**facts)


def test_rows_are_told_by_what_people_call_them():
    project = ProjectFactory(number="XM-2022-0009", name="平台")
    opinion = OpinionFactory(project=project)
    finding = FindingFactory(number="FX-2022-0009", title="问题", enrolment=project.enrolment)
    assert str(project) == "XM-2022-0009 平台"
    assert str(opinion) == "立项同意 2021-11-12"
    assert str(GateCheckFactory(project=project)) == "立项 公共数据资源目录编制 2021-11-01"
    assert str(ProjectRecordFactory(project=project)) == "项目评价意见 2021-12-01"
    assert str(finding) == "FX-2022-0009 问题"
    assert str(FindingStepFactory(finding=finding)) == "发现 2022-03-01"
    assert str(PowerFactory()) == "一票否决权"
    assert (finding.unit, finding.programme) == (project.unit, project.programme)


def test_a_finding_is_overdue_only_while_it_is_to_be_corrected():
    due = FindingFactory(correcting=True)
    assert not due.is_overdue(date(2022, 4, 29))
    assert due.is_overdue(date(2022, 4, 30))
    assert due.is_open
    done = FindingFactory(
        status="corrected", corrected_on=date(2022, 5, 1), due_on=date(2022, 4, 29)
    )
    assert not done.is_overdue(date(2022, 5, 30))
    assert not done.is_open
