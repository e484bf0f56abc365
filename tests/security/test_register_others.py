"""Nobody writes in the register of a unit or a city that is not his, whatever he is elsewhere."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from core.errors import PermissionRefused
from core.models import AuditEntry
from officers import services
from officers.models import Appointment, Filing, Person
from officers.services.handovers import LeavingPerson, hand_over
from pilots.models import Membership
from tests.conftest import _member
from tests.factories.accounts import UserFactory
from tests.factories.officers import (
    AppointmentFactory,
    FilingFactory,
    PersonFactory,
    TeamFactory,
    TeamMemberFactory,
)
from tests.factories.pilots import EnrolmentFactory, MembershipFactory, UnitFactory

pytestmark = pytest.mark.django_db
TODAY, SEPTEMBER = date(2022, 4, 15), date(2021, 9, 16)
MOBILE = "13987650321"


def hats(city, elsewhere, role, unit):
    """Somebody who is an officer in the one city and something else in the other."""
    user = UserFactory()
    MembershipFactory(user=user, unit=elsewhere.bureau, role="bureau_officer")
    MembershipFactory(user=user, unit=getattr(city, unit), role=role)
    return user


@pytest.fixture
def rows(register):
    """One of everything, of the department."""
    unit = register.city.department
    person = PersonFactory(unit=unit, mobile=MOBILE, user=_member(register.city, unit, "unit_cdo"))
    holder = AppointmentFactory(unit=unit, person=person)
    proposed = AppointmentFactory(unit=unit, status="proposed", starts_on=TODAY)
    ended = AppointmentFactory(
        unit=unit, status="ended", starts_on="2015-01-01", ends_on="2015-12-31"
    )
    bare = AppointmentFactory(
        unit=unit, status="ended", starts_on="2014-01-01", ends_on="2014-12-31"
    )
    desk = {"programme": register.city.programme, "desk": register.office}
    waiting = FilingFactory(appointment=holder, **desk)
    returned = FilingFactory(appointment=ended, returned=True, **desk)
    accepted = FilingFactory(appointment=ended, kind="removal", accepted=True, **desk)
    team = TeamFactory(unit=unit)
    member = TeamMemberFactory(team=team)
    return {
        "person": person.uuid,
        "holder": holder.number,
        "proposed": proposed.number,
        "ended": ended.number,
        "bare": bare.number,
        "waiting": waiting.number,
        "returned": returned.number,
        "accepted": accepted.number,
        "team": team.number,
        "member": member.pk,
        "unit": unit.code,
        "programme": register.city.programme.code,
        "rule": register.department_rule.code,
        "office": register.office.code,
    }


NEW = {"once": "k", "name": "张三", "post": "cdo", "kind": "substantive", "starts_on": "2022-04-01",
       "reason": "好", "level": "deputy", "is_in_charge": "on", "confirmed": "1"}  # fmt: skip
MEMBER = {"entry_mode": "internal", "starts_on": "2022-01-01", "name": "张三", "once": "m"}
PAGES = {
    "/officers/new/?unit={unit}": NEW,
    "/officers/people/{person}/edit/": {"name": "改名", "mobile": "", "email": ""},
    "/officers/people/{person}/account/": {"untie": "1"},
    "/officers/confirm/{unit}/": {},
    "/officers/{proposed}/confirm/": {"confirm-document_number": "深公〔2022〕3号"},
    "/officers/{holder}/end/": {"end-ends_on": "2022-04-14", "end-ending": "left"},
    "/officers/{holder}/void/": {"void-reason": "错"},
    "/officers/{holder}/mend/": {"job_title": "局长", "starts_on": "2021-09-16"},
    "/officers/{ended}/reinstate/": {"reinstate-reason": "错"},
    "/filings/new/?appointment={bare}": {"note": "好"},
    "/filings/plan/?unit={unit}": {"title": "方案"},
    "/filings/{waiting}/accept/": {"receipt_number": "1", "accepted_on": "2022-04-15"},
    "/filings/{waiting}/return/": {"return-text": "错"},
    "/filings/{waiting}/withdraw/": {"withdraw-reason": "错"},
    "/filings/{returned}/resubmit/": {"resubmit-note": "好"},
    "/filings/{accepted}/reopen/": {"reopen-reason": "错"},
    "/officers/settings/days/{rule}/?programme={programme}": {"vacancy_days": "5", "basis": "函"},
    "/officers/settings/directory/?programme={programme}": {"basis": "函"},
    "/officers/settings/templates/{office}/officers.receipt/?programme={programme}": {},
    "/teams/new/?unit={unit}": {"kind": "support", "name": "组", "starts_on": "2022-01-01", "once": "t"},
    "/teams/{team}/edit/": {"kind": "support", "name": "组", "starts_on": "2022-01-01"},
    "/teams/{team}/end/": {"on": "2022-04-14", "confirmed": "1"},
    "/teams/{team}/void/": {"reason": "错", "confirmed": "1"},
    "/teams/{team}/members/new/": MEMBER,
    "/teams/{team}/members/{member}/": MEMBER,
    "/teams/{team}/members/{member}/end/": {"on": "2022-04-14", "confirmed": "1"},
    "/teams/{team}/members/{member}/void/": {"reason": "错", "confirmed": "1"},
    "/handover/{person}/": {"on": "2022-04-15", "ending": "moved", "once": "h", "confirmed": "1"},
}  # fmt: skip
HATS = {
    "evaluator": ("evaluator", "bureau"),
    "reader": ("provincial_reader", "superior"),
    "head": ("bureau_head", "bureau"),
    "clerk of another unit": ("data_officer", "district"),
}


@pytest.mark.parametrize("name", ["stranger", "foreigner", *HATS])
def test_no_form_of_the_register_takes_what_another_sends(
    name, rows, city, elsewhere, request, browse
):
    user = hats(city, elsewhere, *HATS[name]) if name in HATS else request.getfixturevalue(name)
    client, opened = browse(user), []
    for path, given in PAGES.items():
        address = path.format(**rows)
        answer = client.post(address, {"version": "1", **given})
        if answer.status_code not in {403, 404}:
            opened.append(path)
        assert client.get(address).status_code < 500
    # Of a unit that is not seen both say what they say of one that does not exist.
    assert set(opened) <= {"/filings/plan/?unit={unit}", "/teams/new/?unit={unit}"}
    verbs = ("appointment.", "filing.", "team.", "person.", "handover.", "post_rule.", "directory.")
    written = AuditEntry.objects.filter(actor_id=user.pk)
    assert [row.verb for row in written if row.verb.startswith(verbs)] == []


@pytest.mark.parametrize("name", ["stranger", "foreigner", *HATS])
def test_the_numbers_of_another_are_told_to_nobody(name, rows, city, elsewhere, request, browse):
    user = hats(city, elsewhere, *HATS[name]) if name in HATS else request.getfixturevalue(name)
    given = {"people": [rows["person"]], "purpose": "开会"}
    page = browse(user).post("/officers/contacts/", given).content.decode()
    assert MOBILE not in page


# --- people who are moved ------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["of a city only read", "above"])
def test_nobody_is_moved_to_a_unit_that_is_not_ones_own(target, city, elsewhere, browse):
    """Whose contacts are whose hangs on the unit."""
    user = hats(city, elsewhere, "evaluator", "bureau")
    person = PersonFactory(unit=elsewhere.department)
    unit = city.department if target == "of a city only read" else elsewhere.superior
    page = f"/officers/people/{person.uuid}/edit/"
    given = {"version": "1", "name": person.name, "unit": unit.code, "level": "deputy"}
    answer = browse(user).post(page, given)
    person.refresh_from_db()
    assert person.unit == elsewhere.department
    assert answer.status_code in {403, 422}


def test_nobody_is_brought_from_a_unit_that_is_not_ones_own(city, elsewhere, send):
    user = hats(city, elsewhere, "evaluator", "bureau")
    person = PersonFactory(unit=city.department)
    content = {"unit": elsewhere.department.code}
    assert send(user, f"persons/{person.uuid}", content, 1, "patch").status_code == 403
    content = {"unit": city.department.code}
    ours = PersonFactory(unit=elsewhere.department)
    assert send(user, f"persons/{ours.uuid}", content, 1, "patch").status_code == 403


# --- who decides what he handed in ---------------------------------------------------------------


def test_a_letter_of_the_own_unit_is_decided_by_another(register, city, send):
    """A clerk of the department who also sits at the desk enters no letter from himself."""
    user = _member(city, register.office, "bureau_officer")
    MembershipFactory(user=user, unit=city.department, role="data_officer")
    holder = register.appoint(city.department, SEPTEMBER)
    content = {"route": "paper", "reported_on": "2021-09-20"}
    answer = send(user, f"appointments/{holder.number}/file", content)
    if answer.status_code == 201:
        assert send(user, f"filings/{answer.json()['id']}/accept", {}, 1).status_code == 409
    assert not Filing.rows.filter(status="accepted").exists()


def test_a_letter_that_was_mended_by_the_unit_is_decided_by_another(register, city, send):
    clerk = _member(city, register.office, "bureau_officer")
    user = _member(city, register.office, "bureau_officer")
    MembershipFactory(user=user, unit=city.department, role="data_officer")
    holder = register.appoint(city.department, SEPTEMBER)
    filing = services.file_appointment(holder, by=clerk, route="paper")
    filing = services.return_filing(filing, by=user, reason="缺件")
    answer = send(user, f"filings/{filing.number}/resubmit", {}, filing.version)
    assert answer.status_code == 200
    version = answer.json()["version"]
    assert send(user, f"filings/{filing.number}/accept", {}, version).status_code == 409


def test_what_is_on_record_is_not_voided_by_the_unit_alone(
    register, city, data_officer, officer, send
):
    holder = register.appoint(city.department, SEPTEMBER)
    filing = services.file_appointment(holder, by=data_officer)
    filing = services.accept_filing(filing, by=officer, receipt_number="备〔2022〕1号")
    holder.refresh_from_db()
    path = f"appointments/{holder.number}/void"
    answer = send(data_officer, path, {"reason": "错"}, holder.version)
    assert (answer.status_code, filing.number in answer.json()["message"]) == (409, True)
    filing.refresh_from_db()
    assert (filing.status, filing.receipt_number) == ("accepted", "备〔2022〕1号")
    services.reopen_filing(filing, by=officer, reason="单位来函")
    assert send(data_officer, path, {"reason": "错"}, holder.version).status_code == 200


# --- leaving -------------------------------------------------------------------------------------


def _leave(browse, user, person, unit):
    given = {"on": "2022-04-15", "once": "h", "confirmed": "1", "version": person.version}
    return browse(user).post(f"/handover/{person.uuid}/?unit={unit.code}", given)


def test_a_clerk_of_the_bureau_does_not_dismiss_its_officers(city, officer, browse):
    """The bureau is a body with a clerk of its own; what its officers are is not the clerk's."""
    clerk = _member(city, city.bureau, "data_officer")
    person = PersonFactory(unit=city.bureau, user=officer)
    assert _leave(browse, clerk, person, city.bureau).status_code in {403, 404, 409}
    officer.refresh_from_db()
    assert officer.is_active
    assert Membership.rows.live(TODAY).filter(user=officer).exists()
    colleague = _member(city, city.bureau, "bureau_officer")
    assert _leave(browse, colleague, person, city.bureau).status_code == 302
    assert not Membership.rows.live(TODAY).filter(user=officer).exists()


def test_one_city_does_not_dismiss_the_evaluators_of_another(city, elsewhere, officer, browse):
    firm = UnitFactory(name="评估公司", kind="third_party")
    for programme in (city.programme, elsewhere.programme):
        EnrolmentFactory(programme=programme, unit=firm, part="third_party")
    evaluator = UserFactory()
    MembershipFactory(user=evaluator, unit=firm, role="evaluator")
    person = PersonFactory(unit=firm, user=evaluator)
    _leave(browse, officer, person, firm)
    assert Membership.rows.live(TODAY).filter(user=evaluator).exists()


# --- seats ---------------------------------------------------------------------------------------


def test_a_second_cdo_is_refused_whatever_seat_is_claimed(register, city, data_officer, send):
    register.appoint(city.department, SEPTEMBER)
    person = PersonFactory(unit=city.department)
    content = {"unit": city.department.code, "post": "cdo", "seat": 2, "starts_on": "2022-04-01",
               "person": str(person.uuid)}  # fmt: skip
    answer = send(data_officer, "appointments", content)
    assert (answer.status_code, Appointment.rows.count()) in {(409, 1), (422, 1)}


def test_a_unit_does_not_replace_whom_another_body_removes(register, city, data_officer, send):
    """It appoints its own, the leading group removes: a successor is no way round."""
    type(register.department_rule).rows.filter(pk=register.department_rule.pk).update(
        is_self_removed=False, removed_by=register.leading_group
    )
    holder = register.appoint(city.department, SEPTEMBER)
    assert send(data_officer, f"appointments/{holder.number}/end",
                {"ends_on": "2022-03-31", "ending": "left"}, 1).status_code == 403  # fmt: skip
    person = PersonFactory(unit=city.department)
    content = {"unit": city.department.code, "post": "cdo", "starts_on": "2022-04-01",
               "person": str(person.uuid),
               "departure": {"ends_on": "2022-03-31", "ending": "replaced"}}  # fmt: skip
    answer = send(data_officer, "appointments", content)
    holder.refresh_from_db()
    assert (answer.status_code, holder.status) == (409, "appointed")


def test_a_person_seen_for_an_old_post_is_not_brought_back_by_the_old_unit(
    register, city, stranger, send
):
    """She left the district for the department: the district reads her name, and gives her nothing."""
    person = PersonFactory(unit=city.department, mobile=MOBILE)
    AppointmentFactory(unit=city.district, person=person, status="ended", ends_on="2021-12-31")
    assert send(stranger, f"persons/{person.uuid}", {"name": "改"}, 1, "patch").status_code == 403
    assert Person.objects.visible_to(stranger).filter(pk=person.pk).exists()


def test_a_unit_that_was_entered_in_a_programme_by_mistake_is_read_no_more(
    city, elsewhere, officer
):
    row = EnrolmentFactory(programme=city.programme, unit=elsewhere.department)
    person = PersonFactory(unit=elsewhere.department, mobile=MOBILE)
    holder = AppointmentFactory(unit=elsewhere.department, person=person)
    seen = {Person: person, Appointment: holder}
    for withdrawn_on, is_seen in ((None, True), (TODAY, False)):
        type(row).rows.filter(pk=row.pk).update(withdrawn_on=withdrawn_on)
        for model, each in seen.items():
            assert model.objects.visible_to(officer).filter(pk=each.pk).exists() is is_seen


def test_the_services_dismiss_nobody_either(city, officer):
    clerk = _member(city, city.bureau, "data_officer")
    person = PersonFactory(unit=city.bureau, user=officer)
    leaving = LeavingPerson(officer, city.bureau, None, TODAY, clerk, person=person)
    with pytest.raises(PermissionRefused):
        hand_over(leaving, once="k")


def test_outside_of_a_request_too_it_stays_on_record_who_types_numbers_of_others(city, stranger):
    PersonFactory(unit=city.department, mobile=MOBILE)
    with pytest.raises(ValidationError, match="其他单位"):
        services.check_person(by=stranger, unit=city.district, mobile=MOBILE)
    entry = AuditEntry.objects.get(verb="person.contact_taken")
    assert (entry.subject, entry.unit_code, entry.after) == (
        "person", city.district.code, {"contact": "mobile"},
    )  # fmt: skip
