"""Cells of a sheet: who may fill which, what is kept, what has to be said."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from core.errors import MoveNotAllowed, PermissionRefused, Refused, StaleVersion
from evaluations import services
from evaluations.choices import Hand, Move
from evaluations.models import Score, Scorecard
from evaluations.queries.allowed import has_scored, is_barred
from evaluations.queries.checking import Sketch
from evaluations.queries.sheets import answers_of, sheet_of
from tests.factories.officers import FilingFactory
from tests.factories.pilots import MembershipFactory
from tests.factories.reports import EvidenceFactory

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def reviewed(panel):
    return panel.review()


@pytest.fixture
def card(panel, reviewed):
    return panel.card(reviewed)


def cell(card, key, hand="first"):
    return Score.rows.get(scorecard=card, indicator__key=key, hand=hand)


def test_every_save_of_a_cell_is_kept(panel, card):
    leaf = panel.leaf(card.round, "k12")
    save = lambda version, **entry: services.save_score(  # noqa: E731 - called often
        card, leaf, Hand.FIRST, services.Entry(**entry), by=panel.first, version=version
    )
    first = save(0, points=D(8), reason="一")
    assert (first.score.version, first.kept) == (1, None)
    assert save(1, points=D(8), reason="一").score.version == 1
    second = save(1, points=D(9), reason="二")
    assert second.score.version == 2
    late = save(1, points=D(3), reason="旧页")
    assert late.kept.kind == "conflict"
    assert (cell(card, "k12").points, cell(card, "k12").reason) == (D(9), "二")
    emptied = save(None)
    assert emptied.score.points is None
    kept = [(row.points, row.kind) for row in emptied.score.revisions.all()]
    assert kept == [(D(8), "saved"), (D(9), "saved"), (D(3), "conflict"), (None, "saved")]
    assert str(emptied.score.revisions.first()).startswith("8.00 ")
    assert str(cell(card, "k12")) == "创新 None"


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ("12.5", "“创新”要在0到12之间，现在是12.5"),
        ("-1", "“创新”要在0到12之间，现在是-1"),
        ("NaN", "“创新”要在0到12之间，现在是NaN"),
        ("7.3", "“创新”以0.5分为单位，现在是7.3"),
    ],
)
def test_points_lie_within_the_leaf_and_in_its_step(panel, card, points, message):
    with pytest.raises(ValidationError) as refusal:
        panel.score(card, "k12", Hand.FIRST, panel.first, points=D(points))
    assert refusal.value.message_dict == {"points": [message]}


def test_a_state_is_chosen_and_not_typed(panel, card):
    assert panel.score(card, "k11", Hand.FIRST, panel.first, answer=1).points == D(3)
    for entry, words in (
        ({"points": D(5)}, "选定一项，不直接填分数"),
        ({"answer": 7}, "没有这个选项"),
        ({"answer": "x"}, "没有这个选项"),
    ):
        with pytest.raises(ValidationError, match=words):
            panel.score(card, "k11", Hand.FIRST, panel.first, **entry)
    assert answers_of(panel.leaf(card.round, "k11"))[0]["text"] == "已印发"
    assert answers_of(panel.leaf(card.round, "k12")) == []


def test_what_is_no_leaf_of_the_hand_is_not_scored(panel, card):
    for key, words in (
        ("k13", "由系统取数，不用打分"),
        ("k1", "不是这次评价要打分的指标"),
        ("k22", "以首席数据官自评为准，这里不打分"),
    ):
        with pytest.raises(Refused, match=words):
            panel.score(card, key, Hand.FIRST, panel.first, points=D(1))
    other = panel.prepared()
    with pytest.raises(Refused, match="不是这次评价要打分的指标"):
        services.save_score(
            card, panel.leaf(other, "k12"), Hand.FIRST, services.Entry(D(1)), by=panel.first
        )


def test_what_the_unit_left_open_is_scored_by_both_reviewers(panel):
    row = panel.go(panel.self_scoring(), Move.OPEN_UNIT)
    services.give_seats(row, panel.first, panel.second, by=panel.officer)
    row = panel.go(row, Move.OPEN_REVIEW)
    for card in Scorecard.rows.filter(round=row):
        for user, hand in ((panel.first, Hand.FIRST), (panel.second, Hand.SECOND)):
            panel.score(card, "k23", hand, user, answer=[0, 1, 2])
    card = panel.card(row)
    assert sheet_of(card).scores["k23"].points == D(20)
    assert set(sheet_of(card).missing) == {"k11", "k12", "k22", "k3"}


def test_only_who_holds_the_seat_writes_there(panel, card, officer):
    for user, hand in (
        (panel.second, Hand.FIRST),
        (panel.officer, Hand.FIRST),
        (panel.person(card.unit, "data_officer"), Hand.SECOND),
    ):
        with pytest.raises(PermissionRefused, match="没有指定由当前账号评分"):
            panel.score(card, "k12", hand, user, points=D(1))
    with pytest.raises(PermissionRefused, match="没有指定由当前账号评分"):
        services.finish_review(card, by=officer)


def test_somebody_who_came_to_the_unit_later_may_not_score_it(panel, card):
    MembershipFactory(user=panel.first, unit=card.unit, role="data_officer")
    with pytest.raises(PermissionRefused, match="不能给本单位评分"):
        panel.score(card, "k12", Hand.FIRST, panel.first, points=D(1))


def test_nobody_scores_outside_the_step(panel):
    row = panel.self_scoring()
    card = panel.card(row)
    cdo, clerk = (panel.person(card.unit, role) for role in ("unit_cdo", "data_officer"))
    with pytest.raises(MoveNotAllowed, match="现在是“自评”，只有在“本单位评价”时才能填写这里"):
        panel.score(card, "k23", Hand.UNIT, clerk, answer=[])
    panel.score(card, "k22", Hand.SELF, cdo, points=D(18))
    row = panel.go(row, Move.OPEN_UNIT)
    with pytest.raises(MoveNotAllowed, match="现在是“本单位评价”"):
        panel.score(panel.card(row), "k22", Hand.SELF, cdo, points=D(20))
    with pytest.raises(MoveNotAllowed, match="这一步已经结束"):
        services.take_back(card, Hand.SELF, by=cdo)


def test_a_late_score_after_the_final_result_is_refused(panel):
    row = panel.final()
    with pytest.raises(MoveNotAllowed, match="这次评价现在是“定稿”"):
        panel.score(panel.card(row), "k12", Hand.FIRST, panel.first, points=D(1))


def test_the_cdo_hands_in_the_self_evaluation_and_does_not_evaluate_himself(panel):
    row = panel.self_scoring()
    card = panel.card(row)
    cdo, clerk = (panel.person(card.unit, role) for role in ("unit_cdo", "data_officer"))
    with pytest.raises(ValidationError) as refusal:
        services.hand_in(card, Hand.SELF, by=cdo)
    assert refusal.value.message_dict == {"k22": ["“履职自评”还没有评分"]}
    panel.score(card, "k22", Hand.SELF, clerk, points=D(15))
    with pytest.raises(PermissionRefused, match="由首席数据官本人提交"):
        services.hand_in(card, Hand.SELF, by=clerk)
    done = services.hand_in(card, Hand.SELF, by=cdo, version=card.version)
    assert done.self_done_on is not None
    with pytest.raises(MoveNotAllowed, match="撤回后才能修改"):
        panel.score(card, "k22", Hand.SELF, clerk, points=D(16))
    with pytest.raises(StaleVersion):
        services.take_back(card, Hand.SELF, by=cdo, version=card.version)
    assert services.take_back(card, Hand.SELF, by=cdo).self_done_on is None
    row = panel.go(row, Move.OPEN_UNIT)
    card = panel.card(row)
    with pytest.raises(PermissionRefused, match="首席数据官不评价自己"):
        panel.score(card, "k23", Hand.UNIT, cdo, answer=[])
    stranger = panel.person(panel.city.district, "data_officer")
    with pytest.raises(PermissionRefused, match="由测试市公安局的人员填写"):
        panel.score(card, "k23", Hand.UNIT, stranger, answer=[])
    panel.score(card, "k23", Hand.UNIT, clerk, answer=[0])
    with pytest.raises(ValidationError) as refusal:
        services.hand_in(card, Hand.UNIT, by=clerk)
    assert refusal.value.message_dict == {"k23": ["“本单位评价”扣了20分，写明扣分理由"]}
    panel.score(card, "k23", Hand.UNIT, clerk, answer=[0], reason="缺目标和任务")
    assert services.hand_in(card, Hand.UNIT, by=clerk).unit_done_on is not None
    assert services.take_back(card, Hand.UNIT, by=clerk).unit_done_on is None


def test_who_takes_points_away_or_gives_a_bonus_says_why(panel, card):
    panel.score(card, "k11", Hand.FIRST, panel.first, answer=0)
    panel.score(card, "k12", Hand.FIRST, panel.first, points=D("9.5"))
    panel.score(card, "k3", Hand.FIRST, panel.first, points=D(1))
    with pytest.raises(ValidationError) as refusal:
        services.finish_review(card, by=panel.first)
    assert refusal.value.message_dict == {
        "k12": ["“创新”扣了2.5分，写明扣分理由"],
        "k3": ["“创新加分”写明加分或减分的理由"],
    }


def test_a_finished_review_opens_again_until_the_other_is_through(panel, card):
    panel.fill(card, panel.first, Hand.FIRST)
    with pytest.raises(MoveNotAllowed, match="已评完提交，不能再改"):
        panel.score(card, "k12", Hand.FIRST, panel.first, points=D(1))
    services.resume_review(card, by=panel.first)
    panel.fill(card, panel.first, Hand.FIRST, "8")
    panel.fill(card, panel.second, Hand.SECOND, "8")
    with pytest.raises(MoveNotAllowed, match="两名评分人都已评完，不能再改"):
        services.resume_review(card, by=panel.first)


def test_a_difference_is_settled_by_a_third_with_a_reason(panel, card):
    panel.fill(card, panel.first, Hand.FIRST, "2")
    leaf = panel.leaf(card.round, "k12")
    third = panel.head
    with pytest.raises(MoveNotAllowed, match="都评完以后才能裁定"):
        services.settle(card, leaf, D(6), "折中", by=third)
    panel.fill(card, panel.second, Hand.SECOND, "10")
    assert sheet_of(card).disputed == ["k12"]
    with pytest.raises(PermissionRefused, match="由市政数局裁定"):
        services.settle(card, leaf, D(6), "折中", by=panel.first)
    with pytest.raises(Refused, match="没有过大的差异，不用裁定"):
        services.settle(card, panel.leaf(card.round, "k11"), D(6), "x", by=third)
    with pytest.raises(ValidationError, match="写明裁定的分数和理由"):
        services.settle(card, leaf, D(6), " ", by=third)
    assert services.settle(card, leaf, D(6), "按材料核定", by=third).points == D(6)
    assert services.settle(card, leaf, D(7), "再核", by=third).points == D(7)
    assert sheet_of(card).scores["k12"].by == "settled"
    assert has_scored(card, third)
    assert has_scored(card, panel.first)
    assert not has_scored(card, panel.officer)


def test_a_reviewer_may_not_settle(panel):
    row = panel.unit_scoring()
    services.give_seats(row, panel.officer, panel.second, by=panel.head)
    row = panel.go(row, Move.OPEN_REVIEW)
    card = panel.card(row)
    with pytest.raises(PermissionRefused, match="评过这张表的人不能裁定差异"):
        services.settle(card, panel.leaf(row, "k12"), D(6), "x", by=panel.officer)


# --- seats ---------------------------------------------------------------------------------------


def test_a_reviewer_is_neither_of_the_unit_nor_filed_for_it(panel):
    row = panel.prepared()
    card = panel.card(row)
    of_unit = panel.person(card.unit, "data_officer")
    MembershipFactory(user=of_unit, unit=panel.city.bureau, role="evaluator")
    with pytest.raises(Refused, match="是测试市公安局的人员，不能给本单位评分"):
        services.give_seat(card, Hand.FIRST, of_unit, by=panel.officer)
    FilingFactory(unit=card.unit, programme=card.programme, submitted_by=panel.first)
    with pytest.raises(Refused, match="替测试市公安局报送过材料"):
        services.give_seat(card, Hand.FIRST, panel.first, by=panel.officer)
    with pytest.raises(Refused, match="没有评分权限"):
        services.give_seat(card, Hand.FIRST, panel.head, by=panel.officer)
    with pytest.raises(Refused, match="只能指定两名评分人和第三方"):
        services.give_seat(card, Hand.SELF, panel.second, by=panel.officer)
    left = services.give_seats(row, panel.first, panel.second, by=panel.officer)
    assert left == [f"{panel.first}替测试市公安局报送过材料，不能给这个单位评分。"]
    assert is_barred(panel.card(row, panel.city.district), panel.first) == ""


def test_nobody_holds_both_seats(panel):
    card = panel.card(panel.prepared())
    seat = services.give_seat(card, Hand.FIRST, panel.first, by=panel.officer)
    assert services.give_seat(card, Hand.FIRST, panel.first, by=panel.officer) == seat
    with pytest.raises(Refused, match="不能是同一人"):
        services.give_seat(card, Hand.SECOND, panel.first, by=panel.officer)
    assert str(seat).startswith("复核评分一 ")
    left = services.give_seats(card.round, panel.first, panel.first, by=panel.officer)
    assert left == ["同一张评分表的两个评分人不能是同一人。"]
    assert services.give_seats(card.round, panel.officer, panel.second, by=panel.officer) == []
    assert card.seats.get(hand=Hand.FIRST) == seat


def test_who_takes_a_seat_over_begins_with_empty_cells(panel, card):
    panel.score(card, "k12", Hand.FIRST, panel.first, points=D(8), reason="旧")
    panel.score(card, "k3", Hand.FIRST, panel.first)
    services.give_seat(card, Hand.FIRST, panel.officer, by=panel.officer)
    row = cell(card, "k12")
    assert (row.points, row.reason) == (None, "")
    assert row.revisions.first().points == D(8)
    with pytest.raises(PermissionRefused):
        panel.score(card, "k12", Hand.FIRST, panel.first, points=D(1))
    panel.score(card, "k12", Hand.FIRST, panel.officer, points=D(1))


def test_seats_are_fixed_once_scores_are_told(panel):
    row = panel.objections()
    with pytest.raises(MoveNotAllowed, match="不能再改评分人"):
        services.give_seat(panel.card(row), Hand.FIRST, panel.officer, by=panel.officer)
    with pytest.raises(MoveNotAllowed, match="不能再移出评价对象"):
        services.drop_subject(panel.card(row), "x", by=panel.officer)


# --- evidence ------------------------------------------------------------------------------------


def test_evidence_of_the_units_own_library_lies_beside_a_cell(panel):
    tree = [Sketch("a", "甲", "", D(100), "normal", "self", "range", needs_evidence=True,
                   evidence_note="印发件")]  # fmt: skip
    row = panel.self_scoring(panel.prepared(panel.scheme(tree)))
    card, leaf = panel.card(row), panel.leaf(row, "a")
    cdo = panel.person(card.unit, "unit_cdo")
    panel.score(card, "a", Hand.SELF, cdo, points=D(90))
    with pytest.raises(ValidationError) as refusal:
        services.hand_in(card, Hand.SELF, by=cdo)
    assert refusal.value.message_dict == {"a": ["“甲”要附佐证材料：印发件"]}
    foreign = EvidenceFactory()
    with pytest.raises(Refused, match="不在本单位的材料库里"):
        services.attach_evidence(card, leaf, foreign, by=cdo)
    file = EvidenceFactory(unit=card.unit, programme=card.programme)
    link = services.attach_evidence(card, leaf, file, by=cdo)
    assert services.attach_evidence(card, leaf, file, by=cdo) == link
    assert str(link) == str(file)
    assert sheet_of(card).cells["a"].evidence == [file.stored.sha256]
    services.detach_evidence(link, by=cdo)
    services.detach_evidence(link, by=cdo)
    assert sheet_of(card).cells["a"].evidence == []
    services.attach_evidence(card, leaf, file, by=cdo)
    services.hand_in(card, Hand.SELF, by=cdo)
    with pytest.raises(MoveNotAllowed):
        services.detach_evidence(link, by=cdo)
