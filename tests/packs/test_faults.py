"""A broken pack: each kind of mistake is named with its file, line and place, all at once."""

import pytest

from cdo_portal.packs.faults import PackBroken
from cdo_portal.packs.loader import checked, load
from pilots.models import Programme, Unit

pytestmark = pytest.mark.django_db

# What is replaced, by what, a text on the line that must be named, the place, part of the message.
MISTAKES = {
    "unknown key": (
        "    short_title: 培训\n",
        "    short_titel: 培训\n",
        "short_titel",
        "obligations[1].short_titel",
        "是否想写“short_title”",
    ),
    "missing key": (
        "    title: 组织培训\n",
        "",
        "code: ob-2",
        "obligations[1].title",
        "缺少这一项",
    ),
    "empty key": (
        "title: 组织培训",
        "title:",
        "    title:\n",
        "obligations[1].title",
        "缺少这一项",
    ),
    "not a day": (
        "latest_on: 2022-04-30\n    received_by",
        "latest_on: 2022-04-31\n    received_by",
        "2022-04-31",
        "obligations[0].latest_on",
        "没有这一天：“2022-04-31”",
    ),
    "day in another notation": (
        "signed_on: 2021-08-03",
        "signed_on: 2021年8月3日",
        "signed_on",
        "documents[0].signed_on",
        "日期要写成2022-04-30的样子",
    ),
    "a number for a day": (
        "signed_on: 2021-08-03",
        "signed_on: 20210803",
        "signed_on",
        "documents[0].signed_on",
        "日期要写成",
    ),
    "unknown choice": (
        "nature: training",
        "nature: trainning",
        "nature: trainning",
        "obligations[1].nature",
        "是否想写“training”",
    ),
    "unknown kind in a list": (
        "kinds: [city_government, municipal_department]\n    source",
        "kinds: [city_government, municipal_departmnt]\n    source",
        "municipal_departmnt",
        "areas[0].kinds[1]",
        "是否想写“municipal_department”",
    ),
    "document number": (
        "小府办〔2021〕7号",
        "小府办2021第07号",
        "number:",
        "documents[0].number",
        "深府办函〔2021〕71号",
    ),
    "unit code": (
        "code: 990100-szf",
        "code: 小城政府",
        "code: 小城政府",
        "bodies[0].code",
        "440300-gaj",
    ),
    "programme code": (
        "code: small-2021",
        "code: small",
        "code: small",
        "programme.code",
        "shenzhen-2021",
    ),
    "too long": (
        "short_title: 培训",
        "short_title: " + "培" * 21,
        "培培培",
        "obligations[1].short_title",
        "最多20个字，现有21个字",
    ),
    "label of three characters": (
        "short_name: 数政",
        "short_name: 数政府",
        "short_name: 数政府",
        "areas[0].short_name",
        "最多2个字",
    ),
    "not a number": (
        "quantity: 2",
        "quantity: 两次",
        "quantity: 两次",
        "obligations[1].quantity",
        "应是整数",
    ),
    "number too small": (
        "quantity: 2",
        "quantity: 0",
        "quantity: 0",
        "obligations[1].quantity",
        "不能小于1",
    ),
    "neither true nor false": (
        "is_quoted: true",
        "is_quoted: yes",
        "is_quoted: yes",
        "documents[0].clauses[0].is_quoted",
        "只能写true或false",
    ),
    "no source": (
        "why: 没有公布。\n    source: S2",
        "why: 没有公布。",
        "what: 评价办法",
        "not_modelled[0].source",
        "缺少这一项",
    ),
    "unknown source": (
        "source: B.10",
        "source: B.99",
        "source: B.99",
        "bodies[2].names[1].source",
        "没有在sources.yaml登记",
    ),
    "quoted from a source that may not be quoted": (
        "is_quoted: true\n        source: S2",
        "is_quoted: true\n        source: S4",
        "is_quoted: true",
        "documents[0].clauses[0].is_quoted",
        "该来源可以引用",
    ),
    "code used twice": (
        "code: ob-2",
        "code: ob-1",
        "code: ob-1\n    title: 组织培训",
        "obligations[1].code",
        "代码“ob-1”在第",
    ),
    "clause used twice": (
        'code: "2"',
        'code: "1"',
        'code: "1"\n        label: 二',
        "documents[0].clauses[1].code",
        "代码“1”在第",
    ),
    "unknown unit": (
        "units: [990100-gaj]",
        "units: [990100-gan]",
        "990100-gan",
        "areas[0].items[1].units[0]",
        "没有代码为“990100-gan”的单位，是否想写“990100-gaj”",
    ),
    "unknown receiver": (
        "received_by: 990100-zsj",
        "received_by: 990100-nowhere",
        "received_by",
        "obligations[0].received_by",
        "没有代码为“990100-nowhere”的单位",
    ),
    "unknown slots": (
        "{slots: 990100-slot,",
        "{slots: 990100-places,",
        "990100-places",
        "enrolments[2].slots",
        "待补名占位",
    ),
    "unknown clause": (
        "clause: plan.2",
        "clause: plan.3",
        "clause: plan.3",
        "obligations[1].clause",
        "没有代码为“plan.3”的条款，是否想写“plan",
    ),
    "unknown clause of a power": (
        "    text: 只限立项和验收。\n    clause: plan.1",
        "    text: 只限立项和验收。\n    clause: paln.1",
        "clause: paln.1",
        "powers[0].clause",
        "是否想写“plan.1”",
    ),
    "unknown cohort": (
        "{unit: 990100-gaj, part: pilot, cohort: pilot,",
        "{unit: 990100-gaj, part: pilot, cohort: pilto,",
        "pilto",
        "enrolments[1].cohort",
        "没有代码为“pilto”的批次，是否想写“pilot”",
    ),
    "unknown basis": (
        "    signed_on: 2021-08-03\n",
        "    based_on: [guangdong-1999.plan]\n",
        "based_on",
        "documents[0].based_on[0]",
        "没有代码为“guangdong-1999.plan”的文件",
    ),
    "wording that is not in the clause": (
        "wording: 于2022年4月底前",
        "wording: 于2022年5月底前",
        "wording: 于2022年5月底前",
        "obligations[0].wording",
        "不在所引条款的原文里",
    ),
    "one date without the other": (
        "    latest_on: 2022-04-30\n    received_by",
        "    received_by",
        "code: ob-1",
        "obligations[0]",
        "要么都写，要么都不写",
    ),
    "latest before due": (
        "latest_on: 2022-04-30\n    basis",
        "latest_on: 2022-03-01\n    basis",
        "code: ob-2",
        "obligations[1]",
        "不能早于due_on",
    ),
    "two readings without a basis": (
        "    basis: 从严读法。\n",
        "",
        "code: ob-2",
        "obligations[1]",
        "要写basis",
    ),
    "a date without the words": (
        "    wording: 在2022年4月前\n",
        "",
        "code: ob-2",
        "obligations[1]",
        "要写wording",
    ),
    "an enrolment of nobody": (
        "{unit: 990100-zsj, part: bureau,",
        "{part: bureau,",
        "part: bureau",
        "enrolments[3]",
        "二者取一",
    ),
    "enrolled twice": (
        "{unit: 990100-gaj, part: pilot,",
        "{unit: 990100-szf, part: pilot,",
        "  - {unit: 990100-szf, part: pilot, cohort: pilot, starts_on: 2021-08-03, source: S2}\n  - {s",
        "enrolments[1]",
        "同一时间写了两次",
    ),
    "more than the source counts": (
        "total: 5",
        "total: 4",
        "total: 4",
        "cohorts[0].total",
        "列出了5家，多于应有的4家",
    ),
    "names that overlap": (
        "ends_on: 2024-05-09",
        "ends_on: 2024-05-10",
        "code: 990100-zsj",
        "bodies[2]",
        "前后名称的起止日期不能重叠",
    ),
    "credit code": (
        "    short: 公安局\n",
        "    short: 公安局\n    credit_code: 11330600002577014X\n",
        "credit_code",
        "bodies[1].credit_code",
        "校验位",
    ),
    "written twice": (
        "    nature: training\n",
        "    nature: training\n    title: 再组织培训\n",
        "title: 组织培训",
        "obligations[1].title",
        "写了两次",
    ),
    "a text where a list belongs": (
        "kinds: [city_government]\n",
        "kinds: city_government\n",
        "kinds: city_government",
        "obligations[1].kinds",
        "应是列表",
    ),
    "unknown format": (
        "format: programme",
        "format: program",
        "format: program",
        "format",
        "programme",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named_with_line_place_and_advice(small, mistake):
    old, new, on_line, place, message = mistake
    path = small(old, new)

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
