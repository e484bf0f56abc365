"""消息 (P19): what one person was told, and what is still to do."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from duties import services as duties
from reminders import services
from reminders.models import Delivery, Notice
from tests.factories.pilots import UnitFactory
from tests.factories.reminders import (
    NoticeFactory,
)

DAY = date(2022, 4, 15)


@pytest.fixture
def told(city, data_officer):
    services.plan(DAY)
    return data_officer


def groups(response):
    return {group["title"]: group["rows"] for group in response.context["groups"]}


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
