"""Who is told of requests for a later day, of answers, of slips and of replies."""

from datetime import date, time, timedelta

import pytest

from cdo_portal.pages import audit_words
from core import clock
from core.handover import Fate, Leaving
from core.history import Vocabulary
from duties import handover, services
from duties.choices import ExtensionState, SlipState, Verdict
from duties.models import Extension, Slip
from reminders import registry
from reminders import services as reminders
from reminders.models import Delivery, Notice
from tests.conftest import _member
from tests.reminders.conftest import set_clock

from .chasing import ask, draft, extension_in, slip_in

pytestmark = pytest.mark.django_db
TODAY = date(2022, 4, 15)


@pytest.fixture
def make(city, officer, head, data_officer, unit_cdo):
    return lambda state: extension_in(state, city, officer, head, data_officer, unit_cdo)


def told(kind, on=TODAY):
    reminders.plan(on)
    return list(Notice.rows.filter(type=kind).order_by("id"))


def test_officers_of_the_bureau_are_told_once_it_is_signed(
    city, officer, data_officer, unit_cdo, foreigner
):
    row = ask(city, data_officer)
    assert told("duties.extension_asked") == []
    services.agree_extension(row, by=unit_cdo)
    (notice,) = told("duties.extension_asked")
    assert (notice.recipient, notice.unit) == (officer, city.department)
    words = registry.render(notice)
    assert words.title == "测试市公安局“报送试点工作总结”申请延期，等待审批"
    assert words.lines[0] == "原截止日期2022-04-30，申请延至2022-05-31"
    assert (words.path, words.to_do) == ("/extensions/YQ-2022-0001/", True)
    assert registry.holding([notice]) == {notice.pk}
    services.decide_extension(Extension.rows.get(), Verdict.GRANT, by=officer)
    assert registry.holding([notice]) == set()


SAID = {
    ExtensionState.GRANTED: "测试市公安局“报送试点工作总结”同意延期，延至2022-05-31",
    ExtensionState.PARTLY: "测试市公安局“报送试点工作总结”部分同意延期，延至2022-05-16",
    ExtensionState.REFUSED: "测试市公安局“报送试点工作总结”的延期申请没有同意，截止日期仍是2022-04-30",
}


@pytest.mark.parametrize("state", SAID)
def test_the_unit_is_told_what_was_decided(state, make, data_officer, unit_cdo):
    make(state)
    rows = told("duties.extension_answered")
    assert {row.recipient for row in rows} == {data_officer, unit_cdo}
    words = registry.render(rows[0])
    assert words.title == SAID[state]
    if state == ExtensionState.REFUSED:
        assert words.lines[0] == "审批说明：工作量不大。"
    assert not words.to_do


def test_of_what_waits_for_the_cdo_approvals_tells(make, unit_cdo):
    make(ExtensionState.TO_SIGN)
    reminders.plan(TODAY)
    mine = Notice.rows.filter(recipient=unit_cdo).exclude(type="duties.deadline")
    assert mine.count() == 1


def test_after_a_grant_reminders_start_anew_under_the_new_day(city, make, officer, data_officer):
    task = city.assignment(city.department)
    before = told("duties.deadline", date(2022, 4, 29))
    assert any(row.subject == f"assignment:{task.number}" for row in before)
    make(ExtensionState.GRANTED)
    stale = [row for row in before if row.subject == f"assignment:{task.number}"]
    assert registry.holding(stale) == set()
    after = told("duties.deadline", date(2022, 5, 30))
    mine = [row for row in after if row.subject == f"assignment:{task.number}"]
    assert {row.deadline_version for row in mine} == {1, 2}


def test_the_unit_is_told_of_a_slip_and_the_bureau_of_the_reply(
    city, officer, head, data_officer, unit_cdo
):
    row = slip_in(SlipState.TO_APPROVE, city, officer, head, data_officer)
    assert told("duties.slip") == []
    services.agree_slip(row, by=head)
    rows = told("duties.slip")
    assert {notice.recipient for notice in rows} == {data_officer, unit_cdo}
    words = registry.render(rows[0])
    assert words.title == "测试市公安局收到“报送试点工作总结”的提醒单（督导）"
    assert words.lines[0] == "回复期限：2022-04-22"
    assert (words.path, words.to_do) == ("/slips/TX-2022-0001/", True)
    assert len(registry.holding(rows)) == 2
    services.reply_slip(Slip.rows.get(), by=data_officer, text="4月20日前完成。")
    assert registry.holding(rows) == set()
    (back,) = told("duties.slip_replied")
    assert back.recipient == officer
    words = registry.render(back)
    assert words.title == "测试市公安局回复了“报送试点工作总结”的提醒单"
    assert "4月20日" not in "".join(words.lines)  # what was answered stays on its page


def test_a_slip_that_asks_for_no_answer_says_no_day(city, officer, data_officer):
    services.issue_slip(city.assignment(city.department), draft(reply_by=None), by=officer)
    words = registry.render(told("duties.slip")[0])
    assert words.lines[0].startswith("提醒单编号")


@pytest.fixture
def evening(_calendar):
    """Eight in the evening of a working day."""
    set_clock(time=time(20, 0))
    yield
    clock.shift(timedelta())


def test_a_slip_that_was_ticked_leaves_at_eight_in_the_evening_and_no_other(
    city, officer, head, data_officer, evening
):
    _member(city, city.district, "data_officer")
    for unit, ticked in ((city.department, True), (city.district, False)):
        row = services.issue_slip(
            city.assignment(unit), draft("supervise", is_at_once=ticked), by=officer
        )
        services.agree_slip(row, by=head)
    notices = {notice.unit: notice for notice in told("duties.slip")}
    told_now, told_later = (
        Delivery.rows.get(lines__notice=notices[unit]) for unit in (city.department, city.district)
    )
    assert (told_now.manner, told_now.for_on) == ("immediate", TODAY)
    assert told_now.next_at <= clock.now()
    assert (told_later.manner, told_later.for_on) == ("digest", date(2022, 4, 18))
    assert clock.local(told_later.next_at).time() >= time(8, 31)


def test_what_is_open_is_listed_when_somebody_leaves(city, make, officer, head, data_officer):
    make(ExtensionState.ASKED)
    services.issue_slip(city.assignment(city.department), draft(), by=officer)
    items = handover.open_items(Leaving(None, city.department, None, TODAY, officer))
    titles = {item.title: item for item in items}
    assert titles["延期申请：工作总结"].detail == "YQ-2022-0001，测试市公安局，待市政数局审批"
    assert titles["提醒单：工作总结"].path == "/slips/TX-2022-0001/"
    assert {item.fate for item in items} == {Fate.STAYS}
    services.issue_slip(city.assignment(city.district), draft("supervise"), by=officer)
    bureau = handover.open_items(Leaving(None, city.bureau, None, TODAY, officer))
    assert {item.title for item in bureau} == {"延期申请：工作总结", "提醒单：工作总结", "总体报告"}
    details = [item.detail for item in bureau if item.title.startswith("提醒单")]
    assert details == ["TX-2022-0002，测试市福田区，待审定"]


def test_every_step_has_words_in_the_record(city, make, officer, head, data_officer, browse):
    from core.models import AuditEntry

    make(ExtensionState.GRANTED)
    slip_in(SlipState.REPLIED, city, officer, head, data_officer)
    services.name_levels(
        city.programme, {"hint": "提醒", "chase": "催办", "supervise": "督导"}, by=officer
    )
    words: Vocabulary = audit_words.WORDS
    for entry in AuditEntry.objects.filter(verb__regex="^(extension|slip|assignment)[.]"):
        assert words.verb(entry.verb) != entry.verb, entry.verb
        assert not any(change.field.isascii() for change in words.changes(entry)), entry.verb
    assert audit_words.subject_url("extension:YQ-2022-0001") == "/extensions/YQ-2022-0001/"
    assert audit_words.subject_url("slip:TX-2022-0001") == "/slips/TX-2022-0001/"


def test_support_may_look_and_not_change(city, make):
    from django.contrib import admin

    from duties.models import SlipLabel

    for model in (Extension, Slip, SlipLabel):
        shown = admin.site.get_model_admin(model)
        assert not shown.has_add_permission(None)
        assert not shown.has_change_permission(None)
        assert not shown.has_delete_permission(None)


def test_members_of_two_units_are_told_once(city, officer, head, data_officer):
    from pilots.services import add_membership

    add_membership(data_officer, city.department, "unit_cdo", by=None)
    _member(city, city.department, "unit_cdo")
    services.issue_slip(city.assignment(city.department), draft(), by=officer)
    assert len(told("duties.slip")) == 2
