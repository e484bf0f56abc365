"""Moves of an event, its facts, and what the database itself refuses."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from core.errors import MoveNotAllowed, PermissionRefused, Refused, StaleVersion
from core.models import AuditEntry
from tests.factories.pilots import EnrolmentFactory
from tests.factories.trainings import (
    AttendanceFactory,
    CountingRuleFactory,
    DeclarationFactory,
    EventFactory,
    EventFileFactory,
    OrganiserFactory,
    ParticipantFactory,
    ResolutionFactory,
)
from tests.trainings.conftest import MARCH, prove
from trainings import services
from trainings.choices import EVENT_MOVES, EventMove, EventStatus
from trainings.models import Attendance, CountingRule, Event, EventFile

TODAY = date(2022, 4, 15)
ACTS = {
    EventMove.HOLD: (services.hold_event, {}),
    EventMove.REOPEN: (services.reopen_event, {"reason": "没有举办"}),
    EventMove.CANCEL: (services.cancel_event, {"reason": "合并举办"}),
    EventMove.RESTORE: (services.restore_event, {}),
}


def put(row, status):
    """The event in that status, by its moves."""
    if status == EventStatus.HELD:
        return services.hold_event(row, by=None)
    if status == EventStatus.CANCELLED:
        return services.cancel_event(row, by=None, reason="不办了")
    return row


@pytest.mark.parametrize("status", EventStatus)
@pytest.mark.parametrize("move", EventMove)
def test_an_event_moves_by_its_table_by_service_api_and_sql(city, plan, officer, api, status, move):
    row = put(plan(city.department), status)
    sources, target = EVENT_MOVES[move]
    service, given = ACTS[move]
    address = f"/api/v1/events/{row.number}/{move.value}/"
    headers = {"HTTP_IDEMPOTENCY_KEY": "k1", "HTTP_IF_MATCH": f'"{row.version}"'}
    if status in sources:
        answer = api(officer).post(address, given, format="json", **headers)
        assert (answer.status_code, answer.json()["status"]) == (200, target.value)
        return
    assert api(officer).post(address, given, format="json", **headers).status_code == 409
    with pytest.raises(MoveNotAllowed, match=row.number):
        service(row, by=officer, **given)
    if status != target:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE trainings_event SET status = %s, held_at = now(), held_by_id = NULL,"
                " cancelled_on = CASE WHEN %s = 'cancelled' THEN now()::date END,"
                " cancel_reason = CASE WHEN %s = 'cancelled' THEN 'x' ELSE '' END WHERE id = %s",
                [target.value, target.value, target.value, row.pk],
            )


def test_every_fact_is_kept_and_told_in_the_record(city, plan, officer):
    row = plan(
        city.department,
        participants=[city.enrolment(city.district)],
        ends_on=date(2022, 3, 3),
        begins_at=time(9, 30),
        hours="4.5",
        document_number="深公字[2022]3号",
        reply_by_on=date(2022, 3, 1),
        note=" 两天 ",
    )
    row.refresh_from_db()
    assert row.document_number == "深公字〔2022〕3号"
    assert (row.note, str(row.hours), str(row)) == ("两天", "4.5", f"{row.number} {row.title}")
    assert row.number.startswith("PX-2022-")
    entry = AuditEntry.objects.get(verb="event.plan")
    assert entry.after["organisers"] == [city.department.code]
    assert not row.is_meeting
    assert row.is_forgotten(date(2022, 3, 4))
    assert str(row.organisers.get()) == str(city.department)
    assert str(row.participants.get()) == str(city.district)


@pytest.mark.parametrize(
    ("facts", "field", "words"),
    [
        ({"title": "  "}, "title", "填写“名称”"),
        ({"starts_on": None}, "starts_on", "填写“开始日期”"),
        ({"ends_on": date(2022, 3, 1)}, "ends_on", "不能早于开始日期2022-03-02"),
        ({"reply_by_on": date(2022, 3, 3)}, "reply_by_on", "不能晚于开始日期2022-03-02"),
        ({"hours": "0"}, "__all__", "学时要大于0"),
        ({"hours": "1000"}, "hours", ""),
        ({"kind": "party"}, "kind", ""),
        ({"form": "dream"}, "form", ""),
        ({"document_number": "随便"}, "document_number", ""),
        ({"title": "长" * 121}, "title", ""),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(city, plan, facts, field, words):
    with pytest.raises(ValidationError) as refusal:
        plan(city.department, **facts)
    assert words in str(refusal.value.message_dict[field])
    assert not Event.rows.exists()


def test_an_event_has_organisers_of_its_programme(city, plan, officer, foreigner):
    stranger = EnrolmentFactory()
    with pytest.raises(ValidationError, match="选择举办单位"):
        plan()
    with pytest.raises(ValidationError, match="没有参与"):
        services.plan_event(
            city.programme, [stranger], by=officer, kind="training", title="x", starts_on=MARCH
        )
    row = plan(city.department)
    with pytest.raises(ValidationError, match="选择举办单位"):
        services.mend_event(row, by=officer, organisers=[])
    with pytest.raises(PermissionRefused):
        services.mend_event(row, by=foreigner, title="改")
    with pytest.raises(ValueError, match="not mended here"):
        services.mend_event(row, by=officer, status="held")


def test_a_unit_enters_what_it_organises_and_nothing_else(
    city, plan, data_officer, stranger, head, officer
):
    row = plan(city.department, city.district, by=data_officer)
    services.mend_event(row, by=stranger, title="两家联合培训")
    with pytest.raises(PermissionRefused, match="没有本单位"):
        plan(city.government, by=data_officer)
    with pytest.raises(PermissionRefused):
        services.mend_event(row, by=data_officer, organisers=[city.enrolment(city.district)])
    other = plan(city.government)
    for by in (data_officer, head):
        with pytest.raises(PermissionRefused, match="举办单位"):
            services.hold_event(other, by=by)


def test_a_form_sent_twice_enters_one_event(city, plan, officer):
    plan(city.department, once="key-1")
    with pytest.raises(Refused, match="没有重复登记"):
        plan(city.department, once="key-1")


def test_nobody_holds_what_is_still_to_come_or_mends_on_a_stale_version(city, plan, officer):
    row = plan(city.department, starts_on=TODAY + timedelta(days=1))
    with pytest.raises(ValidationError, match="结束以后再登记举办"):
        services.hold_event(row, by=officer)
    row = services.mend_event(row, by=officer, starts_on=TODAY, ends_on=TODAY)
    row = services.hold_event(row, by=officer)
    with pytest.raises(ValidationError, match="结束以后"):
        services.mend_event(row, by=officer, ends_on=TODAY + timedelta(days=1))
    with pytest.raises(StaleVersion):
        services.mend_event(row, by=officer, version=1, title="改")
    with pytest.raises(ValidationError, match="写明改回的原因"):
        services.reopen_event(row, by=officer, reason=" ")


def test_what_was_cancelled_takes_nothing_until_it_is_restored(city, plan, officer):
    row = services.cancel_event(plan(city.department), by=officer, reason="合并举办")
    with pytest.raises(MoveNotAllowed, match="先恢复"):
        services.mend_event(row, by=officer, title="改")
    with pytest.raises(MoveNotAllowed, match="先恢复"):
        prove(row, officer)
    with pytest.raises(MoveNotAllowed, match="先恢复"):
        services.add_people(row, [], route="pasted", by=officer)
    with pytest.raises(MoveNotAllowed):
        services.write_minutes(row, "纪要", by=officer)
    with pytest.raises(MoveNotAllowed):
        services.add_resolution(row, text="事项", by=officer)
    row = services.restore_event(row, by=officer)
    assert (row.status, row.cancel_reason, row.cancelled_on) == ("planned", "", None)


def test_the_same_file_lies_there_once_and_is_taken_out_with_a_reason(city, plan, officer):
    row = plan(city.department)
    file = prove(row, officer)
    assert prove(row, officer).pk == file.pk
    assert str(file) == "签到表.pdf"
    with pytest.raises(ValidationError, match="材料类别"):
        prove(row, officer, "poem")
    with pytest.raises(ValidationError, match="写明移除的原因"):
        services.remove_file(file, by=officer, reason="")
    services.remove_file(file, by=officer, reason="传错了")
    services.remove_file(file, by=officer, reason="再移一次")
    assert EventFile.rows.get(pk=file.pk).remove_reason == "传错了"
    assert not EventFile.rows.live().exists()


def test_a_body_that_answered_stays_invited(city, plan, officer, stranger):
    row = plan(
        city.department,
        kind="meeting",
        starts_on=TODAY + timedelta(days=3),
        participants=[city.enrolment(city.district), city.enrolment(city.government)],
    )
    asked = row.participants.get(enrolment__unit=city.district)
    services.answer_invitation(asked, answer="coming", headcount=2, by=stranger)
    with pytest.raises(Refused, match="已送回执"):
        services.mend_event(row, by=officer, participants=[])
    services.mend_event(row, by=officer, participants=[city.enrolment(city.district)])
    assert row.participants.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_on": date(2022, 3, 1)},
        {"title": ""},
        {"kind": "party"},
        {"form": "dream"},
        {"status": "dreamt"},
        {"hours": 0},
        {"reply_by_on": date(2022, 3, 3)},
        {"status": "held"},
        {"status": "cancelled"},
        {"cancel_reason": "没有取消"},
        {"document_number": "随便"},
    ],
)
def test_the_database_refuses_an_impossible_event(db, wrong):
    with pytest.raises(DatabaseError), transaction.atomic():
        EventFactory(**wrong)


def test_the_database_ties_bodies_to_the_programme_of_the_event(city):
    row = EventFactory(programme=city.programme)
    stranger = EnrolmentFactory()
    for factory in (OrganiserFactory, ParticipantFactory, DeclarationFactory):
        with pytest.raises(DatabaseError), transaction.atomic():
            factory(event=row, enrolment=stranger)


@pytest.mark.parametrize(
    ("factory", "wrong"),
    [
        (ParticipantFactory, {"answer": "coming"}),
        (ParticipantFactory, {"answer": "away"}),
        (EventFileFactory, {"kind": "poem"}),
        (EventFileFactory, {"remove_reason": "没有移除"}),
        (AttendanceFactory, {"name": ""}),
        (AttendanceFactory, {"unit_name": ""}),
        (AttendanceFactory, {"route": "guess"}),
        (AttendanceFactory, {"route": "declared"}),
        (AttendanceFactory, {"remove_reason": "没有划去"}),
        (DeclarationFactory, {"headcount": 0}),
        (DeclarationFactory, {"state": "returned"}),
        (DeclarationFactory, {"state": "dreamt"}),
        (ResolutionFactory, {"text": ""}),
        (CountingRuleFactory, {"exchange_reading": "thrice"}),
        (CountingRuleFactory, {"trains": "meeting"}),
    ],
)
def test_the_database_refuses_impossible_rows_around_an_event(db, factory, wrong):
    with pytest.raises(DatabaseError), transaction.atomic():
        factory(**wrong)


def test_rows_say_what_they_are(db):
    assert str(AttendanceFactory(name="演示人员77")) == "演示人员77"
    assert "交流" in str(CountingRuleFactory()) or str(CountingRuleFactory())
    row = ResolutionFactory(position=3)
    assert str(row) == f"{row.event.number}-3"
    said = DeclarationFactory()
    assert (said.audit_key, said.event.number in str(said)) == (str(said.pk), True)


def test_an_export_is_noted(officer):
    services.note_export(by=officer, count=3, filters={"类别": "培训"})
    assert AuditEntry.objects.get(verb="events.export").after["count"] == 3


def test_the_auditor_sees_everything_and_a_rule_is_its_programmes(
    city, hold, officer, data_officer, foreigner, auditor, stranger
):
    row = hold(city.department)
    services.add_people(
        row, [services.Seat("演示人员99", unit=city.department)], route="pasted", by=officer
    )
    rule = CountingRuleFactory(programme=city.programme)
    for model in (Event, Attendance):
        assert model.objects.visible_to(auditor).count() == 1
        assert model.objects.visible_to(foreigner).count() == 0
    for user, seen in ((auditor, 1), (officer, 1), (data_officer, 1), (foreigner, 0)):
        assert CountingRule.objects.visible_to(user).count() == seen
    assert str(rule).endswith("各组织2次")
    assert rule.audit_key == city.programme.code
    credit = row.credits.get()
    assert str(credit) == f"{row.number} {credit.assignment.number}"
