"""A broken pack: each kind of mistake is named with its file, line and place, all at once."""

import pytest

from cdo_portal.packs.faults import PackBroken
from cdo_portal.packs.loader import checked, load
from pilots.models import Programme, Unit
from tests.packs import ruled as officers
from tests.packs.mistakes import MISTAKES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named_with_line_place_and_advice(small, mistake):
    _is_named(small(*mistake[:2]), *mistake[2:])


@pytest.mark.parametrize("mistake", officers.MISTAKES.values(), ids=officers.MISTAKES.keys())
def test_a_mistake_about_posts_and_holders_is_named_likewise(ruled, mistake):
    _is_named(ruled(*mistake[:2]), *mistake[2:])


def _is_named(path, on_line, place, message):
    with pytest.raises(PackBroken) as caught:
        load(path)

    found = [fault for fault in caught.value.faults if fault.where == place]
    assert found, str(caught.value)
    assert message in found[0].message
    assert found[0].file == "small-2021.yaml"
    content = path.read_text(encoding="utf-8")
    assert found[0].line == content[: content.index(on_line)].count("\n") + 1
    assert not Programme.rows.exists()
    assert not Unit.rows.exists()


def test_the_small_pack_itself_has_no_fault(small):
    assert [pack.name for pack in checked([small()])] == ["small-2021"]


def test_the_rules_about_posts_have_no_fault_either(ruled):
    assert [pack.name for pack in checked([ruled()])] == ["small-2021"]


def test_a_post_may_be_defined_by_one_file_only(posts):
    with pytest.raises(PackBroken, match=r"岗位代码“cdo”已由posts.yaml登记"):
        checked([posts(), posts(name="more.yaml")])


@pytest.mark.parametrize(
    ("old", "new", "where", "message"),
    [
        ("code: data_specialist", "code: cdo", "posts[1].code", "代码“cdo”在第3行已经用过"),
        ("code: data_specialist", "code: Data", "posts[1].code", "data_specialist"),
        ("    name_en: Data Specialist\n", "", "posts[1].name_en", "缺少这一项"),
        ("is_single: false", "is_single: no", "posts[1].is_single", "只能写true或false"),
        ("source: S2", "quote: 首席\n    source: S4", "posts[0].quote", "该来源可以引用"),
        ("source: S2", "quote: 首席\n    source: S0 S2", "posts[0].quote", "只能有一个来源"),
    ],
)
def test_a_mistake_in_the_list_of_posts_is_named(posts, old, new, where, message):
    with pytest.raises(PackBroken) as caught:
        checked([posts(old, new)])

    said = {fault.where: fault for fault in caught.value.faults}
    assert message in said[where].message
    assert said[where].file == "posts.yaml"
    assert said[where].line > 1


def test_all_faults_come_at_once_in_the_order_of_lines(small):
    path = small(
        "signed_on: 2021-08-03", "signed_on: 3. August",
        "units: [990100-gaj]", "units: [990100-gan]",
        "short_title: 培训", "short_titel: 培训",
    )  # fmt: skip

    with pytest.raises(PackBroken) as caught:
        load(path)

    lines = [fault.line for fault in caught.value.faults]
    assert len(lines) == 4  # the misspelt key is unknown, and the right one is missing
    assert lines == sorted(lines)


def test_faults_of_several_files_come_at_once(small):
    first = small("quantity: 2", "quantity: 0", name="first.yaml")
    second = small(
        "quantity: 2", "quantity: 0",
        "code: small-2021", "code: other-2021",
        "code: 990100-szf", "code: 990200-szf",
        "parent: 990100-szf", "parent: 990200-szf",
        name="second.yaml",
    )  # fmt: skip

    with pytest.raises(PackBroken) as caught:
        checked([first, second])

    files = {fault.file for fault in caught.value.faults if "quantity" in fault.where}
    assert files == {"first.yaml", "second.yaml"}


def test_a_unit_may_be_defined_by_one_file_only(small):
    first, second = small(name="first.yaml"), small(name="second.yaml")

    with pytest.raises(PackBroken, match=r"单位代码“990100-gaj”已由first.yaml登记"):
        checked([first, second])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("format: [programme", "不是有效的YAML"),
        ("a: &x 1\nb: *x\n", "不支持YAML的引用"),
        ("", "文件是空的"),
        ("- format: programme\n", "文件是空的，或者最外层"),
    ],
)
def test_a_file_that_is_no_pack_at_all(tmp_path, text, message):
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(PackBroken, match=message):
        load(path)


def test_a_missing_file(tmp_path):
    with pytest.raises(PackBroken, match="打不开文件"):
        load(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize("number", ["小府办[2021]7号", "小府办【2021】7号", "小府办(2021) 7号"])
def test_brackets_of_a_document_number_are_made_right(small, number):
    (pack,) = checked([small("小府办〔2021〕7号", number)])

    assert pack.content.documents[0].number == "小府办〔2021〕7号"


def test_everything_is_text_until_the_schema_says_otherwise(small):
    (pack,) = checked([small("short_name: 小城", "short_name: no")])

    assert pack.content.programme.short_name == "no"
    assert pack.content.programme.region_code == "990100"
