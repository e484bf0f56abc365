"""Filings and appointments whose order somebody tries to turn, keys that are used again, and the one
page that the world may read."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings as site

from core import clock
from core.models import IdempotencyKey
from duties.models import Fulfilment
from officers import services
from officers.models import Appointment, Filing, Person
from pilots.models import Membership
from pilots.services import leave_unit
from tests.conftest import _member
from tests.factories.officers import AppointmentFactory, PersonFactory
from tests.factories.pilots import MembershipFactory
from tests.officers.desk import SEPTEMBER, TODAY, accepted

pytestmark = pytest.mark.django_db


@pytest.fixture
def holder(register):
    return register.appoint(register.city.department, SEPTEMBER)


@pytest.fixture
def filing(holder, data_officer):
    return services.file_appointment(holder, by=data_officer)


# --- whose turn it is ----------------------------------------------------------------------------


def test_the_bureau_does_not_decide_where_the_desk_has_somebody(
    register, filing, officer, browse, send
):
    clerk = _member(register.city, register.office, "bureau_officer")
    page = f"/filings/{filing.number}/accept/"
    given = {"version": "1", **accepted(filing)}
    assert browse(officer).post(page, given).status_code == 403
    assert send(officer, f"filings/{filing.number}/accept", {}, 1).status_code == 403
    filing.refresh_from_db()
    assert filing.status == "submitted"
    assert browse(clerk).post(page, given).status_code == 302
    # What was accepted is reopened, returned and accepted again by the desk alone.
    for act in ("reopen", "return"):
        content = {"reason": "错"}
        assert send(officer, f"filings/{filing.number}/{act}", content, 2).status_code == 403


@pytest.mark.parametrize("way", ["page", "api"])
def test_nobody_decides_what_he_filed_for_a_unit(way, register, officer, holder, browse, send):
    filing = services.file_appointment(holder, by=officer)
    if way == "page":
        given = {"version": "1", **accepted(filing)}
        answer = browse(officer).post(f"/filings/{filing.number}/accept/", given)
    else:
        answer = send(officer, f"filings/{filing.number}/accept", {}, 1)
    filing.refresh_from_db()
    assert (answer.status_code, filing.status) == (409, "submitted")


def test_a_unit_does_not_choose_the_day_that_counts(holder, data_officer, browse, send):
    path = f"appointments/{holder.number}/file"
    for content in ({"reported_on": "2021-09-20"}, {"route": "paper", "reported_on": "2021-09-20"}):
        assert send(data_officer, path, content).status_code in {403, 422}
    page = f"/filings/new/?appointment={holder.number}"
    given = {
        "reported_on": "2021-09-20",
        "accepted_on": "2021-09-20",
        "accept": "on",
        "sender": "局",
    }
    browse(data_officer).post(page, given)
    filing = Filing.rows.get()
    assert (filing.reported_on, filing.status, filing.route) == (TODAY, "submitted", "online")


def test_no_day_of_acceptance_lies_before_the_report_or_ahead(filing, officer, browse, send):
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        content = {"accepted_on": f"{day}"}
        assert send(officer, f"filings/{filing.number}/accept", content, 1).status_code == 422
        given = {"version": "1", **accepted(filing, accepted_on=f"{day}")}
        assert browse(officer).post(f"/filings/{filing.number}/accept/", given).status_code == 422
    assert not Fulfilment.objects.exists()


@pytest.mark.parametrize("version", ["", "0", "-1", "2", "²", "9" * 30, "1e0", "x"])
def test_an_odd_version_is_a_stale_one(version, holder, filing, data_officer, officer, browse):
    acts = {
        f"/filings/{filing.number}/accept/": (officer, accepted(filing)),
        f"/filings/{filing.number}/withdraw/": (data_officer, {"withdraw-reason": "错"}),
        f"/officers/{holder.number}/end/": (
            data_officer,
            {"end-ends_on": "2022-04-14", "end-ending": "left"},
        ),
        f"/officers/{holder.number}/void/": (data_officer, {"void-reason": "错"}),
        f"/officers/people/{holder.person.uuid}/edit/": (data_officer, {"name": "改名"}),
    }
    for page, (user, given) in acts.items():
        answer = browse(user).post(page, {"version": version, **given})
        assert answer.status_code == 412, page
    assert not Person.rows.filter(name="改名").exists()


def test_a_removal_that_never_was_is_not_put_on_record(holder, data_officer, officer):
    row = services.end_appointment(holder, on=TODAY, ending="removed", by=officer)
    removal = services.file_appointment(row, by=data_officer, kind="removal")
    services.reinstate(row, by=officer, reason="登记有误")
    removal.refresh_from_db()
    assert removal.status == "withdrawn"


def test_what_was_undone_counts_no_more_and_is_counted_once_again(
    holder, filing, officer, data_officer
):
    services.accept_filing(filing, by=officer)
    count = Fulfilment.objects.filter(voided_at=None).count()
    filing = services.reopen_filing(filing, by=officer, reason="错")
    assert Fulfilment.objects.filter(voided_at=None).count() < count
    filing = services.resubmit_filing(filing, by=data_officer)
    services.accept_filing(filing, by=officer)
    assert Fulfilment.objects.filter(voided_at=None).count() == count


# --- keys that are used again --------------------------------------------------------------------


@pytest.fixture
def keyed(api):
    def sending(user, path, content, key):
        headers = {"Idempotency-Key": key}
        return api(user).post(f"/api/v1/{path}/", content, format="json", headers=headers)

    return sending


def test_a_key_is_its_users_and_its_addresss(city, data_officer, unit_cdo, stranger, keyed):
    key, content = str(uuid4()), {"name": "张三", "unit": city.department.code}
    first = keyed(data_officer, "persons", content, key)
    again = keyed(data_officer, "persons", content, key)
    assert first.json()["id"] == again.json()["id"]
    other = keyed(unit_cdo, "persons", content, key)
    assert other.status_code == 201
    assert other.json()["id"] != first.json()["id"]
    assert keyed(stranger, "persons", content, key).status_code == 422
    assert keyed(data_officer, "persons", {**content, "name": "李四"}, key).status_code == 422
    assert keyed(data_officer, "teams", content, key).status_code == 422
    assert IdempotencyKey.objects.count() == 2


def test_whoever_left_is_given_no_stored_answer(city, data_officer, officer, keyed):
    key, content = str(uuid4()), {"name": "张三", "unit": city.department.code}
    assert keyed(data_officer, "persons", content, key).status_code == 201
    Membership.rows.filter(user=data_officer).update(revoked_at=clock.now(), revoked_by=officer)
    data_officer.__dict__.pop("_live_memberships", None)
    assert keyed(data_officer, "persons", content, key).status_code == 403


def test_a_form_is_its_senders(register, city, data_officer, unit_cdo, browse):
    here = f"/officers/new/?unit={city.department.code}"
    form = {"once": "same", "name": "张三", "post": "cdo", "kind": "substantive", "level": "deputy",
            "starts_on": "2022-04-01", "is_in_charge": "on", "reason": "纪要", "confirmed": "1"}  # fmt: skip
    assert browse(data_officer).post(here, form).status_code == 302
    assert browse(data_officer).post(here, form).status_code == 409
    answer = browse(unit_cdo).post(here, form)  # not the key, the seat is taken
    assert answer.status_code in {409, 422}
    assert "已经提交过" not in answer.content.decode()
    assert Appointment.rows.count() == 1


# --- forms that were open when somebody left -----------------------------------------------------


def test_a_form_left_open_is_refused_and_the_other_unit_stays(register, officer, browse):
    """Clerk of two units, who leaves one."""
    city = register.city
    user = _member(city, city.department, "data_officer")
    MembershipFactory(user=user, unit=city.district, role="data_officer")
    ours, theirs = (PersonFactory(unit=unit) for unit in (city.department, city.district))
    row = AppointmentFactory(unit=city.department, person=ours)
    client = browse(user)
    assert client.get(f"/officers/people/{ours.uuid}/edit/").status_code == 200
    leave_unit(user, city.department, by=officer)
    given = {"version": "1", "name": "改名", "level": "deputy"}
    for page in (f"/officers/people/{ours.uuid}/edit/", f"/officers/{row.number}/void/",
                 f"/officers/confirm/{city.department.code}/",
                 f"/officers/new/?unit={city.department.code}"):  # fmt: skip
        answer = client.post(page, {**given, "void-reason": "错"})
        assert answer.status_code in {403, 404}, page
    assert client.get(f"/officers/{row.number}/file/").status_code == 404
    answer = client.post(f"/officers/people/{theirs.uuid}/edit/", given)
    assert answer.status_code == 302
    assert not Person.rows.filter(pk=ours.pk, name="改名").exists()


# --- the directory -------------------------------------------------------------------------------


@pytest.fixture
def directory(register, holder, officer):
    services.open_directory(register.city.programme, basis="纪要", by=officer)
    return f"/directory/{register.city.programme.code}/"


def test_no_cache_keeps_somebodys_session(directory, officer, browse):
    """A session is written anew once a minute; a shared cache would hand it to the next reader."""
    client = browse(officer)
    session = client.session
    session["started_at"] = session["seen_at"] = clock.now().timestamp() - 120
    session.save()
    answer = client.get(directory)
    assert (answer.status_code, site.SESSION_COOKIE_NAME in answer.cookies) == (200, True)
    assert "public" not in answer["Cache-Control"]


def test_no_cache_keeps_the_end_of_a_session(directory, officer, browse):
    client = browse(officer)
    session = client.session
    session["started_at"] = session["seen_at"] = clock.now().timestamp() - 9 * 3600
    session.save()
    assert site.SESSION_COOKIE_NAME in client.cookies
    assert "public" not in client.get(directory)["Cache-Control"]


@pytest.mark.parametrize("method", ["head", "options", "post", "put", "delete", "patch"])
def test_closed_and_unknown_are_alike_in_every_way_of_asking(method, city, client):
    asked = [
        getattr(client, method)(f"/directory/{code}/") for code in (city.programme.code, "nowhere")
    ]
    heads = [{name: value for name, value in each.headers.items() if name != "X-Request-ID"}
             for each in asked]  # fmt: skip
    assert asked[0].status_code == asked[1].status_code
    for head in heads:
        head.pop("Content-Length", None)  # the page repeats what was asked
    assert heads[0] == heads[1]


def test_it_is_closed_off_with_its_programme_taken_back(directory, city, client):
    type(city.programme).rows.filter(pk=city.programme.pk).update(withdrawn_on=TODAY)
    assert client.get(directory).status_code == 404
