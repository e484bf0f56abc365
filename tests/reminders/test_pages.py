"""消息, 发送记录, 试用邮件, 意见反馈: who sees what, and what each button does."""

import re
from datetime import date
from email import message_from_bytes, policy

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import Refused
from duties import services as duties
from reminders import mailbox, services
from reminders.models import Delivery, Feedback, Notice
from tests.factories.accounts import UserFactory
from tests.factories.pilots import MembershipFactory, UnitFactory
from tests.factories.reminders import (
    DeliveryFactory,
    DeliveryLineFactory,
    EndpointFactory,
    FeedbackFactory,
    NoticeFactory,
)

DAY = date(2022, 4, 15)


@pytest.fixture
def told(city, data_officer):
    services.plan(DAY)
    return data_officer


def groups(response):
    return {group["title"]: group["rows"] for group in response.context["groups"]}


# --- 消息 ----------------------------------------------------------------------------------------


def test_what_is_to_do_stands_apart_from_the_rest(city, told, officer, browse):
    NoticeFactory(recipient=told)
    duties.fulfil(city.assignment(city.department), source_key="k", happened_on=DAY, by=officer)
    found = groups(browse(told).get("/inbox/"))
    assert [row.notice.facts["title"] for row in found["需要我办"]] == [
        "组织面对部门业务人员的培训"
    ]
    assert {row.notice.type for row in found["其他"]} == {"duties.deadline", "feedback.answered"}


def test_only_the_newest_of_a_task_is_to_do(told, browse):
    services.plan(date(2022, 4, 21))
    found = groups(browse(told).get("/inbox/"))
    assert {row.notice.stage for row in found["需要我办"]} == {"7"}
    assert {row.notice.stage for row in found["其他"]} == {"14"}


def test_unread_is_bold_and_counted_in_the_title(told, browse):
    client = browse(told)
    text = client.get("/inbox/").content.decode()
    assert text.count("<b><a href=") == 2
    assert re.search(r"<title>\s*（2）", text)
    assert client.post("/inbox/read/").status_code == 302
    text = client.get("/inbox/").content.decode()
    assert "<b><a href=" not in text
    assert "2条消息标为已读。" not in text or "没有未读消息" in text


def test_a_link_opens_the_subject_and_marks_its_notice_read(city, told, browse):
    notice = Notice.rows.filter(facts__title__startswith="报送").get()
    response = browse(told).get(f"/inbox/{notice.pk}/")
    assert response["Location"] == f"/tasks/{city.assignment(city.department).number}/"
    notice.refresh_from_db()
    first = notice.opened_at
    assert first
    browse(told).get(f"/inbox/{notice.pk}/")
    notice.refresh_from_db()
    assert notice.opened_at == first


def test_fetching_ahead_is_not_reading(told, browse):
    notice = Notice.rows.first()
    browse(told).get(f"/inbox/{notice.pk}/", headers={"Sec-Purpose": "prefetch"})
    notice.refresh_from_db()
    assert notice.opened_at is None


def test_another_persons_notice_is_not_there(told, officer, browse):
    notice = Notice.rows.first()
    assert browse(officer).get(f"/inbox/{notice.pk}/").status_code == 404
    services.mark_opened(notice, by=officer)
    notice.refresh_from_db()
    assert notice.opened_at is None


def test_only_unread_is_in_the_address(told, browse):
    notice, client = Notice.rows.first(), browse(told)
    services.mark_opened(notice, by=told)
    rows = [row for found in groups(client.get("/inbox/?unread=true")).values() for row in found]
    assert notice.pk not in {row.notice.pk for row in rows}
    client.post("/inbox/read/")
    assert "没有未读消息" in client.get("/inbox/?unread=true").content.decode()


def test_an_empty_inbox_says_what_will_come(city, data_officer, browse):
    assert "还没有消息" in browse(data_officer).get("/inbox/").content.decode()


def test_reading_all_is_asked_for_by_post(told, browse):
    assert browse(told).get("/inbox/read/").status_code == 302
    assert Notice.objects.inbox_of(told).unread().count() == 2


def test_the_inbox_costs_the_same_with_one_and_fifty(city, data_officer, browse):
    services.plan(DAY)
    facts = Notice.rows.first().facts
    Delivery.rows.all().delete()
    Notice.rows.all().delete()
    client, found = browse(data_officer), []
    for wanted in (1, 3, 50):
        while Notice.rows.count() < wanted:
            NoticeFactory(
                type="duties.deadline",
                subject=f"assignment:{Notice.rows.count()}",
                stage="14",
                recipient=data_officer,
                unit=UnitFactory(),
                facts=facts,
            )
        client.get("/inbox/")
        with CaptureQueriesContext(connection) as captured:
            response = client.get("/inbox/?page_size=50")
        found.append(len(captured))
    assert len(set(found)) == 1, found
    assert len(response.content) < 60_000


# --- 发送记录 ------------------------------------------------------------------------------------


def test_the_bureau_sees_the_messages_of_its_programmes(told, officer, foreigner, browse):
    text = browse(officer).get("/deliveries/").content.decode()
    assert told.email in text
    assert "待发送" in text
    assert browse(foreigner).get("/deliveries/").context["page_obj"].paginator.count == 0


@pytest.mark.parametrize(
    "person", ["data_officer", "unit_cdo", "provincial_reader", "system_admin"]
)
def test_units_and_administrators_do_not_see_it(request, city, person, browse):
    assert browse(request.getfixturevalue(person)).get("/deliveries/").status_code == 403


def test_each_number_opens_the_list_that_it_counts(told, officer, browse):
    MembershipFactory(unit=told.memberships.get().unit, role="data_officer", user__email="")
    services.plan(DAY)
    client = browse(officer)
    facts = client.get("/deliveries/").context["facts"]
    for fact in facts:
        assert client.get(fact["url"]).context["page_obj"].paginator.count == fact["value"], fact
    assert facts[-1]["value"] == 2, "two notices of somebody without an address"


def test_a_failed_message_says_why_and_is_sent_again(told, officer, head, browse):
    row = Delivery.rows.get()
    Delivery.rows.update(state="failed", last_error="SMTPRecipientsRefused: 550 no such user")
    text = browse(officer).get("/deliveries/").content.decode()
    assert "未送达" in text
    assert "550 no such user" in text
    assert "/resend/" in text
    assert "/resend/" not in browse(head).get("/deliveries/").content.decode()
    assert browse(head).post(f"/deliveries/{row.pk}/resend/").status_code == 403
    assert browse(officer).post(f"/deliveries/{row.pk}/resend/").status_code == 302
    row.refresh_from_db()
    assert row.state == "retry"


def test_what_cannot_be_sent_again_says_so(told, officer, foreigner, browse):
    row, client = Delivery.rows.get(), browse(officer)
    assert client.get(f"/deliveries/{row.pk}/resend/").status_code == 302
    page = client.post(f"/deliveries/{row.pk}/resend/", follow=True).content.decode()
    assert "只有未送达的可以重新发送。" in page
    assert browse(foreigner).post(f"/deliveries/{row.pk}/resend/").status_code == 404


def test_the_own_message_without_a_programme_is_not_the_desks_to_resend(officer, browse):
    row = DeliveryFactory(endpoint__user=officer, state="failed")
    DeliveryLineFactory(delivery=row, notice__recipient=officer)
    assert browse(officer).post(f"/deliveries/{row.pk}/resend/").status_code == 403


def test_waiting_doubtful_and_long_messages(told, officer, browse):
    Delivery.rows.update(state="retry", tries=2, is_uncertain=True)
    for _number in range(4):
        programme = Notice.rows.first().programme
        DeliveryLineFactory(delivery=Delivery.rows.get(), notice__programme=programme)
    text = browse(officer).get("/deliveries/").content.decode()
    assert "已试2次" in text
    assert "可能收到两封" in text
    assert "另有3条" in text


def test_no_messages_yet(city, officer, browse):
    client = browse(officer)
    assert "还没有发过邮件" in client.get("/deliveries/").content.decode()
    assert "没有符合条件的邮件" in client.get("/deliveries/?state=sent").content.decode()
    assert "所有提醒都有邮件" in client.get("/deliveries/portal-only/").content.decode()


def test_deliveries_cost_the_same_with_one_and_fifty(city, officer, browse):
    client, found = browse(officer), []
    for wanted in (1, 3, 50):
        while Delivery.rows.count() < wanted:
            row = DeliveryFactory()
            notice = NoticeFactory(programme=city.programme, unit=UnitFactory())
            DeliveryLineFactory(delivery=row, notice=notice)
        client.get("/deliveries/")
        with CaptureQueriesContext(connection) as captured:
            response = client.get("/deliveries/")
        found.append(len(captured))
    assert len(set(found)) == 1, found
    assert len(response.content) < 60_000


# --- 试用邮件 ------------------------------------------------------------------------------------


@pytest.fixture
def box(settings, tmp_path):
    settings.EMAIL_BACKEND = "core.mail.EmlBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return tmp_path / "mail"


def test_trial_mails_are_readable(city, told, unit_cdo, officer, browse, box):
    services.plan(date(2022, 4, 26))
    while services.deliver().settled:
        pass
    (own,) = mailbox.mails(unit_cdo.email)
    everything = browse(officer).get("/mails/").context["mails"]
    assert {mail.to for mail in everything} > {told.email, unit_cdo.email}
    mine = browse(unit_cdo).get("/mails/")
    assert [mail.name for mail in mine.context["mails"]] == [own.name]
    text = browse(unit_cdo).get(f"/mails/{own.name}/").content.decode()
    assert own.message_id.strip("<>") in text
    assert f"/tasks/{city.assignment(city.department).number}/" in text
    raw = message_from_bytes((box / f"{own.name}.eml").read_bytes(), policy=policy.default)
    assert raw["Subject"].strip() == own.subject.strip()


def test_another_persons_mail_is_not_there(told, stranger, browse, box):
    services.deliver()
    (mail,) = mailbox.mails()
    assert browse(stranger).get("/mails/").context["mails"] == []
    assert browse(stranger).get(f"/mails/{mail.name}/").status_code == 404


def test_somebody_without_an_address_sees_none(told, stranger, browse, box):
    services.deliver()
    stranger.email = ""
    stranger.save()
    assert browse(stranger).get("/mails/").context["mails"] == []


@pytest.mark.parametrize("name", ["..%2F..%2Fetc%2Fpasswd", "x", "20220101-000000-00000000"])
def test_only_mails_are_read(city, officer, browse, box, name):
    box.mkdir()
    (box / "x.eml").write_text("Subject: no\n\n")
    assert browse(officer).get(f"/mails/{name}/").status_code == 404
    assert browse(officer).get("/mails/").context["mails"] == []


def test_a_real_installation_has_no_mailbox(city, officer, browse, box, settings):
    settings.TRIAL = False
    assert browse(officer).get("/mails/").status_code == 404


def test_the_list_is_cut_at_the_newest(city, officer, browse, box, monkeypatch):
    monkeypatch.setattr(mailbox, "MOST", 2)
    box.mkdir()
    for number in range(3):
        (box / f"20220415-00000{number}-0000000{number}.eml").write_text("Subject: s\n\nbody")
    names = [mail.name for mail in browse(officer).get("/mails/").context["mails"]]
    assert names == ["20220415-000002-00000002", "20220415-000001-00000001"]
    assert mailbox.mail(names[0]).at is None


# --- 意见反馈 ------------------------------------------------------------------------------------


def test_feedback_takes_the_page_along(data_officer, browse):
    client = browse(data_officer)
    came = {"Referer": "http://testserver/tasks/?light=overdue"}
    text = client.get("/feedback/", headers=came).content.decode()
    assert "关于页面：/tasks/?light=overdue" in text
    sent = {"page": "/tasks/?light=overdue", "text": "字太小"}
    for _click in range(2):
        assert client.post("/feedback/", sent).status_code == 302
    row = Feedback.rows.get()
    assert (row.page, row.text, row.user) == ("/tasks/?light=overdue", "字太小", data_officer)
    assert "字太小" in client.get("/feedback/").content.decode()


@pytest.mark.parametrize(
    ("query", "referer", "kept"),
    [
        ("?page=/deadlines/", "", "/deadlines/"),
        ("?page=//evil.example/", "", ""),
        ("?page=javascript:1", "", ""),
        ("", "http://evil.example/x", ""),
        ("", "http://testserver/feedback/", ""),
        ("", "", ""),
    ],
)
def test_only_our_own_pages_are_taken_along(data_officer, browse, query, referer, kept):
    headers = {"Referer": referer} if referer else {}
    form = browse(data_officer).get(f"/feedback/{query}", headers=headers).context["form"]
    assert form.initial["page"] == kept


@pytest.mark.parametrize("forged", ["javascript:alert(1)", "//evil.example/", "/\\evil.example"])
def test_a_forged_page_is_dropped(data_officer, browse, forged):
    browse(data_officer).post("/feedback/", {"page": forged, "text": "x"})
    assert Feedback.rows.get().page == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "填写“意见”"), ("长" * 2062, "“意见”超出上限62字，压缩到2000字以内")],
)
def test_feedback_that_cannot_be_kept_is_said(data_officer, browse, text, words):
    response = browse(data_officer).post("/feedback/", {"text": text})
    assert response.status_code == 422
    assert words in response.content.decode()


def test_the_desk_answers_and_the_person_is_told(city, data_officer, officer, browse, mailoutbox):
    row, client = FeedbackFactory(user=data_officer, page="/tasks/"), browse(officer)
    text = client.get("/feedback/").content.decode()
    assert "等待答复" in text
    assert 'href="/tasks/"' in text
    url = f"/feedback/{row.pk}/answer/"
    response = client.post(url, {f"answer-{row.pk}-answer": ""})
    assert response.status_code == 422
    assert client.post(url, {f"answer-{row.pk}-answer": "可在外观里调大"}).status_code == 302
    late = client.post(url, {f"answer-{row.pk}-answer": "再答一次"})
    assert late.status_code == 409
    assert "已由" in late.content.decode()
    services.plan(DAY)
    services.deliver()
    assert mailoutbox[0].to == [data_officer.email]
    assert "可在外观里调大" in mailoutbox[0].body
    assert "可在外观里调大" in browse(data_officer).get("/feedback/").content.decode()
    notice = Notice.rows.get(type="feedback.answered")
    opened = browse(data_officer).get(f"/inbox/{notice.pk}/")
    assert opened["Location"] == "/feedback/"
    assert client.get(url).status_code == 302


def test_the_system_administrator_answers_everybody(
    city, data_officer, foreigner, system_admin, browse
):
    for user in (data_officer, foreigner):
        FeedbackFactory(user=user)
    assert len(browse(system_admin).get("/feedback/").context["waiting"]) == 2


def test_a_desk_answers_its_own_city_only(city, data_officer, officer, foreigner, head, browse):
    row = FeedbackFactory(user=data_officer)
    assert len(browse(officer).get("/feedback/").context["waiting"]) == 1
    assert browse(foreigner).get("/feedback/").context["waiting"] == []
    sent = {f"answer-{row.pk}-answer": "x"}
    assert browse(foreigner).post(f"/feedback/{row.pk}/answer/", sent).status_code == 404
    assert browse(head).post(f"/feedback/{row.pk}/answer/", sent).status_code == 403
    assert "字太小" not in browse(head).get("/feedback/").content.decode()


def test_answers_of_others_are_listed_for_the_desk(city, data_officer, officer, browse):
    services.answer_feedback(FeedbackFactory(user=data_officer), by=officer, answer="已改")
    assert "已改" in browse(officer).get("/feedback/").content.decode()


@pytest.mark.django_db
def test_services_refuse_what_the_forms_refuse():
    user = UserFactory()
    for text in (" ", "长" * 2001):
        with pytest.raises(Refused):
            services.give_feedback(by=user, text=text, page="")
    with pytest.raises(Refused):
        services.answer_feedback(FeedbackFactory(), by=user, answer=" ")


def test_texts_of_rows(db):
    assert str(FeedbackFactory(text="长" * 50)) == "长" * 40
    assert str(EndpointFactory(address="a@b")) == "电子邮件 a@b"
