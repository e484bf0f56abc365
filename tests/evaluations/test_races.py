"""Two at once: nothing is lost, nothing is done twice, and what comes too late is told."""

from decimal import Decimal

import pytest
from django.db import transaction

from core.errors import MoveNotAllowed, Refused, StaleVersion
from evaluations import services
from evaluations.choices import Hand, Move
from evaluations.models import Edition, Objection, Score, ScoreRevision
from tests.at_once import at_once
from tests.conftest import make_city
from tests.evaluations.cast import panel_of
from tests.security.test_races import behind, kinds

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal
ROUNDS = 3


@pytest.fixture
def panel(transactional_db):
    return panel_of(make_city())


def save(panel, card, hand, user, points, version=0, reason=""):
    leaf = panel.leaf(card.round, "k12")
    entry = services.Entry(points=D(points), reason=reason)
    return services.save_score(card, leaf, hand, entry, by=user, version=version)


def test_two_windows_of_one_reviewer_keep_both_entries(panel):
    card = panel.card(panel.review())
    first = lambda: save(panel, card, Hand.FIRST, panel.first, 8)  # noqa: E731 - run in a thread
    second = lambda: save(panel, card, Hand.FIRST, panel.first, 9)  # noqa: E731
    found = at_once(first, second)
    assert kinds(found) == ["Saved", "Saved"], found
    assert [each.kept is None for each in found].count(True) == 1
    kept = ScoreRevision.objects.filter(score__hand="first").values_list("points", "kind")
    kept = sorted(kept, key=lambda row: row[1])
    assert sorted(points for points, _kind in kept) == [D(8), D(9)]
    assert [kind for _points, kind in kept] == ["conflict", "saved"]


def test_who_waits_for_the_other_window_sees_its_version(panel):
    card = panel.card(panel.review())
    first = lambda: save(panel, card, Hand.FIRST, panel.first, 8)  # noqa: E731
    late = behind(first, lambda: save(panel, card, Hand.FIRST, panel.first, 9))
    assert late.kept is not None
    assert Score.rows.get(hand="first").points == D(8)


def test_without_the_lock_and_the_version_one_entry_would_be_lost(panel):
    """What the two tests above would look like if nothing held them: the negative control."""
    card = panel.card(panel.review())
    save(panel, card, Hand.FIRST, panel.first, 5)
    here, there = (Score.rows.get(hand="first") for _window in range(2))
    here.points, there.points = D(8), D(9)
    here.save()
    there.save()
    assert Score.rows.get(hand="first").points == D(9)
    assert ScoreRevision.objects.filter(score__hand="first").count() == 1


def test_two_reviewers_write_into_cells_of_their_own(panel):
    card = panel.card(panel.review())
    for _round in range(ROUNDS):
        found = at_once(
            lambda: save(panel, card, Hand.FIRST, panel.first, 8, None),
            lambda: save(panel, card, Hand.SECOND, panel.second, 9, None),
        )
        assert kinds(found) == ["Saved", "Saved"], found
    assert dict(Score.rows.filter(indicator__key="k12").values_list("hand", "points")) == {
        "first": D(8),
        "second": D(9),
    }


def test_a_round_is_published_once(panel):
    row = panel.final()
    publish = lambda: services.advance(row, Move.PUBLISH, by=panel.officer)  # noqa: E731
    assert kinds(at_once(publish, publish)) == ["MoveNotAllowed", "Round"]
    sign = lambda: services.sign_result(row, by=panel.head)  # noqa: E731
    assert kinds(at_once(sign, sign)) == ["MoveNotAllowed", "Round"]
    assert Edition.rows.filter(published_on__isnull=False).count() == 1
    stale = lambda: services.advance(  # noqa: E731
        row, Move.PUBLISH, by=panel.officer, version=row.version
    )
    with pytest.raises(StaleVersion):
        stale()


def test_a_round_becomes_final_once(panel):
    row = panel.objections()
    finalise = lambda: services.advance(row, Move.FINALISE, by=panel.officer)  # noqa: E731
    assert kinds(at_once(finalise, finalise)) == ["MoveNotAllowed", "Round"]
    sign = lambda: services.sign_result(row, by=panel.head)  # noqa: E731
    assert kinds(at_once(sign, sign)) == ["MoveNotAllowed", "Round"]
    assert Edition.rows.count() == 1


def test_an_objection_that_meets_the_final_result_is_told_or_waits(panel):
    row = panel.objections()
    card = panel.card(row)
    clerk = panel.person(card.unit, "data_officer")
    leaf = panel.leaf(row, "k12")
    object_ = lambda: services.raise_objection(card, leaf, "有新材料", by=clerk)  # noqa: E731
    finalise = lambda: services.advance(row, Move.FINALISE, by=panel.officer)  # noqa: E731
    assert isinstance(behind(object_, finalise), Refused)
    services.withdraw_objection(Objection.rows.open().get(), by=clerk)
    finalise()
    sign = lambda: services.sign_result(row, by=panel.head)  # noqa: E731
    assert isinstance(behind(object_, sign), Refused)
    services.withdraw_objection(Objection.rows.open().get(), by=clerk)
    assert isinstance(behind(sign, object_), MoveNotAllowed)
    assert Objection.rows.count() == 2


def test_one_item_is_contested_once_at_a_time(panel):
    row = panel.objections()
    card = panel.card(row)
    clerk = panel.person(card.unit, "data_officer")
    leaf = panel.leaf(row, "k12")
    object_ = lambda: services.raise_objection(card, leaf, "有新材料", by=clerk)  # noqa: E731
    assert kinds(at_once(object_, object_)) == ["Objection", "Refused"]


def test_an_objection_is_decided_once(panel):
    row = panel.objections()
    card = panel.card(row)
    clerk = panel.person(card.unit, "data_officer")
    found = services.raise_objection(
        card, panel.leaf(row, "k12"), "有新材料", by=clerk, points=D(12)
    )
    decide = lambda move, by: services.decide_objection(found, move, "x", by=by)  # noqa: E731
    outcome = at_once(lambda: decide("uphold", panel.head), lambda: decide("refuse", panel.officer))
    assert kinds(outcome) == ["MoveNotAllowed", "Objection"], outcome


def test_a_score_that_meets_the_end_of_its_step_is_told(panel):
    row = panel.review()
    card = panel.card(row)
    end = lambda: services.advance(row, Move.WITHDRAW, by=panel.officer, reason="x")  # noqa: E731
    late = behind(end, lambda: save(panel, card, Hand.FIRST, panel.first, 8))
    assert isinstance(late, MoveNotAllowed)
    assert not Score.rows.filter(hand="first").exists()


def test_the_end_of_a_step_waits_for_a_score_that_is_being_saved(panel):
    row = panel.review()
    card = panel.card(row)
    end = lambda: services.advance(row, Move.WITHDRAW, by=panel.officer, reason="x")  # noqa: E731
    assert behind(lambda: save(panel, card, Hand.FIRST, panel.first, 8), end).state == "withdrawn"
    assert Score.rows.get(hand="first").points == D(8)


def test_an_edit_that_meets_the_freezing_of_its_scheme_is_refused(panel):
    version = panel.scheme()
    leaf = version.indicators.get(key="k12")
    late = behind(
        lambda: panel.prepared(version),
        lambda: services.change_indicator(leaf, {"weight": D(1)}, by=panel.officer),
    )
    assert isinstance(late, Refused)
    with transaction.atomic():
        assert version.indicators.get(key="k12").weight == D(12)
