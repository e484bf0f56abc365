"""The period that the overview shows, the order of its rows, what it says of the numbers; the desk, the
first pages and the dossier in the middle of a period."""

from datetime import date

import pytest

from duties.choices import ExtensionState
from duties.services import fulfil
from reports import services as reports
from reports.models import Period
from tests.duties.chasing import extension_in, slip_in
from tests.factories.approvals import ChainStepFactory
from tests.factories.duties import RemarkFactory
from tests.factories.reports import SupportRequestFactory
from tests.pages.story import Story
from tests.pages.test_home import numbers
from tests.reports.cast import desk_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(city, officer, head, data_officer, unit_cdo):
    return Story(city, officer, head, data_officer, unit_cdo).tell()


@pytest.fixture
def desk(city):
    return desk_of(city)


def overview(client, **query):
    answer = client.get("/overview/", query)
    assert answer.status_code == 200
    return answer


def labels(answer):
    return [str(fact["label"]) for fact in answer.context["facts"]]


def names_in_order(answer):
    return [row.name for group in answer.context["grid"].row_groups for row in group.rows]


# --- which period --------------------------------------------------------------------------------


def test_without_periods_the_summary_stands_in_their_place(city, browse, officer):
    answer = overview(browse(officer))
    assert labels(answer)[0] == "应报总结"
    assert "period" not in answer.context["form"].fields
    assert answer.context["worth"] is None


def test_the_newest_open_period_is_shown_unless_another_is_asked_for(desk, browse, officer):
    client = browse(officer)
    desk.open_period("2021Q4")
    desk.open_period("2022Q1")
    desk.open_period("2022Q2")  # begins on 2022-06-30
    assert overview(client).context["worth"]["title"] == "2022年第一季度"
    assert overview(client, period="2021Q4").context["worth"]["title"] == "2021年第四季度"
    assert labels(overview(client, period="summary"))[0] == "应报总结"
    assert overview(client, period="没有").context["worth"]["title"] == "2022年第一季度"
    assert overview(client, on="2022-01-10").context["worth"]["title"] == "2021年第四季度"
    assert overview(client, on="2021-11-01").context["worth"] is None


def test_a_closed_period_is_shown_where_none_is_open(desk, browse, officer):
    period = desk.open_period("2021Q4")
    reports.close_period(period, by=desk.officer)
    worth = overview(browse(officer)).context["worth"]
    assert (worth["title"], worth["word"]) == ("2021年第四季度", "已定稿")
    assert "数字不再变化" in worth["text"]
    then = overview(browse(officer), on="2022-02-01").context["worth"]
    assert then["word"] == "审核中"


def test_numbers_say_what_they_are_worth(desk, browse, officer):
    desk.open_period()
    client = browse(officer)
    page = overview(client).content.decode()
    assert "未截止" in page
    assert "还会变化" in page
    after = overview(client, on="2022-05-10").context["worth"]
    assert after["text"].startswith("已截止，审核中：0份待审，3份还没有报")


def test_the_cell_of_a_report_opens_the_report_or_its_task(story, city, browse, officer, foreigner):
    client = browse(officer)
    came = city.assignment_of(city.department, "2022Q1")
    owed = city.assignment_of(city.district, "2022Q1")
    assert client.get(f"/overview/p{came.pk}")["Location"] == f"/reports/{came.report.number}/"
    assert client.get(f"/overview/p{owed.pk}")["Location"] == f"/tasks/{owed.number}/"
    assert browse(foreigner).get(f"/overview/p{came.pk}").status_code == 404
    assert browse(foreigner).get(f"/overview/o{came.enrolment_id}").status_code == 404


def test_the_cell_of_orders_keeps_the_day(story, city, browse, officer):
    part = city.enrolment(city.district)
    answer = browse(officer).get(f"/overview/o{part.pk}?on=2022-05-10")
    assert "on=2022-05-10" in answer["Location"]
    assert "origin=order" in answer["Location"]


# --- order, sub-totals ---------------------------------------------------------------------------


def test_clerks_see_exceptions_first_and_leaders_the_documents_order(
    grow, city, browse, officer, head
):
    grow(2)
    last = max(city.programme.enrolments.filter(part="pilot"), key=lambda row: row.pk)
    row = last.assignments.get(obligation__nature="report")
    type(row).rows.filter(pk=row.pk).update(
        due_on=date(2022, 4, 1), latest_on=date(2022, 4, 1), last_workday_on=date(2022, 4, 1),
        latest_workday_on=date(2022, 4, 1),
    )  # fmt: skip
    late = str(last.unit)
    clerk, leader = overview(browse(officer)), overview(browse(head))
    assert clerk.context["form"]["sort"].value() == "exceptions"
    assert leader.context["form"]["sort"].value() == "document"
    departments = [row.name for row in clerk.context["grid"].row_groups[1].rows]
    assert departments[0] == late
    assert [row.name for row in leader.context["grid"].row_groups[1].rows][-1] == late
    assert "异常" in clerk.context["grid"].row_groups[1].note


def test_rows_may_stand_by_name_or_by_how_much_is_done(grow, city, browse, officer):
    grow(2)
    fulfil(city.assignment(city.department), source_key="x", happened_on=date(2022, 4, 1), by=None)
    client = browse(officer)
    by_name = overview(client, sort="name").context["found"].groups[1].rows
    pinyin = [row.enrolment.unit.named_pinyin for row in by_name]
    assert pinyin == sorted(pinyin)
    by_done = overview(client, sort="completion").context["grid"].row_groups[1].rows
    assert by_done[0].name == str(city.department)
    assert overview(client, sort="nonsense").context["form"]["sort"].value() == "exceptions"


def test_a_group_says_what_it_comes_to(story, browse, officer):
    groups = overview(browse(officer)).context["grid"].row_groups
    notes = {group.label: group.note for group in groups}
    assert "职责2/2" in notes["市级部门"]
    assert "本期已报1/1" in notes["市级部门"]
    assert "本期已报0/1" in notes["区（县、市）政府"]


def test_the_overview_costs_the_same_for_any_number_of_units_in_a_period(
    desk, browse, officer, grow, cost
):
    desk.open_period("2021Q4")
    desk.open_period()
    client = browse(officer)
    first = cost(client, "/overview/?on=2022-05-10")[0]
    grow(20)
    assert cost(client, "/overview/?on=2022-05-10")[0] == first


# --- trend ---------------------------------------------------------------------------------------


def test_the_trend_is_open_for_leaders(story, browse, officer, head):
    assert '<details class="fold" open>' in overview(browse(head)).content.decode()
    assert '<details class="fold" open>' not in overview(browse(officer)).content.decode()


def test_one_period_has_a_rate_and_equal_ones_are_said_to_be(desk, browse, officer):
    client = browse(officer)
    desk.open_period("2021Q4")
    chart = overview(client).context["trend"]
    assert chart.title == "2021年第四季度按时报送率0.0%"
    desk.open_period()
    assert "与上期持平" in overview(client, on="2022-05-10").context["trend"].title


def test_a_rate_that_falls_is_said(story, browse, officer):
    Period.rows.filter(code="2021Q4").update(starts_on=date(2022, 4, 1), ends_on=date(2022, 4, 2))
    assert "降至" in overview(browse(officer), on="2022-05-10").context["trend"].title


def test_an_extended_report_counts_by_both_days(story, city, browse, officer):
    task = city.assignment_of(city.district, "2022Q1")
    type(task).rows.filter(pk=task.pk).update(
        original_due_on=date(2022, 4, 1), due_on=date(2022, 5, 31), latest_on=date(2022, 5, 31)
    )
    _writer, cdo = story.people[city.district]
    reports.put_up_and_sign(desk_of(city).fill(task.report), by=cdo)
    chart = overview(browse(officer), on="2022-05-10").context["trend"]
    assert chart.columns[-1] == "按原定日期"
    assert chart.rows[-1] == ("2022年第一季度", 3, 3, "100.0%", "2/3 66.7%")
    page = browse(officer).get(f"/units/{city.district.code}/").content.decode()
    assert "按时（按批准的日期，晚于原定日期）" in page


# --- first pages ---------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["officer", "head"])
@pytest.mark.parametrize("path", ["/", "/overview/"])
def test_every_number_opens_as_many_rows(story, cast, browse, rows_behind, who, path):
    client = browse(cast[who])
    found = [pair for pair in numbers(client.get(path).content) if not pair[1].startswith("#")]
    assert len(found) >= 3
    for count, href in found:
        assert rows_behind(client, href.replace("&amp;", "&")) == count, href


def test_what_waits_for_the_bureau_stands_first_with_its_days(
    city, officer, head, data_officer, unit_cdo, browse
):
    desk = desk_of(city)
    desk.open_period()
    report = desk.handed_in()
    type(report).rows.filter(pk=report.pk).update(handed_in_on=date(2022, 4, 12))
    asked = extension_in(ExtensionState.ASKED, city, officer, head, data_officer, unit_cdo)
    wish = SupportRequestFactory(
        enrolment=city.enrolment(city.department), raised_on=date(2022, 4, 13)
    )
    block = browse(officer).get("/").context["waiting"]
    assert [item["url"] for item in block["items"]] == [
        f"/review/{report.number}/",
        f"/support/{wish.number}/",
        f"/extensions/{asked.number}/",
    ]
    assert "已等3天" in block["items"][0]["note"]
    assert "今天送到" in block["items"][2]["note"]
    assert [fact["value"] for fact in block["facts"]] == [1, 1, 1, 0, 0]  # no evaluation runs


def test_a_late_unit_is_reminded_in_one_click_and_the_last_slip_is_said(
    story, city, browse, officer, head, data_officer
):
    slip_in("sent", city, officer, head, data_officer)
    row = city.assignment(city.department)
    type(row).rows.filter(pk=row.pk).update(
        due_on=date(2022, 4, 1), latest_on=date(2022, 4, 1), last_workday_on=date(2022, 4, 1),
        latest_workday_on=date(2022, 4, 1),
    )  # fmt: skip
    late = {unit["name"]: unit for unit in browse(officer).get("/").context["late"]}
    unit = late[str(city.department)]
    assert unit["sent_on"] == date(2022, 4, 15)
    assert row.number in unit["remind_url"]
    assert browse(officer).get(unit["remind_url"]).status_code == 200


def test_the_list_of_who_is_missing_is_of_the_period(story, city, browse, officer):
    block = browse(officer).get("/").context["reports"]
    assert [row["unit"] for row in block["missing"]] == [str(city.district)]
    page = browse(officer).get(block["copy_url"]).content.decode()
    assert "共1家" in page
    assert "2021Q4" not in page


def test_a_clerk_goes_straight_to_the_form(story, city, browse, stranger):
    context = browse(stranger).get("/").context
    urls = {item["url"] for _label, items in context["groups"] for item in items}
    task = city.assignment_of(city.district, "2022Q1")
    assert f"/reports/start/?task={task.number}" in urls
    back = city.assignment_of(city.district, "2021Q4")
    notes = [item["note"] for _label, items in context["groups"] for item in items]
    assert any("已退回：写明完成时间。" in note for note in notes)
    assert f"/reports/start/?task={back.number}" in urls


def test_a_clerk_reads_whose_turn_a_report_is(city, browse, data_officer, unit_cdo):
    desk = desk_of(city)
    desk.open_period()
    desk.open_period("2021Q4")
    ChainStepFactory(unit=city.department, position=1, kind="cdo")
    waiting = desk.handed_in()
    type(waiting).rows.filter(pk=waiting.pk).update(handed_in_on=date(2022, 4, 12))
    signing = desk.fill(desk.report(code="2021Q4"))
    reports.put_up(signing, by=desk.data_officer)
    context = browse(data_officer).get("/").context
    (item,) = context["waiting"]
    assert item["url"] == f"/reports/{waiting.number}/"
    assert "已等3天" in item["note"]
    items = {row["url"]: row["note"] for _label, rows in context["groups"] for row in rows}
    assert items[f"/reports/{signing.number}/"] == "待审签，2022-04-15提交，今天提交"


# --- the dossier ---------------------------------------------------------------------------------


def test_the_dossier_shows_what_passed_between_unit_and_bureau(
    story, city, browse, officer, head, data_officer
):
    slip_in("sent", city, officer, head, data_officer)
    task = city.assignment(city.department)
    RemarkFactory(assignment=task, text="抓紧办理", said_on=date(2022, 4, 14))
    block = browse(officer).get(f"/units/{city.department.code}/").context["reports"]
    assert [row["word"] for row in block["periods"]] == ["已通过", "已通过"]
    assert [group["title"] for group in block["exchanges"]] == ["延期申请", "提醒单", "批示"]
    before = browse(officer).get(f"/units/{city.department.code}/?on=2022-04-13").context["reports"]
    assert before["exchanges"] == []


def test_a_body_of_which_nothing_is_known_has_no_block(city, browse, officer):
    assert browse(officer).get(f"/units/{city.superior.code}/").context["reports"] is None
