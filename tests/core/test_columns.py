"""Columns of lists: declared once, left out on the screen only, and known to every list."""

import pytest
from django.http import QueryDict
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from core.columns import Column, Table, left_out
from core.listing import kept
from core.lists import KeptPage, ListPage, page_at

COLUMNS = (
    Column("number", "编号", "fit", "number", short=""),
    Column("title", "任务", is_title=True),
    Column("unit", "单位<甲>"),
    Column("act", "操作", fixed=True),
)
ROW = (
    '{% load columns %}{% heads %}{% row %}{% cell "unit" %}甲{% endcell %}'
    '{% cell "number" %} 1 {% endcell %}{% cell "act" %}{% endcell %}'
    '{% cell "title" %}工作总结{% endcell %}{% endrow %}'
)


def rendered(text, table, query=""):
    request = RequestFactory().get(f"/?{query}")
    return Template(text).render(Context({"columns": table, "request": request}))


def test_head_and_cells_follow_the_declaration():
    page = rendered(ROW, Table(COLUMNS), "ordering=-number&q=x")
    assert page.index("编号") < page.index("任务") < page.index("单位") < page.index("操作")
    assert 'aria-sort="descending"' in page
    assert "?ordering=number&amp;q=x" in page or "?q=x&amp;ordering=number" in page
    row = page[page.index("</thead>") :]
    assert '<tr><td class="fit">1</td><th scope="row">工作总结</th>' in row
    assert '<td data-label="单位&lt;甲&gt;">甲</td>' in row


def test_a_column_left_out_stays_in_the_page_for_paper():
    page = rendered(ROW, Table(COLUMNS, hidden=["unit", "title", "act"]))
    assert '<th scope="col" class="off">' in page
    assert '<td class="off" data-label="单位&lt;甲&gt;">甲</td>' in page
    assert page.count("off") == 2  # neither the title nor what is fixed can be left out
    assert Table(COLUMNS, hidden=["unit", "title"]).hidden_count == 1


def test_a_column_without_anything_to_show_is_absent():
    table = Table(COLUMNS, absent=["number"])
    assert len(table) == 3
    assert "编号" not in rendered(ROW, table)


def test_a_row_may_have_a_class():
    text = ROW.replace("{% row %}", "{% row css %}")
    request = RequestFactory().get("/")
    page = Template(text).render(
        Context({"columns": Table(COLUMNS), "request": request, "css": "group"})
    )
    assert '<tr class="group">' in page


def test_a_cell_without_a_column_and_a_column_without_a_cell_are_faults():
    for columns in (COLUMNS[:3], (*COLUMNS, Column("more", "其他"))):
        with pytest.raises(TemplateSyntaxError, match=r"act|more"):
            rendered(ROW, Table(columns))


def test_only_what_may_be_left_out_is_kept_as_left_out():
    assert left_out(COLUMNS, ["unit"]) == ["number"]
    assert left_out(COLUMNS, ["unit", "number", "nonsense"]) == []


def test_equal_states_of_a_list_are_equal_texts():
    known, blank = {"status", "q", "programme"}, ("programme",)
    query = QueryDict("status=b&page=3&q=&status=a&programme=&odd=1&status=a")
    found = kept(query, known, blank)
    assert found.query == "programme=&status=a&status=b"
    assert found.unknown == ("odd",)
    assert kept(QueryDict("status=a&status=b&programme="), known, blank).query == found.query
    assert not kept(QueryDict("q=&page=2"), known, blank)


def _lists(resolver=None, prefix="/"):
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _lists(pattern, route)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", None)
            if isinstance(view, type) and issubclass(view, KeptPage):
                yield route, view


def test_every_list_knows_its_parameters():
    lists = dict(_lists())
    assert {"/tasks/", "/deadlines/", "/units/", "/officers/", "/filings/", "/audit/"} <= set(lists)
    for route, view in lists.items():
        assert view.parameters(), route
        assert not issubclass(view, ListPage) or "ordering" in view.parameters()


def test_lists_name_their_columns_once_each():
    tables = [view for _route, view in _lists() if view.columns]
    assert len(tables) >= 8
    for view in tables:
        names = [column.name for column in view.columns]
        assert len(set(names)) == len(names)
        assert sum(column.is_title for column in view.columns) == 1
        sorts = {column.sort for column in view.columns if column.sort}
        assert sorts <= set(view.ordering_fields), view


def test_an_address_that_is_no_list_has_none():
    assert page_at("/tasks/") is not None
    assert page_at("/help/") is None
    assert page_at("/nowhere/") is None
    assert page_at("tasks") is None
