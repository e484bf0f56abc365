"""What is wrong with a tree is said of the indicator, with how to mend it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from evaluations import criteria
from evaluations.queries.checking import Rules, faults_in, sum_words
from tests.evaluations.cast import sketches

D = Decimal


def said(tree, **rules):
    return [fault.message for fault in faults_in(tree, Rules(**rules))]


def with_(key, /, **facts):
    return [replace(row, **facts) if row.key == key else row for row in sketches()]


def test_a_complete_tree_has_no_fault():
    assert said(sketches()) == []


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ([60, 40], "合计100"),
        ([57, 40], "合计97，差3"),
        (["60.5", 40, None], "合计100.5，多0.5"),
        ([], "合计0，差100"),
    ],
)
def test_sums_are_said_live(weights, words):
    assert sum_words([None if w is None else D(w) for w in weights], D(100)) == words


STATES = {"states": [{"text": "有", "points": "8"}, {"text": "无", "points": "0"}]}


@pytest.mark.parametrize(
    ("key", "facts", "message"),
    [
        ("k11", {"name": ""}, "“k11”：填写指标名称。"),
        ("k11", {"name": "创新"}, "“创新”：同一个上级指标下有重名，换一个名称。"),
        ("k11", {"key": "k12"}, "“发展规划”：代码k12用了两次，换一个。"),
        ("k11", {"parent": "x"}, "“发展规划”：没有代码为x的上级指标。"),
        ("k1", {"parent": "k11"}, "“统筹规划”：上下级绕成了圈，换一个上级指标。"),
        ("k1", {"parent": "k21"}, "“发展规划”：到了第4级，最多三级，移到上一级。"),
        ("k12", {"weight": None}, "“创新”：还没有定分值。"),
        ("k12", {"weight": D(0)}, "“创新”：分值要大于0。"),
        ("k12", {"weight": D(9)}, "“统筹规划”：下级指标合计37，差3，应为40。"),
        ("k2", {"weight": D(57)}, "一级指标合计97，差3，应为100。"),
        ("k12", {"source": "", "rule": ""}, "“创新”：没有下级指标，要写数据来源和评分方式，或者加下级指标。"),
        ("k1", {"source": "bureau", "rule": "range"}, "“统筹规划”：有下级指标的不直接打分，删去数据来源。"),
        ("k12", {"kind": "bonus"}, "“创新”：类别要与上级指标一样，是基本指标。"),
        ("k12", {"rule": ""}, "“创新”：写明数据来源和评分方式。"),
        ("k12", {"rule": "share"}, "“创新”：按比例得分只用于自动取数，换一种评分方式。"),
        ("k12", {"fact": "trainings"}, "“创新”：不是自动取数的指标，删去自动取数。"),
        ("k13", {"fact": ""}, "“实施方案”：写明自动取什么数。"),
        ("k13", {"rule": "range"}, "“实施方案”：自动取数的指标，按数值分段或者按比例得分。"),
        ("k13", {"fact": "vacancy_days"}, "“实施方案”：这项数据是天数，要按数值分段。"),
        ("k12", {"weight": D("12.3")}, "“创新”：分值12.3不是打分单位0.5的倍数，没有人能打满分。"),
        ("k11", {"criteria": {}}, "“发展规划”：至少写两档，如“已印发=8；没有=0”。"),
        ("k11", {"criteria": {"states": [{"text": "有", "points": "7"}, {"text": "有", "points": "0"}]}},
         "“发展规划”：“有”写了两次，每档只写一次。"),
        ("k11", {"criteria": {"states": [{"text": "有", "points": "7"}, {"text": "无", "points": "0"}]}},
         "“发展规划”：最高档7分，与分值8不一致。"),
        ("k11", {"criteria": {"states": [{"text": "有", "points": "8"}, {"text": "无", "points": "-1"}]}},
         "“发展规划”：每档的得分要写成不小于0的数。"),
        ("k23", {"criteria": {"elements": []}}, "“本单位评价”：没有写要素，逐项写明，用“；”隔开。"),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_how_to_mend_it(key, facts, message):
    assert message in said(with_(key, **facts))


def test_an_empty_tree_is_told():
    assert said([]) == ["还没有指标，先加一级指标。"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "没有分段，写成“~0.6=0；0.6~0.8=5；0.8~=10”的样子"),
        ("~0.6=0；0.8~=8", "0.6到0.8之间没有写得几分，补一段或改终点"),
        ("~0.6=0；0.5~=8", "0.5到0.6之间写了两次，改成前后相接"),
        ("0~0.6=0；0.6~=8", "小于0的数没有写得几分，第一段的起点留空"),
        ("~0.6=0；0.6~1=8", "1以上的数没有写得几分，最后一段的终点留空"),
        ("~0.6=0；0.9~0.7=2；0.7~=8", "分段0.9~0.7的起点要小于终点"),
        ("~0.6=0；~0.7=2；0.7~=8", "不限到0.6之间写了两次，改成前后相接"),
        ("~=0；~=8", "不限到不限之间写了两次，改成前后相接"),
        ("~0.6=0；0.6~=7", "最高档7分，与分值8不一致"),
    ],
)
def test_gaps_and_overlaps_of_bands_are_told(text, message):
    found = list(criteria.faults("bands", criteria.read("bands", text), D(8)))
    assert message in found


def test_criteria_are_read_and_written_in_words():
    for rule, text in (
        ("states", "已印发=8；起草中=3"),
        ("elements", "范围；目标"),
        ("bands", "~0.6=0；0.6~0.8=5；0.8~=8"),
        ("range", ""),
    ):
        assert criteria.write(rule, criteria.read(rule, text)) == text
    assert criteria.read("bands", "～1＝0;1～=2") == criteria.read("bands", "~1=0；1~=2")


@pytest.mark.parametrize(
    ("rule", "text", "message"),
    [
        ("states", "已印发", "“已印发”要写成“已印发=8”的样子。"),
        ("states", "已印发=多", "“已印发=多”要写成“已印发=8”的样子。"),
        ("bands", "1=2", "“1=2”要写成“0.6~0.8=5”的样子。"),
        ("bands", "a~b=2", "“a~b=2”要写成“0.6~0.8=5”的样子。"),
        ("bands", "1~2=NaN", "“1~2=NaN”要写成“0.6~0.8=5”的样子。"),
        ("range", "0到8", "“评分人在区间内打分”不用写评分标准，删去“0到8”。"),
        ("?", "x", "“?”不用写评分标准，删去“x”。"),
    ],
)
def test_criteria_that_cannot_be_read_are_told(rule, text, message):
    with pytest.raises(criteria.Unreadable) as refusal:
        criteria.read(rule, text)
    assert str(refusal.value) == message
