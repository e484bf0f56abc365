"""One message at a time: what arrives, what is tried again, what is given up."""

from dataclasses import replace
from datetime import date, timedelta
from io import StringIO

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail.backends.smtp import EmailBackend
from django.core.management import call_command
from django.db import connection

from accounts.models import User
from core import clock
from core.errors import MoveNotAllowed
from core.models import AuditEntry, SiteState
from duties import services as duties
from reminders import registry, services
from reminders.channels.mail import MailAdapter
from reminders.models import Delivery, DeliveryLine, Endpoint, Notice
from reminders.services import claiming, delivering
from tests.factories.pilots import MembershipFactory
from tests.factories.reminders import (
    DeliveryFactory,
    DeliveryLineFactory,
    EndpointFactory,
    NoticeFactory,
)
from tests.reminders.conftest import message_id

pytestmark = pytest.mark.django_db
DAY = date(2022, 4, 15)


@pytest.fixture
def told(city, data_officer, unit_cdo):
    """A department with a clerk and a CDO; the clerk is due two notices of stage 14."""
    services.plan(DAY)
    return Delivery.rows.get(endpoint__user=data_officer)


def due_again(delivery):
    Delivery.rows.filter(pk=delivery.pk).update(next_at=clock.now() - timedelta(seconds=1))


def run():
    return services.deliver()


def test_the_mail_names_clause_deadline_unit_and_links_to_the_assignment(
    city, told, smtp, data_officer
):
    assert run().sent == 1
    (to, mail), row = smtp.mails[0], city.assignment(city.department)
    text = mail.get_content()
    assert to == data_officer.email
    assert mail["Subject"].strip().startswith("【首席数据官履职管理平台】2件待办")
    for word in (
        data_officer.display_name,
        "测府办函〔2021〕",
        "四（三）2",
        "原文时限：于2022年4月底前",
        "原文时限：在2022年4月前",
        city.department.full_name,
        f"http://127.0.0.1:8000/tasks/{row.number}/",
    ):
        assert word in text
    assert mail["Message-ID"] == message_id(told)
    assert mail["Auto-Submitted"] == "auto-generated"


def test_thirty_notices_are_one_message_a_person(city, smtp):
    clerks = [MembershipFactory(unit=city.department, role="data_officer").user for _n in range(15)]
    assert services.plan(DAY)["duties.deadline"] == 30
    while run().settled:
        pass
    assert sorted(to for to, _mail in smtp.mails) == sorted(user.email for user in clerks)
    assert DeliveryLine.objects.count() == 30
    assert len(set(smtp.ids)) == 15


def test_a_single_notice_is_its_own_subject(city, data_officer, officer, smtp):
    for key in "ab":
        training = city.assignment(city.department, "training")
        duties.fulfil(training, source_key=key, happened_on=DAY, by=officer)
    services.plan(DAY)
    run()
    subject = smtp.mails[0][1]["Subject"].strip()
    assert (
        subject
        == f"【首席数据官履职管理平台】{city.department}：“报送试点工作总结”2022-04-30截止，还剩15天"
    )


def test_the_trial_world_marks_its_mails(told, smtp):
    SiteState.objects.create(is_demo=True)
    run()
    mail = smtp.mails[0][1]
    assert "（演示数据）" in mail["Subject"]
    assert "【演示数据】" in mail.get_content()


def test_the_mail_is_in_the_readers_language(told, smtp, data_officer):
    User.objects.filter(pk=data_officer.pk).update(language="en")
    run()
    assert smtp.mails, "English or not yet translated: it must arrive"


def test_a_long_message_is_cut_with_a_count(smtp):
    delivery = DeliveryFactory()
    for _number in range(23):
        notice = NoticeFactory(recipient=delivery.endpoint.user)
        DeliveryLineFactory(delivery=delivery, notice=notice)
    run()
    text = smtp.mails[0][1].get_content()
    assert "7. " in text
    assert "8. " not in text
    assert "另有16件" in text


def test_the_same_message_keeps_its_message_id(waiting, smtp):
    (delivery,) = waiting()
    smtp.answers = ["451 later"]
    run()
    due_again(delivery)
    run()
    assert smtp.ids == [message_id(delivery)]


def test_a_4xx_is_tried_again_at_the_times_of_the_table(waiting, smtp):
    (delivery,) = waiting()
    for tries, wait in enumerate(delivering.RETRY_AFTER, start=1):
        smtp.answers = ["451 4.3.0 later"]
        before = clock.now()
        assert run().retried == 1
        row = Delivery.rows.get()
        assert (row.state, row.tries, row.owner, row.lease_until) == ("retry", tries, "", None)
        assert abs(row.next_at - before - wait) < timedelta(seconds=5)
        assert "451" in row.last_error
        assert not row.is_uncertain
        assert run().retried == 0, "not before its time"
        due_again(delivery)
    smtp.answers = ["451 still later"]
    assert run().failed == 1
    assert Delivery.rows.get().state == "failed"
    assert not smtp.mails


@pytest.mark.parametrize("code", ["550 no such user", "553 not here"])
def test_a_5xx_to_the_address_is_final_and_shown_at_the_address(waiting, smtp, code):
    (delivery,) = waiting()
    smtp.refusals = {delivery.endpoint.address: code}
    assert run().failed == 1
    row = Delivery.rows.select_related("endpoint").get()
    assert row.state == "failed"
    assert code[:3] in row.endpoint.last_error


def test_a_5xx_to_the_text_is_final(waiting, smtp):
    waiting()
    smtp.answers = ["552 too big"]
    assert run().failed == 1


def test_a_450_for_the_address_is_tried_again(waiting, smtp):
    (delivery,) = waiting()
    smtp.refusals = {delivery.endpoint.address: "450 greylisted"}
    assert run().retried == 1
    smtp.refusals = {}
    due_again(delivery)
    assert run().sent == 1


def test_a_refused_log_in_is_our_fault_and_is_tried_again(waiting, smtp, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", "wrong"
    waiting()
    assert run().retried == 1
    row = Delivery.rows.select_related("endpoint").get()
    assert not row.is_uncertain
    assert row.endpoint.last_error == ""


def test_no_server_is_tried_again_and_is_not_uncertain(waiting, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    waiting(2)
    assert run().retried == 2
    assert not Delivery.rows.filter(is_uncertain=True).exists()


def test_a_mail_service_that_is_set_up_wrongly_is_our_fault_and_is_tried_again(waiting, settings):
    settings.EMAIL_BACKEND = "no.such.Backend"
    waiting()
    assert run().retried == 1
    row = Delivery.rows.select_related("endpoint").get()
    assert "no" in row.last_error
    assert not row.is_uncertain
    assert row.endpoint.last_error == ""


def test_a_line_that_breaks_after_the_text_is_uncertain(waiting, smtp, settings):
    settings.EMAIL_TIMEOUT = 1
    (delivery,) = waiting()
    smtp.delay = 2
    assert run().retried == 1
    assert Delivery.rows.get().is_uncertain
    smtp.delay = 0
    due_again(delivery)
    assert run().sent == 1
    assert len(set(smtp.ids)) == 1, "the copy can be told as such"


def test_one_bad_address_does_not_stop_the_others(waiting, smtp):
    bad, *_others = waiting(4)
    smtp.refusals = {bad.endpoint.address: "550 no such user"}
    outcome = run()
    assert (outcome.sent, outcome.failed) == (3, 1)


def test_a_message_that_cannot_be_written_does_not_stop_the_others(waiting, smtp):
    poison, *_others = waiting(3)
    Notice.rows.filter(lines__delivery=poison).update(facts={})  # its words cannot be made
    outcome = run()
    assert (outcome.sent, outcome.retried) == (2, 1)
    row = Delivery.rows.get(pk=poison.pk)
    assert (row.state, row.tries, row.is_uncertain) == ("retry", 1, False)
    assert "KeyError" in row.last_error


def test_a_notice_that_cannot_be_asked_whether_it_holds_does_not_stop_the_others(waiting, smtp):
    poison, *_others = waiting(3)
    Notice.rows.filter(lines__delivery=poison).update(type="duties.deadline", facts={})
    outcome = run()
    assert (outcome.sent, outcome.retried) == (2, 1)
    row = Delivery.rows.get(pk=poison.pk)
    assert (row.state, row.tries, row.is_uncertain) == ("retry", 1, False)
    assert "KeyError" in row.last_error


def test_a_message_that_cannot_be_written_is_given_up_after_five_tries(waiting, smtp):
    (poison,) = waiting()
    Notice.rows.update(facts={})
    for _try in range(delivering.POISON_TRIES):
        due_again(poison)
        run()
    row = Delivery.rows.get()
    assert (row.state, row.tries) == ("failed", 5)


def test_success_clears_the_old_error_of_the_address(waiting, smtp):
    waiting()
    Endpoint.rows.update(last_error="SMTPDataError: 552")
    run()
    assert Endpoint.rows.get().last_error == ""


def test_a_mail_still_waiting_follows_a_changed_address(waiting, smtp):
    (delivery,) = waiting()
    User.objects.filter(pk=delivery.endpoint.user_id).update(email="new@example.org")
    run()
    assert [to for to, _mail in smtp.mails] == ["new@example.org"]
    assert Delivery.rows.get().endpoint.address == "new@example.org"


def test_an_account_without_an_address_any_more_gets_no_mail(waiting, smtp):
    (delivery,) = waiting()
    User.objects.filter(pk=delivery.endpoint.user_id).update(email="")
    assert run().cancelled == 1
    row = Delivery.rows.get()
    assert (row.state, row.reason, smtp.mails) == ("cancelled", "no_address", [])


def test_a_worker_that_is_told_to_stop_while_it_writes_begins_nothing(waiting, smtp, monkeypatch):
    waiting(2)

    def stop(_notice):
        raise SoftTimeLimitExceeded

    endless = replace(registry.get("feedback.answered"), render=stop)
    monkeypatch.setitem(registry._types, "feedback.answered", endless)
    with pytest.raises(SoftTimeLimitExceeded):
        run()
    assert set(Delivery.rows.values_list("state", "tries")) == {("planned", 0)}


def test_planning_uses_the_present_address_only(city, data_officer, smtp):
    EndpointFactory(user=data_officer, address="old@example.org")
    services.plan(DAY)
    run()
    assert [to for to, _mail in smtp.mails] == [data_officer.email]


def test_a_switched_off_address_gets_no_mail(city, data_officer):
    EndpointFactory(user=data_officer, is_active=False)
    services.plan(DAY)
    assert not Delivery.rows.exists()


# --- again, by hand ------------------------------------------------------------------------------


def test_resending_starts_the_patience_anew(waiting, smtp, officer):
    (delivery,) = waiting()
    smtp.refusals = {delivery.endpoint.address: "550 no such user"}
    run()
    services.resend(delivery, by=officer)
    row = Delivery.rows.get()
    assert (row.state, row.tries, row.last_error) == ("retry", 0, "")
    assert AuditEntry.objects.filter(verb="delivery.resend", actor_id=officer.pk).exists()
    smtp.refusals = {}
    assert run().sent == 1


def test_only_a_failed_message_is_resent(waiting, officer):
    (delivery,) = waiting()
    with pytest.raises(MoveNotAllowed):
        services.resend(delivery, by=officer)


def test_nothing_waiting_opens_no_connection(db, settings):
    settings.EMAIL_BACKEND = "no.such.Backend"
    assert run() == delivering.Outcome()


def test_a_message_in_hand_of_another_worker_is_left_alone(waiting, smtp):
    (delivery,) = waiting()
    assert claiming.claim("other", MailAdapter, 20) == [delivery.pk]
    assert run() == delivering.Outcome()
    assert claiming.begin([delivery.pk], "me") == set(), "not mine: neither sent nor recorded"
    assert not smtp.mails


def test_what_ends_after_the_lease_was_lost_is_not_recorded(waiting, smtp):
    (delivery,) = waiting()

    def lose():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE reminders_delivery SET owner = 'somebody else'")

    claiming.claim("me", MailAdapter, 20)
    delivery = Delivery.rows.get()
    lose()
    delivery.owner = "me"
    assert claiming.finish(delivery, "sent") == 0
    assert Delivery.rows.get().state == "planned"


def test_texts_of_rows(waiting):
    (delivery,) = waiting()
    line = delivery.lines.get()
    assert str(delivery) == delivery.key
    assert str(line) == f"{delivery.pk} {line.notice_id}"
    assert str(line.notice) == line.notice.key
    assert delivery.endpoint.address in str(delivery.endpoint)
    assert Notice.rows.count() == 1


def test_a_connection_that_does_not_close_cleanly_harms_nothing(waiting, smtp, monkeypatch):
    waiting()
    close = EmailBackend.close

    def broken(self):
        close(self)
        raise ConnectionResetError("gone")

    monkeypatch.setattr(EmailBackend, "close", broken)
    assert run().sent == 1


def test_by_hand_it_goes_on_until_nothing_is_left(waiting, mailoutbox):
    waiting(delivering.BATCH + 2)
    out = StringIO()
    call_command("deliver_notices", stdout=out)
    assert f"已发{delivering.BATCH + 2}封" in out.getvalue()
    assert len(mailoutbox) == delivering.BATCH + 2


def test_the_auditor_sees_every_message_and_notice(waiting, auditor):
    waiting(2)
    assert Delivery.objects.visible_to(auditor).count() == 2
    assert Notice.objects.visible_to(auditor).count() == 2
