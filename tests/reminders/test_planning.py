"""Planning: due by that day and not yet told, in one statement a type."""

from datetime import date, timedelta
from io import StringIO

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from duties.models import Assignment
from duties.notices import deadlines_due
from reminders import registry, services, tasks
from reminders.models import Delivery, DeliveryLine, Notice
from reminders.services import bundling, manners, planning
from tests.factories.accounts import UserFactory
from tests.factories.duties import AssignmentFactory, ObligationFactory
from tests.factories.pilots import EnrolmentFactory, MembershipFactory
from tests.factories.reminders import (
    DeliveryLineFactory,
    EndpointFactory,
    EngineFactory,
    NoticeFactory,
)
from tests.plans import IN_LOOPS, nodes, rows

pytestmark = pytest.mark.django_db
DAY = date(2022, 4, 15)
FAR = date(2023, 6, 30)


def test_a_notice_without_mail_gets_one_within_three_days(db):
    """Written by a service just before midnight, or for somebody who had no address yet."""
    kept = NoticeFactory(for_on=DAY - timedelta(days=3))
    NoticeFactory(for_on=DAY - timedelta(days=4))
    NoticeFactory(for_on=DAY + timedelta(days=1))
    services.plan(DAY)
    assert [line.notice for line in DeliveryLine.objects.all()] == [kept]
    services.plan(DAY)
    assert Delivery.rows.count() == 1


def test_what_was_written_while_nothing_was_planned_is_told_however_long_that_was(db):
    """Once: what a message carries already, and what is older than the silence, stays as it is."""
    EngineFactory(last_day_on=DAY - timedelta(days=9))
    kept = NoticeFactory(for_on=DAY - timedelta(days=9))
    NoticeFactory(for_on=DAY - timedelta(days=10))
    DeliveryLineFactory(notice__for_on=DAY - timedelta(days=8))
    services.plan(DAY)
    assert DeliveryLine.objects.get(delivery__for_on=DAY).notice == kept
    assert DeliveryLine.objects.count() == 2


def test_what_was_read_meanwhile_needs_no_mail(db):
    NoticeFactory(for_on=DAY, opened_at="2022-04-15T08:00:00+08:00")
    services.plan(DAY)
    assert not Delivery.rows.exists()


@pytest.mark.parametrize("person", [{"email": ""}, {"is_active": False}])
def test_nobody_is_mailed_without_an_address_or_an_account(person):
    NoticeFactory(for_on=DAY, recipient=UserFactory(**person))
    services.plan(DAY)
    assert not Delivery.rows.exists()


def test_several_notices_of_one_day_are_one_message(db):
    user = UserFactory()
    for _number in range(7):
        NoticeFactory(for_on=DAY, recipient=user)
    services.plan(DAY)
    assert Delivery.rows.get().lines.count() == 7


def test_what_comes_later_that_day_is_a_second_message(db):
    user = UserFactory()
    for turn in (1, 2):
        NoticeFactory(for_on=DAY, recipient=user)
        services.plan(DAY)
        assert Delivery.rows.count() == turn


def test_a_notice_is_carried_once_a_channel(db):
    line = DeliveryLineFactory(notice__for_on=DAY)
    services.plan(DAY)
    assert list(DeliveryLine.objects.all()) == [line]


def test_running_again_uses_up_no_numbers(city, data_officer):
    services.plan(DAY)
    for _number in range(3):
        services.plan(DAY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM reminders_notice_id_seq")
        before = cursor.fetchone()[0]
        services.plan(DAY)
        cursor.execute("SELECT last_value FROM reminders_notice_id_seq")
        assert cursor.fetchone()[0] == before


@pytest.fixture
def many(city, data_officer):
    """20,000 assignments of the department, all but 100 of them far from due."""
    obligation = ObligationFactory(programme=city.programme, due_on=FAR)
    enrolment = city.enrolment(city.department)
    one = AssignmentFactory(obligation=obligation, enrolment=enrolment, number="RW-2022-90000")
    copy = {field.column: field for field in Assignment._meta.concrete_fields}
    copy.pop("id")
    other = [name for name in copy if name not in {"number", "occurrence"}]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO duties_assignment (number, occurrence, {', '.join(other)}) "
            f"SELECT 'RW-2022-' || n, 'many-' || n, {', '.join(other)} "
            "FROM duties_assignment, generate_series(90001, 109999) AS n WHERE id = %s",
            [one.pk],
        )
        cursor.execute("ANALYZE duties_assignment")
    rows = Assignment.rows.filter(obligation=obligation)
    near = list(rows.values_list("pk", flat=True)[:100])
    soon = date(2022, 4, 29)
    rows.filter(pk__in=near).update(
        due_on=soon, latest_on=soon, last_workday_on=soon, latest_workday_on=soon
    )
    yield rows
    # Rolling back would first check every foreign key of forty thousand rows.
    with pgtrigger.ignore(), connection.cursor() as cursor:
        for table in ("deliveryline", "delivery", "notice"):
            cursor.execute(f"DELETE FROM reminders_{table}")
        cursor.execute(
            "DELETE FROM duties_assignment WHERE number LIKE 'RW-2022-9____' OR number LIKE 'RW-2022-10____'"
        )


def queries(on):
    with CaptureQueriesContext(connection) as found:
        planned = services.plan(on)["duties.deadline"]
    return len(found), planned


def test_planning_is_one_statement_a_type_however_much_is_due(many, city):
    few, planned = queries(DAY)
    assert planned == 102
    much, planned = queries(FAR)
    assert planned == 20_002
    assert much == few <= 4 * len(registry.types()) + 3


def test_planning_reads_what_is_due_not_what_there_is(many):
    select = deadlines_due(DAY)
    found = nodes(select.sql, select.params)
    (scan,) = [node for node in found if node.get("Relation Name") == "duties_assignment"]
    assert "assignment_open_by_workday" in str(found)
    assert scan["Actual Rows"] < 200


@pytest.fixture
def due_in_units(city):
    """120 units with a clerk and a task each, all due on the same day."""
    obligation = ObligationFactory(programme=city.programme, due_on=date(2022, 4, 29))
    for place in range(120):
        enrolment = EnrolmentFactory(programme=city.programme)
        MembershipFactory(unit=enrolment.unit, role="data_officer")
        AssignmentFactory(obligation=obligation, enrolment=enrolment, number=f"RW-2022-{place:05}")


def handled(sql, params, settings=""):
    """Of all nodes of the plan, all the rows; what was written is gone again."""
    with transaction.atomic():
        found = sum(map(rows, nodes(sql, params, settings)))
        transaction.set_rollback(True)
    return found


def test_planning_asks_for_the_people_of_a_unit_not_of_all_units(due_in_units):
    select = deadlines_due(DAY)
    among = "WHERE membership.unit_id IN (SELECT unit_id FROM reached) AND membership.role IN"
    before = select.sql.replace("WHERE membership.role IN", among, 1)
    few = handled(select.sql, select.params, IN_LOOPS)
    assert few < 120 * 75
    assert handled(before, select.params, IN_LOOPS) - few > 120 * 120 / 2, "the control"


def test_planning_reads_all_before_it_writes_the_first(due_in_units):
    """Or it would look through what it has written so far, for each row, while the table is small."""
    select = deadlines_due(DAY)
    params = {**select.params, "type": "duties.deadline", "on": DAY}
    params |= {"only_subjects": None, "only_programme": None}
    statement = planning.NOTICES.replace("{select}", select.sql)

    def first_steps(sql):
        with transaction.atomic():
            found = [node["Node Type"] for node in nodes(sql, params)]
            transaction.set_rollback(True)
        return found[:3]

    assert "Sort" in first_steps(statement)
    assert "Sort" not in first_steps(statement.replace("ORDER BY named.key", "")), "the control"


def test_what_is_news_to_many_is_not_compared_with_all_that_they_have(db):
    for _person in range(60):
        membership = MembershipFactory()
        EndpointFactory(user=membership.user)
        EndpointFactory(
            channel="webhook",
            user=None,
            unit=membership.unit,
            address=f"https://h{membership.pk}.test",
        )
        NoticeFactory(for_on=DAY, recipient=membership.user, unit=membership.unit)
    params = bundling._params(DAY, manners.Slot(True, DAY, timedelta()), None)

    # By index also where a table is so small that reading all of it is cheaper.
    by_index = bundling.HASHED + "SET LOCAL enable_seqscan TO off"
    few = handled(bundling.MESSAGES, params, by_index)
    joined = bundling.MESSAGES.replace("OFFSET 0", "")
    assert few < 60 * 150
    assert handled(joined, params, IN_LOOPS) - few > 60 * 150, "the control"


def test_a_unit_with_many_clerks_in_many_programmes_stays_one_statement(city):
    for _number in range(3):
        MembershipFactory(unit=city.department, role="data_officer")
    few, _planned = queries(DAY)
    other = EnrolmentFactory(programme__running=True, unit=city.department)
    AssignmentFactory(enrolment=other, obligation__programme=other.programme)
    much, _planned = queries(date(2022, 4, 21))
    assert few == much


# --- by hand and by the bell ---------------------------------------------------------------------


def test_by_hand_for_a_day(city, data_officer):
    out = StringIO()
    call_command("plan_notices", "--on", "2022-04-12", stdout=out)
    assert "duties.deadline 2" in out.getvalue()
    assert "新提醒2条（2022-04-12）" in out.getvalue()
    assert set(Notice.rows.values_list("for_on", flat=True)) == {date(2022, 4, 12)}


def test_by_hand_without_a_day_it_is_today(city, data_officer):
    call_command("plan_notices", stdout=StringIO())
    assert set(Notice.rows.values_list("for_on", flat=True)) == {DAY}


def test_a_day_that_is_none_is_said():
    with pytest.raises(CommandError, match="YYYY-MM-DD"):
        call_command("plan_notices", "--on", "4月15日")


def test_delivering_by_hand_says_what_it_did(city, data_officer, unit_cdo, mailoutbox):
    services.plan(date(2022, 4, 26))
    out = StringIO()
    call_command("deliver_notices", stdout=out)
    assert "已发2封" in out.getvalue()
    assert len(mailoutbox) == 2


def test_the_bell_plans_and_delivers(city, data_officer, mailoutbox):
    tasks.plan_and_deliver()
    assert [mail.to for mail in mailoutbox] == [[data_officer.email]]


def test_the_auditor_oversees_every_notice(city, auditor):
    NoticeFactory()
    assert Notice.objects.visible_to(auditor).count() == 1
