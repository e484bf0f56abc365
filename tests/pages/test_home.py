"""P1: to-do lists and the desk, whose numbers open lists of as many rows."""

from datetime import date
from html.parser import HTMLParser

import pytest

from duties.models import Assignment
from duties.services import fulfil
from pilots.models import Enrolment
from tests.factories.duties import AssignmentFactory, ObligationFactory
from tests.factories.pilots import UnitFactory, before_the_start

pytestmark = pytest.mark.django_db


class Facts(HTMLParser):
    """Links with a number as their text: [(number, address)]."""

    def __init__(self) -> None:
        super().__init__()
        self.href, self.found = "", []

    def handle_starttag(self, tag, attrs):
        self.href = dict(attrs).get("href", "") if tag == "a" else self.href

    def handle_endtag(self, tag):
        self.href = "" if tag == "a" else self.href

    def handle_data(self, data):
        if self.href and data.strip().isdigit():
            self.found.append((int(data), self.href))


def numbers(page: bytes) -> list[tuple[int, str]]:
    parser = Facts()
    parser.feed(page.decode())
    return parser.found


def test_a_data_officer_reads_how_much_and_how_soon(city, browse, data_officer):
    answer = browse(data_officer).get("/")
    page = answer.content.decode()
    assert "<title>（3）待办" in page
    assert "<h1>有3件要办，最近的还剩15天</h1>" in page
    todo = [item["title"] for _label, items in answer.context["groups"] for item in items]
    assert todo == ["报送试点工作总结", "组织面对部门业务人员的培训", "制订实施方案并备案"]


def test_the_to_do_list_is_the_list_it_links_to(city, browse, data_officer, rows_behind):
    client = browse(data_officer)
    answer = client.get("/")
    assert rows_behind(client, answer.context["all_url"]) == answer.context["total"] == 3


def test_a_to_do_is_grouped_by_how_urgent_it_is(city, browse, data_officer):
    mine = {"enrolment": city.enrolment(city.department)}
    for due in (date(2022, 4, 10), date(2022, 4, 16), date(2022, 4, 18)):
        ob = ObligationFactory(programme=city.programme, due_on=due, title=f"到{due}")
        AssignmentFactory(obligation=ob, number=f"RW-2021-9{due.day:03}", **mine)
    answer = browse(data_officer).get("/")
    groups = {label: [item["title"] for item in items] for label, items in answer.context["groups"]}
    assert groups["已逾期"] == ["到2022-04-10"]
    assert groups["本周"] == ["到2022-04-16"]
    assert groups["以后"][0] == "到2022-04-18"
    assert "有6件要办，其中1件逾期" in answer.content.decode()


def test_done_work_leaves_the_list_and_stands_below(city, browse, data_officer, officer):
    row = city.assignment(city.department)
    fulfil(row, source_key="x", happened_on=date(2022, 4, 1), by=officer)
    answer = browse(data_officer).get("/")
    assert answer.context["total"] == 2
    assert [item["title"] for item in answer.context["recent"]] == [row.obligation.title]


def test_nothing_is_asked_of_a_unit_before_the_programme_is_followed(city, browse, data_officer):
    before_the_start()
    page = browse(data_officer).get("/").content.decode()
    assert "现在没有要办的事" in page
    assert "还没有开始跟踪" in page


def test_a_cdo_sees_exceptions_first_and_is_not_guessed_at(city, browse, unit_cdo):
    answer = browse(unit_cdo).get("/")
    page = answer.content.decode()
    assert "<h1>1件任务临期或逾期</h1>" in page
    assert "两项职责共2个适用事项，已有进展0个。" in page
    assert "您" not in page
    assert [item["state"] for item in answer.context["urgent"]] == ["unconfirmed"]
    assert [item["title"] for item in answer.context["ahead"]] == ["报送试点工作总结"]


def test_every_number_on_the_desk_opens_as_many_rows(
    city, browse, officer, data_officer, rows_behind
):
    client = browse(officer)
    unnamed = UnitFactory(is_slot=True)
    Enrolment.rows.create(
        programme=city.programme, unit=unnamed, part="pilot", kind=unnamed.kind, certainty="slot"
    )
    fulfil(city.assignment(city.district), source_key="r", happened_on=date(2022, 4, 2), by=officer)
    page = client.get("/").content
    found = [(count, href) for count, href in numbers(page) if not href.startswith("#")]
    assert len(found) >= 6
    for count, href in found:
        assert rows_behind(client, href.replace("&amp;", "&")) == count, href


def test_the_desk_asks_once_for_each_doubtful_deadline(city, browse, officer):
    answer = browse(officer).get("/")
    asked = answer.context["doubts"]
    assert [row["row"].short_title for row in asked] == ["培训"]
    assert asked[0]["waiting"] == 3
    assert asked[0]["url"] == f"/obligations/{asked[0]['row'].code}/"
    assert "确认截止口径" in answer.content.decode()


def test_the_desk_names_units_that_nobody_can_be_told_for(city, browse, officer, data_officer):
    alone = browse(officer).get("/").context["alone"]
    assert [row["label"] for row in alone] == [str(city.government), str(city.district)]


def test_the_desk_counts_what_it_lists(city, browse, officer):
    context = browse(officer).get("/").context
    overdue = Assignment.rows.overdue(date(2022, 4, 15)).count()
    assert context["count"] == overdue + len(context["doubts"]) + len(context["alone"])
    assert context["count"] == sum(part["value"] for part in context["made_of"])
    assert f"（{context['count']}）工作台" in browse(officer).get("/").content.decode()


def test_the_desk_of_a_draft_says_how_to_start(city, browse, officer):
    before_the_start()
    page = browse(officer).get("/").content.decode()
    assert "这个方案还没有开始跟踪" in page
    assert "逾期与临期</h2>" not in page


def test_recent_changes_come_from_the_record_of_the_programme(city, browse, officer):
    fulfil(city.assignment(city.district), source_key="r", happened_on=date(2022, 4, 2), by=officer)
    changes = browse(officer).get("/").context["changes"]
    assert [change["what"] for change in changes][:2] == ["任务完成", "登记完成"]


def test_a_leader_reads_five_numbers_and_goes_to_the_overview(city, browse, head):
    page = browse(head).get("/").content.decode()
    assert "测试市：总结应报2份，已报0份，逾期任务0件" in page
    assert f"/overview/?programme={city.programme.code}" in page


def test_readers_find_their_programmes(city, browse, provincial_reader):
    answer = browse(provincial_reader).get("/")
    assert [(row["programme"], row["units"]) for row in answer.context["rows"]] == [
        (city.programme, 3)
    ]


@pytest.mark.parametrize("who", ["officer", "data_officer", "unit_cdo", "head"])
def test_a_home_costs_the_same_however_many_units(who, request, browse, grow, cost):
    client = browse(request.getfixturevalue(who))
    first = cost(client, "/")[0]
    grow(2)
    second = cost(client, "/")[0]
    grow(47)
    assert first == second == cost(client, "/")[0]
    assert cost(client, "/")[1] < 60_000
