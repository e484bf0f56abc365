"""Results: frozen, recomputed to the last digit from the package alone, corrected by a new edition."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, InternalError, transaction

from core.errors import Refused
from evaluations import package, services
from evaluations.choices import Hand, Move
from evaluations.models import BonusProposal, Edition, Result, Round, Scorecard
from evaluations.queries.results import (
    detail_of,
    newest_edition,
    provisional_of,
    published_edition,
    root_names,
    spreads_of,
)
from tests.factories.evaluations import EditionFactory, ResultFactory, ScorecardFactory

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def published(panel):
    grades = [{"name": "优秀", "from": "90"}, {"name": "合格", "from": "50"}]
    return panel.published(panel.prepared(panel.scheme(grades=grades)))


def run(*words, **options):
    output = StringIO()
    call_command("recompute_round", *words, stdout=output, **options)
    return output.getvalue()


def test_a_result_is_recomputed_from_its_package_without_any_database(
    published, tmp_path, django_db_blocker
):
    file = tmp_path / "package.json"
    said = run(published.number, write=file)
    assert "2个单位，与当时的结果逐位相同。" in said
    number = published.number
    with django_db_blocker.block():
        with pytest.raises(RuntimeError, match="Database access not allowed"):
            Round.rows.exists()
        assert run(number, package=file) == said
        assert run(package=file) == said


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda p: p["subjects"][0]["leaves"]["k12"]["points"].update(first="12.00"), "摘要不符"),
        (lambda p: p["scheme"]["leaves"][1].update(weight="13"), "摘要不符"),
        (lambda p: p.update(arithmetic=99), "第99版算法"),
        (lambda p: p.update(format="x"), "不是评价结果数据包"),
        (lambda p: p["results"]["x"].update(total="1"), "重算结果与当时不同"),
        (lambda p: p["round"].update(number="PJ-2022-0099"), "数据包是PJ-2022-0099的"),
        (lambda p: p.pop("hashes"), "不能重算"),
    ],
)
def test_a_package_that_was_altered_is_refused(published, tmp_path, change, words):
    packed = Edition.rows.get().package
    first = next(iter(packed["results"]))
    text = json.dumps(packed).replace(f'"{first}": {{', '"x": {', 1) if "total" in words else None
    packed = json.loads(text or json.dumps(packed))
    if "逐" in words or "重算结果" in words:
        packed["results"]["x"] = packed["results"][first]
    change(packed)
    file = tmp_path / "package.json"
    file.write_text(json.dumps(packed), encoding="utf-8")
    with pytest.raises(CommandError, match=words):
        run(published.number, package=file)


def test_what_is_not_there_is_told(published, tmp_path):
    with pytest.raises(CommandError, match="没有评价PJ-2022-0099的结果"):
        run("PJ-2022-0099")
    with pytest.raises(CommandError, match="没有评价"):
        run()
    with pytest.raises(CommandError, match="没有评价"):
        run(published.number, edition=7)
    with pytest.raises(CommandError, match="读不出"):
        run(package=tmp_path / "none.json")
    EditionFactory(round=published, number=2, reason="x", package={"format": "x"})
    with pytest.raises(CommandError, match="登记的摘要不符"):
        run(published.number)


def test_two_rounds_of_the_same_scores_have_one_hash(panel):
    packed = Edition.rows.get(round=panel.published()).package
    shuffled = json.loads(json.dumps(packed, sort_keys=True))
    assert package.digest(packed) == package.digest(shuffled)
    assert packed["rounding"] == {"places": 2, "mode": "ROUND_HALF_UP"}
    assert "四舍五入" in packed["formula"]
    names = {
        str(panel.first),
        str(panel.second),
        *(c.cdo_name for c in Scorecard.rows.all() if c.cdo_name),
    }
    assert not any(name in package.canonical(packed) for name in names)


def test_each_body_has_its_line_with_lost_points_and_their_reasons(panel, published):
    row = Result.rows.for_lists().get(scorecard=panel.card(published))
    detail = detail_of(row)
    lines = {line.key: line for line in detail.leaves}
    assert row.grade == "合格"
    assert detail.roots == {"k1": D("18.00"), "k2": D("38.00")}
    assert (lines["k12"].lost, lines["k12"].reason) == (D("2.00"), "创新点不多。")
    assert (lines["k13"].points, lines["k13"].lost) == (D("0.00"), D(20))
    assert lines["k3"].lost == 0
    assert root_names(published) == {"k1": "统筹规划", "k2": "日常管理", "k3": "创新加分"}
    assert published_edition(published) == newest_edition(published) == row.edition
    assert str(row) == f"{published.number}-1 {row.scorecard.unit}"


def test_what_a_unit_is_told_first_is_what_stands_then(panel):
    row = panel.objections()
    told = provisional_of(panel.card(row))
    assert (told.total, told.roots["k1"]) == (D("56.00"), D("18.00"))
    assert published_edition(row) is None


def test_a_median_is_told_only_among_enough_bodies(panel, published):
    edition = published_edition(published)
    assert spreads_of(edition).total is None
    for total in (60, 70, 80):
        card = ScorecardFactory(round=published)
        ResultFactory(edition=edition, scorecard=card, total=D(total), roots={"k1": "10.00"})
    found = spreads_of(edition)
    assert (found.total.low, found.total.median, found.total.high) == (
        D("56.00"),
        D("60.00"),
        D("70.00"),
    )
    assert found.roots["k1"].median == D("10.00")


def test_a_later_correction_makes_a_new_edition_and_leaves_the_old_one(panel, published):
    row = panel.go(published, Move.REOPEN, "漏记一份材料")
    card = panel.card(row)
    services.correct_score(card, panel.leaf(row, "k12"), D(12), "补记", by=panel.officer)
    row = panel.go(row, Move.FINALISE)
    first, second = Edition.rows.filter(round=row).order_by("number")
    assert [first.published_on is None, second.published_on is None] == [False, True]
    assert second.reason == "漏记一份材料"
    totals = [Result.rows.get(edition=e, scorecard=card).total for e in (first, second)]
    assert totals == [D("56.00"), D("58.00")]
    row = panel.go(row, Move.PUBLISH)
    assert published_edition(row) == second
    assert "逐位相同" in run(row.number, edition=1)
    assert "逐位相同" in run(row.number)


def test_what_does_not_apply_to_a_body_is_left_out_of_its_total(panel):
    row = panel.review()
    card = panel.card(row)
    card.facts.filter(fact="plan_filed").update(value=None)
    for each in Scorecard.rows.filter(round=row):
        panel.fill(each, panel.first, Hand.FIRST)
        panel.fill(each, panel.second, Hand.SECOND)
    panel.go(panel.go(row, Move.OPEN_OBJECTIONS), Move.FINALISE)
    result = Result.rows.for_lists().get(scorecard=card)
    assert result.total == D("70.00")
    assert {line.key: line.lost for line in detail_of(result).leaves}["k13"] == 0


def test_editions_and_results_stand_still(published):
    for rows, facts in (
        (Edition.rows, {"sha256": "1" * 64}),
        (Edition.rows, {"published_on": None}),
        (Result.rows, {"total": D(99)}),
    ):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            rows.update(**facts)
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            rows.all()._raw_delete("default")


def test_a_bonus_is_proposed_by_people_after_publication(panel, published):
    result = Result.rows.first()
    facts = {"assessment": "数字政府建设绩效评估", "proposal": "加1分", "reason": "成效突出"}
    row = services.propose_bonus(result, **facts, by=panel.officer)
    assert str(row) == "数字政府建设绩效评估 加1分"
    with pytest.raises(ValidationError, match="已对这个单位提出过"):
        services.propose_bonus(result, **facts, by=panel.officer)
    assert services.withdraw_bonus(row, by=panel.officer).withdrawn_on is not None
    assert services.withdraw_bonus(row, by=panel.officer).withdrawn_on is not None
    services.propose_bonus(result, **facts, by=panel.officer)
    assert BonusProposal.rows.count() == 2
    fresh = ResultFactory()
    with pytest.raises(Refused, match="公布以后才能提出"):
        services.propose_bonus(fresh, **facts, by=panel.officer)


# --- what if -------------------------------------------------------------------------------------


def test_moved_weights_show_their_effect_on_places_and_write_nothing(panel):
    row = panel.review()
    for place, card in enumerate(Scorecard.rows.filter(round=row).order_by("pk")):
        points = "12" if place else "2"
        panel.fill(card, panel.first, Hand.FIRST, points)
        panel.fill(card, panel.second, Hand.SECOND, points)
    row = panel.go(panel.go(row, Move.OPEN_OBJECTIONS), Move.FINALISE)
    packed = Edition.rows.get(round=row).package
    same = package.reweighted(packed, {})
    assert all((m.before, m.place_before) == (m.after, m.place_after) for m in same)
    found = package.reweighted(packed, {"k12": D(0)})
    assert [(m.place_before, m.place_after) for m in found] == [(1, 1), (2, 1)]
    assert {m.after for m in found} == {D("52.27")}
    packed["results"][found[0].unit]["leaves"]["k13"]["points"] = None
    assert {m.after > m.before for m in package.reweighted(packed, {})} == {True, False}
    with pytest.raises(KeyError):
        package.reweighted(packed, {"x": D(1)})
    with pytest.raises(ValueError, match="not negative"):
        package.reweighted(packed, {"k12": D(-1)})
