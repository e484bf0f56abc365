"""Schemes that come with the product: the five dimensions without weights, and a marked fragment."""

from decimal import Decimal
from pathlib import Path

import pytest

from cdo_portal.packs.difference import Kind
from cdo_portal.packs.faults import PackBroken
from cdo_portal.packs.known import OWN_FOLDER
from cdo_portal.packs.loader import load, load_all
from core.errors import Refused
from evaluations import services
from evaluations.models import Scheme
from evaluations.queries.checking import sum_words
from evaluations.queries.trees import faults_of, rows_of
from pilots.models import Programme
from tests.evaluations.cast import PLAN

pytestmark = pytest.mark.django_db
OWN = OWN_FOLDER / "schemes.yaml"
HEAD = "format: schemes\nschemes:\n  - {code: a, title: 甲, note: 例, source: derived, indicators: [%s]}\n"


def written(tmp_path: Path, *indicators: str) -> Path:
    path = tmp_path / "schemes.yaml"
    path.write_text(HEAD % ", ".join(indicators), encoding="utf-8")
    return path


def first(code):
    return Scheme.rows.get(code=code).versions.get()


def test_the_five_dimensions_have_no_weights_and_no_round_begins_with_them(db):
    load_all()
    version = first("shenzhen-2021-scheme-five")
    names = [row.name for row in rows_of(version)]
    assert names == [
        "智慧城市及数字政府建设",
        "信息化项目建设",
        "数据综合管理",
        "重点工作部署",
        "日常管理",
    ]
    assert {row.weight for row in rows_of(version)} == {None}
    with pytest.raises(Refused, match="还没有定分值"):
        services.prepare_round(Programme.rows.get(code="shenzhen-2021"), version, PLAN, by=None)


def test_the_example_is_marked_and_says_that_it_is_incomplete(db):
    load(OWN)
    version = first("example-scheme-planning")
    assert version.scheme.is_example
    assert "不完整" in version.scheme.title
    rows = rows_of(version)
    assert sum_words([rows[0].weight], Decimal(100)) == "合计25，差75"
    assert [f.message for f in faults_of(version)] == ["一级指标合计25，差75，应为100。"]
    assert rows[3].criteria["states"][2] == {"text": "只参与上级编制", "points": "1.5"}
    # The scheme of a programme waits until the programme is there.
    assert not Scheme.rows.filter(code="shenzhen-2021-scheme-five").exists()


def test_a_scheme_is_entered_once_and_a_change_of_the_pack_is_a_conflict(db, tmp_path):
    leaf = "{code: x, name: 指标, source: derived, weight: '%s'}"
    assert load(written(tmp_path, leaf % 100)).of(Kind.ADDED)
    assert load(written(tmp_path, leaf % 100)).changes == []
    conflicts = load(written(tmp_path, leaf % 90)).conflicts
    assert [change.code for change in conflicts] == ["example-scheme-a"]
    assert rows_of(first("example-scheme-a"))[0].weight == 100


@pytest.mark.parametrize(
    ("indicator", "words"),
    [
        (
            "{code: x, name: 指标, source: derived, weight: 多}",
            "分值要写成不小于0、最多两位小数的数",
        ),
        (
            "{code: x, name: 指标, source: derived, weight: '-1'}",
            "分值要写成不小于0、最多两位小数的数",
        ),
        (
            "{code: x, name: 指标, source: derived, rule: states, criteria: 有}",
            "“有”要写成“已印发=8”的样子",
        ),
        ("{code: x, name: 指标, source: derived, rule: gut}", "“gut”不在可选范围"),
        ("{code: x}", "缺少这一项"),
    ],
)
def test_faults_of_a_scheme_are_told(db, tmp_path, indicator, words):
    with pytest.raises(PackBroken) as broken:
        load(written(tmp_path, indicator))
    assert any(words in fault.message for fault in broken.value.faults)
