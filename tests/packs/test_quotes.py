"""check_quotes: what is quoted stands in its source; what may not be quoted is not."""

import os
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from cdo_portal.packs.loader import own_packs
from cdo_portal.packs.quotes import prove, text_of

pytestmark = pytest.mark.django_db
SEEDS = Path(__file__).parent / "seeds"
# The sources are no part of the product; where they lie, this test compares against them.
REAL = Path(os.environ.get("PORTAL_SEEDS", Path(settings.BASE_DIR).parent / "shared/seeds"))

FIRST = "试点单位于2022年4月底前报送总结。\n        is_quoted: true\n        source: S2"
SECOND = "在2022年4月前组织2次培训。\n        is_quoted: true\n        source: S2"
UNBOUND = ["wording: 于2022年4月底前", "wording: 年", "wording: 在2022年4月前", "wording: 年"]


@pytest.fixture
def quoting(small, tmp_path):
    """`quoting(first, second)`: the small pack with these two clauses (text, is_quoted, tag)."""
    shutil.copy(SEEDS / "sources.yaml", tmp_path)

    def written(*clauses):
        changes = []
        for old, (text, is_quoted, tag) in zip((FIRST, SECOND), clauses, strict=True):
            new = f"{text}\n        is_quoted: {is_quoted}\n        source: {tag}"
            changes += [old, new]
        return small(*UNBOUND, *changes)

    return written


GOOD = ("小城市首席数据官制度自2021年起试行。", "true", "T1")
FACT = ("截至年底共有三家单位建立机制，每年更新。", "false", "T2")


def run(path, seeds=SEEDS):
    out = StringIO()
    call_command("check_quotes", "--seeds", str(seeds), str(path), stdout=out)
    return out.getvalue()


def test_tags_and_entities_are_resolved_and_nothing_else():
    assert text_of(SEEDS / "t1_press.txt").splitlines() == [
        "小城市首席数据官制度自2021年起试行。",
        "《贯彻<条例>方案》共有三项任务，于年底前完成。",
    ]


def test_true_quotes_are_counted_by_source(quoting):
    path = quoting(GOOD, ("《贯彻<条例>方案》共有三项任务，于年底前完成。", "true", "T1"))

    assert "引文2条（T1 2条）" in run(path)


def test_facts_from_an_unquotable_source_are_no_quotes(quoting):
    assert "引文1条（T1 1条）" in run(quoting(GOOD, FACT))


@pytest.mark.parametrize(
    "text",
    [
        "小城市首席数据官制度自2022年起试行。",  # one digit
        "小城市首席数据官制度 自2021年起试行。",  # one space
        "小城市首席数据官制度自2021年起试行.",  # another full stop
        "小城市首席数据官制度自2021年起试行。《贯彻",  # two lines as one
    ],
)
def test_a_quote_that_is_off_by_a_little_fails_with_its_line(quoting, text):
    path = quoting((text, "true", "T1"), FACT)

    with pytest.raises(CommandError, match="原文中没有这段文字") as caught:
        run(path)

    line = path.read_text(encoding="utf-8").split(text)[0].count("\n") + 1
    assert f"small-2021.yaml:{line}: documents[0].clauses[0]" in str(caught.value)


def test_a_quote_from_an_unquotable_source_is_refused(quoting):
    path = quoting(GOOD, ("全市共三家单元建立了责任机制。", "true", "T2"))

    with pytest.raises(CommandError, match="该来源可以引用"):
        run(path)


def test_an_unquotable_source_copied_to_the_letter_as_a_fact_is_refused(quoting):
    path = quoting(GOOD, ("全市共三家单元建立了责任机制。", "false", "T2"))

    with pytest.raises(CommandError, match="逐字相同"):
        run(path)


@pytest.fixture
def quoted_post(posts, tmp_path):
    """`quoted_post(words)`: a list of posts, the first of which quotes them."""
    shutil.copy(SEEDS / "sources.yaml", tmp_path)

    def written(words):
        quoted = f"name_en: Chief Data Officer\n    quote: {words}\n    source: T1"
        return posts(
            "name_en: Chief Data Officer\n    source: S2", quoted, "source: S2", "source: T2"
        )

    return written


def test_a_post_is_proved_by_what_the_source_says_of_it(quoted_post):
    assert "引文1条（T1 1条）" in run(quoted_post("小城市首席数据官制度"))


def test_a_post_that_the_source_does_not_know_fails_with_its_line(quoted_post):
    with pytest.raises(CommandError, match="原文中没有这段文字") as caught:
        run(quoted_post("小城市首席信息官制度"))

    assert "posts.yaml:6: posts[0]:" in str(caught.value)


def test_every_wrong_quote_is_listed(quoting):
    path = quoting(("第一处不符年。", "true", "T1"), ("第二处不符年。", "true", "T1"))

    with pytest.raises(CommandError, match="共2处与原文不符"):
        run(path)


def test_a_missing_source_is_named(quoting, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()

    with pytest.raises(CommandError, match="来源T1的原文应恰有一个以“t1_”开头的文件，找到0个"):
        run(quoting(GOOD, FACT), empty)


def test_a_missing_folder_is_named(quoting, tmp_path):
    with pytest.raises(CommandError, match="没有目录"):
        run(quoting(GOOD, FACT), tmp_path / "nowhere")


@pytest.mark.skipif(not REAL.is_dir(), reason=f"the sources do not lie in {REAL} (PORTAL_SEEDS)")
def test_the_packs_of_the_product_quote_to_the_letter():
    proof = prove(own_packs(), REAL)

    assert proof.faults == []
    assert proof.found == {"S0": 15, "S1": 11, "S2": 26, "S3": 11}
