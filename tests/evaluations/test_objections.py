"""复核申请: raised by the unit in its term, answered by somebody who did not score, by a new row."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, transaction

from core.errors import MoveNotAllowed, PermissionRefused, Refused, StaleVersion
from evaluations import services
from evaluations.choices import Move, ObjectionMove
from evaluations.models import Correction, Objection, Round
from evaluations.queries.sheets import sheet_of
from tests.factories.evaluations import CorrectionFactory
from tests.factories.reports import EvidenceFactory

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def told(panel):
    return panel.objections()


@pytest.fixture
def card(panel, told):
    return panel.card(told)


@pytest.fixture
def clerk(panel, card):
    return panel.person(card.unit, "data_officer")


def objected(panel, card, clerk, key="k12", **facts):
    leaf = panel.leaf(card.round, key)
    return services.raise_objection(card, leaf, "有新材料", by=clerk, **facts)


def test_upheld_in_part_and_refused(panel, card, clerk):
    upheld = objected(panel, card, clerk, points=D(12))
    partly = objected(panel, card, clerk, "k13", points=D(20))
    refused = objected(panel, card, clerk, "k23")
    assert (upheld.number, upheld.points_before) == ("FH-2022-0001", D("10.00"))
    done = services.decide_objection(
        upheld, ObjectionMove.UPHOLD, "材料属实", by=panel.officer, version=upheld.version
    )
    assert (done.state, done.correction.points) == ("upheld", D(12))
    services.decide_objection(
        partly, ObjectionMove.UPHOLD_PARTLY, "部分属实", by=panel.head, points=D(10)
    )
    services.decide_objection(refused, ObjectionMove.REFUSE, "无新材料", by=panel.head)
    scores = sheet_of(card).scores
    assert [(scores[key].points, scores[key].by) for key in ("k12", "k13", "k23")] == [
        (D(12), "corrected"),
        (D(10), "corrected"),
        (D(20), "unit"),
    ]
    assert str(done) == "FH-2022-0001 创新"
    assert str(done.correction) == "创新 12.00"
    assert done.unit == card.unit
    with pytest.raises(MoveNotAllowed):
        services.decide_objection(done, ObjectionMove.REFUSE, "x", by=panel.head)
    with pytest.raises(StaleVersion):
        services.decide_objection(refused, ObjectionMove.REFUSE, "x", by=panel.head, version=1)


def test_the_newest_correction_counts(panel, card):
    leaf = panel.leaf(card.round, "k12")
    for points in (11, 9):
        services.correct_score(card, leaf, D(points), "核对", by=panel.officer)
    assert sheet_of(card).scores["k12"].points == D(9)
    with pytest.raises(ValidationError, match="现在就是9分，不用更正"):
        services.correct_score(card, leaf, D(9), "核对", by=panel.officer)
    with pytest.raises(ValidationError, match="写明更正的理由"):
        services.correct_score(card, leaf, D(8), " ", by=panel.officer)
    with pytest.raises(PermissionRefused, match="由市政数局更正"):
        services.correct_score(card, leaf, D(8), "x", by=panel.head)


def test_a_correction_comes_only_while_objections_are_taken(panel):
    row = panel.review()
    card, leaf = panel.card(row), panel.leaf(row, "k12")
    with pytest.raises(MoveNotAllowed, match="现在是“市政数局复核”，不能更正得分"):
        services.correct_score(card, leaf, D(8), "x", by=panel.officer)
    with pytest.raises(IntegrityError, match="no score of corrected"), transaction.atomic():
        CorrectionFactory(scorecard=card, indicator=leaf)
    made = CorrectionFactory()
    with pytest.raises(InternalError), transaction.atomic():
        Correction.rows.filter(pk=made.pk).update(points=D(1))


def test_only_the_unit_objects_and_says_why(panel, card, clerk):
    stranger = panel.person(panel.city.district, "data_officer")
    leaf = panel.leaf(card.round, "k12")
    with pytest.raises(PermissionRefused, match="由测试市公安局的人员提出"):
        services.raise_objection(card, leaf, "x", by=stranger)
    with pytest.raises(ValidationError, match="写明申请复核的理由"):
        services.raise_objection(card, leaf, " ", by=clerk)
    with pytest.raises(ValidationError, match="要在0到12之间"):
        objected(panel, card, clerk, points=D(13))
    with pytest.raises(Refused, match="不是这次评价要打分的指标"):
        objected(panel, card, clerk, "k1")
    with pytest.raises(Refused, match="不在本单位的材料库里"):
        objected(panel, card, clerk, evidence=[EvidenceFactory()])
    assert not Objection.rows.exists()
    file = EvidenceFactory(unit=card.unit, programme=card.programme)
    row = objected(panel, card, clerk, evidence=[file, file])
    assert [str(each) for each in row.evidence.all()] == [str(file)]
    with pytest.raises(Refused, match="“创新”已有一件复核申请在处理"):
        objected(panel, card, clerk)


def test_an_objection_after_its_term_is_refused(panel, card, clerk):
    day = card.round.objections_on - timedelta(days=1)
    Round.rows.filter(pk=card.round_id).update(objections_until=day)
    with pytest.raises(MoveNotAllowed, match=f"复核申请已于{day}截止，不能再提出"):
        objected(panel, card, clerk)
    Round.rows.filter(pk=card.round_id).update(objections_until=None)
    final = panel.go(card.round, Move.FINALISE)
    with pytest.raises(MoveNotAllowed, match="现在是“定稿”，不受理复核申请"):
        objected(panel, panel.card(final), clerk)


def test_who_scored_does_not_decide(panel, card, clerk):
    row = objected(panel, card, clerk)
    with pytest.raises(PermissionRefused, match="由市政数局处理"):
        services.decide_objection(row, ObjectionMove.REFUSE, "x", by=panel.first)
    with pytest.raises(PermissionRefused, match="由市政数局处理"):
        services.decide_objection(row, ObjectionMove.REFUSE, "x", by=clerk)
    with pytest.raises(Refused, match="撤回由申请单位办理"):
        services.decide_objection(row, ObjectionMove.WITHDRAW, "x", by=panel.head)
    with pytest.raises(ValidationError, match="写明处理意见"):
        services.decide_objection(row, ObjectionMove.REFUSE, " ", by=panel.head)
    with pytest.raises(ValidationError, match="写明复核后的得分"):
        services.decide_objection(row, ObjectionMove.UPHOLD, "x", by=panel.head)


def test_an_officer_who_reviewed_the_sheet_does_not_decide(panel):
    row = panel.unit_scoring()
    for card in row.scorecards.all():
        clerk = panel.person(card.unit, "data_officer")
        panel.score(card, "k23", "unit", clerk, answer=[0, 1, 2])
    services.give_seats(row, panel.officer, panel.second, by=panel.head)
    row = panel.go(row, Move.OPEN_REVIEW)
    for card in row.scorecards.all():
        panel.fill(card, panel.officer, "first")
        panel.fill(card, panel.second, "second")
    row = panel.go(row, Move.OPEN_OBJECTIONS)
    card = panel.card(row)
    found = objected(panel, card, panel.person(card.unit, "data_officer"))
    with pytest.raises(PermissionRefused, match="评过这张表的人不能处理"):
        services.decide_objection(found, ObjectionMove.REFUSE, "x", by=panel.officer)


def test_the_unit_takes_it_back_before_it_is_answered(panel, card, clerk):
    row = objected(panel, card, clerk)
    with pytest.raises(PermissionRefused, match="由测试市公安局的人员撤回"):
        services.withdraw_objection(row, by=panel.officer)
    assert services.withdraw_objection(row, by=clerk).state == "withdrawn"
    with pytest.raises(MoveNotAllowed):
        services.withdraw_objection(row, by=clerk)
    assert objected(panel, card, clerk).state == "asked"


def test_an_objection_left_behind_by_raw_sql_is_not_decided_after_the_result(panel, card, clerk):
    row = objected(panel, card, clerk)
    Round.rows.filter(pk=card.round_id).update(
        state="final", finalised_on=card.round.objections_on, editions=1
    )
    with pytest.raises(MoveNotAllowed, match="已经定稿，复核申请不能再处理"):
        services.decide_objection(row, ObjectionMove.REFUSE, "x", by=panel.head)
