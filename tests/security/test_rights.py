"""Rights of one role or one city never reach into another."""

import pgtrigger
import pytest

from accounts import services as accounts
from core import audit
from duties.models import Assignment
from reminders.models import Delivery, DeliveryLine, Endpoint, Notice
from tests.conftest import make_city
from tests.factories.accounts import UserFactory
from tests.factories.pilots import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere(db):
    """A second city."""
    return make_city("210100", "别市")


def _two_hats(city, elsewhere, role, unit="bureau"):
    """Somebody who is an officer in one city and something else in the other."""
    user = UserFactory()
    MembershipFactory(user=user, unit=city.bureau, role="bureau_officer")
    MembershipFactory(user=user, unit=getattr(elsewhere, unit), role=role)
    return user


# --- one person, two hats ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "unit"),
    [("evaluator", "bureau"), ("provincial_reader", "superior"), ("data_officer", "department")],
)
def test_the_record_of_the_other_city_stays_shut(role, unit, city, elsewhere, browse):
    user = _two_hats(city, elsewhere, role, unit)
    audit.record("programme.start", by=None, subject="ECHO", programme=elsewhere.programme)
    client = browse(user)
    for path in ("/audit/", "/audit/ECHO/", f"/?programme={elsewhere.programme.code}"):
        assert "ECHO" not in client.get(path).content.decode(), path


@pytest.mark.parametrize("role", ["evaluator", "provincial_reader"])
def test_the_messages_of_the_other_city_stay_shut(role, city, elsewhere, browse):
    unit = {"evaluator": "bureau", "provincial_reader": "superior"}[role]
    user = _two_hats(city, elsewhere, role, unit)
    _message(elsewhere, "ECHO")
    _notice(elsewhere, UserFactory(), "ECHO-ALONE")
    client = browse(user)
    assert "ECHO" not in client.get("/deliveries/").content.decode()
    assert "ECHO" not in client.get("/deliveries/portal-only/").content.decode()


def test_a_digest_of_two_cities_shows_each_its_own_part(city, elsewhere, officer, browse):
    delivery = _message(elsewhere, "ECHO")
    notice = _notice(city, delivery.endpoint.user, "OURS")
    DeliveryLine.objects.create(delivery=delivery, notice=notice, channel="email")
    page = browse(officer).get("/deliveries/").content.decode()
    assert "OURS" in page
    assert "ECHO" not in page


def _notice(city, user, title):
    facts = {"number": "RW-1", "title": title, "due_on": "2022-04-30", "latest_on": "2022-04-30"}
    return Notice.rows.create(
        key=title,
        type="duties.deadline",
        subject="assignment:RW-1",
        stage="14",
        reading="due",
        recipient=user,
        programme=city.programme,
        unit=city.department,
        for_on="2022-04-15",
        facts=facts,
    )


def _message(city, title):
    user = UserFactory()
    notice = _notice(city, user, title)
    endpoint = Endpoint.rows.create(channel="email", address="a@example.org", user=user)
    delivery = Delivery.rows.create(
        key=title,
        endpoint=endpoint,
        next_at=notice.created_at,
        created_at=notice.created_at,
    )
    DeliveryLine.objects.create(delivery=delivery, notice=notice, channel="email")
    return delivery


# --- the trial's mails ---------------------------------------------------------------------------


def test_the_mails_of_another_city_stay_shut(city, officer, elsewhere, browse, settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path)
    delivery = _message(elsewhere, "ECHO")
    name = "20220415-120000-0123abcd"
    text = f"To: {delivery.endpoint.address}\nSubject: ECHO\n\nECHO\n"
    (tmp_path / f"{name}.eml").write_text(text)
    client = browse(officer)
    assert "ECHO" not in client.get("/mails/").content.decode()
    assert client.get(f"/mails/{name}/").status_code == 404


# --- bodies that several cities share -------------------------------------------------------------


@pytest.mark.parametrize("act", ["rename", "succeed"])
def test_a_city_does_not_rename_or_end_its_superior(act, city, officer, browse):
    answer = browse(officer).get(f"/units/{city.superior.code}/{act}/")
    assert answer.status_code == 403


# --- every change, every wrong person ------------------------------------------------------------


def test_nobody_changes_what_is_not_theirs(city, cast, browse):
    number = city.assignment(city.department).number
    area = city.obligations["training"].area.code
    unit, programme = city.department.code, city.programme.code
    changes = [
        f"/tasks/{number}/{act}/"
        for act in ("accept", "complete", "withdraw", "exempt", "restore", "void/1")
    ]
    changes += [
        f"/obligations/{city.obligations['training'].code}/reading/",
        f"/areas/{area}/progress/",
        f"/areas/{area}/progress/1/void/",
        f"/units/{unit}/rename/",
        f"/units/{unit}/succeed/",
        f"/programmes/{programme}/close/",
        f"/members/open/?programme={programme}",
        f"/members/act/?programme={programme}",
        "/deliveries/1/resend/",
    ]
    mine = {"data_officer": {changes[0]}, "unit_cdo": {changes[0]}}
    for name in set(cast) - {"officer"}:
        client = browse(cast[name])
        for path in changes:
            answer = client.post(path, {"version": "1", "confirmed": "1"})
            allowed = path in mine.get(name, ())
            assert answer.status_code == 302 if allowed else answer.status_code in {403, 404}, (
                name,
                path,
                answer.status_code,
            )
            if allowed:  # as if nobody had accepted it yet, for whoever comes next
                with pgtrigger.ignore("duties.Assignment:assignment_moves_by_its_table"):
                    Assignment.rows.filter(number=number).update(
                        status="assigned", accepted_at=None, accepted_by=None, version=1
                    )


def test_an_officer_cannot_take_over_people_with_other_rights(city, elsewhere, officer, browse):
    """Reset, close, reopen, revoke: of another city, of a colleague, of an administrator."""
    mixed = UserFactory()
    here = MembershipFactory(user=mixed, unit=city.department, role="unit_cdo")
    MembershipFactory(user=mixed, unit=elsewhere.bureau, role="bureau_head")
    foreign = MembershipFactory(unit=elsewhere.department, role="data_officer")
    head = MembershipFactory(unit=city.bureau, role="bureau_head")
    client = browse(officer)
    for row in (here, foreign, head):
        before = row.user.password
        for act in ("reset", "close"):
            client.post(
                "/members/act/",
                {"act": act, "pick": [row.pk], "once": f"{act}{row.pk}", "confirmed": "1"},
            )
        row.user.refresh_from_db()
        assert row.user.password == before
        assert row.user.is_active


def test_a_pick_beyond_all_numbers_is_no_crash(city, officer, browse):
    client = browse(officer)
    for pick in ("9" * 30, "²", "\x00", "-1"):
        answer = client.post("/members/act/", {"act": "reset", "pick": [pick], "once": "x"})
        assert answer.status_code in {302, 404}


@pytest.mark.parametrize(("starts", "ends"), [("2022-04-16", None), (None, "2022-04-14")])
def test_a_membership_not_yet_or_no_longer_gives_nothing(starts, ends, city, browse, api):
    user = UserFactory()
    MembershipFactory(
        user=user, unit=city.bureau, role="bureau_officer", starts_on=starts, ends_on=ends
    )
    for path in ("/units/", "/tasks/", "/audit/", "/members/", "/deliveries/", "/overview/"):
        assert browse(user).get(path).status_code == 403, path
    assert api(user).get("/api/v1/units/").status_code == 403


def test_a_reset_ends_the_sessions_and_writes_no_password(city, officer, data_officer, browse):
    person, client = browse(data_officer), browse(officer)
    row = data_officer.memberships.get()
    answer = client.post(
        "/members/act/", {"act": "reset", "pick": [row.pk], "once": "k", "confirmed": "1"}
    )
    slip = answer.context["slips"][0]
    assert slip.password in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert person.get("/units/").status_code == 302
    from django.contrib.sessions.models import Session

    from core.models import AuditEntry, IdempotencyKey

    kept = [
        str(found.__dict__) for found in (*AuditEntry.objects.all(), *IdempotencyKey.objects.all())
    ]
    kept += [str(session.get_decoded()) for session in Session.objects.all()]
    assert slip.password not in "".join(kept)


def test_feedback_is_answered_by_the_own_bureau_only(city, elsewhere, browse):
    from reminders.models import Feedback

    user = _two_hats(city, elsewhere, "evaluator")
    asker = MembershipFactory(unit=elsewhere.department).user
    row = Feedback.rows.create(user=asker, text="ECHO", created_at="2022-04-15T00:00Z")
    client = browse(user)
    assert "ECHO" not in client.get("/feedback/").content.decode()
    answer = client.post(f"/feedback/{row.pk}/answer/", {f"answer-{row.pk}-answer": "好"})
    assert answer.status_code == 404


def test_closing_an_account_shuts_its_tokens(api, officer, client):
    from accounts import tokens

    _token, secret = tokens.create_token(user=officer, name="x", scope="read", days=1, by=None)
    head = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    assert client.get("/api/v1/units/", **head).status_code == 200
    accounts.set_active(officer, is_active=False, by=None)
    assert client.get("/api/v1/units/", **head).status_code == 401
