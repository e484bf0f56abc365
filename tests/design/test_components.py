"""Components as page authors use them, rendered without a database."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import get_template
from django.test import RequestFactory

from core.forms import Form
from core.grids import Cell, Column, ColumnGroup, Grid, Row, RowGroup

VOID = {"meta", "link", "input", "br", "img", "hr", "path", "circle"}


class Balanced(HTMLParser):
    """Raises where tags do not close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def draw(text: str, **context: Any) -> str:
    request = RequestFactory().get("/tasks/?unit=gaj&page=2")
    html = Template(text).render(Context({"request": request, **context}))
    parser = Balanced()
    parser.feed(html)
    assert parser.open == []
    assert "style=" not in html
    return html


def grid(rows: int, url: str = "440300-gaj/a1", state: str = "normal") -> Grid:
    columns = [Column("数字政府", "数政", "推进智慧城市和数字政府建设")] * 6
    row = Row(
        "市规划和自然资源局", [Cell(state, "3/5", url)] * 12, "/units/440300-gaj/", "演示人员01"
    )
    return Grid(
        "履职总览",
        "单位",
        [ColumnGroup("六项职责", columns), ColumnGroup("规定任务", columns)],
        [RowGroup("市级部门", [row] * rows, folded="另有62家待补名")],
        "首席数据官",
    )


def test_the_matrix_of_64_units_stays_below_80_kilobytes() -> None:
    html = draw('{% include "components/matrix.html" %}', grid=grid(64))
    assert len(html.encode()) < 72_000  # the frame of the page takes the rest of 80 kB


def test_a_cell_carries_the_phone_label_and_says_exceptions_in_words() -> None:
    html = draw('{% include "components/matrix.html" %}', grid=grid(1))
    assert '<td class="o g1" data-k="数政"><a href="440300-gaj/a1">3/5</a></td>' in html
    late = grid(1, state="overdue")
    html = draw('{% include "components/matrix.html" %}', grid=late)
    assert '<td class="l g1" data-k="数政"><a href="440300-gaj/a1">3/5<i>逾期</i></a></td>' in html


def test_a_row_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        Grid("x", "单位", [ColumnGroup("g", [Column("a", "a")])], [RowGroup("k", [Row("u", [])])])


def test_cells_escape_what_they_show() -> None:
    one = [ColumnGroup("g", [Column("a", '"><b>')])]
    made = Grid("x", "单位", one, [RowGroup("k", [Row("u", [Cell("normal", "<b>", '"><b>')])])])
    assert "<b>" not in made.row_groups[0].rows[0].cells_html


@pytest.mark.parametrize("count", [3, 6, 10])
def test_the_strip_speaks_each_area(count: int) -> None:
    cells = [{"name": f"职责{place}", "state": "overdue"} for place in range(count)]
    html = draw("{% strip cells %}", cells=cells)
    assert f'aria-label="{count}项职责：职责0逾期，' in html
    assert html.count("<i ") == count


def test_ledger_wraps_its_rows_and_escapes_the_caption() -> None:
    html = draw(
        "{% ledger caption %}<tbody><tr><td>x</td></tr></tbody>{% endledger %}", caption="<任务>"
    )
    assert '<caption class="vh">&lt;任务&gt;</caption>' in html
    assert "<tbody><tr><td>x</td></tr></tbody>" in html


class Sample(Form):
    title = forms.CharField(label="任务名称", max_length=20, help_text="写结果")
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea({"data-limit": 500}))
    state = forms.ChoiceField(label="状态", choices=[("a", "甲")], widget=forms.RadioSelect)
    told = forms.BooleanField(label="已告知", required=False)


def test_fields_have_label_hint_error_control_in_that_order() -> None:
    html = draw("{{ form }}", form=Sample({}))
    places = [
        html.index(part) for part in ("任务名称", "写结果", "填写“任务名称”", '<input type="text"')
    ]
    assert places == sorted(places)
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert "maxlength" not in html
    assert "说明<span" in html
    assert "不超过500字" in html


def test_error_summary_links_to_the_fields_with_the_same_words() -> None:
    html = draw('{% include "components/error_summary.html" %}', form=Sample({}))
    assert "有2处需要修改" in html
    assert '<a href="#id_title">填写“任务名称”</a>' in html
    assert draw('{% include "components/error_summary.html" %}', form=Sample()).strip() == ""


def test_filters_keep_four_in_the_row() -> None:
    html = draw("{% filters form visible=2 %}", form=Sample())
    assert html.index("任务名称") < html.index("更多筛选") < html.index("状态")
    assert 'action="/tasks/"' in html


@pytest.mark.parametrize("name", ["400", "500", "503"])
def test_bare_error_pages_need_nothing(name: str) -> None:
    html = get_template(f"errors/{name}.html").render({"request_id": "7F3A00B1C2D3"})
    assert "7F3A00B1C2D3" in html
    assert "<form" not in html
