"""The table of a list from its columns: `{% heads %}`, `{% row %}` with one `{% cell %}` a column, and
`{% chooser %}`. The first two read `columns` (core.columns.Table) from the context of the page."""

from typing import Any

from django import template
from django.middleware.csrf import get_token
from django.template import Context
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from core.columns import Table
from core.listing import sort_link

register = template.Library()


@register.simple_tag(takes_context=True)
def heads(context: Context) -> SafeString:
    """`<thead>` with a cell for each column; those that sort are links."""
    cells = [_head(context, place) for place in context["columns"]]
    return format_html("<thead><tr>{}</tr></thead>", format_html_join("", "{}", zip(cells)))


def _head(context: Context, place: Any) -> SafeString:
    column = place.column
    css = format_html(' class="{}"', place.css) if place.css else ""
    if not column.sort:
        return format_html('<th scope="col"{}>{}</th>', css, column.label)
    link = sort_link(context["request"].GET, column.sort, "ordering")
    arrow = {"ascending": " ↑", "descending": " ↓"}.get(link.direction, "")
    sort = format_html(' aria-sort="{}"', link.direction) if link.direction else ""
    return format_html(
        '<th scope="col"{}{}><a href="{}">{}<span aria-hidden="true">{}</span></a></th>',
        css,
        sort,
        link.query,
        column.label,
        arrow,
    )


class CellNode(Node):
    """What one column shows of a row."""

    def __init__(self, name: str, content: NodeList) -> None:
        self.name, self.nodelist = name, content

    def render(self, context: Context) -> SafeString:
        return self.nodelist.render(context)


class RowNode(Node):
    """`<tr>` with the cells in the order of the columns, whatever their order in the template."""

    def __init__(self, cells: dict[str, CellNode], css: FilterExpression | None) -> None:
        self.cells, self.css = cells, css
        self.names = frozenset(cells)

    def render(self, context: Context) -> SafeString:
        table: Table = context["columns"]
        if table.names != self.names:
            odd = ", ".join(sorted(table.names ^ self.names))
            raise template.TemplateSyntaxError(f"Columns and cells do not agree: {odd}.")
        css = self.css.resolve(context) if self.css else ""
        parts = [format_html('<tr class="{}">', css) if css else "<tr>"]
        for place in table:
            content = self.cells[place.column.name].render(context).strip()
            parts += (place.opening, content, place.closing)
        return mark_safe("".join([*parts, "</tr>"]))  # noqa: S308 - cells are rendered templates, the rest is escaped in core.columns


@register.tag
def row(parser: Parser, token: Token) -> RowNode:
    """`{% row %}{% cell "name" %}…{% endcell %}…{% endrow %}`; `{% row css %}` gives the row a class."""
    words = token.split_contents()
    content = parser.parse(("endrow",))
    parser.delete_first_token()
    cells = {node.name: node for node in content.get_nodes_by_type(CellNode)}
    return RowNode(cells, parser.compile_filter(words[1]) if len(words) > 1 else None)


@register.tag
def cell(parser: Parser, token: Token) -> CellNode:
    """`{% cell "name" %}…{% endcell %}` inside a `{% row %}`."""
    _tag, name = token.split_contents()
    content = parser.parse(("endcell",))
    parser.delete_first_token()
    return CellNode(name.strip("\"'"), content)


@register.inclusion_tag("components/columns.html")
def chooser(page: Any, columns: Table | None = None) -> dict[str, Any]:
    """「列与密度」 of a list (core.lists.KeptPage): a form of its own beside the filters, which it never
    touches."""
    user = page.request.user
    return {
        "path": page.path,
        "next": page.request.get_full_path(),
        "columns": columns,
        "densities": user._meta.get_field("density").choices,
        "density": user.density,
        "csrf_token": get_token(page.request),
    }
