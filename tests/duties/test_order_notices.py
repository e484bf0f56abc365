"""Who is told of an order, of a task to help with, of a remark."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from duties import services
from duties.queries import orders as queries
from reminders import registry
from reminders import services as reminders
from reminders.models import Notice
from tests.conftest import _member
from tests.plans import nodes

from .ordering import issued

pytestmark = pytest.mark.django_db
TODAY = date(2022, 4, 15)


def told(kind):
    return list(Notice.rows.filter(type=kind).order_by("id"))


def plan():
    reminders.plan(TODAY)


def test_clerks_of_every_lead_are_told_and_the_cdo_when_it_matters(
    city, officer, head, data_officer, unit_cdo, stranger
):
    issued(city, officer, head, units=[city.department])
    plan()
    (row,) = told("duties.order")
    assert (row.recipient, row.unit) == (data_officer, city.department)
    words = registry.render(row)
    assert words.title == "测试市公安局收到通知“报送公共数据共享需求清单”，2022-04-29截止"
    assert words.lines[0] == "级别：一般"
    assert (words.urgency, words.days, words.to_do) == (14, 14, True)
    assert words.path.startswith("/tasks/RW-")
    issued(city, officer, head, units=[city.department, city.district], level="important")
    plan()
    later = {row.recipient for row in told("duties.order")[1:]}
    assert later == {data_officer, unit_cdo, stranger}
    assert len(registry.holding(told("duties.order"))) == 4


def test_nobody_is_told_twice_nor_of_old_or_withdrawn_orders(city, officer, head, data_officer):
    row = issued(city, officer, head)
    plan()
    plan()
    assert len(told("duties.order")) == 1
    services.withdraw_order(row, by=officer, reason="并入年度工作。")
    assert registry.holding(told("duties.order")) == set()
    plan()
    (off,) = told("duties.order_withdrawn")
    words = registry.render(off)
    assert words.title == "通知“报送公共数据共享需求清单”已撤销，测试市公安局不用再办"
    assert words.lines[0] == "原因：并入年度工作。"
    assert not words.to_do


def test_an_order_of_two_months_ago_is_no_news(city, officer, head, data_officer):
    row = issued(city, officer, head)
    row.issued_on = date(2022, 3, 1)
    row.save()
    plan()
    assert told("duties.order") == []


def test_a_withdrawal_is_news_from_its_own_day_on(city, officer, head, data_officer):
    row = issued(city, officer, head)
    plan()
    row.issued_on = date(2022, 3, 10)
    row.save()
    services.withdraw_order(row, by=officer, reason="并入年度工作。")
    plan()
    (off,) = told("duties.order_withdrawn")
    assert off.recipient == data_officer
    assert registry.holding([off]) == {off.pk}
    off.for_on = date(2022, 5, 17)
    assert registry.holding([off]) == set(), "after a month it is none"


def test_clerks_of_helpers_are_told(city, officer, head, stranger, data_officer):
    row = issued(city, officer, head, units=[city.department], helpers=[city.district])
    plan()
    (notice,) = told("duties.helper")
    assert (notice.recipient, notice.unit) == (stranger, city.district)
    words = registry.render(notice)
    assert words.title == "测试市福田区协办测试市公安局的任务“报送公共数据共享需求清单”"
    assert words.lines[0] == "协办内容：协助核对"
    (helper,) = queries.helpers_of(queries.tasks_of(row).get())
    services.remove_helper(helper, by=officer)
    assert registry.holding([notice]) == set()
    services.add_helper(queries.tasks_of(row).get(), city.district, by=officer)
    plan()
    first, again = told("duties.helper")
    assert again.recipient == stranger
    assert registry.holding([first, again]) == {again.pk}, "asked again, told again"


def test_a_remark_is_told_to_the_unit_without_its_words(city, head, data_officer, unit_cdo):
    task = city.assignment(city.department)
    services.write_remark(task, text="请加快进度。", by=head)
    plan()
    rows = told("duties.remark")
    assert {row.recipient for row in rows} == {data_officer, unit_cdo}
    words = registry.render(rows[0])
    assert words.title == "测试市公安局的任务“报送试点工作总结”有新批示"
    assert "请加快进度" not in words.title + "".join(words.lines)
    assert words.path == f"/tasks/{task.number}/#remarks"
    services.strike_remark(task.remarks.get(), by=head, reason="写错了任务")
    assert registry.holding(rows) == set()


def test_a_notice_is_asked_for_alone_however_many_are_due(city, head, data_officer):
    task = city.assignment(city.department)
    for number in range(5):
        services.write_remark(task, text=f"请加快进度（{number}）。", by=head)
    plan()
    rows = told("duties.remark")
    with CaptureQueriesContext(connection) as seen:
        assert registry.holding(rows[:1]) == {rows[0].pk}
    found = nodes(seen[-1]["sql"])
    (scan,) = [node for node in found if node.get("Relation Name") == "duties_remark"]
    assert (len(rows), round(scan["Actual Rows"] * scan["Actual Loops"])) == (5, 1)


def test_whoever_wrote_the_remark_is_not_told(city, unit_cdo, data_officer):
    services.write_remark(city.assignment(city.department), text="按时报送。", by=unit_cdo)
    plan()
    assert [row.recipient for row in told("duties.remark")] == [data_officer]


def test_receipts_say_how_many_were_told(city, officer, head, data_officer):
    row = issued(city, officer, head, units=[city.department, city.district])
    _member(city, city.department, "data_officer")
    plan()
    assert [receipt.told for receipt in queries.receipts(row)] == [2, 0]
