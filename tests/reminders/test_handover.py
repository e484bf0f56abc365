"""Unread notices, addresses and questions of somebody who leaves; a body that loses its contact."""

from datetime import date

import pytest

from core.handover import Fate, Leaving
from core.models import AuditEntry
from pilots import services as pilots
from pilots.models import Enrolment
from reminders import handover
from reminders.models import Notice
from reminders.registry import holding, render
from tests.factories.pilots import MembershipFactory
from tests.factories.reminders import EndpointFactory, FeedbackFactory, NoticeFactory

TODAY = date(2022, 4, 15)
pytestmark = pytest.mark.django_db


@pytest.fixture
def leaving(city, data_officer, officer):
    return Leaving(data_officer, city.department, None, TODAY, officer)


def titles(leaving):
    return [(item.title, item.fate) for item in handover.open_items(leaving)]


def test_unread_notices_of_the_body_are_shown_and_stay_where_they_are(city, leaving, data_officer):
    same = {"recipient": data_officer, "programme": city.programme}
    NoticeFactory(**same, unit=city.department)
    NoticeFactory(**same, unit=city.department, opened_at="2022-04-14T08:00+08:00")
    NoticeFactory(**same, unit=city.district)
    assert titles(leaving) == [("意见已答复", Fate.MOVES)]
    assert handover.move(leaving) == 0
    assert Notice.rows.filter(recipient=data_officer, opened_at=None).count() == 2


def test_a_bureaus_officer_has_the_notices_of_the_programmes(city, officer, head):
    NoticeFactory(recipient=officer, programme=city.programme, unit=city.district)
    assert titles(Leaving(officer, city.bureau, None, TODAY, head)) == [("意见已答复", Fate.MOVES)]


def test_who_may_not_see_them_is_shown_none(city, data_officer, foreigner):
    NoticeFactory(recipient=data_officer, programme=city.programme, unit=city.department)
    assert titles(Leaving(data_officer, city.department, None, TODAY, foreigner)) == []


def test_many_are_shown_as_twenty_and_a_number(city, leaving, data_officer):
    for _number in range(23):
        NoticeFactory(recipient=data_officer, programme=city.programme, unit=city.department)
    found = titles(leaving)
    assert len(found) == 21
    assert found[-1] == ("另有3条未读提醒", Fate.MOVES)


def test_addresses_end_with_the_account_and_stay_with_a_person_who_keeps_it(
    city, leaving, data_officer
):
    EndpointFactory(user=data_officer, address="liming@example.gov.cn")
    assert titles(leaving) == [("电子邮件：l***@example.gov.cn", Fate.ENDS)]
    MembershipFactory(user=data_officer, unit=city.district)
    assert titles(leaving) == []


def test_questions_without_an_answer_stay_with_the_body(leaving, data_officer):
    FeedbackFactory(user=data_officer, text="导出缺列")
    assert titles(leaving) == [("意见反馈：导出缺列", Fate.STAYS)]


def test_somebody_without_account_has_nothing_here(city, officer):
    leaving = Leaving(None, city.department, None, TODAY, officer)
    assert (handover.open_items(leaving), handover.move(leaving)) == ([], 0)


# --- a body that loses its contact ---------------------------------------------------------------


@pytest.fixture
def vacating(city, officer, head):
    """The officer is the contact of the department; a colleague stays at the desk."""
    colleague = MembershipFactory(unit=city.bureau, role="bureau_officer").user
    Enrolment.rows.filter(unit=city.department).update(liaison=officer)
    return Leaving(officer, city.bureau, None, TODAY, head), colleague


def test_the_desk_is_told_once_that_a_body_has_no_contact(city, vacating, head):
    leaving, colleague = vacating
    assert (handover.move(leaving), handover.move(leaving)) == (1, 0)
    notice = Notice.rows.get(type="pilots.liaison_vacant")
    assert (notice.recipient, notice.unit) == (colleague, city.department)
    text = render(notice)
    assert text.title == "测试市公安局的对口联系人已离任，还没有指定新的"
    assert text.lines == [f"方案：{city.programme}"]
    assert text.path == f"/units/{city.department.code}/"
    assert text.to_do
    assert holding([notice]) == set()
    pilots.hand_over_liaisons(leaving.user, city.bureau, taker=None, by=head)
    assert holding([notice]) == {notice.pk}
    assert AuditEntry.objects.filter(verb="enrolment.liaison").count() == 1


def test_nobody_is_told_when_a_colleague_takes_over(vacating):
    leaving, colleague = vacating
    taken = Leaving(leaving.user, leaving.unit, colleague, leaving.on, leaving.by)
    assert handover.move(taken) == 0
