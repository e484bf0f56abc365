"""The arithmetic, alone: examples with the sums of people, and properties by hypothesis."""

import ast
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations import scoring
from evaluations.scoring import Given, Leaf, Terms

D = Decimal
BANDS = {"bands": [{"from": None, "to": "0.6", "points": "0"},
                   {"from": "0.6", "to": "0.8", "points": "5"},
                   {"from": "0.8", "to": None, "points": "8"}]}  # fmt: skip
STATES = {"states": [{"text": "印发", "points": "8"}, {"text": "起草", "points": "3"}]}
TERMS = Terms()


def leaf(key="a", weight=8, **facts):
    return Leaf(key, facts.pop("root", key), D(weight), **facts)


def test_the_arithmetic_needs_nothing_of_the_portal():
    for name in ("scoring", "package"):
        source = Path(scoring.__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                assert all(each.name in {"hashlib", "json"} for each in node.names)
            if isinstance(node, ast.ImportFrom):
                assert node.level == 1 or node.module in {
                    "collections.abc",
                    "dataclasses",
                    "decimal",
                    "typing",
                }


@pytest.mark.parametrize(
    ("rule", "criteria", "answer", "points"),
    [
        ("states", STATES, 0, "8"),
        ("states", STATES, 1, "3"),
        ("elements", {"elements": ["甲", "乙"]}, [1, 0], "8"),
        ("elements", {"elements": ["甲", "乙"]}, [1], "0"),
        ("bands", BANDS, "0.5999", "0"),
        ("bands", BANDS, "0.6", "5"),
        ("bands", BANDS, "0.8", "8"),
        ("bands", BANDS, "-3", "0"),
        ("share", {}, "0.333333", "2.67"),
        ("share", {}, "1.7", "8.00"),
        ("share", {}, "-1", "0.00"),
        ("range", {}, "7.5", "7.5"),
    ],
)
def test_an_answer_earns_what_its_rule_says(rule, criteria, answer, points):
    assert scoring.points_of(leaf(rule=rule, criteria=criteria), answer) == D(points)


@pytest.mark.parametrize(
    ("rule", "criteria", "answer"),
    [
        ("states", STATES, 2),
        ("states", STATES, -1),
        ("elements", {"elements": ["甲"]}, [1]),
        ("bands", {"bands": [{"from": "1", "to": "2", "points": "1"}]}, "2"),
    ],
)
def test_an_answer_that_the_rule_does_not_know_is_refused(rule, criteria, answer):
    with pytest.raises(ValueError, match="a"):
        scoring.points_of(leaf(rule=rule, criteria=criteria), answer)


@pytest.mark.parametrize(
    ("source", "points", "value", "score", "by"),
    [
        ("auto", {}, "1", "8.00", "fact"),
        ("auto", {"first": "1", "second": "1"}, "1", "8.00", "fact"),
        ("auto", {"corrected": "4"}, "1", "4", "corrected"),
        ("auto", {}, None, None, "fact"),
        ("self", {"self": "7"}, None, "7", "self"),
        ("unit", {"unit": "6", "self": "7"}, None, "6", "unit"),
        ("third_party", {"third_party": "5"}, None, "5", "third_party"),
        ("bureau", {"first": "7.5", "second": "8"}, None, "7.75", "mean"),
        ("bureau", {"first": "7.25", "second": "7.26"}, None, "7.26", "mean"),
        ("bureau", {"first": "2", "second": "8", "settled": "6"}, None, "6", "settled"),
        ("bureau", {"first": "2", "second": "8", "corrected": "8", "settled": "6"}, None, "8",
         "corrected"),
        ("self", {"first": "2", "second": "3"}, None, "2.50", "mean"),
    ],
)  # fmt: skip
def test_the_score_that_counts(source, points, value, score, by):
    given_ = Given({hand: D(each) for hand, each in points.items()}, value and D(value))
    found = scoring.scored(leaf(source=source, rule="share"), given_, TERMS)
    assert (found.points, found.by) == (score and D(score), by)
    assert not found.is_missing


@pytest.mark.parametrize(
    ("source", "hands"),
    [("bureau", []), ("bureau", ["first"]), ("self", ["unit"]), ("self", ["second"])],
)
def test_a_leaf_without_its_score_is_missing(source, hands):
    found = scoring.scored(leaf(source=source), Given(dict.fromkeys(hands, D(1))), TERMS)
    assert found.is_missing
    assert found.points is None


def test_more_than_a_fifth_of_the_full_mark_apart_is_disputed():
    def disputed(one, two):
        points = {"first": D(one), "second": D(two)}
        return scoring.scored(leaf(weight=10), Given(points), TERMS).is_disputed

    assert not disputed(6, 8)
    assert disputed(6, "8.5")
    assert disputed("8.5", 6)


def test_what_does_not_apply_is_left_out_in_proportion():
    leaves = [leaf("a", 40), leaf("b", 60, root="r")]
    total = scoring.total_of(leaves, {"a": D(30), "b": None}, TERMS)
    assert (total.total, total.earned, total.applicable) == (D("75.00"), D(30), D(40))
    assert total.roots == {"a": D(30), "r": D(0)}
    assert scoring.total_of(leaves, {"a": None, "b": None}, TERMS).total == 0


def test_bonus_and_deduction_stand_beside_the_full_mark_and_are_capped():
    leaves = [leaf("a", 100), leaf("b", 10, kind="bonus"), leaf("d", 30, kind="deduction")]
    scores = {"a": D(90), "b": D(8), "d": D(20)}
    assert scoring.total_of(leaves, scores, TERMS).total == D("78.00")
    capped = Terms(bonus_limit=D(5), deduction_limit=D(2))
    assert scoring.total_of(leaves, scores, capped).total == D("93.00")
    assert scoring.total_of(leaves, {"a": D(1), "b": None, "d": D(30)}, TERMS).total == 0


def test_half_is_rounded_away_from_nothing():
    assert scoring.rounded(D("2.675")) == D("2.68")
    assert scoring.rounded(D("2.674999")) == D("2.67")


def test_quartiles_lie_between_neighbours_in_proportion():
    values = [D(v) for v in (10, 20, 30, 40)]
    assert scoring.quantile(values, D("0.25")) == D("17.50")
    assert scoring.quantile(values, D("0.5")) == D("25.00")
    assert scoring.quantile([D(7)], D("0.75")) == D("7.00")
    assert scoring.quantile([], D("0.5")) is None


def test_equal_totals_share_a_place():
    assert scoring.ranks({"a": D(9), "b": D(9), "c": D(8), "d": D(10)}) == {
        "a": 2,
        "b": 2,
        "c": 4,
        "d": 1,
    }


# --- properties ----------------------------------------------------------------------------------

halves = st.integers(0, 40).map(lambda n: D(n) / 2)
weights = st.lists(st.integers(1, 40).map(D), min_size=1, max_size=8)


@st.composite
def sheets(draw):
    """Leaves with scores within them; some do not apply."""
    leaves, scores = [], {}
    for place, weight in enumerate(draw(weights)):
        kind = draw(st.sampled_from(["normal", "normal", "bonus", "deduction"]))
        leaves.append(leaf(f"k{place}", weight, kind=kind, root=f"r{place % 2}"))
        share = draw(st.integers(0, 100))
        scores[f"k{place}"] = None if share == 37 else weight * share / 100
    return leaves, scores


@given(sheets())
def test_the_total_lies_between_nothing_and_the_full_mark_with_its_bonus(sheet):
    leaves, scores = sheet
    bonus = sum((row.weight for row in leaves if row.kind == "bonus"), D(0))
    total = scoring.total_of(leaves, scores, TERMS)
    assert 0 <= total.total <= 100 + bonus
    assert sum(total.roots.values()) == total.earned <= total.applicable


@given(sheets(), st.data())
def test_no_score_that_rises_lowers_the_total_unless_it_is_a_deduction(sheet, data):
    leaves, scores = sheet
    row = data.draw(st.sampled_from(leaves))
    if scores[row.key] is None:
        return
    more = {**scores, row.key: (scores[row.key] + row.weight) / 2}
    before, after = (scoring.total_of(leaves, each, TERMS).total for each in (scores, more))
    assert after <= before if row.kind == "deduction" else after >= before


@given(sheets(), st.randoms())
def test_the_order_of_the_leaves_changes_nothing(sheet, random):
    leaves, scores = sheet
    mixed = list(leaves)
    random.shuffle(mixed)
    one, two = (scoring.total_of(each, scores, TERMS) for each in (leaves, mixed))
    assert one == replace(two, roots=one.roots)
    assert one.roots == two.roots


@given(sheets(), st.sampled_from([2, 4, 5, 10]))
def test_weights_and_scores_times_the_same_leave_the_basic_total(sheet, times):
    leaves, scores = sheet
    basic = [row for row in leaves if row.kind == "normal"]
    scaled = [replace(row, weight=row.weight * times) for row in basic]
    more = {row.key: None if scores[row.key] is None else scores[row.key] * times for row in basic}
    assert (
        scoring.total_of(basic, scores, TERMS).total == scoring.total_of(scaled, more, TERMS).total
    )


@given(halves, halves)
def test_the_mean_of_two_reviewers_lies_between_them_and_does_not_ask_who_came_first(one, two):
    row = leaf(weight=20)
    found = [
        scoring.scored(row, Given({"first": a, "second": b}), TERMS)
        for a, b in ((one, two), (two, one))
    ]
    assert found[0] == found[1]
    assert min(one, two) <= found[0].points <= max(one, two)


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=4, unique=True), st.integers(-9, 9))
def test_bands_that_meet_give_every_number_exactly_one_score(cuts, value):
    ends = [None, *map(str, sorted(cuts)), None]
    bands = [
        {"from": low, "to": high, "points": str(place)}
        for place, (low, high) in enumerate(pairwise(ends))
    ]
    row = leaf(weight=len(bands) - 1, rule="bands", criteria={"bands": bands})
    assert scoring.points_of(row, value) == sum(1 for cut in cuts if cut <= value)


@given(st.dictionaries(st.text(min_size=1), halves, min_size=1))
def test_places_begin_with_one_and_follow_the_totals(totals):
    places = scoring.ranks(totals)
    assert min(places.values()) == 1
    assert all((places[a] < places[b]) == (totals[a] > totals[b]) for a in totals for b in totals)
