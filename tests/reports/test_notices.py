"""Who is told of reports, and for how long; what is open when somebody leaves."""

from datetime import date, timedelta

import pytest

from core.handover import Leaving
from reminders import registry
from reminders import services as reminders
from reminders.models import Notice
from reports import handover, services
from reports.models import Report
from tests.conftest import _member
from tests.factories.pilots import MembershipFactory

pytestmark = pytest.mark.django_db
TODAY = date(2022, 4, 15)


def told(kind):
    return list(Notice.rows.filter(type=f"reports.{kind}").order_by("id"))


def plan(on=TODAY):
    reminders.plan(on)


def now(report):
    return Report.rows.for_lists().get(pk=report.pk)


def undated(task):
    """As where the document sets no date."""
    days = ("due_on", "latest_on", "last_workday_on", "latest_workday_on", "original_due_on")
    type(task).rows.filter(pk=task.pk).update(**dict.fromkeys(days))


def returned(desk):
    report = desk.handed_in()
    remarks = [services.Remark("", "", "vague", ""), services.Remark("", "", "missing", "")]
    services.return_report(report, remarks, by=desk.officer)
    return now(report)


def test_clerks_are_told_of_a_period_until_they_report(desk, stranger):
    plan()
    rows = told("opened")
    assert {row.recipient for row in rows} == {desk.data_officer, stranger}
    words = registry.render(next(row for row in rows if row.recipient == desk.data_officer))
    assert words.title == "测试市公安局2022年第一季度进展报告开始填报，2022-04-22截止"
    assert words.lines[0] == "依据：关于报送履职进展的通知"
    assert words.path.startswith("/reports/start/?task=RW-")
    assert (words.urgency, words.to_do) == (7, True)
    plan()
    assert len(told("opened")) == 2
    desk.report()
    assert len(registry.holding(rows)) == 2
    desk.handed_in(desk.report())
    assert len(registry.holding(rows)) == 1


def test_a_closed_or_an_old_period_is_no_news(desk):
    services.close_period(desk.report().period, by=desk.officer)
    desk.open_period("2021Q4")
    plan()
    assert told("opened") == []


def test_what_came_back_is_told_to_clerk_and_cdo_until_it_is_handed_in_again(desk):
    report = returned(desk)
    plan()
    rows = told("returned")
    assert {row.recipient for row in rows} == {desk.data_officer, desk.unit_cdo}
    words = registry.render(rows[0])
    assert words.title == f"{report.title}被退回修改，2处要改"
    assert words.lines[0] == "截止日期：2022-04-22"
    assert (words.path, words.to_do) == (f"/reports/{report.number}/", True)
    assert (words.days, words.thing) == (7, f"assignment:{report.assignment.number}")
    assert len(registry.holding(rows)) == 2
    services.put_up_and_sign(desk.fill(report), by=desk.unit_cdo)
    assert registry.holding(rows) == set()
    services.return_report(now(report), [services.Remark("", "", "vague", "")], by=desk.officer)
    plan()
    assert len(told("returned")) == 4
    assert "1处要改" in registry.render(told("returned")[-1]).title


def test_somebody_with_two_roles_is_told_once(desk):
    MembershipFactory(user=desk.unit_cdo, unit=desk.city.department, role="data_officer")
    returned(desk)
    plan()
    assert sorted(str(row.recipient) for row in told("returned")) == sorted(
        [str(desk.data_officer), str(desk.unit_cdo)]
    )


def test_a_summary_without_a_day_comes_back_too(desk, city):
    task = city.assignment(city.department)
    undated(task)
    report = desk.handed_in(desk.summary())
    services.return_report(report, [services.Remark("", "", "vague", "")], by=desk.officer)
    plan()
    words = registry.render(told("returned")[0])
    assert words.lines == [f"报告编号：{report.number}", "退回意见在各栏旁边，截止日期不变。"]
    assert words.urgency == 0


def test_what_was_accepted_is_told_to_the_clerk_unless_it_is_taken_back(desk):
    report = desk.handed_in()
    review = services.accept(report, by=desk.officer)
    plan()
    (row,) = told("accepted")
    assert row.recipient == desk.data_officer
    words = registry.render(row)
    assert (words.title, words.to_do) == (f"{report.title}已通过", False)
    services.undo(review, by=desk.officer)
    assert registry.holding([row]) == set()


def test_the_desk_is_told_of_what_waits_more_than_three_working_days(desk, head, foreigner):
    report = desk.handed_in()
    Report.rows.filter(pk=report.pk).update(handed_in_on=date(2022, 4, 12))
    plan()
    assert told("waiting") == []  # three working days: not more
    Report.rows.filter(pk=report.pk).update(handed_in_on=date(2022, 4, 11))
    plan()
    (row,) = told("waiting")
    assert row.recipient == desk.officer
    words = registry.render(row)
    assert words.title == "测试市公安局的报告等待审核超过3个工作日"
    assert words.path == f"/review/{report.number}/"
    services.accept(now(report), by=desk.officer)
    assert registry.holding([row]) == set()


def test_nobody_is_told_in_a_programme_that_is_not_followed(desk, city):
    returned(desk)
    city.programme.phase, city.programme.closed_on = "closed", TODAY
    city.programme.save()
    plan()
    assert [*told("opened"), *told("returned")] == []


def test_no_notice_names_a_person(desk):
    returned(desk)
    plan()
    for row in Notice.rows.filter(type__startswith="reports."):
        words = registry.render(row)
        text = " ".join([words.title, *words.lines])
        for user in (desk.officer, desk.data_officer, desk.unit_cdo):
            assert str(user) not in text


def test_deadlines_of_a_period_are_reminded_like_any_other(desk):
    plan(date(2022, 4, 19))
    rows = Notice.rows.filter(type="duties.deadline", recipient=desk.data_officer)
    titles = [registry.render(row).title for row in rows]
    assert any("定期报送履职进展" in title and "还剩3天" in title for title in titles), titles
    plan(date(2022, 4, 25))
    titles = [
        registry.render(row).title
        for row in Notice.rows.filter(type="duties.deadline", recipient=desk.unit_cdo)
    ]
    assert any("定期报送履职进展" in title and "逾期" in title for title in titles), titles


# --- hand-over -----------------------------------------------------------------------------------


def leaving(desk, by):
    unit = desk.city.department
    on = TODAY + timedelta(days=10)
    return Leaving(user=desk.data_officer, unit=unit, taker=None, on=on, by=by)


def test_reports_of_the_unit_are_named_and_stay(desk):
    draft = desk.report()
    accepted = desk.handed_in(desk.summary())
    services.accept(accepted, by=desk.officer)
    items = handover.open_items(leaving(desk, desk.unit_cdo))
    assert [item.path for item in items] == [f"/reports/{draft.number}/"]
    assert items[0].detail == f"{draft.number}，拟稿中，2022-04-22截止"
    assert items[0].fate == "stays"
    assert handover.move(leaving(desk, desk.unit_cdo)) == 0


def test_a_report_without_a_day_says_only_its_state(desk, city):
    task = city.assignment(city.department)
    undated(task)
    report = desk.summary()
    (item,) = handover.open_items(leaving(desk, desk.unit_cdo))
    assert item.detail == f"{report.number}，拟稿中"


def test_whoever_does_not_see_a_draft_is_not_told_of_it(desk):
    desk.report()
    assert handover.open_items(leaving(desk, desk.officer)) == []
    colleague = _member(desk.city, desk.city.district, "data_officer")
    assert handover.open_items(leaving(desk, colleague)) == []
