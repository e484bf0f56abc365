"""What stands at a gate, and what a reader is warned of: SQL and Python give one answer."""

from datetime import date
from itertools import product

import pytest

from core import clock
from projects.choices import Alert, Condition, Decision, Gate
from projects.holders import _tellers, cdo_of, told_by
from projects.models import Power, Project
from projects.queries import places, register
from projects.queries.powers import powers_by_programme
from projects.queries.standing import (
    alerts_told,
    missing_told,
    standing,
    standings,
    warned,
    with_decisions,
    with_missing,
    with_standing,
)
from tests.factories.officers import AppointmentFactory
from tests.factories.projects import GateCheckFactory, OpinionFactory, PowerFactory, ProjectFactory

from .conftest import DECEMBER, NOVEMBER

pytestmark = pytest.mark.django_db
TODAY = date(2022, 4, 15)
ALL = list(product([None, *Decision], [None, *Decision], [(), ("catalogue",), tuple(Condition)]))


def test_the_latest_opinion_of_a_gate_stands(project, opine):
    veto = opine(project, "veto", on=NOVEMBER)
    assert standing(project, NOVEMBER).approval == veto
    later = opine(project, on=DECEMBER)
    assert standing(project, TODAY).approval == later
    assert standing(project, date(2021, 12, 19)).approval == veto
    # What comes in late and is dated earlier stays history; the same day's later entry stands.
    opine(project, "veto", on=date(2021, 11, 20))
    assert standing(project, TODAY).approval == later
    again = opine(project, "veto", on=DECEMBER)
    assert standing(project, TODAY).approval == again
    assert standing(project, TODAY).acceptance is None


@pytest.fixture
def many(city):
    """A project for each answer at 立项, at 验收, and preconditions met at both."""
    gate = PowerFactory(programme=city.programme, kind="gate")
    place = city.enrolment(city.department)
    for approval, acceptance, met in ALL:
        row = ProjectFactory(enrolment=place)
        for name, decision in (("approval", approval), ("acceptance", acceptance)):
            if decision == Decision.VETO:
                OpinionFactory(project=row, gate=name, power=gate, veto=True)
            elif decision:
                OpinionFactory(project=row, gate=name, power=gate)
            for condition in met:
                GateCheckFactory(project=row, gate=name, condition=condition, is_met=False)
                GateCheckFactory(project=row, gate=name, condition=condition)
    return Project.rows.order_by("pk")


def test_sql_and_python_warn_of_the_same(many):
    told = standings(many, TODAY)
    rows = with_decisions(many, TODAY)
    for alert in Alert:
        expected = {pk for pk, one in told.items() if alert in one.alerts}
        assert set(warned(rows, alert, TODAY).values_list("pk", flat=True)) == expected
        assert 0 < len(expected) < len(ALL)
    anything = {pk for pk, one in told.items() if one.alerts}
    assert set(warned(rows, "", TODAY).values_list("pk", flat=True)) == anything
    for row in with_missing(with_standing(many, TODAY), TODAY):
        one = told[row.pk]
        assert alerts_told(row) == one.alerts
        assert missing_told(row) == [(gate, each) for gate in Gate for each in one.missing(gate)]
        assert row.approval_opinion == (one.approval.pk if one.approval else None)
        assert row.acceptance_on == (one.acceptance.given_on if one.acceptance else None)


def test_every_combination_warns_as_the_words_say(many):
    told = standings(many, TODAY)
    for row, (approval, acceptance, met) in zip(many, ALL, strict=True):
        expected = set()
        if approval == Decision.VETO:
            expected.add(Alert.APPROVAL_VETOED)
        if acceptance == Decision.VETO:
            expected.add(Alert.ACCEPTANCE_VETOED)
        if acceptance == Decision.APPROVE and approval != Decision.APPROVE:
            expected.add(Alert.NOT_APPROVED)
        if (approval or acceptance) and len(met) < len(Condition):
            expected.add(Alert.NOT_PREPARED)
        assert set(told[row.pk].alerts) == expected


def test_the_head_counts_what_its_links_list(many):
    found = register.totals(Project.rows.all(), TODAY)
    rows = with_decisions(Project.rows.all(), TODAY)
    assert found.projects == len(ALL)
    assert found.approval_vetoed == rows.filter(approval="veto").count()
    assert found.acceptance_vetoed == rows.filter(acceptance="veto").count()
    assert found.warned == warned(rows, "", TODAY).count()


def test_a_list_of_fifty_costs_three_queries(many, django_assert_num_queries):
    rows = list(many.for_lists())
    with django_assert_num_queries(3):
        assert [one.alerts for one in standings(rows, TODAY).values()]


def test_a_project_is_found_by_number_code_name_and_unit(project, city):
    ProjectFactory(enrolment=city.enrolment(city.district), name="别的")
    for text in (project.number, "数据共享", "公安局"):
        assert list(register.searched(Project.rows.all(), text)) == [project], text


def test_a_unit_enters_projects_under_the_programme_that_speaks_of_them(
    powers, city, data_officer, officer
):
    def found(user, unit, kinds=places.FOR_PROJECTS, **more):
        return places.place(user, unit, kinds, clock.today(), **more)

    mine = city.enrolment(city.department)
    assert found(data_officer, city.department) == mine
    assert found(officer, city.department, wanted=city.programme) == mine
    assert found(officer, city.bureau) is None
    assert found(data_officer, city.district) is None
    powers["correct"].withdrawn_on = TODAY
    powers["correct"].save()
    assert found(data_officer, city.department, places.FOR_FINDINGS) is None
    assert places.grants(city.programme, places.FOR_PROJECTS)
    assert not places.grants(city.programme, places.FOR_FINDINGS)
    assert powers_by_programme([]) == {}
    assert Power.rows.standing().count() == 3


def test_everybody_in_the_programme_may_read_its_powers(powers, data_officer, foreigner):
    assert Power.objects.visible_to(data_officer).count() == 4
    assert Power.objects.visible_to(foreigner).count() == 0


def test_the_register_of_officers_tells_who_is_cdo(city):
    assert cdo_of(city.department, TODAY) == ""
    acting = AppointmentFactory(unit=city.department, kind="acting", seat=1)
    assert cdo_of(city.department, TODAY) == acting.person.name
    holder = AppointmentFactory(unit=city.department)
    assert cdo_of(city.department, TODAY) == holder.person.name
    assert cdo_of(city.department, date(2021, 1, 1)) == ""


def test_the_first_that_knows_a_name_is_believed(city):
    told_by(lambda _unit, _on: "周明")
    try:
        assert cdo_of(city.department, TODAY) == "周明"
    finally:
        _tellers.pop()
