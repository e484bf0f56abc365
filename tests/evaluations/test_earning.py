"""「完成第二次培训：+4分」: what a unit can still earn in a running round; and figures in words."""

from datetime import date
from decimal import Decimal

import pytest

from duties import services as duties
from evaluations.choices import Hand
from evaluations.models import FactValue
from evaluations.queries.checking import Sketch
from evaluations.queries.earning import earnable
from evaluations.queries.lines import lines_of, said_of
from evaluations.queries.results import published_result
from evaluations.queries.standing import Shift
from tests.evaluations.cast import BANDS
from tests.factories.evaluations import RoundFactory, ScorecardFactory
from tests.trainings.conftest import exchange  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
D = Decimal
TODAY = date(2022, 4, 15)


def test_the_unit_sees_on_its_home_what_the_next_training_brings(panel, browse, data_officer):
    card, home = panel.card(panel.self_scoring()), browse(data_officer)
    page = home.get("/").content.decode()
    assert "完成第一次培训：+12分" in page
    assert "实施方案完成备案：+20分" in page
    task = panel.city.assignment(card.unit, "training")
    duties.fulfil(task, source_key="t", happened_on=date(2022, 3, 1), by=None)
    assert "完成第二次培训：+8分" in home.get("/").content.decode()
    ends = card.round.ends_on
    assert [row["points"] for row in earnable(card, ends)] == ["20", "8"]
    assert earnable(card, date(2022, 5, 1)) == []  # the period is over


def test_meetings_are_promised_to_those_who_owe_them(panel, exchange):  # noqa: F811 - a fixture
    bands = {"bands": [{**row, "points": str(int(row["points"]) * 5)} for row in BANDS["bands"]]}
    kind = {"kind": "normal", "source": "auto", "rule": "bands", "fact": "meetings"}
    version = panel.scheme([Sketch("a", "交流", "", D(100), **kind, criteria=bands)])
    round_ = panel.self_scoring(panel.prepared(version))
    owing, free = panel.card(round_, panel.city.district), panel.card(round_)
    assert earnable(owing, TODAY) == [{"text": "完成第一次交流会", "points": "60"}]
    assert earnable(free, TODAY) == []


@pytest.mark.parametrize(
    ("fact", "value", "part", "whole", "words"),
    [
        ("vacancy_days", 35, 35, 0, "35天"),
        ("trainings", 2, 2, 0, "2次"),
        ("trainings", 1, 1, 2, "1次，应办2次"),
        ("plan_filed", 1, 1, 1, "已备案"),
        ("plan_filed", 0, 0, 1, "未备案"),
        ("on_time", "0.923077", 12, 13, "12/13，92.3%"),
        ("on_time", None, 0, 0, "不适用"),
    ],
)
def test_a_fact_is_said_with_what_it_counts(fact, value, part, whole, words):
    value = None if value is None else D(value)
    assert said_of(FactValue(fact=fact, value=value, part=D(part), whole=D(whole))) == words
    assert said_of(None) == ""


def test_an_emptied_cell_is_shown_to_nobody_else(panel, data_officer):
    card = panel.card(panel.self_scoring())
    panel.score(card, "k22", Hand.SELF, data_officer, points=D(18))
    assert [line.own for line in lines_of(card, panel.officer) if line.own]
    panel.score(card, "k22", Hand.SELF, data_officer)
    assert not [line.own for line in lines_of(card, panel.officer) if line.own]


def test_who_climbs_falls_by_less_than_nothing():
    shift = Shift("甲", "a", D(70), D(80), 3, 1)
    assert (shift.climb, shift.fall) == (2, -2)


def test_a_sheet_without_a_result_is_shown_as_it_stands(panel, browse, api_client_user):
    final = {"state": "published", "finalised_on": TODAY, "published_on": TODAY, "editions": 1}
    round_ = RoundFactory(programme=panel.city.programme, **final)
    card = ScorecardFactory(round=round_, enrolment=panel.city.enrolment(panel.city.department))
    assert published_result(card, panel.officer) is None
    url = f"/evaluations/{round_.number}/"
    assert browse(panel.officer).get(f"{url}{card.unit.code}/result/").status_code == 200
    # Another system of the bureau reads published tables; there is none here.
    assert "公布后在这里查看" in browse(api_client_user).get(f"{url}results/").content.decode()


def test_the_page_of_a_round_says_who_has_still_to_act(panel, browse):
    bureau = browse(panel.officer)
    round_ = panel.unit_scoring()
    page = f"/evaluations/{round_.number}/"
    assert "只看本步还没有办的2个" in bureau.get(page).content.decode()
    round_ = panel.review()
    page = f"/evaluations/{round_.number}/"
    assert "只看本步还没有办的2个" in bureau.get(page).content.decode()
