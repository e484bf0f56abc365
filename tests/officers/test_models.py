"""What the database itself refuses, and who sees which rows."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from officers.choices import Kind
from officers.models import Appointment, Filing, Person, PublicDirectory, Team, TeamMember
from tests.factories.officers import (
    AppointmentFactory,
    FilingFactory,
    HandoverFactory,
    PersonFactory,
    PostFactory,
    PostRuleFactory,
    TeamFactory,
    TeamMemberFactory,
)
from tests.factories.pilots import MembershipFactory, ProgrammeFactory, UnitFactory

pytestmark = pytest.mark.django_db
SEPTEMBER = date(2021, 9, 16)


def _refused(sql: str, params: list) -> str:
    """The constraint that refused a raw statement."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as raw:
        raw.execute(sql, params)
    return caught.value.__cause__.diag.constraint_name


def _copy_of(row: Appointment, **changes) -> Appointment:
    names = {f.attname for f in Appointment._meta.concrete_fields} - {"id", "since", "number"}
    facts = {name: getattr(row, name) for name in names} | changes
    return Appointment(number="RM-2099-0001", **facts)


@pytest.fixture
def holder(register):
    return AppointmentFactory(unit=register.city.department, post=register.cdo)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({}, "appointment_one_substantive_holder"),
        ({"starts_on": date(2030, 1, 1)}, "appointment_one_substantive_holder"),
        (
            {"starts_on": date(2021, 1, 1), "ends_on": SEPTEMBER},
            "appointment_one_substantive_holder",
        ),
        (
            {"starts_on": date(2021, 9, 1), "ends_on": date(2021, 8, 1), "status": "proposed"},
            "appointment_ends_after_it_starts",
        ),
        ({"starts_on": None, "kind": Kind.ACTING}, "appointment_has_a_first_day"),
        ({"document_number": "深公[2021]1号", "seat": 2}, "appointment_document_number"),
        ({"document_number": "深公〔2021〕01号", "seat": 2}, "appointment_document_number"),
        ({"ending_number": "2021年1号", "seat": 2}, "appointment_ending_number"),
        ({"status": "ended", "seat": 2}, "appointment_ended_on_a_day"),
        ({"status": "voided", "seat": 2}, "appointment_voided_with_a_reason"),
        ({"seat": 0}, "appointment_has_a_seat"),
    ],
)
def test_what_contradicts_itself_or_another_holder_is_refused_by_the_database(
    holder, changes, constraint
):
    row = _copy_of(holder, **changes)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Appointment.rows.bulk_create([row])
    assert caught.value.__cause__.diag.constraint_name == constraint


def test_a_stand_in_may_stand_beside_the_holder_but_not_beside_another_stand_in(holder):
    first = _copy_of(holder, kind=Kind.PRESIDING)
    first.save()
    second = _copy_of(holder, kind=Kind.ACTING)
    second.number = "RM-2099-0002"
    with pytest.raises(IntegrityError, match="appointment_one_stand_in"), transaction.atomic():
        second.save()


def test_a_proposed_or_voided_entry_is_nobodys_rival(holder):
    _copy_of(holder, status="proposed", appointed_at=None).save()
    voided = _copy_of(holder, status="voided", void_reason="重复登记")
    voided.number = "RM-2099-0002"
    voided.save()
    assert list(Appointment.rows.in_office(SEPTEMBER)) == [holder]


def test_raw_sql_cannot_appoint_to_a_body_that_had_ceased_or_was_not_yet_founded(holder):
    gone = UnitFactory(established_on=date(2010, 1, 1), ceased_on=date(2021, 12, 31))
    move = "UPDATE officers_appointment SET unit_id = %s, starts_on = %s WHERE id = %s"
    name = "appointment_within_the_life_of_its_unit"
    assert _refused(move, [gone.pk, date(2022, 1, 1), holder.pk]) == name
    assert _refused(move, [gone.pk, date(2009, 1, 1), holder.pk]) == name
    with pytest.raises(IntegrityError, match="does not exist on every day"), transaction.atomic():
        _copy_of(holder, unit_id=gone.pk).save()


def test_a_holder_is_not_in_office_after_the_body_has_ceased(holder):
    unit = holder.unit
    unit.ceased_on = date(2022, 3, 31)
    unit.save()
    assert Appointment.rows.in_office(date(2022, 3, 31)).exists()
    assert not Appointment.rows.in_office(date(2022, 4, 1)).exists()


def test_a_holder_whose_first_day_is_unknown_holds_from_the_day_a_source_shows(register):
    row = AppointmentFactory(
        unit=register.city.department, starts_on=None, known_on=date(2024, 7, 9), signed_on=None
    )
    assert row.since == date(2024, 7, 9)
    assert row.in_office_on(date(2024, 7, 9))
    assert not row.in_office_on(date(2024, 7, 8))
    assert not Appointment.rows.in_office(date(2024, 7, 8)).exists()


def test_one_mobile_is_one_persons_also_for_raw_sql(register):
    first = PersonFactory(mobile="13800138000")
    second = PersonFactory()
    sql = "UPDATE officers_person SET mobile_digest = %s WHERE id = %s"
    assert "mobile_digest" in _refused(sql, [first.mobile_digest, second.pk])
    second.mobile = "138 0013 8000"
    with pytest.raises(ValidationError, match="手机号已登记"):
        second.full_clean(exclude=["vector"])


@pytest.mark.parametrize(
    ("sql", "constraint"),
    [
        ("UPDATE officers_filing SET status = 'accepted'", "filing_accepted_with_number_and_day"),
        ("UPDATE officers_filing SET receipt_number = 'x'", "filing_accepted_with_number_and_day"),
        (
            "UPDATE officers_filing SET status = 'returned', decided_at = now()",
            "filing_returned_with_a_reason",
        ),
        ("UPDATE officers_filing SET status = 'withdrawn'", "filing_decided_at_a_moment"),
        ("UPDATE officers_filing SET kind = 'plan'", "filing_of_its_kind"),
        ("UPDATE officers_filing SET document_number = '1号'", "filing_document_number"),
    ],
)
def test_a_filing_that_says_half_a_thing_is_refused_by_the_database(register, sql, constraint):
    FilingFactory()
    assert _refused(sql, []) == constraint


def test_an_appointment_has_one_live_filing_of_a_kind(register):
    filing = FilingFactory()
    with pytest.raises(IntegrityError, match="filing_once_an_appointment"), transaction.atomic():
        FilingFactory(appointment=filing.appointment)
    FilingFactory(appointment=filing.appointment, kind="removal")


def test_a_rank_rule_says_what_a_holder_lacks():
    rule = PostRuleFactory.build(post=PostFactory.build(), minimum_level="deputy")
    rule.asks_in_charge = True
    assert rule.misfit("deputy", is_in_charge=True) == []
    assert rule.misfit("head", is_in_charge=True) == []
    assert rule.misfit("other", is_in_charge=False) == ["level", "in_charge"]
    assert rule.misfit("", is_in_charge=True) == []  # nobody said: nothing to hold against it


def test_the_days_of_a_document_come_before_those_the_bureau_expects():
    rule = PostRuleFactory.build(post=PostFactory.build(), own_filing_days=30, own_vacancy_days=90)
    rule.filing_days = 15
    assert rule.days_for_filing() == (15, False)
    assert rule.days_for_vacancy() == (90, True)
    rule.own_vacancy_days = None
    assert rule.days_for_vacancy() == (None, False)


def test_a_rule_binds_by_part_kind_and_name():
    rule = PostRuleFactory.build(post=PostFactory.build(), kinds=["subdistrict"])
    assert rule.binds(part="pilot", kind="subdistrict", unit_id=1)
    assert not rule.binds(part="bureau", kind="subdistrict", unit_id=1)
    assert not rule.binds(part="pilot", kind="court", unit_id=1)
    assert rule.binds(part="pilot", kind="subdistrict", unit_id=1, named={1})
    assert not rule.binds(part="pilot", kind="subdistrict", unit_id=1, named={2})


def test_everybody_sees_the_register_of_his_own_units_and_nobody_elses(register, cast):
    city = register.city
    for unit in (city.department, city.district, city.superior):
        row = AppointmentFactory(unit=unit, post=register.cdo)
        FilingFactory(appointment=row, programme=city.programme, desk=register.office)
        TeamMemberFactory(team=TeamFactory(unit=unit))
        HandoverFactory(leaver=row.person)
    managed = {city.department.pk, city.district.pk}
    expected = {
        "officer": managed,
        "head": managed,
        "evaluator": managed,
        "provincial_reader": managed,
        "api_client_user": managed,
        "data_officer": {city.department.pk},
        "unit_cdo": {city.department.pk},
        "stranger": {city.district.pk},
        "foreigner": set(),
        "auditor": managed | {city.superior.pk},
        "system_admin": set(),
        "security_admin": set(),
    }
    for name, units in expected.items():
        seen = Appointment.objects.visible_to(cast[name])
        assert set(seen.values_list("unit_id", flat=True)) == units, name
        people = Person.objects.visible_to(cast[name])
        assert set(people.values_list("unit_id", flat=True)) == units, name
        for model, path in ((Team, "unit_id"), (TeamMember, "team__unit_id")):
            rows = model.objects.visible_to(cast[name]).values_list(path, flat=True)
            assert set(rows) == units, (name, model)


def test_a_person_is_seen_where_he_or_she_held_a_post_or_sat_in_a_team(register, data_officer):
    elsewhere = UnitFactory()
    former = PersonFactory(unit=elsewhere)
    expert = PersonFactory(unit=elsewhere)
    AppointmentFactory(unit=register.city.department, person=former)
    TeamMemberFactory(team=TeamFactory(unit=register.city.department), person=expert)
    own = PersonFactory(unit=elsewhere, user=data_officer)
    PersonFactory(unit=elsewhere)
    assert set(Person.objects.visible_to(data_officer)) == {former, expert, own}


def test_people_are_found_by_two_characters_and_by_their_initials(register):
    person = PersonFactory(name="欧阳明月")
    PersonFactory(name="王强")
    for text in ("欧阳", "明月", "oymy", "ymy", "明"):
        assert list(Person.rows.searched(text)) == [person], text
    assert not Person.rows.searched("月明").exists()


def test_filings_that_wait_at_ones_own_desk_are_found(register, officer):
    filing = FilingFactory(programme=register.city.programme, desk=register.office)
    today = date(2022, 4, 15)
    assert not Filing.rows.waiting().at_desks_of(officer, today).exists()
    MembershipFactory(user=officer, unit=register.office, role="bureau_officer")
    assert list(Filing.rows.waiting().at_desks_of(officer, today)) == [filing]
    assert list(Filing.rows.live().for_lists()) == [filing]
    assert filing.is_live


def test_an_entry_that_nobody_confirmed_for_a_year_asks_for_it(holder):
    year_ago = date(2021, 4, 15)
    assert holder.needs_confirmation(date(2022, 4, 15), year_ago)
    holder.confirmed_on = date(2021, 9, 16)
    assert not holder.needs_confirmation(date(2022, 4, 15), year_ago)


def test_rows_say_what_they_are(register):
    directory = PublicDirectory(programme=ProgrammeFactory(short_name="某市试点"))
    member = TeamMemberFactory(team=TeamFactory(name="数据专班"))
    handover = HandoverFactory()
    assert str(directory) == "某市试点"
    assert str(member) == f"数据专班 {member.person.name}"
    assert str(handover) == f"{handover.number} {handover.leaver.name}"
    assert str(register.department_rule) == "首席数据官（部门）"
    row = AppointmentFactory(unit=register.city.department)
    assert str(row) == f"{row.number} {row.person.name}"
    assert row.is_open
    assert not row.is_stand_in
    assert row.person.audit_key == str(row.person.uuid)
    assert not member.team.is_pool
    assert list(TeamMember.rows.experts()) == []
    assert list(Appointment.rows.of_programme(register.city.programme.code, SEPTEMBER)) == [row]
    assert list(Appointment.rows.substantive().for_lists()) == [row]
    assert list(Team.rows.standing(date(2022, 4, 15))) == [member.team]
    assert list(TeamMember.rows.standing(date(2022, 4, 15))) == [member]
