"""发送记录 and 试用邮件: what became of each message, and its text in the trial."""

from datetime import date, time, timedelta
from email import message_from_bytes, policy

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime

from core import clock
from reminders import mailbox, services
from reminders.models import Delivery, DeliveryLine, Notice
from reminders.views.portal_only import causes
from tests.factories.accounts import UserFactory
from tests.factories.pilots import MembershipFactory, ProgrammeFactory, UnitFactory
from tests.factories.reminders import (
    DeliveryFactory,
    DeliveryLineFactory,
    EndpointFactory,
    NoticeFactory,
)

from .conftest import set_clock

DAY = date(2022, 4, 15)
DAYS = timedelta(days=1)


@pytest.fixture
def told(city, data_officer):
    services.plan(DAY)
    return data_officer


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
    assert "可能已送达" in text
    assert "另有3条" in text


def test_a_message_that_waits_says_when_it_leaves_and_for_which_day(told, officer, browse):
    leaves = clock.now() + timedelta(hours=9)
    Delivery.rows.update(next_at=leaves)
    text = browse(officer).get("/deliveries/").content.decode()
    assert f"{localtime(leaves):%m-%d %H:%M}发送" in text
    assert f"应在{Delivery.rows.get().for_on}送达" in text


def test_whom_it_reaches_is_readable(city, told, officer, browse):
    notice = Notice.rows.filter(recipient=told).first()
    place = {"address": "qyapi.weixin.qq.com:443#2c6b050a", "name": "数据工作群"}
    for endpoint in (
        EndpointFactory(channel="wecom_robot", user=None, unit=city.department, **place),
        EndpointFactory(channel="sms", user=told, address="138****8000#d59cc5ce"),
    ):
        row = DeliveryFactory(endpoint=endpoint)
        DeliveryLineFactory(delivery=row, notice=notice, channel=endpoint.channel)
    text = browse(officer).get("/deliveries/").content.decode()
    assert f'数据工作群<span class="sub">{city.department.display_name}</span>' in text
    assert "138****8000<" in text
    assert "#2c6b050a" not in text
    assert "#d59cc5ce" not in text


def test_each_notice_in_the_portal_alone_says_why(city, officer, browse):
    muted = UserFactory()
    services.set_preference(muted, muted=["deadlines"])
    told = {"type": "duties.deadline", "programme": city.programme}
    inbox = {"type": "support.promised", "programme": city.programme}
    expected = {
        NoticeFactory(recipient=UserFactory(email=""), **told).pk: "没有登记邮箱和其他地址",
        NoticeFactory(recipient=muted, **told).pk: "本人已关闭这类提醒",
        NoticeFactory(recipient=UserFactory(is_active=False), **told).pk: "账号已停用",
        NoticeFactory(**told).pk: "没有安排站外发送",
        NoticeFactory(**told, opened_at=clock.now()).pk: "发送前已在站内打开",
        NoticeFactory(**inbox).pk: "这类提醒只在站内",
    }
    assert causes(Notice.rows.all()) == expected
    Notice.rows.all().delete()
    NoticeFactory(recipient=muted, programme=city.programme, opened_at=clock.now())
    NoticeFactory(recipient=UserFactory(email=""), programme=city.programme)
    text = browse(officer).get("/deliveries/portal-only/").content.decode()
    assert (text.count("没有登记邮箱和其他地址"), text.count("未打开")) == (1, 1)


def test_no_messages_yet(city, officer, browse):
    client = browse(officer)
    assert "还没有发过提醒" in client.get("/deliveries/").content.decode()
    assert "没有符合条件的发送记录" in client.get("/deliveries/?state=sent").content.decode()
    assert "所有提醒都发到了站外" in client.get("/deliveries/portal-only/").content.decode()


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
    (own,) = mailbox.mails([unit_cdo.email])
    everything = browse(officer).get("/mails/").context["mails"]
    assert {mail.to for mail in everything} > {told.email, unit_cdo.email}
    mine = browse(unit_cdo).get("/mails/")
    assert [mail.name for mail in mine.context["mails"]] == [own.name]
    text = browse(unit_cdo).get(f"/mails/{own.name}/").content.decode()
    assert f"{localtime(own.at):%Y-%m-%d %H:%M:%S}" in text, (
        "of Shanghai, though the head says -0000"
    )
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


def test_an_empty_box_says_when_there_will_be_mail(city, officer, browse, box):
    text = browse(officer).get("/mails/").content.decode()
    assert "即时提醒一分钟内就有，每日汇总在2022-04-18 08:31后发出。" in text
    set_clock(time=time(18, 30))
    text = browse(officer).get("/mails/").content.decode()
    assert "现在不在发送时段，2022-04-18 08:31后才有。" in text


def test_a_real_installation_has_no_mailbox(city, officer, browse, box, settings):
    settings.TRIAL = False
    assert browse(officer).get("/mails/").status_code == 404


def test_the_list_is_cut_at_the_newest(city, auditor, browse, box, monkeypatch):
    monkeypatch.setattr(mailbox, "MOST", 2)
    box.mkdir()
    for number in range(3):
        (box / f"20220415-00000{number}-0000000{number}.eml").write_text("Subject: s\n\nbody")
    names = [mail.name for mail in browse(auditor).get("/mails/").context["mails"]]
    assert names == ["20220415-000002-00000002", "20220415-000001-00000001"]
    assert mailbox.mail(names[0]).at is None


# --- channel, task, what is given up ---------------------------------------------------------------


def test_messages_are_found_by_task_person_body_and_channel(city, told, officer, browse):
    client = browse(officer)

    def count(**query):
        return client.get("/deliveries/", query).context["page_obj"].paginator.count

    number = Notice.rows.first().subject.partition(":")[2]
    assert count(q=number) == count(q=str(told)) == count(q=city.department.display_name) == 1
    assert count(q="没有这样的任务") == 0
    assert (count(channel="email"), count(channel="wecom_robot")) == (1, 0)
    assert (count(uncertain="true"), count(uncertain="false")) == (0, 1)


def test_what_was_told_by_other_means_is_given_up(told, officer, head, foreigner, browse):
    row = Delivery.rows.get()
    Delivery.rows.update(state="failed")
    assert "不再发送" in browse(officer).get("/deliveries/").content.decode()
    assert browse(head).post(f"/deliveries/{row.pk}/give-up/").status_code == 403
    assert browse(foreigner).post(f"/deliveries/{row.pk}/give-up/").status_code == 404
    page = browse(officer).post(f"/deliveries/{row.pk}/give-up/", follow=True).content.decode()
    assert "已取消发送，不再重试。" in page
    assert "人工取消" in page
    row.refresh_from_db()
    assert (row.state, row.reason) == ("cancelled", "given_up")


def test_a_message_that_carries_what_another_city_told_is_not_given_up(told, officer, browse):
    other = NoticeFactory(recipient=told, programme=ProgrammeFactory())
    line = DeliveryLineFactory(delivery=Delivery.rows.get(), notice=other)
    Delivery.rows.update(state="failed")
    client, path = browse(officer), f"/deliveries/{line.delivery_id}/give-up/"
    assert "/give-up/" not in client.get("/deliveries/").text
    assert "还带着别的方案的提醒" in client.post(path, follow=True).text
    assert Delivery.rows.get().state == "failed"
    DeliveryLine.objects.filter(pk=line.pk).update(cancelled_at=clock.now(), reason="given_up")
    assert "/give-up/" in client.get("/deliveries/").text
    client.post(path)
    assert Delivery.rows.get().state == "cancelled"


def test_what_a_message_went_without_says_why(told, officer, browse):
    line = DeliveryLine.objects.order_by("id").first()
    DeliveryLine.objects.filter(pk=line.pk).update(cancelled_at=clock.now(), reason="overtaken")
    Delivery.rows.update(state="sent", sent_at=clock.now())
    client = browse(officer)
    assert client.get("/deliveries/").text.count("（未发：已有更新的提醒）") == 1
    Delivery.rows.update(state="cancelled", sent_at=None, reason="settled")
    assert "未发：" not in client.get("/deliveries/").text, "nothing of it left, for one reason"


def test_a_message_that_left_late_says_by_how_many_days(told, officer, browse, settings):
    settings.TODAY = ""
    now = clock.now()
    Delivery.rows.update(state="sent", sent_at=now, for_on=clock.local(now).date() - DAYS * 2)
    Notice.rows.update(opened_at=now)
    text = browse(officer).get("/deliveries/").content.decode()
    assert "晚了2天" in text
    assert "站内已打开" in text
