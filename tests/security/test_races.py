"""Two people at once: one of them wins, the other is told; nothing is done twice or half."""

import threading
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from accounts import services as accounts
from core.errors import Refused
from core.models import AuditEntry
from duties import services as duties
from officers import services as officers
from pilots import services as pilots
from pilots.models import Membership
from tests.at_once import at_once
from tests.conftest import _member, make_city
from tests.factories.accounts import UserFactory
from tests.factories.pilots import before_the_start

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


def behind(first, second):
    """Run `second` while the transaction of `first` is still open; it has to wait for it.

    Unlike two that start at once, this always meets the same way: the second has read before the
    first is written, and writes after it. What `second` returned or raised.
    """
    found = []

    def run():
        try:
            found.append(second())
        except Exception as error:  # noqa: BLE001 - the outcome is what the test asks for
            found.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        while not somebody_waits():
            assert thread.is_alive(), found
    thread.join()
    return found[0]


def somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted"
            " AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return cursor.fetchone()[0]


def kinds(found):
    return sorted(type(each).__name__ for each in found)


def test_a_site_role_and_a_membership_never_both():
    city = make_city()
    for _round in range(ROUNDS):
        user = UserFactory()
        found = at_once(
            lambda user=user: pilots.add_membership(user, city.department, "unit_cdo", by=None),
            lambda user=user: accounts.grant_site_role(user, "auditor", by=None),
        )
        held = (
            Membership.rows.filter(user=user).count()
            + accounts.SiteRole.objects.filter(user=user).count()
        )
        assert held == 1, found
        assert sum(isinstance(each, Exception) for each in found) == 1
        assert any(isinstance(each, Refused) for each in found), found


def test_two_site_roles_never_both():
    for _round in range(ROUNDS):
        user = UserFactory()
        found = at_once(
            *(
                lambda user=user, kind=kind: accounts.grant_site_role(user, kind, by=None)
                for kind in ("auditor", "system_admin")
            )
        )
        assert any(isinstance(each, Refused) for each in found), found


def test_a_membership_is_given_once():
    city = make_city()
    for _round in range(ROUNDS):
        user = UserFactory()
        add = lambda user=user: pilots.add_membership(  # noqa: E731 - called twice at once
            user, city.department, "unit_cdo", by=None
        )
        found = at_once(add, add)
        assert Membership.rows.filter(user=user).count() == 1
        assert not any(isinstance(each, IntegrityError) for each in found), found


def test_a_name_is_taken_once():
    for number in range(ROUNDS):
        take = lambda number=number: accounts.open_account(  # noqa: E731 - called twice at once
            username=f"same{number}", display_name="同名", by=None
        )
        found = at_once(take, take)
        assert kinds(found) == ["ValidationError", "tuple"], found


def test_a_name_taken_between_the_question_and_the_writing_is_told_like_any_taken_name():
    take = lambda: accounts.open_account(username="same", display_name="同名", by=None)  # noqa: E731
    late = behind(take, take)
    assert isinstance(late, ValidationError)
    assert late.message_dict == {"username": ["这个账号名已有人用，换一个。"]}


def test_a_number_given_between_the_question_and_the_writing_is_told_by_its_field():
    unit = make_city().department
    take = lambda: officers.register_person(  # noqa: E731 - called twice
        name="演示人员", unit=unit, mobile="13800138001", by=None
    )
    late = behind(take, take)
    assert isinstance(late, ValidationError)
    assert list(late.message_dict) == ["mobile"]


def test_a_view_kept_between_the_question_and_the_writing_is_told_like_any_taken():
    user = UserFactory()
    given = {"path": "/tasks/", "query": "light=overdue", "name": "逾期", "by": user}
    take = lambda: pilots.keep_view(**given)  # noqa: E731 - called twice
    late = behind(take, take)
    assert isinstance(late, ValidationError)
    assert late.messages == ["这个列表上已有同名的常用筛选，换一个名称。"]


def test_a_view_kept_between_the_question_and_the_writing_is_told_by_its_name():
    user = _member(make_city(), make_city("440100", "别市").bureau, "bureau_officer")
    keep = lambda: pilots.keep_view(path="/tasks/", query="light=overdue", name="逾期", by=user)  # noqa: E731 - called twice
    assert isinstance(behind(keep, keep), ValidationError)


def test_two_renames_of_one_version():
    city = make_city()
    for number in range(1, ROUNDS + 1):
        found = at_once(
            *(
                lambda word=word, number=number: pilots.rename_unit(
                    city.department,
                    full_name=f"测试市{word}局{number}",
                    short_name=f"{word}局{number}",
                    on=date(2022, 4, number),
                    by=None,
                    version=number,
                )
                for word in ("甲", "乙")
            )
        )
        assert kinds(found) == ["StaleVersion", "UnitName"], found


def test_one_form_counts_once_and_voids_once():
    city = make_city()
    clerk = UserFactory()
    row = city.assignment(city.department)
    done = lambda: duties.fulfil(  # noqa: E731 - called twice at once
        row, source_key="form:1", happened_on=row.due_on.replace(day=1), by=clerk, version=1
    )
    found = at_once(done, done)
    assert kinds(found) == ["Fulfilment", "Fulfilment"], found
    assert AuditEntry.objects.filter(verb="assignment.fulfil").count() == 1
    mark = found[0]
    at_once(*[lambda: duties.void(mark, by=clerk, reason="错")] * 2)
    assert AuditEntry.objects.filter(verb="assignment.void").count() == 1


def test_a_programme_starts_once():
    city = make_city()
    programme = city.programme
    before_the_start()
    day = city.obligations["report"].due_on
    begin = lambda: pilots.start_programme(programme, on=day, by=None, version=1)  # noqa: E731
    assert kinds(at_once(begin, begin)) == ["Programme", "StaleVersion"]
    assert AuditEntry.objects.filter(verb="programme.start").count() == 1
