"""报告期: the list, opening one with its check page, its five numbers, changing and closing it."""

from datetime import date

import pytest

from duties.models import Assignment
from reports import services
from reports.models import Period, Report
from reports.queries import periods as queries
from tests.conftest import _member
from tests.factories.pilots import before_the_start
from tests.officers.desk import scan

pytestmark = pytest.mark.django_db
NEW = "/periods/new/"
FACTS = {
    "code": "2022Q2",
    "title": "2022年第二季度",
    "starts_on": "2022-04-01",
    "ends_on": "2022-06-30",
    "opens_on": "2022-07-01",
    "due_on": "2022-07-15",
    "basis_title": "关于报送2022年第二季度履职进展的通知",
    "basis_number": "测数函〔2022〕12号",
}


def page_of(period, act=""):
    return f"/periods/{period.audit_key}/{act}"


@pytest.fixture
def period(desk):
    return Period.rows.get()


def test_the_list_shows_each_period_with_its_numbers(desk, period, browse, officer):
    desk.handed_in()
    answer = browse(officer).get("/periods/")
    text = answer.content.decode()
    assert period.title in text
    assert "开启报告期" in text
    assert answer.context["lines"][0]["counts"] == {
        "due": 3, "in": 1, "on_time": 1, "waiting": 1, "late": 0,
    }  # fmt: skip


def test_who_opens_nothing_is_offered_nothing(desk, browse, data_officer, head):
    for user in (data_officer, head):
        text = browse(user).get("/periods/").content.decode()
        assert "/periods/new/" not in text
        assert browse(user).get(NEW).status_code == 403
        assert browse(user).post(NEW, FACTS).status_code == 403


def test_a_unit_sees_only_its_own_line(desk, period, browse, data_officer, city):
    answer = browse(data_officer).get(page_of(period))
    assert [line.task.unit for line in answer.context["lines"]] == [city.department]


def test_another_city_sees_no_period_and_a_wrong_address_is_none(desk, period, browse, foreigner):
    client = browse(foreigner)
    assert client.get(page_of(period)).status_code == 404
    assert client.get("/periods/without-a-dot/").status_code == 404
    assert period.title not in client.get("/periods/").content.decode()


def test_somebody_without_a_programme_sees_an_empty_list(db, browse, auditor):
    assert "还没有开启过报告期" in browse(auditor).get("/periods/").content.decode()


def test_each_of_the_five_numbers_opens_the_list_it_counts(desk, browse, officer, city):
    old = desk.open_period("2021Q4")
    desk.handed_in(desk.report(code=old.code))  # late
    report = services.start_report(city.assignment_of(city.government, old.code), by=None)
    services.put_up_and_sign(desk.fill(report), by=_member(city, city.government, "unit_cdo"))
    services.accept(Report.rows.get(pk=report.pk), by=officer)
    client = browse(officer)
    page = client.get(page_of(old))
    facts = {fact["label"]: fact for fact in page.context["facts"]}
    assert {label: fact["value"] for label, fact in facts.items()} == {
        "应报": 3, "已报": 2, "按时": 0, "待审": 1, "逾期": 1,
    }  # fmt: skip
    for fact in facts.values():
        if fact["url"]:
            listed = client.get(page_of(old) + fact["url"].partition("#")[0])
            assert len(listed.context["lines"]) == fact["value"]


def test_the_banner_says_what_the_numbers_are_worth(desk, period, browse, officer):
    client = browse(officer)
    assert (
        "2022-04-22截止，数字按2022-04-15的报送情况" in client.get(page_of(period)).content.decode()
    )
    old = desk.open_period("2021Q4")
    assert "已截止，审核中：0份待审，3份还没有报" in client.get(page_of(old)).content.decode()
    services.close_period(old, by=officer)
    assert "已于2022-04-15定稿" in client.get(page_of(old)).content.decode()
    assert "已定稿" in client.get("/periods/").content.decode()


def test_what_was_returned_is_owed_again(desk, period, browse, officer):
    report = desk.handed_in()
    services.return_report(report, [services.Remark("", "", "vague", "")], by=officer)
    facts = browse(officer).get(page_of(period)).context["facts"]
    assert [fact["value"] for fact in facts] == [3, 0, 0, 0, 0]


def test_the_form_suggests_the_next_quarter_and_last_periods_figures(desk, browse, officer, city):
    area = city.programme.areas.order_by("position").first()
    services.change_period(
        Period.rows.get(),
        by=officer,
        figures=[services.FigureAsked(area, "编目数量", "项", 0, 100)],
    )
    text = browse(officer).get(NEW).content.decode()
    for value in ("2022Q2", "2022年第二季度", "2022-04-01", "2022-06-30", "编目数量", "100"):
        assert f'value="{value}"' in text, value


def test_the_first_period_suggests_the_quarter_that_ended_last(city):
    found = queries.suggestion(city.programme, date(2022, 4, 15))
    assert (found.code, found.starts_on, found.ends_on) == (
        "2022Q1",
        date(2022, 1, 1),
        date(2022, 3, 31),
    )
    assert (found.opens_on, found.due_on) == (date(2022, 4, 15), date(2022, 4, 28))
    assert queries.suggestion(city.programme, date(2022, 2, 1)).code == "2021Q4"
    assert queries.earlier_figures(city.programme) == {}


def test_opening_names_who_gets_a_task_before_it_is_done(desk, browse, officer, city):
    client = browse(officer)
    answer = client.post(NEW, FACTS)
    text = answer.content.decode()
    assert "3个单位各有一项报送任务" in text
    assert city.department.display_name in text
    assert "单位有10个工作日" in text
    assert "周五" in text
    assert not Period.rows.filter(code="2022Q2").exists()
    assert not Assignment.rows.filter(occurrence="2022Q2").exists()
    back = client.post(NEW, {**FACTS, "back": "1"}).content.decode()
    assert "下一步：核对" in back
    answer = client.post(NEW, {**FACTS, "confirmed": "1"})
    row = Period.rows.get(code="2022Q2")
    assert answer["Location"] == page_of(row)
    assert Assignment.rows.filter(occurrence="2022Q2").count() == 3


def test_the_check_page_warns_of_short_notice_and_of_a_day_off(desk, browse, officer):
    short = {**FACTS, "opens_on": "2022-07-11", "due_on": "2022-07-16"}
    text = browse(officer).post(NEW, short).content.decode()
    assert "只有4个工作日，不足5个工作日" in text
    assert "2022-07-16不是工作日，最后一个工作日是2022-07-15" in text


def test_the_scan_of_the_notice_travels_and_is_given_out(desk, browse, officer, data_officer):
    client = browse(officer)
    checked = client.post(NEW, {**FACTS, "file": scan()})
    kept = checked.context["form"]["kept"].value()
    client.post(NEW, {**FACTS, "kept": kept, "confirmed": "1"})
    row = Period.rows.get(code="2022Q2")
    assert row.basis_file is not None
    assert browse(data_officer).get(page_of(row, "basis/")).status_code == 200
    other = Period.rows.get(code="2022Q1")
    assert browse(data_officer).get(page_of(other, "basis/")).status_code == 404


def test_every_fault_of_the_form_is_said_at_once(desk, browse, officer, city):
    area = city.programme.areas.order_by("position").first()
    prefix = f"figure-{area.pk}"
    faulty = {
        **FACTS,
        "title": "",
        "basis_title": "",
        f"{prefix}-0-name": "编目数量",
        f"{prefix}-0-min": "9",
        f"{prefix}-0-max": "1",
        f"{prefix}-1-name": "编目数量",
        f"{prefix}-2-unit": "项",
        f"{prefix}-3-min": "很多",
    }
    answer = browse(officer).post(NEW, faulty)
    text = answer.content.decode()
    assert answer.status_code == 422
    for fault in (
        "填写“名称”",
        "填写“依据的通知”",
        "最大值不能小于最小值",
        "写了两次",
        "填写第3个关键数字的名称",
        "写成120.5这样的数",
    ):
        assert fault in text, fault


def test_what_the_service_refuses_is_said_on_the_form(desk, browse, officer, city):
    same = browse(officer).post(NEW, {**FACTS, "code": "2022Q1"})
    assert same.status_code == 422
    assert "这个期次已经开启过" in same.content.decode()
    before_the_start()
    refused = browse(officer).post(NEW, FACTS)
    assert refused.status_code == 409
    assert "还没有开始跟踪" in refused.content.decode()


def test_the_due_day_moves_with_its_reason(desk, period, browse, officer):
    client = browse(officer)
    facts = {"title": period.title, "due_on": "2022-04-29", "note": "", "version": period.version}
    refused = client.post(page_of(period, "change/"), {**facts, "reason": ""})
    assert refused.status_code == 409
    assert "要写明原因" in refused.content.decode()
    client.post(page_of(period, "change/"), {**facts, "reason": "节假日顺延。"})
    assert Period.rows.get(pk=period.pk).due_on == date(2022, 4, 29)
    assert "节假日顺延。" in client.get(page_of(period)).content.decode()
    stale = client.post(page_of(period, "change/"), {**facts, "title": "另一个名称"})
    assert stale.status_code == 412
    assert "另一个名称" in stale.content.decode()


def test_figures_are_asked_for_and_shown(desk, period, browse, officer, city):
    area = city.programme.areas.order_by("position").first()
    client = browse(officer)
    assert "这一期没有要求填关键数字" in client.get(page_of(period)).content.decode()
    facts = {
        "title": period.title,
        "due_on": period.due_on,
        "version": period.version,
        f"figure-{area.pk}-0-name": "编目数量",
        f"figure-{area.pk}-0-unit": "项",
        f"figure-{area.pk}-0-max": "100",
    }
    assert client.post(page_of(period, "change/"), facts).status_code == 302
    text = client.get(page_of(period)).content.decode()
    assert "编目数量（项）" in text
    assert "编目数量" in client.get(page_of(period, "change/")).content.decode()


def test_closing_waits_for_the_reviews_and_may_be_taken_back(desk, period, browse, officer, head):
    report = desk.handed_in()
    client = browse(officer)
    data = {"version": period.version}
    waiting = client.post(page_of(period, "close/"), data, follow=True)
    assert "还有1份报告待审核" in waiting.content.decode()
    services.accept(report, by=officer)
    assert browse(head).post(page_of(period, "close/"), data).status_code == 403
    client.post(page_of(period, "close/"), data)
    row = Period.rows.get(pk=period.pk)
    assert row.closed_on == date(2022, 4, 15)
    changing = client.get(page_of(period, "change/"), follow=True)
    assert "先取消定稿再改" in changing.content.decode()
    client.post(page_of(period, "reopen/"), {"version": row.version})
    assert Period.rows.get(pk=period.pk).closed_on is None
    assert client.get(page_of(period, "close/")).status_code == 302


def test_the_page_asks_no_more_for_more_reports(
    desk, period, browse, officer, django_assert_max_num_queries
):
    client = browse(officer)
    client.get(page_of(period))
    with django_assert_max_num_queries(50) as empty:
        client.get(page_of(period))
    desk.handed_in()
    with django_assert_max_num_queries(len(empty)):
        client.get(page_of(period))


# --- a day by rule --------------------------------------------------------------------------------

BY_RULE = FACTS | {"due_on": "", "rule": "first_quarter", "count": "5", "opens_on": "2022-07-01"}
SAID = "每季度前5个工作日：2022年7月7日。"


def test_a_period_follows_a_rule_from_its_opening(desk, browse, officer):
    page = browse(officer).post(NEW, BY_RULE | {"preview": "value", "title": ""})
    assert page.status_code == 200
    assert SAID in page.content.decode()
    assert SAID in browse(officer).post(NEW, BY_RULE).content.decode()
    browse(officer).post(NEW, BY_RULE | {"confirmed": "1"})
    row = Period.rows.get(code="2022Q2")
    assert (row.due_on, row.due_rule["counted_from"]) == (date(2022, 7, 7), "2022-07-01")
    tasks = Assignment.rows.filter(occurrence="2022Q2")
    assert {task.due_rule["kind"] for task in tasks} == {"first_workdays"}
    for path in (f"/tasks/{tasks[0].number}/", page_of(row)):
        assert f"规则：{SAID}" in browse(officer).get(path).content.decode()


def test_a_day_that_was_moved_by_hand_follows_no_rule(desk, browse, officer):
    browse(officer).post(NEW, BY_RULE | {"confirmed": "1"})
    row = Period.rows.get(code="2022Q2")
    services.change_period(row, by=officer, due_on=date(2022, 7, 20), reason="防汛")
    row.refresh_from_db()
    assert row.due_rule is None
    assert not Assignment.rows.filter(occurrence="2022Q2", due_rule__isnull=False).exists()
