"""Teams that support a CDO, and who is in them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core.errors import Refused, StaleVersion
from core.models import AuditEntry
from duties import services as duties
from duties.choices import Status
from officers import services
from officers.models import Person, Team, TeamMember
from officers.services import NewPerson, Part
from tests.factories.officers import PersonFactory, TeamFactory, TeamMemberFactory
from tests.factories.pilots import UnitFactory

pytestmark = pytest.mark.django_db
SET_UP = date(2021, 11, 8)


def set_up(unit, **facts):
    given = {"kind": "cdo_office", "name": "首席数据官办公室", "starts_on": SET_UP, "by": None}
    return services.set_up_team(unit, **given | facts)


@pytest.fixture
def task(register):
    """The department's demand for an office or a task force (OB-10)."""

    def now():
        return register.city.assignment(register.city.department, "office")

    return now


# --- teams ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["cdo_office", "task_force"])
def test_an_office_or_a_task_force_fulfils_the_demand_on_the_day_it_was_set_up(
    register, task, officer, kind
):
    number = "深公字[2021] 12号"
    team = set_up(register.city.department, kind=kind, document_number=number, by=officer)
    assert team.number == "TD-2022-0001"
    assert team.document_number == "深公字〔2021〕12号"
    assert task().status == Status.DONE
    assert task().done_on == SET_UP
    assert task().fulfilments.get().note == "首席数据官办公室 深公字〔2021〕12号"
    entry = AuditEntry.objects.get(verb="team.set_up")
    assert (entry.subject, entry.unit_code) == (f"team:{team.number}", team.unit.code)


@pytest.mark.parametrize("kind", ["support", "professional", "expert_pool", "security_experts"])
def test_other_teams_fulfil_no_demand_for_an_office(register, task, kind):
    set_up(register.city.department, kind=kind)
    assert task().status == Status.ASSIGNED


def test_a_second_office_counts_once_and_takes_over_when_the_first_was_no_office(register, task):
    first = set_up(register.city.department)
    second = set_up(register.city.department, kind="task_force", starts_on=date(2022, 1, 10))
    assert task().fulfilments.count() == 1
    services.void_team(first, by=None, reason="重复登记")
    assert (task().status, task().done_on) == (Status.DONE, second.starts_on)
    services.void_team(second, by=None, reason="重复登记")
    assert task().status == Status.ACCEPTED


def test_the_second_office_counts_where_the_record_of_the_first_was_taken_off_the_task(
    register, task
):
    set_up(register.city.department)
    duties.void(task().fulfilments.get(), by=None, reason="没有文件")
    second = set_up(register.city.department, kind="task_force", starts_on=date(2022, 1, 10))
    assert task().done_on == second.starts_on


def test_mending_the_day_or_the_kind_counts_anew(register, task):
    team = set_up(register.city.department)
    team = services.mend_team(team, by=None, starts_on=date(2021, 12, 1), version=team.version)
    assert task().done_on == date(2021, 12, 1)
    team = services.mend_team(team, by=None, note=" 统筹数据工作 ")
    assert (team.note, task().fulfilments.filter(voided_at=None).count()) == ("统筹数据工作", 1)
    team = services.mend_team(team, by=None, kind="support", document_number="深公字(2021)3号")
    assert task().status == Status.ACCEPTED
    services.mend_team(team, by=None, kind="task_force")
    assert task().status == Status.DONE


def test_an_ended_office_was_set_up_all_the_same(register, task):
    team = services.end_team(set_up(register.city.department), on=date(2022, 3, 1), by=None)
    assert task().status == Status.DONE
    assert list(Team.rows.standing(date(2022, 3, 1))) == [team]
    assert not Team.rows.standing(date(2022, 3, 2)).exists()


def test_the_same_team_twice_is_refused_by_the_first_ones_number(register):
    first = set_up(register.city.department)
    with pytest.raises(ValidationError) as refused:
        set_up(register.city.department, name=" 首席数据官办公室 ", starts_on=date(2022, 2, 1))
    said = refused.value.message_dict["name"][0]
    assert first.number in said
    assert "2021-11-08至今" in said
    services.end_team(first, on=date(2022, 1, 31), by=None)
    again = set_up(register.city.department, starts_on=date(2022, 2, 1))
    with pytest.raises(ValidationError):
        set_up(register.city.department, starts_on=date(2021, 1, 1), ends_on=date(2021, 12, 31))
    set_up(register.city.department, starts_on=date(2021, 1, 1), ends_on=date(2021, 10, 31))
    assert again.pk


def test_the_database_refuses_the_same_team_twice_too(city):
    TeamFactory(unit=city.department)
    with pytest.raises(IntegrityError, match="team_once"), transaction.atomic():
        TeamFactory(unit=city.department)


@pytest.mark.parametrize(
    ("facts", "field", "said"),
    [
        ({"starts_on": None}, "starts_on", "填写“成立日期”"),
        ({"starts_on": date(2022, 4, 16)}, "starts_on", "2022-04-16还没有到"),
        ({"ends_on": date(2021, 11, 7)}, "ends_on", "不能早于起始日期2021-11-08"),
        ({"document_number": "深公字〔2021〕012号"}, "document_number", "深公字〔2021〕012号"),
        ({"name": " "}, "name", ""),
        ({"kind": "club"}, "kind", "club"),
        ({"modes": ["slow"]}, "modes", ""),
    ],
)
def test_bad_input_is_refused_by_field(city, facts, field, said):
    with pytest.raises(ValidationError) as refused:
        set_up(city.department, **facts)
    assert said in refused.value.message_dict[field][0]
    assert not Team.rows.exists()


def test_a_body_without_a_name_or_outside_its_life_has_no_team(city):
    with pytest.raises(Refused, match="还没有名称"):
        set_up(UnitFactory(is_slot=True))
    with pytest.raises(Refused, match="2021-11-08时晚成立局还没有成立"):
        set_up(UnitFactory(name="晚成立局", established_on=date(2022, 1, 1)))


def test_a_team_is_not_changed_blindly_nor_twice(city):
    team = set_up(city.department)
    for change in (
        lambda: services.mend_team(team, by=None, name="甲", version=9),
        lambda: services.end_team(team, on=SET_UP, by=None, version=9),
        lambda: services.void_team(team, by=None, reason="错", version=9),
    ):
        with pytest.raises(StaleVersion):
            change()
    with pytest.raises(ValueError, match="unit"):
        services.mend_team(team, by=None, unit=city.district)
    with pytest.raises(Refused, match="写明作废原因"):
        services.void_team(team, by=None, reason=" ")
    services.end_team(team, on=date(2022, 3, 1), by=None)
    with pytest.raises(Refused, match="2022-03-01为止"):
        services.end_team(team, on=date(2022, 3, 2), by=None)
    services.void_team(team, by=None, reason="录错单位")
    with pytest.raises(Refused, match="已作废"):
        services.mend_team(team, by=None, name="甲")


# --- members -------------------------------------------------------------------------------------


def test_a_member_joins_is_mended_and_leaves(city, officer):
    team = set_up(city.department)
    person = PersonFactory(unit=city.department)
    row = services.add_member(team, person, part=Part(SET_UP, duty=" 综合 "), by=officer)
    assert (row.duty, row.entry_mode, str(row)) == ("综合", "internal", f"{team} {person}")
    row = services.mend_member(row, by=officer, duty="目录编制", starts_on=date(2021, 12, 1))
    row = services.end_member(row, on=date(2022, 3, 1), by=officer, version=row.version)
    assert TeamMember.rows.standing(date(2022, 3, 1)).get() == row
    assert not TeamMember.rows.standing(date(2022, 3, 2)).exists()
    verbs = AuditEntry.objects.of(f"team:{team.number}").values_list("verb", flat=True)
    assert set(verbs) == {
        "team.set_up",
        "team.add_member",
        "team.mend_member",
        "team.end_member",
    }
    services.add_member(team, person, part=Part(date(2022, 3, 2)), by=officer)


def test_an_expert_is_entered_on_the_fly_with_where_he_or_she_works(city):
    pool = set_up(city.department, kind="expert_pool", name="数据专家人才库")
    part = Part(SET_UP, "purchased", expertise="数据安全", employer="测试数据公司")
    row = services.add_member(pool, NewPerson("周明", mobile="13800000001"), part=part, by=None)
    assert (row.person.unit, str(row.person.mobile)) == (city.department, "138****0001")
    assert list(TeamMember.rows.experts()) == [row]
    with pytest.raises(ValidationError) as refused:
        services.add_member(pool, NewPerson("周明明", mobile="138 0000 0001"), part=part, by=None)
    assert "周明" in refused.value.message_dict["mobile"][0]
    assert not Person.rows.filter(name="周明明").exists()


@pytest.mark.parametrize("mode", ["purchased", "invited"])
def test_who_comes_from_outside_comes_from_somewhere(city, mode):
    team = set_up(city.department)
    with pytest.raises(ValidationError, match="写明所在机构"):
        services.add_member(team, NewPerson("周明"), part=Part(SET_UP, mode), by=None)
    services.add_member(team, NewPerson("周明"), part=Part(SET_UP, "contract"), by=None)


def test_the_same_person_twice_in_a_team_is_refused_by_name_and_days(city):
    team = set_up(city.department)
    person = PersonFactory(unit=city.department, name="周明")
    services.add_member(team, person, part=Part(SET_UP), by=None)
    with pytest.raises(ValidationError) as refused:
        services.add_member(team, person, part=Part(date(2022, 1, 1)), by=None)
    said = refused.value.message_dict["person"][0]
    assert said == "周明已在“首席数据官办公室”（TD-2022-0001）中：2021-11-08至今。"
    with pytest.raises(IntegrityError, match="team_member_once"), transaction.atomic():
        TeamMemberFactory(team=team, person=person)


@pytest.mark.parametrize(
    ("part", "field", "said"),
    [
        (Part(None), "starts_on", "填写“加入日期”"),
        (Part(date(2021, 11, 7)), "starts_on", "2021-11-08至2022-03-31"),
        (Part(date(2022, 4, 1)), "starts_on", "TD-2022-0001"),
        (Part(date(2022, 1, 2), ends_on=date(2022, 1, 1)), "ends_on", "不能早于起始日期2022-01-02"),
        (Part(SET_UP, "magic"), "entry_mode", "magic"),
    ],
)
def test_bad_input_about_a_member_is_refused_by_field(city, part, field, said):
    team = services.end_team(set_up(city.department), on=date(2022, 3, 31), by=None)
    with pytest.raises(ValidationError) as refused:
        services.add_member(team, PersonFactory(unit=city.department), part=part, by=None)
    assert said in refused.value.message_dict[field][0]


def test_a_team_keeps_its_members_within_its_days(city):
    team = set_up(city.department)
    person = PersonFactory(unit=city.department, name="周明")
    member = services.add_member(team, person, part=Part(date(2022, 2, 1)), by=None)
    with pytest.raises(ValidationError) as refused:
        services.end_team(team, on=date(2022, 1, 31), by=None)
    assert refused.value.message_dict["ends_on"][0].startswith("周明2022-02-01加入")
    with pytest.raises(ValidationError) as refused:
        services.mend_team(team, by=None, starts_on=date(2022, 2, 2))
    assert "starts_on" in refused.value.message_dict
    services.void_member(member, by=None, reason="录错人")
    services.end_team(team, on=date(2022, 1, 31), by=None)


def test_a_member_is_not_changed_blindly_nor_twice(city):
    team = set_up(city.department)
    row = services.add_member(team, NewPerson("周明"), part=Part(SET_UP), by=None)
    for change in (
        lambda: services.mend_member(row, by=None, duty="甲", version=9),
        lambda: services.end_member(row, on=SET_UP, by=None, version=9),
        lambda: services.void_member(row, by=None, reason="错", version=9),
    ):
        with pytest.raises(StaleVersion):
            change()
    with pytest.raises(ValueError, match="person"):
        services.mend_member(row, by=None, person=row.person)
    with pytest.raises(Refused, match="写明作废原因"):
        services.void_member(row, by=None, reason=" ")
    services.end_member(row, on=date(2022, 3, 1), by=None)
    with pytest.raises(Refused, match="2022-03-01退出"):
        services.end_member(row, on=date(2022, 3, 2), by=None)
    services.void_member(row, by=None, reason="录错人")
    with pytest.raises(Refused, match="已作废"):
        services.mend_member(row, by=None, duty="甲")
