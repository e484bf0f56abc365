"""What a post gives ends with the post, by whichever way it ends; and nobody gives it to himself."""

from datetime import date, timedelta

import pytest

from core.errors import Refused
from officers import services
from officers.choices import Ending
from pilots.models import Membership
from tests.conftest import _member
from tests.factories.accounts import TokenFactory, UserFactory
from tests.factories.officers import PersonFactory
from tests.factories.pilots import MembershipFactory

pytestmark = pytest.mark.django_db
TODAY, SEPTEMBER = date(2022, 4, 15), date(2021, 9, 16)
YESTERDAY, NEXT_WEEK = TODAY - timedelta(days=1), TODAY + timedelta(days=7)


@pytest.fixture
def person(register):
    return PersonFactory(unit=register.city.department, user=UserFactory())


@pytest.fixture
def holder(register, person):
    return register.appoint(register.city.department, SEPTEMBER, person=person)


def signs(user, on=TODAY):
    return Membership.rows.live(on).filter(user=user, role="unit_cdo").exists()


# --- a last day that comes by a correction -------------------------------------------------------


def test_a_correction_neither_ends_a_post_nor_takes_its_end_back(holder, data_officer, send):
    """Else the register says that somebody left, or never did, and the account signs on or does not."""
    path, day = f"appointments/{holder.number}", f"{YESTERDAY}"
    answer = send(data_officer, path, {"ends_on": day}, holder.version, "patch")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["ends_on"])
    row = services.end_appointment(holder, on=TODAY, ending=Ending.REMOVED, by=data_officer)
    answer = send(data_officer, path, {"ends_on": None}, row.version, "patch")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["ends_on"])


def test_an_earlier_last_day_ends_the_rights_earlier(holder, data_officer, send):
    row = services.end_appointment(holder, on=NEXT_WEEK, ending=Ending.REMOVED, by=None)
    assert signs(row.person.user)
    answer = send(
        data_officer,
        f"appointments/{row.number}",
        {"ends_on": f"{YESTERDAY}"},
        row.version,
        "patch",
    )
    assert answer.status_code == 200, answer.content.decode()
    assert not signs(row.person.user)


def test_a_later_last_day_does_not_outlive_its_rights(holder, data_officer, send):
    row = services.end_appointment(holder, on=NEXT_WEEK, ending=Ending.REMOVED, by=None)
    later = NEXT_WEEK + timedelta(days=7)
    send(data_officer, f"appointments/{row.number}", {"ends_on": f"{later}"}, row.version, "patch")
    assert signs(row.person.user, later)
    assert not signs(row.person.user, later + timedelta(days=1))


def test_an_account_tied_before_a_known_last_day_signs_no_longer(register):
    row = register.appoint(register.city.department, SEPTEMBER)
    row = services.end_appointment(row, on=NEXT_WEEK, ending=Ending.REMOVED, by=None)
    clerk = _member(register.city, register.city.department, "data_officer")
    services.tie_account(row.person, clerk, by=None)
    assert signs(clerk)
    assert not signs(clerk, NEXT_WEEK + timedelta(days=1))


def test_whoever_never_left_keeps_the_rights(holder):
    row = services.end_appointment(holder, on=NEXT_WEEK, ending=Ending.REMOVED, by=None)
    services.reinstate(row, by=None, reason="登记有误")
    assert signs(holder.person.user, NEXT_WEEK + timedelta(days=30))


# --- entries that gave nothing take nothing ------------------------------------------------------


def test_a_proposal_that_is_voided_takes_nobodys_rights(register, stranger, send):
    """A district's clerk may void what he only proposed: the CDO's account must not close by it."""
    district = register.city.district
    cdo = _member(register.city, district, "unit_cdo")
    TokenFactory(user=cdo, secret="cdo_kept")
    person = PersonFactory(unit=district, user=cdo)
    content = {
        "unit": district.code,
        "post": "cdo",
        "starts_on": "2022-04-20",
        "person": str(person.uuid),
    }
    proposed = send(stranger, "appointments", content)
    assert proposed.json()["status"] == "proposed", proposed.content.decode()
    path = f"appointments/{proposed.json()['id']}/void"
    assert send(stranger, path, {"reason": "报错"}, 1).status_code == 200
    cdo.refresh_from_db()
    assert cdo.is_active
    assert signs(cdo)
    assert cdo.tokens.filter(revoked_at=None).exists()


def test_an_old_entry_that_is_voided_closes_nothing_elsewhere(register, data_officer, send):
    """Somebody who left years ago works for another body by now."""
    city, user = register.city, UserFactory()
    person = PersonFactory(unit=city.department, user=user)
    row = register.appoint(
        city.department, date(2020, 1, 1), person=person, ends_on=date(2020, 12, 31)
    )
    MembershipFactory(user=user, unit=city.department, role="unit_cdo", ends_on=date(2020, 12, 31))
    MembershipFactory(user=user, unit=city.district, role="unit_cdo")
    TokenFactory(user=user, secret="cdo_kept")
    assert (
        send(
            data_officer, f"appointments/{row.number}/void", {"reason": "报错"}, row.version
        ).status_code
        == 200
    )
    assert user.tokens.filter(revoked_at=None).exists()


# --- an account tied, let go, and another tied ---------------------------------------------------


def test_the_rights_of_an_account_let_go_end_with_the_post(holder, officer):
    """Tied to the wrong account first: what the post gave that one must not stay for ever."""
    wrong = holder.person.user
    MembershipFactory(user=wrong, unit=holder.unit, role="data_officer")
    right = UserFactory()
    MembershipFactory(user=right, unit=holder.unit, role="data_officer")
    person = services.untie_account(holder.person, by=None)
    services.tie_account(person, right, by=None)
    services.end_appointment(holder, on=TODAY, ending=Ending.REMOVED, by=officer)
    assert not signs(right)
    assert not signs(wrong)


# --- by one's own hand ---------------------------------------------------------------------------


def test_a_clerk_does_not_make_himself_the_cdo(register, data_officer, send):
    unit = register.city.department
    person = PersonFactory(unit=unit, user=data_officer)
    content = {
        "unit": unit.code,
        "post": "cdo",
        "starts_on": "2022-04-01",
        "person": str(person.uuid),
    }
    answer = send(data_officer, "appointments", content)
    assert not signs(data_officer), answer.content.decode()
    assert (answer.status_code, "本人" in answer.json()["message"]) == (409, True)


def test_nobody_confirms_or_reinstates_himself(register, officer):
    unit = register.city.bureau
    MembershipFactory(user=officer, unit=unit, role="data_officer")
    person = PersonFactory(unit=unit, user=officer)
    with pytest.raises(Refused, match="本人"):
        register.appoint(unit, SEPTEMBER, person=person, by=officer)


def test_a_cdo_may_enter_what_gives_him_nothing_new(register, unit_cdo):
    unit = register.city.department
    person = PersonFactory(unit=unit, user=unit_cdo)
    assert register.appoint(unit, SEPTEMBER, person=person, by=unit_cdo).status == "appointed"
