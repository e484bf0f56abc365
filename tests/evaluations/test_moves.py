"""The steps of a round: by its table and no other way, through services and in raw SQL."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from core.errors import MoveNotAllowed, Refused, StaleVersion
from evaluations import services
from evaluations.choices import MOVES, OBJECTION_MOVES, Hand, Move, ObjectionState, State
from evaluations.models import Round, Scorecard
from evaluations.queries.checking import Sketch
from tests.evaluations.cast import PLAN
from tests.factories.evaluations import ObjectionFactory, RoundFactory, ScoreFactory
from tests.factories.pilots import EnrolmentFactory

pytestmark = pytest.mark.django_db
D = Decimal


def put(table, pk, column, state, more=""):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s{more} WHERE id = %s", [state, pk])


def pairs(moves):
    return {(source, target) for sources, target in moves.values() for source in sources}


FACTS = {
    State.FINAL: {"finalised_on": date(2022, 5, 1), "editions": 1},
    State.PUBLISHED: {
        "finalised_on": date(2022, 5, 1),
        "published_on": date(2022, 5, 2),
        "editions": 1,
    },
    State.WITHDRAWN: {"withdrawn_on": date(2022, 5, 1), "reason": "撤销"},
}


@pytest.mark.parametrize("state", State.values)
def test_raw_sql_moves_a_round_by_the_table_only(db, state):
    filled = ", finalised_on = '2022-05-01', published_on = '2022-05-02', editions = 1"
    for target in State.values:
        if target == state:
            continue
        row = RoundFactory(state=state, **FACTS.get(state, {}))
        more = filled
        if target == State.WITHDRAWN:
            more += ", withdrawn_on = '2022-05-01', reason = 'x'"
        elif state == State.WITHDRAWN:
            more += ", withdrawn_on = NULL"
        if (state, target) in pairs(MOVES):
            put("evaluations_round", row.pk, "state", target, more)
            continue
        with pytest.raises(IntegrityError, match="no move"), transaction.atomic():
            put("evaluations_round", row.pk, "state", target, more)


@pytest.mark.parametrize("state", ObjectionState.values)
def test_raw_sql_moves_an_objection_by_the_table_only(db, state):
    row = ObjectionFactory()
    decided = ", decided_on = '2022-05-01', decided_at = now(), decision = 'x'"
    for target in ObjectionState.values:
        if target in {"upheld", "partly"} or state in {"upheld", "partly"} or target == state:
            continue
        row = ObjectionFactory()
        if state != "asked":
            put("evaluations_objection", row.pk, "state", state,
                decided if state == "refused" else "")  # fmt: skip
        if (state, target) in pairs(OBJECTION_MOVES):
            put("evaluations_objection", row.pk, "state", target,
                decided if target == "refused" else "")  # fmt: skip
            continue
        with pytest.raises(IntegrityError), transaction.atomic():
            put("evaluations_objection", row.pk, "state", target, decided)


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("move", Move.values)
def test_the_service_moves_a_round_by_the_table_only(panel, state, move):
    row = RoundFactory(programme=panel.city.programme, state=state, **FACTS.get(state, {}))
    sources, target = MOVES[move]
    if state not in sources:
        with pytest.raises(MoveNotAllowed):
            panel.go(row, Move(move), "原因")
        assert Round.rows.get(pk=row.pk).state == state
        return
    if move == Move.PUBLISH:
        row.results.create(number=1, package={}, sha256="0" * 64, made_on=date(2022, 5, 1),
                           made_at=row.created_at)  # fmt: skip
    if move == Move.OPEN_SELF:
        services.add_subject(row, panel.city.enrolment(panel.city.department), by=None)
    assert panel.go(row, Move(move), "原因").state == target


def test_a_round_wants_a_scheme_of_its_own_that_is_ready(panel, foreigner):
    other = services.create_scheme(None, "示例", by=None)
    with pytest.raises(Refused, match="不是本方案的指标体系，先复制一份再用"):
        panel.prepared(other)
    short = panel.scheme([Sketch("a", "甲", "", D(97), "normal", "bureau", "range")])
    with pytest.raises(Refused, match="一级指标合计97，差3，应为100"):
        panel.prepared(short)
    assert short.frozen_at is None
    with pytest.raises(ValidationError, match="依次排列"):
        panel.prepared(plan=replace(PLAN, unit_by=date(2022, 1, 1)))
    with pytest.raises(ValidationError, match="不能早于开始日期"):
        panel.prepared(plan=replace(PLAN, ends_on=date(2021, 1, 1)))
    one = panel.prepared()
    assert one.number == "PJ-2022-0001"
    assert panel.prepared(one.scheme_version).scheme_version == one.scheme_version
    assert str(one) == PLAN.title


def test_plans_change_until_the_round_is_final(panel):
    row = panel.prepared()
    changed = services.change_round(row, replace(PLAN, title="新名"), by=panel.officer, version=1)
    assert (changed.title, changed.version) == ("新名", 2)
    with pytest.raises(StaleVersion):
        services.change_round(row, PLAN, by=panel.officer, version=1)
    row = panel.review(row)
    with pytest.raises(Refused, match="不能再改期间"):
        services.change_round(row, replace(PLAN, ends_on=date(2022, 4, 1)), by=panel.officer)
    gone = panel.go(row, Move.WITHDRAW, "开错了")
    assert gone.withdrawn_on is not None
    with pytest.raises(MoveNotAllowed):
        services.change_round(gone, PLAN, by=panel.officer)


def test_subjects_come_and_go_with_a_reason(panel, foreigner):
    row = panel.prepared()
    card = panel.card(row)
    with pytest.raises(Refused, match="写明移出的原因"):
        services.drop_subject(card, " ", by=panel.officer)
    dropped = services.drop_subject(card, "机构改革", by=panel.officer)
    assert dropped.dropped_on is not None
    with pytest.raises(MoveNotAllowed, match="已移出这次评价：机构改革"):
        services.drop_subject(card, "再次", by=panel.officer)
    assert services.add_subject(row, card.enrolment, by=panel.officer).dropped_on is None
    new = services.add_subject(row, panel.city.enrolment(panel.city.government), by=panel.officer)
    assert new.unit == panel.city.government
    with pytest.raises(Refused, match="不是本方案的试点单位"):
        services.add_subject(row, EnrolmentFactory(), by=panel.officer)
    begun = panel.self_scoring(row)
    with pytest.raises(MoveNotAllowed, match="不能再加评价对象"):
        services.add_subject(begun, card.enrolment, by=panel.officer)


def test_a_round_without_subjects_does_not_begin(panel):
    row = panel.prepared()
    for card in Scorecard.rows.filter(round=row):
        services.drop_subject(card, "不评", by=panel.officer)
    with pytest.raises(Refused, match="还没有评价对象"):
        panel.self_scoring(row)


def test_the_review_begins_when_every_seat_is_taken(panel):
    row = panel.unit_scoring()
    with pytest.raises(Refused, match=r"测试市公安局、测试市福田区还没有指定齐评分人（共2个单位）"):
        panel.go(row, Move.OPEN_REVIEW)


def test_a_scheme_with_a_third_party_wants_its_seat(panel):
    tree = [Sketch("a", "甲", "", D(100), "normal", "third_party", "range")]
    row = panel.go(panel.self_scoring(panel.prepared(panel.scheme(tree))), Move.OPEN_UNIT)
    services.give_seats(row, panel.first, panel.second, by=panel.officer)
    with pytest.raises(Refused, match="还没有指定齐评分人"):
        panel.go(row, Move.OPEN_REVIEW)
    third = panel.person(panel.city.bureau, "evaluator")
    for card in Scorecard.rows.filter(round=row):
        services.give_seat(card, Hand.THIRD_PARTY, third, by=panel.officer)
    row = panel.go(row, Move.OPEN_REVIEW)
    card = panel.card(row)
    panel.score(card, "a", Hand.THIRD_PARTY, third, points=D(70), reason="抽查")
    assert services.finish_review(card, by=third).done_on is not None
    assert services.finish_review(card, by=panel.first).done_on is not None
    assert services.resume_review(card, by=third).done_on is None


def test_nothing_is_told_before_all_is_scored_and_settled(panel):
    row = panel.review()
    with pytest.raises(Refused, match="还有6项没有评分，如测试市公安局“发展规划”"):
        panel.go(row, Move.OPEN_OBJECTIONS)
    for card in Scorecard.rows.filter(round=row):
        panel.fill(card, panel.first, Hand.FIRST, "2")
        panel.fill(card, panel.second, Hand.SECOND, "10")
    with pytest.raises(Refused, match="还有2项两名评分人相差过大，先裁定，如测试市公安局“创新”"):
        panel.go(row, Move.OPEN_OBJECTIONS)


def test_the_term_for_objections_is_that_of_the_scheme(panel):
    row = panel.objections(panel.prepared(panel.scheme(objection_workdays=5)))
    assert row.objections_until == date(2022, 4, 22)
    with pytest.raises(Refused, match="复核申请2022-04-22截止，过了这天再定稿"):
        panel.go(row, Move.FINALISE)
    assert panel.objections().objections_until is None


def test_a_round_is_not_final_while_an_objection_waits(panel):
    row = panel.objections()
    card = panel.card(row)
    clerk = panel.person(card.unit, "data_officer")
    services.raise_objection(card, panel.leaf(row, "k12"), "有新材料", by=clerk)
    with pytest.raises(Refused, match="还有1件复核申请没有处理"):
        panel.go(row, Move.FINALISE)


@pytest.mark.parametrize(("move", "words"), [(Move.REOPEN, "更正"), (Move.WITHDRAW, "撤销")])
def test_going_back_and_going_out_want_a_reason(panel, move, words):
    row = panel.final() if move == Move.REOPEN else panel.prepared()
    with pytest.raises(Refused, match=f"写明{words}的原因"):
        panel.go(row, move, " ")


def test_facts_are_read_again_only_while_the_round_is_reviewed(panel):
    row = panel.review()
    assert services.refresh_facts(row, by=panel.officer).facts_on == date(2022, 4, 15)
    with pytest.raises(MoveNotAllowed, match="才能重新取数"):
        services.refresh_facts(panel.prepared(), by=panel.officer)


def test_no_score_is_written_past_its_step_or_its_leaf(db):
    for state in ("preparing", "self_scoring", "unit_scoring", "objections"):
        with pytest.raises(IntegrityError, match="no score of first"), transaction.atomic():
            ScoreFactory(scorecard__round__state=state)
    with pytest.raises(IntegrityError, match="does not fit"), transaction.atomic():
        ScoreFactory(points=D("10.5"))
    with pytest.raises(IntegrityError), transaction.atomic():
        ScoreFactory(points=D(-1))
    with pytest.raises(IntegrityError, match="does not fit"), transaction.atomic():
        ScoreFactory(indicator__scheme_version__scheme__code="other",
                     indicator=ScoreFactory().indicator)  # fmt: skip
