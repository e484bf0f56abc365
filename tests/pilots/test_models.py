"""What the database itself refuses, through Django and past it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from core.models import ScopeMissing
from pilots.models import (
    Clause,
    Enrolment,
    Membership,
    PolicyDocument,
    Programme,
    Succession,
    Unit,
    UnitName,
)
from tests.factories.accounts import UserFactory
from tests.factories.pilots import (
    ClauseFactory,
    CohortFactory,
    EnrolmentFactory,
    MembershipFactory,
    PolicyDocumentFactory,
    ProgrammeFactory,
    SuccessionFactory,
    UnitFactory,
    UnitNameFactory,
)

EARLY, LATE = date(2021, 1, 1), date(2022, 1, 1)


def run(sql, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


# --- names never overlap -------------------------------------------------------------------------


@pytest.fixture
def named(db):
    """A body called so from 2021 to the end of 2021."""
    unit = UnitFactory()
    unit.names.update(starts_on=EARLY, ends_on=date(2021, 12, 31))
    return unit


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "fits"),
    [
        (LATE, None, True),
        (None, date(2020, 12, 31), True),
        (date(2021, 12, 31), None, False),
        (None, EARLY, False),
        (date(2021, 3, 1), date(2021, 4, 1), False),
        (None, None, False),
    ],
)
def test_two_names_never_hold_on_one_day(named, starts_on, ends_on, fits):
    facts = {"unit": named, "full_name": "新名", "short_name": "新", "pinyin": "x", "initials": "x"}
    row = UnitName(**facts, starts_on=starts_on, ends_on=ends_on)
    sql = (
        "INSERT INTO pilots_unitname (unit_id, full_name, short_name, name_en, pinyin, initials,"
        " basis, starts_on, ends_on) VALUES (%s, '新名', '新', '', '', '', '', %s, %s)"
    )
    if fits:
        row.full_clean(exclude=["vector"])
        run(sql, named.pk, starts_on, ends_on)
        return
    with pytest.raises(ValidationError, match="名称的起止日期不能重叠"):
        row.full_clean(exclude=["vector"])
    with pytest.raises(IntegrityError):
        run(sql, named.pk, starts_on, ends_on)


def test_a_period_ends_after_it_starts(named):
    row = UnitNameFactory.build(unit=named, starts_on=LATE, ends_on=EARLY)
    with pytest.raises(ValidationError, match="终止日期不能早于起始日期2022-01-01"):
        row.full_clean(exclude=["vector"])
    # daterange() itself refuses the row before the check constraint is asked
    with pytest.raises(Exception, match=r"range lower bound must be less|ends_after_it_starts"):
        run("UPDATE pilots_unitname SET ends_on = '2020-01-01' WHERE unit_id = %s", named.pk)


# --- one part at a time --------------------------------------------------------------------------


def insert_enrolment(programme, unit, part, starts_on, ends_on):
    run(
        "INSERT INTO pilots_enrolment (programme_id, unit_id, part, kind, starts_on, ends_on,"
        " position, certainty, source, version, loaded)"
        " VALUES (%s, %s, %s, '', %s, %s, 0, 'stated', '', 1, '{}')",
        programme.pk,
        unit.pk,
        part,
        starts_on,
        ends_on,
    )


def test_one_part_at_a_time_in_a_programme(db):
    first = EnrolmentFactory(starts_on=EARLY)
    same = {"programme": first.programme, "unit": first.unit}
    with pytest.raises(ValidationError, match="已有同样的参与记录"):
        EnrolmentFactory.build(**same, starts_on=LATE).full_clean()
    with pytest.raises(IntegrityError):
        insert_enrolment(first.programme, first.unit, "pilot", LATE, None)


@pytest.mark.parametrize(
    "change",
    [{"part": "bureau"}, {"ends_on": date(2020, 1, 1)}, {"programme": None}, {"unit": None}],
)
def test_another_part_time_programme_or_body_is_free(db, change):
    first = EnrolmentFactory(starts_on=EARLY)
    facts = {
        "programme": first.programme,
        "unit": first.unit,
        "part": "pilot",
        "starts_on": None if "ends_on" in change else LATE,
        "ends_on": None,
        **change,
    }
    facts["programme"] = facts["programme"] or ProgrammeFactory()
    facts["unit"] = facts["unit"] or UnitFactory()
    insert_enrolment(**facts)


# --- programmes, units, successions, documents, memberships --------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        "phase = 'running'",
        "started_on = '2021-08-03'",
        "phase = 'running', started_on = '2021-08-03', closed_on = '2022-01-01'",
    ],
)
def test_phase_and_dates_go_together(db, fault):
    programme = ProgrammeFactory()
    with pytest.raises(IntegrityError):
        run(f"UPDATE pilots_programme SET {fault} WHERE id = %s", programme.pk)


def test_a_programme_that_is_closed_says_from_when(db):
    programme = ProgrammeFactory(running=True)
    with pytest.raises(IntegrityError, match="programme_closed_on_a_day"):
        run("UPDATE pilots_programme SET phase = 'closed' WHERE id = %s", programme.pk)


def test_a_programme_runs_from_a_day_to_another(db):
    programme = ProgrammeFactory(running=True)
    run(
        "UPDATE pilots_programme SET phase = 'closed', closed_on = '2022-01-01' WHERE id = %s",
        programme.pk,
    )


def test_a_body_ceases_after_it_was_established(db):
    unit = UnitFactory(established_on=LATE)
    unit.ceased_on = EARLY
    with pytest.raises(ValidationError, match="撤销日期不能早于成立日期"):
        unit.full_clean()
    with pytest.raises(IntegrityError):
        run("UPDATE pilots_unit SET ceased_on = '2021-01-01' WHERE id = %s", unit.pk)


def test_a_succession_is_between_two_and_once(db):
    row = SuccessionFactory()
    with pytest.raises(ValidationError, match="原单位和承接单位不能相同"):
        Succession(from_unit=row.to_unit, to_unit=row.to_unit, kind="merger").full_clean()
    sql = (
        "INSERT INTO pilots_succession (from_unit_id, to_unit_id, kind, note) VALUES (%s,%s,%s,'')"
    )
    with pytest.raises(IntegrityError):
        run(sql, row.to_unit_id, row.to_unit_id, "merger")
    with pytest.raises(IntegrityError):
        run(sql, row.from_unit_id, row.to_unit_id, "split")


@pytest.mark.parametrize(
    "number", ["深府办函[2021]71号", "深府办函〔2021〕071号", "深府办函〔21〕71号", "〔2021〕71号"]
)
def test_a_document_number_is_written_as_the_standard_says(db, number):
    with pytest.raises(ValidationError, match="六角括号"):
        PolicyDocumentFactory.build(programme=ProgrammeFactory(), number=number).full_clean()


def test_a_document_number_is_given_once(db):
    first = PolicyDocumentFactory(number="深府办函〔2021〕71号")
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyDocumentFactory(number=first.number)
    PolicyDocumentFactory.create_batch(2, number="")


def test_an_open_membership_is_there_once(db):
    row = MembershipFactory()
    sql = (
        "INSERT INTO pilots_membership (user_id, unit_id, role, origin, ends_on)"
        " VALUES (%s, %s, %s, '', %s)"
    )
    with pytest.raises(IntegrityError):
        run(sql, row.user_id, row.unit_id, row.role, None)
    run(sql, row.user_id, row.unit_id, row.role, EARLY)
    run(sql, row.user_id, row.unit_id, "unit_cdo", None)


def test_a_revocation_names_its_moment_and_its_author(db):
    row = MembershipFactory()
    for fault in ("revoked_at = now()", f"revoked_by_id = {row.user_id}"):
        with pytest.raises(IntegrityError):
            run(f"UPDATE pilots_membership SET {fault} WHERE id = %s", row.pk)


# --- scope ---------------------------------------------------------------------------------------

SCOPED = (Clause, Enrolment, Membership, PolicyDocument, Programme, Unit)


@pytest.mark.parametrize("model", SCOPED)
@pytest.mark.parametrize(
    "ask", [list, lambda rows: rows.count(), lambda rows: rows.exists(), lambda rows: rows.first()]
)
def test_nothing_comes_out_before_somebody_is_named(db, model, ask):
    with pytest.raises(ScopeMissing):
        ask(model.objects.all())


@pytest.mark.parametrize("model", SCOPED)
def test_a_closed_account_and_an_administrator_see_nothing(
    city, officer, system_admin, security_admin, model
):
    officer.is_active = False
    ClauseFactory(document=PolicyDocumentFactory(programme=city.programme))
    for user in (officer, system_admin, security_admin, UserFactory()):
        assert not model.objects.visible_to(user).exists()


def test_who_sees_which_units(city, cast):
    city_units = {city.government, city.department, city.district, city.bureau, city.superior}
    expected = {
        "officer": city_units,
        "head": city_units,
        "provincial_reader": city_units,
        "evaluator": city_units,
        "api_client_user": city_units,
        "data_officer": {city.department},
        "unit_cdo": {city.department},
        "stranger": {city.district},
        "system_admin": set(),
        "security_admin": set(),
    }
    for name, units in expected.items():
        assert set(Unit.objects.visible_to(cast[name])) == units, name
    assert set(Unit.objects.visible_to(cast["auditor"])) > city_units
    assert not set(Unit.objects.visible_to(cast["foreigner"])) & city_units


def test_who_sees_which_programmes_and_members(city, cast):
    for name in ("officer", "data_officer", "provincial_reader"):
        assert list(Programme.objects.visible_to(cast[name])) == [city.programme], name
    assert set(Programme.objects.seen_whole_by(cast["officer"])) == {city.programme}
    assert not Programme.objects.seen_whole_by(cast["data_officer"]).exists()
    assert Programme.objects.seen_whole_by(cast["auditor"]).count() == 2
    own = Membership.objects.visible_to(cast["data_officer"])
    assert {row.user for row in own} == {cast["data_officer"]}
    seen = {row.user for row in Membership.objects.visible_to(cast["officer"])}
    assert cast["stranger"] in seen
    assert cast["foreigner"] not in seen


# --- words ---------------------------------------------------------------------------------------


def test_rows_say_what_they_are(city):
    programme, unit = city.programme, city.department
    document = PolicyDocumentFactory(title="实施方案", number="测府办函〔2021〕999号")
    assert str(programme) == programme.short_name == programme.display_name
    assert str(unit) == unit.display_name == unit.short_name
    assert str(document) == "《实施方案》（测府办函〔2021〕999号）"
    assert str(ClauseFactory(label="五(一)", heading="加强组织实施")) == "五(一) 加强组织实施"
    assert str(CohortFactory(name="首批")) == "首批"
    assert str(city.enrolment(unit)) == f"{unit.short_name} 试点单位"
    assert "→" in str(SuccessionFactory())
    assert str(MembershipFactory(user=UserFactory(display_name="李明"))) == "李明 经办人"
    assert str(unit.name_row) == unit.short_name


def test_english_names_where_they_are_known(city):
    from django.utils.translation import override

    programme = ProgrammeFactory(name_en="Test Pilot")
    unit = UnitFactory(name__name_en="Bureau of Tests")
    with override("en"):
        assert programme.display_name == "Test Pilot"
        assert unit.display_name == "Bureau of Tests"
        assert city.department.display_name == city.department.short_name


def test_a_body_without_a_name_shows_its_code(db):
    unit = UnitFactory(code="440300-x")
    unit.names.all().delete()
    unit = Unit.rows.get(pk=unit.pk)
    assert unit.full_name == unit.short_name == "440300-x"
    assert Unit.rows.with_name(LATE).get(pk=unit.pk).short_name == "440300-x"
    assert unit.name_row is None


def test_names_of_a_day_the_nearest_where_none_holds(named):
    UnitNameFactory(unit=named, full_name="新名", short_name="新", starts_on=LATE)
    old = named.names.get(starts_on=EARLY).full_name
    for day, name in ((EARLY, old), (date(2021, 12, 31), old), (LATE, "新名")):
        assert Unit.rows.with_name(day).get(pk=named.pk).full_name == name
    assert Unit.rows.get(pk=named.pk).full_name == "新名"
    assert named.name_on(EARLY).full_name == old
    assert named.names.get(starts_on=EARLY).holds_on(EARLY)


@pytest.mark.parametrize(
    ("day", "name"),
    [("2018-01-01", "甲"), ("2020-06-01", "甲"), ("2022-06-01", "甲"), ("2025-01-01", "丙")],
)
def test_list_and_row_agree_on_the_nearest_name(db, settings, day, name):
    unit = Unit.rows.create(code="440300-gap", kind="other")
    for full_name, starts_on, ends_on in (
        ("甲", "2020-01-01", "2021-12-31"),
        ("乙", "2023-01-01", "2023-12-31"),
        ("丙", "2024-01-01", None),
    ):
        UnitNameFactory(unit=unit, full_name=full_name, starts_on=starts_on, ends_on=ends_on)
    settings.TODAY = day
    assert Unit.rows.with_name(date.fromisoformat(day)).get(pk=unit.pk).full_name == name
    assert unit.name_on(date.fromisoformat(day)).full_name == name
    assert Unit.rows.get(pk=unit.pk).full_name == name


def test_enrolments_in_the_documents_order_on_a_day(city):
    rows = Enrolment.rows.filter(programme=city.programme).pilots().in_document_order()
    assert [row.unit for row in rows] == [city.government, city.department, city.district]
    row = rows[0]
    row.withdrawn_on = LATE
    row.save()
    assert row in Enrolment.rows.standing(EARLY)
    assert row not in Enrolment.rows.standing(LATE)


def test_people_of_a_unit_are_its_clerks_and_cdo(officer, unit_cdo):
    assert [row.user for row in Membership.rows.of_unit_people(unit_cdo)] == [unit_cdo]
    assert not Membership.rows.of_unit_people(officer).exists()
