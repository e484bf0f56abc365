"""A scheme goes out as a workbook and comes back, or every fault is told by sheet, row and column."""

import io
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook

from evaluations import services
from evaluations.queries.trees import rows_of, sketch_of
from evaluations.services.templates import HEADS
from evaluations.services.workbooks import MOST_ROWS

pytestmark = pytest.mark.django_db
HEAD = [str(head) for head in HEADS]


def book(*rows, head=None):
    made = Workbook()
    sheet = made.active
    sheet.title = "指标"
    sheet.append(["说明"])
    sheet.append(HEAD if head is None else head)
    for row in rows:
        sheet.append(list(row))
    output = io.BytesIO()
    made.save(output)
    return output.getvalue()


def row(*names, weight=None, **cells):
    place = {"kind": 3, "source": 5, "rule": 6, "criteria": 7, "fact": 8, "text": 9, "evidence": 10,
             "note": 11, "basis": 12}  # fmt: skip
    values = [*names, *[None] * (13 - len(names))]
    values[4] = weight
    for name, value in cells.items():
        values[place[name]] = value
    return values


WHOLE = (
    row("规划", weight=100),
    row(None, "发展规划", weight=40, source="市政数局复核", rule="分档给分", criteria="已印发=40；没有=0",
        evidence="是", note="印发件", text="按印发情况", basis="文件"),
    row("规划", "培训", weight=60, source="自动", rule="按数值分段", criteria="~1=0；1~=60",
        fact="已举办培训次数"),
)  # fmt: skip


def faults(panel, content):
    with pytest.raises(services.SheetFaults) as refusal:
        services.import_tree(panel.scheme(), content, by=panel.officer)
    return [(each.row, each.column, each.message) for each in refusal.value.faults]


def test_what_goes_out_comes_back_the_same(panel):
    version = panel.scheme()
    before = [sketch_of(each) for each in rows_of(version)]
    content = services.template_of(version)
    assert load_workbook(io.BytesIO(content)).worksheets[0]["A3"].value == "统筹规划"
    after = services.import_tree(version, content, by=panel.officer, version=version.version)
    assert [sketch_of(each) for each in rows_of(after)] == before
    assert after.indicators.filter(withdrawn_on__isnull=False).count() == len(before)


def test_a_workbook_replaces_the_tree_and_keeps_the_keys_of_what_it_knows(panel):
    version = panel.scheme()
    services.import_tree(version, book(*WHOLE), by=panel.officer)
    rows = rows_of(version)
    assert [(each.level, each.name, each.weight) for each in rows] == [
        (1, "规划", Decimal(100)),
        (2, "发展规划", Decimal(40)),
        (2, "培训", Decimal(60)),
    ]
    assert rows[1].needs_evidence
    assert rows[1].evidence_note == "印发件"
    keys = [each.key for each in rows]
    services.import_tree(version, book(*WHOLE), by=panel.officer)
    assert [each.key for each in rows_of(version)] == keys


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([row("甲", weight="多")], (3, "E", "“多”不是分值，写不小于0、最多两位小数的数。")),
        ([row("甲", weight="1.234")], (3, "E", "“1.234”不是分值，写不小于0、最多两位小数的数。")),
        ([row(None, "乙", weight=1)], (3, "B", "上面没有它的上级指标，先写上一级。")),
        ([row("甲", weight=1), row("丙", "乙", weight=1)],
         (4, "A", "上级写的是“丙”，上面一行是“甲”，另起一行写上级指标。")),
        ([row(weight=1)], (3, "A", "没有写指标名称，写在它那一级的列里。")),
        ([row("甲" * 81, weight=100)], (3, "A", "太长，最多80个字，现有81个字。")),
        ([row("甲", weight=100, source="局长")],
         (3, "F", "没有“局长”。可选：自动、首席数据官自评、本单位评价、市政数局复核、第三方。")),
        ([row("甲", weight=100, source="市政数局复核", rule="分档给分", criteria="有")],
         (3, "H", "“有”要写成“已印发=8”的样子。")),
        ([row("甲", weight=100, source="市政数局复核", rule="评分人在区间内打分", evidence="对")],
         (3, "K", "“对”要写成“是”或“否”。")),
        ([row("甲", weight=97, source="市政数局复核", rule="评分人在区间内打分")],
         (0, "", "一级指标合计97，差3，应为100。")),
        ([row("甲")], (3, "E", "“甲”：还没有定分值。")),
        ([row("甲", weight=100)],
         (3, "F", "“甲”：没有下级指标，要写数据来源和评分方式，或者加下级指标。")),
        ([], (0, "", "还没有指标，先加一级指标。")),
    ],
)  # fmt: skip
def test_each_fault_names_its_cell_and_how_to_mend_it(panel, rows, wanted):
    assert wanted in faults(panel, book(*rows))


def test_all_faults_come_at_once_and_nothing_is_written(panel):
    version = panel.scheme()
    before = [each.pk for each in rows_of(version)]
    bad = book(row("甲", weight="x"), row(None, "乙", weight="y", evidence="z"))
    with pytest.raises(services.SheetFaults) as refusal:
        services.import_tree(version, bad, by=panel.officer)
    assert [(each.row, each.column) for each in refusal.value.faults] == [
        (3, "E"),
        (4, "E"),
        (4, "K"),
    ]
    assert [each.pk for each in rows_of(version)] == before
    assert str(refusal.value) == "3 faults"


def test_a_file_that_is_no_workbook_is_told(panel):
    assert faults(panel, b"not a workbook") == [(0, "", "打不开，换成没有打开密码的.xlsx文件。")]


def test_a_foreign_workbook_is_told_by_its_heads(panel):
    found = faults(panel, book(head=["姓名"]))
    assert found[0] == (
        2,
        "A",
        "这一列的表头应为“一级指标”，现在是“姓名”，用本页的模板填写。",
    )
    assert len(found) == len(HEAD)
    empty = io.BytesIO()
    Workbook().save(empty)
    assert len(faults(panel, empty.getvalue())) == len(HEAD)


def test_a_workbook_has_an_end(panel):
    many = [row(f"甲{place}", weight=1) for place in range(MOST_ROWS + 1)]
    found = faults(panel, book(*many))
    assert found == [(MOST_ROWS + 3, "", f"超过{MOST_ROWS}行，一套指标最多{MOST_ROWS}行。")]
