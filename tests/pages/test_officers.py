"""The register on the pages of several apps: desk, homes, unit, units, overview, search, bar."""

from datetime import date

import pytest

from duties.choices import Move
from duties.models import Assignment
from duties.services import take_off
from officers import services
from officers.models import Appointment, PostRule
from pilots import services as pilots
from pilots.models import Unit
from tests.factories.duties import DutyAreaFactory
from tests.factories.officers import (
    AppointmentFactory,
    FilingFactory,
    PostFactory,
    PostRuleFactory,
    TeamFactory,
)
from tests.factories.pilots import (
    EnrolmentFactory,
    MembershipFactory,
    ProgrammeFactory,
    UnitFactory,
    before_the_start,
)
from tests.officers.cast import ruled

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(city):
    return ruled(city)


@pytest.fixture
def holder(register):
    """The department's CDO since 2021-09-16, not on record."""
    return AppointmentFactory(unit=register.city.department, confirmed_on=date(2022, 4, 1))


def filed(register, holder, **facts):
    return FilingFactory(
        programme=register.city.programme, appointment=holder, desk=register.office, **facts
    )


def values(context):
    return {fact["label"]: fact["value"] for fact in context["facts"]}


def to_do(context):
    """What of it waits for the reader's own decision."""
    return sum(fact["value"] for fact in context["mine"])


# --- the bureau's desk ---------------------------------------------------------------------------


def test_the_desk_counts_what_waits_and_what_is_missing(register, browse, officer, holder):
    city = register.city
    filed(register, holder, reported_on=date(2022, 4, 5))
    AppointmentFactory(unit=city.district, status="proposed")
    AppointmentFactory(unit=city.government, confirmed_on=date(2021, 4, 1))
    page = browse(officer).get("/").context
    context = page["officers"]
    assert values(context) == {
        "待备案": 1,
        "拟任待确认": 1,
        "空缺": 1,
        "未报备": 0,
        "超过12个月未确认": 1,
    }
    groups = dict(context["groups"])
    assert "已等10天" in page["waiting"]["items"][0]["note"]
    assert "待其他机关备案" not in groups
    assert groups["空缺"][0]["word"] == "空缺255天"
    assert "拟任待确认" in groups
    assert to_do(context) == 2


def test_an_appointment_that_nobody_reported_stands_on_the_desk(
    register, browse, officer, holder, rows_behind
):
    client = browse(officer)
    context = client.get("/").context["officers"]
    assert values(context)["未报备"] == 1
    row = dict(context["groups"])["未报备或退回补正"][0]
    assert (row["word"], row["note"]) == ("未报备211天", "文件未定时限")
    assert row["url"] == f"/officers/{holder.number}/"


def test_each_number_of_the_desk_is_that_of_its_list(
    register, browse, officer, holder, rows_behind
):
    city = register.city
    other = AppointmentFactory(unit=UnitFactory(), confirmed_on=date(2022, 4, 1))
    EnrolmentFactory(programme=city.programme, unit=other.unit)
    filed(register, other)
    AppointmentFactory(unit=city.district, status="proposed")
    AppointmentFactory(unit=city.government)
    client = browse(officer)
    facts = client.get("/").context["officers"]["facts"]
    for fact in facts:
        if "vacancies" in fact["url"]:
            rows = client.get(fact["url"]).context["rows"]
            assert len(rows) == fact["value"] == 1
        else:
            assert rows_behind(client, fact["url"]) == fact["value"] == 1, fact


def test_whoever_was_left_behind_by_a_body_that_ceased_stands_on_the_desk(
    register, browse, officer, holder, rows_behind
):
    client = browse(officer)
    pilots.succeed_by_new_unit(
        register.city.department,
        full_name="测试市公安与应急局",
        short_name="市公安应急局",
        on=date(2022, 4, 1),
        kind="replacement",
        by=officer,
        continues=True,
    )
    facts = client.get("/").context["officers"]["facts"]
    fact = next(fact for fact in facts if fact["label"] == "单位已撤销，未登记离任")
    assert fact["value"] == rows_behind(client, fact["url"]) == 1
    services.end_appointment(holder, on=date(2022, 3, 31), ending="reorganised", by=officer)
    assert "单位已撤销，未登记离任" not in values(client.get("/").context["officers"])


def test_only_what_the_reader_decides_counts_as_work(register, browse, officer, holder):
    filed(register, holder)
    MembershipFactory(unit=register.office, role="bureau_officer")
    context = browse(officer).get("/").context["officers"]
    assert (values(context)["待备案"], to_do(context)) == (1, 0)


def test_limits_are_said_with_whose_they_are(register, browse, officer):
    rules = PostRule.rows.filter(pk=register.department_rule.pk)
    rules.update(vacancy_days=30)
    PostRule.rows.filter(pk=register.government_rule.pk).update(
        own_vacancy_days=400, own_basis="工作要求"
    )
    rows = dict(browse(officer).get("/").context["officers"]["groups"])["空缺"]
    assert [row["note"] for row in rows] == [
        "文件规定30天内",
        "市政数局期望400天内",
        "市政数局期望400天内",
    ]
    assert [row["state"] for row in rows] == ["overdue", "normal", "normal"]


def test_a_draft_has_no_clock_of_officers(register, browse, officer):
    before_the_start()
    assert browse(officer).get("/").context["officers"] is None


def test_where_all_is_in_order_the_desk_says_so(register, browse, officer, holder):
    filed(register, holder, accepted=True)
    for unit in (register.city.government, register.city.district):
        AppointmentFactory(unit=unit, confirmed_on=date(2022, 4, 1))
    answer = browse(officer).get("/")
    assert answer.context["officers"]["groups"] == []
    assert "没有空缺，也没有要办理的备案。" in answer.content.decode()


def test_an_officer_at_home_costs_the_same_however_many_bodies(
    register, browse, officer, data_officer, grow, cost
):
    first = cost(browse(officer), "/")[0], cost(browse(data_officer), "/")[0]
    grow(20)
    for unit in Unit.rows.filter(enrolments__part="pilot").distinct():
        filed(register, AppointmentFactory(unit=unit))
    grow(20)
    assert cost(browse(officer), "/")[0] <= first[0] + 6  # names of the rows that are shown now
    assert cost(browse(data_officer), "/")[0] <= first[1] + 2
    second = cost(browse(officer), "/")
    grow(10)
    assert second[0] == cost(browse(officer), "/")[0]
    assert second[1] < 60_000


# --- at home in a unit ---------------------------------------------------------------------------


def test_a_clerk_reads_that_nobody_is_appointed(register, browse, data_officer):
    (item,) = browse(data_officer).get("/").context["officers"]["items"]
    assert item["title"] == "测试市公安局还没有任命首席数据官"
    assert item["url"] == f"/officers/new/?unit={register.city.department.code}&post=cdo"


def test_a_clerk_goes_straight_to_the_report_that_is_missing(
    register, browse, data_officer, holder
):
    (item,) = browse(data_officer).get("/").context["officers"]["items"]
    assert item["title"] == f"{holder.person}首席数据官任命还没有报备"
    assert item["url"] == f"/filings/new/?appointment={holder.number}"


def test_what_was_returned_says_what_is_to_be_mended(register, browse, unit_cdo, holder):
    filing = filed(register, holder, returned=True)
    (item,) = browse(unit_cdo).get("/").context["officers"]["items"]
    assert item["url"] == f"/filings/{filing.number}/"
    assert item["note"] == "补正要求：缺任命文件扫描件。"


@pytest.mark.parametrize("status", ["submitted", "accepted"])
def test_what_is_at_the_desk_is_nothing_to_do(register, browse, data_officer, holder, status):
    filed(register, holder, accepted=status == "accepted")
    page = browse(data_officer).get("/")
    assert page.context["officers"] == {"items": [], "old": []}
    assert "任命与备案" not in page.content.decode()


def test_entries_of_a_year_ago_are_confirmed_in_one_click(register, browse, data_officer, holder):
    filed(register, holder, accepted=True)
    Appointment.rows.update(confirmed_on=date(2021, 4, 1))
    client = browse(data_officer)
    answer = client.get("/")
    (unit,) = answer.context["officers"]["old"]
    assert "测试市公安局有1条任职信息超过12个月未确认。" in answer.content.decode()
    assert client.post(unit["confirm_url"]).status_code == 302
    assert client.get("/").context["officers"]["old"] == []


def test_without_tasks_the_title_speaks_of_officers(register, browse, data_officer):
    for row in Assignment.rows.open():
        take_off(row, Move.WITHDRAW, by=None, reason="另行安排")
    page = browse(data_officer).get("/").content.decode()
    assert "<h1>任命与备案有1件要办</h1>" in page
    assert "现在没有要办的事" not in page


def test_before_the_start_nothing_is_missing(register, browse, data_officer):
    before_the_start()
    assert browse(data_officer).get("/").context["officers"] == {"items": [], "old": []}


def test_an_officer_who_also_acts_for_a_unit_sees_both(register, browse, officer):
    MembershipFactory(user=officer, unit=register.city.department, role="data_officer")
    page = browse(officer).get("/").content.decode()
    assert "测试市公安局还没有任命首席数据官" in page


# --- the page of a unit --------------------------------------------------------------------------


def unit_page(client, unit, **query):
    return client.get(f"/units/{unit.code}/", query)


def test_a_unit_without_a_cdo_says_so_in_amber(register, browse, officer):
    answer = unit_page(browse(officer), register.city.department)
    page = answer.content.decode()
    assert "尚未任命首席数据官，空缺255天。" in page
    assert "文件未定时限。任命文件下发后，由本单位或市政数局登记。" in page
    assert f"/officers/new/?unit={register.city.department.code}&amp;post=cdo" in page


def test_a_holder_stands_there_with_paper_and_filing(register, browse, data_officer, holder):
    holder.person.mobile = "13812341234"
    holder.person.office_phone = "0755-88120001"
    holder.person.save()
    Appointment.rows.update(document_number="测公〔2021〕12号", confirmed_on=date(2021, 1, 1))
    page = unit_page(browse(data_officer), register.city.department).content.decode()
    assert str(holder.person) in page
    assert "测公〔2021〕12号" in page
    assert "2021-09-16" in page
    assert "138****1234" in page
    assert "13812341234" not in page
    assert "未报备" in page
    assert f"/filings/new/?appointment={holder.number}" in page
    assert "超过12个月" in page
    assert "信息无变化" in page
    assert "尚未任命" not in page


def test_the_state_of_the_filing_is_that_of_the_day(register, browse, officer, holder):
    filed(register, holder, accepted=True)
    client, unit = browse(officer), register.city.department

    def state(on):
        return unit_page(client, unit, on=on).context["officers"]["lines"][0].state

    assert state("2021-09-20") == "not_reported"
    assert state("2021-10-01") == "at_desk"
    assert state("2021-10-08") == "accepted"
    assert state("") == "accepted"


def test_a_returned_filing_is_marked(register, browse, officer, holder):
    filed(register, holder, returned=True)
    line = unit_page(browse(officer), register.city.department).context["officers"]["lines"][0]
    assert (line.state, line.tone) == ("returned", "back")


def test_who_stands_in_is_shown_and_the_vacancy_too(register, browse, officer):
    unit = register.city.department
    AppointmentFactory(unit=unit, kind="presiding", starts_on=None, known_on=date(2022, 2, 1))
    page = unit_page(browse(officer), unit).content.decode()
    assert "首席数据官由他人主持工作" in page
    assert "2022-02-01已在任" in page
    assert "任命文件下发后" not in page


def test_those_of_before_are_folded_and_any_day_can_be_asked(register, browse, officer, holder):
    unit = register.city.department
    Appointment.rows.update(
        status="ended",
        ends_on=date(2022, 1, 31),
        ended_at="2022-02-01T09:00:00+08:00",
        ending="moved",
    )
    client = browse(officer)
    page = unit_page(client, unit).content.decode()
    assert "历任1人次" in page
    assert "调离" in page
    then = unit_page(client, unit, on="2022-01-31").context["officers"]
    assert [line.row for line in then["lines"]] == [holder]
    assert then["history"] == []
    assert then["acts"] == []
    assert then["confirm_url"] == ""


def test_teams_of_the_day_stand_below(register, browse, officer):
    team = TeamFactory(unit=register.city.department, headcount=6)
    client = browse(officer)
    page = unit_page(client, register.city.department).content.decode()
    assert f"/teams/{team.number}/" in page
    assert "6人" in page
    earlier = unit_page(client, register.city.department, on="2021-11-07")
    assert list(earlier.context["officers"]["teams"]) == []


@pytest.mark.parametrize("who", ["head", "evaluator", "provincial_reader", "auditor"])
def test_readers_see_holders_and_no_actions(request, register, browse, holder, who):
    client = browse(request.getfixturevalue(who))
    found = unit_page(client, register.city.department).context["officers"]
    assert [line.row for line in found["lines"]] == [holder]
    assert (found["acts"], found["confirm_url"], found["lines"][0].filing_url) == ([], "", "")


def test_the_officers_of_a_body_above_are_not_the_citys_to_see(register, browse, officer):
    AppointmentFactory(unit=register.city.superior)
    found = unit_page(browse(officer), register.city.superior).context["officers"]
    assert found["lines"] == []
    page = unit_page(browse(officer), register.city.superior).content.decode()
    assert "没有在任人员。" in page


def test_a_slot_has_no_vacancy(register, browse, officer):
    Unit.rows.filter(pk=register.city.department.pk).update(is_slot=True)
    found = unit_page(browse(officer), register.city.department).context["officers"]
    assert (found["vacant"], found["acts"]) == ([], [])


# --- many units ----------------------------------------------------------------------------------


def test_the_list_of_units_names_the_cdo_or_says_that_there_is_none(
    register, browse, officer, data_officer, holder
):
    acting = AppointmentFactory(unit=register.city.district, kind="acting")
    client = browse(officer)
    answer = client.get("/units/")
    rows = {row["unit"].pk: row for row in answer.context["rows"]}
    assert rows[register.city.department.pk]["cdos"] == [holder]
    assert rows[register.city.district.pk]["cdos"] == [acting]
    assert rows[register.city.district.pk]["missing"] == ""
    assert rows[register.city.government.pk]["missing"] == "未任命（空缺255天）"
    page = answer.content.decode()
    assert f"{holder.person}·副局长" in page
    assert f"{acting.person}·副局长（代理）" in page
    then = client.get("/units/", {"on": "2021-09-15"}).context["rows"]
    assert {row["missing"] for row in then} == {"未任命（空缺43天）"}


def test_all_units_show_their_cdo_without_a_programme(register, browse, officer, holder):
    rows = browse(officer).get("/units/", {"programme": ""}).context["rows"]
    assert [row["cdos"] for row in rows if row["cdos"]] == [[holder]]
    assert {row["missing"] for row in rows} == {""}


# --- the overview --------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["officer", "head", "evaluator", "provincial_reader", "auditor"])
def test_the_tile_counts_the_rows_it_opens(request, register, browse, holder, who, rows_behind):
    AppointmentFactory(unit=register.city.district, kind="acting")
    AppointmentFactory(unit=register.city.government)
    client = browse(request.getfixturevalue(who))
    tile = client.get("/overview/").context["facts"][-1]
    assert (tile["label"], tile["value"], tile["note"]) == ("首席数据官在任", 2, "应设3")
    assert rows_behind(client, tile["url"]) == 2
    then = client.get("/overview/", {"on": "2021-09-15"}).context["facts"][-1]
    assert (then["value"], then["url"]) == (0, "")


def test_a_leader_reads_the_tile_at_home(register, browse, head, holder):
    facts = browse(head).get("/").context["facts"]
    assert facts[-1]["label"] == "首席数据官在任"


def test_a_programme_without_rules_and_holders_has_no_tile(city, browse, officer):
    labels = [fact["label"] for fact in browse(officer).get("/overview/").context["facts"]]
    assert "首席数据官在任" not in labels


def test_a_programme_without_rules_still_counts_its_holders(city, browse, officer):
    AppointmentFactory(unit=city.department)
    tile = browse(officer).get("/overview/").context["facts"][-1]
    assert (tile["value"], tile["note"]) == (1, "")


def test_a_programme_without_areas_shows_cdo_and_filing(register, browse, officer, holder):
    city = register.city
    city.programme.areas.update(withdrawn_on=date(2022, 1, 1))
    grid = browse(officer).get("/overview/").context["grid"]
    assert grid.who_label == "首席数据官"
    assert grid.column_groups[0].label == "任命"
    who = {
        row.name: (row.who, row.cells[0].text) for group in grid.row_groups for row in group.rows
    }
    assert who == {
        "测试市人民政府": ("未任命（空缺255天）", ""),
        "测试市公安局": (str(holder.person), "未报备211天"),
        "测试市福田区": ("未任命（空缺255天）", ""),
    }
    filed(register, holder, accepted=True)
    page = browse(officer).get("/overview/").content.decode()
    assert "已备案" in page


def test_with_areas_the_matrix_stays_as_it_is(register, browse, officer):
    DutyAreaFactory(programme=register.city.programme)
    grid = browse(officer).get("/overview/").context["grid"]
    assert grid.who_label == ""


def test_a_programme_with_nothing_but_units_lists_them_with_cdo_and_filing(browse, officer, city):
    bare = ProgrammeFactory(running=True)
    EnrolmentFactory(programme=bare, unit=city.bureau, part="bureau")
    unit, alone, slot = UnitFactory(), UnitFactory(), UnitFactory(is_slot=True)
    for row in (unit, alone):
        EnrolmentFactory(programme=bare, unit=row)
    EnrolmentFactory(programme=bare, unit=slot, certainty="slot")
    PostRuleFactory(programme=bare, post=PostFactory(), filed_at=city.bureau)
    holder = AppointmentFactory(unit=unit, kind="substantive", signed_on=date(2022, 4, 1))
    answer = browse(officer).get("/overview/", {"programme": bare.code})
    page = answer.content.decode()
    (group,) = answer.context["plain"]
    assert [row["present"].holders for row in group["rows"]] == [[holder], []]
    assert "未报备14天" in page
    assert "未任命（空缺255天）" in page
    assert "1家待补名" in page


def test_the_overview_costs_the_same_without_areas_too(register, browse, officer, grow, cost):
    register.city.programme.areas.update(withdrawn_on=date(2022, 1, 1))
    client = browse(officer)
    grow(2)
    first = cost(client, "/overview/")[0]
    grow(30)
    assert first == cost(client, "/overview/")[0]


# --- finding -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["演示张三", "张三", "yszs"])
def test_people_are_found_by_name_and_initials(register, browse, officer, text):
    person = register.person(register.city.department, name="演示张三")
    AppointmentFactory(unit=register.city.department, person=person)
    register.person(register.city.district, name="别人")
    answer = browse(officer).get("/search/", {"q": text})
    (group,) = [group for group in answer.context["groups"] if group.label == "人员"]
    assert [(row["title"], row["note"]) for row in group.rows] == [
        ("演示张三", "测试市公安局 · 首席数据官")
    ]
    assert group.rows[0]["url"] == f"/officers/people/{person.uuid}/"


def test_somebody_without_a_post_is_found_with_the_title(register, browse, officer):
    register.person(register.city.department, name="演示李四", job_title="科长")
    answer = browse(officer).get("/search/", {"q": "李四"})
    assert answer.context["groups"][0].rows[0]["note"] == "测试市公安局 · 科长"


def test_people_of_other_units_are_not_found(register, browse, stranger):
    register.person(register.city.department, name="演示张三")
    assert browse(stranger).get("/search/", {"q": "张三"}).context["groups"] == []


def test_numbers_jump_to_their_page(register, browse, officer, holder):
    filing = filed(register, holder)
    team = TeamFactory(unit=register.city.department)
    client = browse(officer)
    for row, place in ((holder, "officers"), (filing, "filings"), (team, "teams")):
        plain = row.number.replace("-", "").lower()
        for typed in (row.number, plain):
            answer = client.get("/search/", {"q": typed})
            assert answer.headers["Location"] == f"/{place}/{row.number}/"


def test_a_number_of_another_unit_is_nothing(register, browse, stranger, holder):
    answer = browse(stranger).get("/search/", {"q": holder.number})
    assert (answer.status_code, answer.context["groups"]) == (200, [])


# --- the bar -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "has_people", "has_deadlines"),
    [
        ("officer", True, False),
        ("head", True, False),
        ("auditor", True, False),
        ("data_officer", True, False),
        ("unit_cdo", True, False),
        ("evaluator", True, False),
        ("provincial_reader", True, False),
        ("system_admin", False, False),
    ],
)
def test_at_most_seven_entries_and_people_among_them(
    request, browse, who, has_people, has_deadlines
):
    client = browse(request.getfixturevalue(who))
    nav = client.get("/", follow=True).context["chrome"].nav
    labels = [str(entry.label) for entry in nav]
    assert len(labels) <= 7
    assert ("人员" in labels, "时限" in labels) == (has_people, has_deadlines)


def test_filings_and_teams_belong_to_people_in_the_bar(register, browse, officer):
    for path in ("/officers/", "/filings/", "/teams/"):
        nav = browse(officer).get(path).context["chrome"].nav
        assert [str(entry.label) for entry in nav if entry.is_current] == ["人员"], path
