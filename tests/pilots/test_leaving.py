"""Leaving a body: rights, tokens and logins end at the next request; other cities' rights stay."""

from datetime import date, timedelta

import pytest
from rest_framework.test import APIClient

from accounts.models import Token
from core.errors import Refused
from core.handover import Fate, Leaving
from core.models import AuditEntry
from pilots import handover, services
from pilots.models import Enrolment, Membership
from tests.conftest import make_city
from tests.factories.accounts import TokenFactory, UserFactory
from tests.factories.pilots import MembershipFactory

TODAY = date(2022, 4, 15)
DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


def api_status(secret="cdo_test-secret"):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client.get("/api/v1/units/").status_code


def leave(user, unit, officer, **facts):
    return services.leave_unit(user, unit, by=officer, **facts)


def test_session_and_token_are_refused_at_the_next_request(city, data_officer, officer, browse):
    TokenFactory(user=data_officer)
    client = browse(data_officer)
    assert (client.get("/").status_code, api_status()) == (200, 200)
    left = leave(data_officer, city.department, officer, on=TODAY)
    assert (len(left.memberships), len(left.tokens), left.is_closed) == (1, 1, True)
    assert client.get("/").status_code == 302
    assert api_status() == 401


def test_everything_is_on_record_with_who_did_it(city, data_officer, officer):
    TokenFactory(user=data_officer)
    leave(data_officer, city.department, officer)
    verbs = AuditEntry.objects.filter(actor_id=officer.pk).values_list("verb", flat=True)
    assert {"membership.revoke", "token.revoke", "account.close"} <= set(verbs)
    assert Membership.rows.get(user=data_officer).revoked_by == officer


def test_the_rights_in_another_city_stay(city, data_officer, officer, browse):
    other = make_city("210100", "别市")
    MembershipFactory(user=data_officer, unit=other.department, role="data_officer")
    TokenFactory(user=data_officer)
    client = browse(data_officer)
    left = leave(data_officer, city.department, officer)
    assert not left.is_closed
    assert client.get("/").status_code == 200
    assert client.get(f"/units/{other.department.code}/").status_code == 200
    assert client.get(f"/units/{city.department.code}/").status_code == 404
    assert api_status() == 401


def test_a_right_that_is_still_to_begin_keeps_the_account_open(city, data_officer, officer):
    MembershipFactory(user=data_officer, unit=city.district, starts_on=TODAY + DAY)
    assert not leave(data_officer, city.department, officer).is_closed


def test_a_right_that_is_over_or_revoked_does_not(city, data_officer, officer):
    MembershipFactory(user=data_officer, unit=city.district, ends_on=TODAY - DAY)
    revoked = MembershipFactory(user=data_officer, unit=city.government)
    services.revoke_membership(revoked, by=officer)
    assert leave(data_officer, city.department, officer).is_closed


def test_one_role_of_two_can_be_left(city, unit_cdo, officer, browse):
    MembershipFactory(user=unit_cdo, unit=city.department, role="data_officer")
    same = {"unit": city.department, "delegated_by": unit_cdo}
    lent, kept = (MembershipFactory(**same, role=role) for role in ("unit_cdo", "data_officer"))
    left = leave(unit_cdo, city.department, officer, role="unit_cdo")
    assert ([row.role for row in left.memberships], left.delegations) == (["unit_cdo"], [lent])
    assert not left.is_closed
    assert browse(unit_cdo).get(f"/units/{city.department.code}/").status_code == 200
    kept.refresh_from_db()
    assert kept.revoked_at is None


def test_what_was_delegated_there_ends_with_it_and_elsewhere_stays(city, unit_cdo, officer):
    here = MembershipFactory(unit=city.department, delegated_by=unit_cdo)
    there = MembershipFactory(unit=city.district, delegated_by=unit_cdo)
    MembershipFactory(unit=city.department, delegated_by=unit_cdo, ends_on=TODAY - DAY)
    left = leave(unit_cdo, city.department, officer)
    assert left.delegations == [here]
    there.refresh_from_db()
    assert there.revoked_at is None


def test_a_day_to_come_is_refused(city, data_officer, officer):
    with pytest.raises(Refused, match="离任日期2022-04-16还没到"):
        leave(data_officer, city.department, officer, on=TODAY + DAY)


def test_somebody_who_never_acted_for_the_body_loses_nothing(city, stranger, officer):
    TokenFactory(user=stranger)
    left = leave(stranger, city.department, officer)
    assert (left.memberships, left.tokens, left.is_closed) == ([], [], False)
    assert Token.objects.get().revoked_at is None


def test_nobody_closes_the_own_account(city, unit_cdo):
    left = leave(unit_cdo, city.department, unit_cdo)
    assert (len(left.memberships), left.is_closed) == (1, False)
    unit_cdo.refresh_from_db()
    assert unit_cdo.is_active


def test_leaving_twice_changes_nothing_more(city, data_officer, officer):
    leave(data_officer, city.department, officer)
    again = leave(data_officer, city.department, officer)
    assert (again.memberships, again.delegations, again.tokens) == ([], [], [])
    assert not again.is_closed


def test_whether_an_account_has_nothing_else(city, data_officer, officer):
    assert services.acts_only_at(data_officer, city.department)
    assert not services.acts_only_at(data_officer, city.district)
    MembershipFactory(user=data_officer, unit=city.district)
    assert not services.acts_only_at(data_officer, city.department)


# --- 对口联系人 ----------------------------------------------------------------------------------


@pytest.fixture
def contact(city, officer):
    """The officer is the contact of department and district."""
    for unit in (city.department, city.district):
        Enrolment.rows.filter(unit=unit).update(liaison=officer)
    return officer


def hand_over(city, contact, head, taker):
    return services.hand_over_liaisons(contact, city.bureau, taker=taker, by=head)


def test_a_colleague_at_the_desk_takes_the_contacts_over(city, contact, head):
    taker = MembershipFactory(unit=city.bureau, role="bureau_officer").user
    version = city.enrolment(city.department).version
    assert len(hand_over(city, contact, head, taker)) == 2
    row = city.enrolment(city.department)
    assert (row.liaison, row.version) == (taker, version + 1)
    entry = AuditEntry.objects.filter(verb="enrolment.liaison").first()
    assert entry.before["liaison"] == f"user:{contact.username}"
    assert entry.after["liaison"] == f"user:{taker.username}"


@pytest.mark.parametrize("who", ["nobody", "clerk", "foreigner"])
def test_nobody_else_does(city, contact, head, data_officer, foreigner, who):
    taker = {"nobody": None, "clerk": data_officer, "foreigner": foreigner}[who]
    hand_over(city, contact, head, taker)
    assert city.enrolment(city.district).liaison is None


def test_contacts_in_another_citys_programme_stay(city, contact, head):
    other = make_city("210100", "别市")
    Enrolment.rows.filter(unit=other.department).update(liaison=contact)
    hand_over(city, contact, head, None)
    assert other.enrolment(other.department).liaison == contact


# --- the part of the hand-over -------------------------------------------------------------------


def test_the_list_says_what_ends_and_what_moves(city, contact, head):
    taker = MembershipFactory(
        unit=city.bureau, role="bureau_officer", user__display_name="演示人员09"
    ).user
    MembershipFactory(
        unit=city.bureau, role="bureau_officer", delegated_by=contact, user__display_name="王芳"
    )
    items = handover.open_items(Leaving(contact, city.bureau, taker, TODAY, head))
    assert [(item.title, item.fate) for item in items] == [
        ("身份：市政数局经办人", Fate.ENDS),
        ("授权：王芳代行市政数局经办人", Fate.ENDS),
        ("对口联系人：测试市公安局", Fate.MOVES),
        ("对口联系人：测试市福田区", Fate.MOVES),
    ]
    assert items[2].detail.endswith("，由演示人员09接任。")
    assert items[2].path == f"/units/{city.department.code}/"
    alone = handover.open_items(Leaving(contact, city.bureau, None, TODAY, head))
    assert alone[2].detail.endswith("没有能接任的人，先空缺，并告知牵头单位。")


def test_a_role_with_a_first_day_says_it(city, officer):
    user = UserFactory()
    MembershipFactory(user=user, unit=city.department, starts_on="2021-08-03")
    (item,) = handover.open_items(Leaving(user, city.department, None, TODAY, officer))
    assert item.detail == "从2021-08-03起，撤销后立即失效。"


def test_moving_counts_contacts_roles_and_delegations(city, contact, head):
    MembershipFactory(unit=city.bureau, role="bureau_officer", delegated_by=contact)
    assert handover.move(Leaving(contact, city.bureau, None, TODAY, head)) == 4
    assert handover.move(Leaving(None, city.bureau, None, TODAY, head)) == 0
