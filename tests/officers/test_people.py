"""Entering people, mending what is known of them, tying accounts, telling sealed contacts."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from core.errors import PermissionRefused, Refused, StaleVersion
from core.models import AuditEntry
from officers import services
from officers.models import Person
from officers.services.writing import _taken_at_once, save_person
from pilots.models import Enrolment, Membership
from tests.factories.accounts import UserFactory
from tests.factories.officers import PersonFactory
from tests.factories.pilots import MembershipFactory

pytestmark = pytest.mark.django_db
MOBILE, EMAIL = "13800138001", "li.ming@example.gov.cn"


@pytest.fixture
def li(register):
    return services.register_person(
        name=" 李  明 ",
        unit=register.city.department,
        job_title="副局长",
        level="deputy",
        is_in_charge=True,
        rank="county_deputy",
        office_phone="0755-12345678",
        mobile="１３８ 0013-8001",
        email="Li.Ming@example.gov.cn",
        by=None,
    )


def test_a_person_is_kept_with_tidied_words_and_sealed_contacts(li):
    row = Person.rows.get(pk=li.pk)
    assert (row.name, row.initials) == ("李明", "lm")
    assert str(row.mobile) == "138****8001"
    assert row.mobile.reveal() == MOBILE
    assert MOBILE not in str(Person.rows.filter(pk=li.pk).values("mobile", "email").get())
    entry = AuditEntry.objects.of(f"person:{li.uuid}").get()
    assert entry.after["mobile"] == "138****8001"
    assert MOBILE not in str(entry.after)


def test_a_name_of_another_script_keeps_its_spaces(register):
    row = services.register_person(name="Anna  Li", unit=register.city.department, by=None)
    assert row.name == "Anna Li"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "  ", "姓名"),
        ("mobile", "12345", "手机"),
        ("email", "nobody", "邮箱"),
        ("office_phone", "call me", "电话"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_field_in_words(register, field, typed, said):
    facts = {"name": "王强", "unit": register.city.department, field: typed}
    with pytest.raises(ValidationError) as caught:
        services.register_person(**facts, by=None)
    assert said in str(caught.value.message_dict[field])
    assert not Person.rows.exists()


@pytest.mark.parametrize(("field", "typed"), [("mobile", "+86 13800138001"), ("email", EMAIL)])
def test_a_number_or_address_that_somebody_has_is_refused_with_his_name(li, register, field, typed):
    with pytest.raises(ValidationError, match="李明"):
        services.register_person(
            name="王强", unit=register.city.district, by=None, **{field: typed}
        )
    other = PersonFactory(unit=register.city.district)
    with pytest.raises(ValidationError, match="公安局李明"):
        services.mend_person(other, by=None, **{field: typed})


def test_what_is_known_is_mended_and_the_record_keeps_both(li, register):
    row = services.mend_person(
        li,
        by=None,
        version=1,
        name="李明",
        job_title="局长",
        level="head",
        office_phone="",
        mobile="",
        email=EMAIL,
    )
    assert (row.version, row.name, row.level, row.mobile) == (2, "李明", "head", None)
    entry = AuditEntry.objects.of(f"person:{li.uuid}").last()
    assert (entry.before["level"], entry.after["level"]) == ("deputy", "head")
    with pytest.raises(StaleVersion):
        services.mend_person(row, by=None, version=1, level="other")
    with pytest.raises(ValueError, match="user"):
        services.mend_person(row, by=None, user=None)


def test_an_account_is_tied_once_and_only_where_it_acts(li, register, unit_cdo, stranger):
    with pytest.raises(Refused, match=r"不是.*公安局的账号"):
        services.tie_account(li, stranger, by=None)
    row = services.tie_account(li, unit_cdo, by=None)
    assert row.user == unit_cdo
    with pytest.raises(Refused, match="已关联账号"):
        services.tie_account(row, unit_cdo, by=None)
    twin = PersonFactory(unit=register.city.department)
    with pytest.raises(Refused, match="公安局的李明"):
        services.tie_account(twin, unit_cdo, by=None)
    row = services.untie_account(row, by=None)
    with pytest.raises(Refused, match="没有关联账号"):
        services.untie_account(row, by=None)


def test_a_holder_whose_account_is_tied_later_gets_the_rights_of_the_post(register):
    unit = register.city.department
    row = register.appoint(unit, "2021-09-16")
    clerk = UserFactory()
    MembershipFactory(user=clerk, unit=unit, role="data_officer")
    services.tie_account(row.person, clerk, by=None)
    given = Membership.rows.get(user=clerk, role="unit_cdo")
    assert (given.unit, given.origin) == (unit, f"任命{row.number}")
    assert services.give_rights(row.person, by=None) == []  # once is enough


def test_an_account_that_is_closed_gets_no_rights(register):
    person = PersonFactory(unit=register.city.department, user=UserFactory(is_active=False))
    register.appoint(register.city.department, "2021-09-16", person=person)
    assert not Membership.rows.filter(role="unit_cdo").exists()


def test_a_number_that_was_taken_a_moment_ago_is_said_of_the_number(li, officer):
    other = PersonFactory(unit=li.unit, mobile="13812345678")
    li.mobile = other.mobile.reveal()
    with pytest.raises(ValidationError) as caught:
        save_person(li, "edit", by=officer, before=None)
    assert list(caught.value.message_dict) == ["mobile"]


def test_what_the_database_refuses_for_another_reason_is_not_called_a_taken_number(li):
    twin = PersonFactory(unit=li.unit)
    twin.pk, twin.version = None, 0  # a second row under the first one's identifier
    with pytest.raises((IntegrityError, ValidationError)) as caught:
        save_person(twin, "register", by=None, before=None)
    assert "手机号" not in str(caught.value)
    error = IntegrityError("person_elsewhere")
    assert _taken_at_once(error) is error


# --- contacts ------------------------------------------------------------------------------------


def test_contacts_of_a_list_are_told_with_one_entry_that_holds_no_number(li, register, officer):
    other = PersonFactory(unit=register.city.district, mobile="13800138002")
    before = AuditEntry.objects.count()
    told = services.reveal_contacts([li, other], by=officer, purpose="通知开会")
    assert [(c.mobile, c.email) for c in told] == [(MOBILE, EMAIL), ("13800138002", "")]
    assert AuditEntry.objects.count() == before + 1
    entry = AuditEntry.objects.latest("id")
    assert (entry.verb, entry.after["count"]) == ("person.reveal", 2)
    assert entry.after["purpose"] == "通知开会"
    assert MOBILE not in str(entry.after)
    assert entry.unit_code == ""
    services.reveal_contacts([li], by=officer, purpose="通知开会")
    assert AuditEntry.objects.latest("id").unit_code == li.unit.code


def test_nobody_is_told_without_saying_what_for(li, officer):
    with pytest.raises(Refused, match="用途"):
        services.reveal_contacts([li], by=officer, purpose=" ")


def test_contacts_are_told_to_the_own_unit_and_to_nobody_who_only_reads(li, cast):
    told = {"officer", "data_officer", "unit_cdo"}
    for name, user in cast.items():
        if name in told:
            assert services.reveal_contacts([li], by=user, purpose="联系")
            continue
        with pytest.raises(PermissionRefused):
            services.reveal_contacts([li], by=user, purpose="联系")


def test_where_a_unit_has_its_liaison_only_that_one_is_told(li, register, officer):
    colleague = UserFactory()
    MembershipFactory(user=colleague, unit=register.city.bureau, role="bureau_officer")
    Enrolment.rows.filter(unit=register.city.department).update(liaison=colleague)
    assert services.reveal_contacts([li], by=colleague, purpose="联系")
    with pytest.raises(PermissionRefused):
        services.reveal_contacts([li], by=officer, purpose="联系")
