"""The contract of every list page: filters, sort and page are in the address, and the page and its
htmx swap come from one template (ux.md §5.1)."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, resolve
from django.views.generic import View

from .columns import Column, Table
from .htmx import render
from .listing import Kept, kept, whole_number

SIZES = (20, 50, 100)
MOST = 500


class KeptPage(View):
    """A page whose whole state is the query of its address, under names it knows: so that the state
    can be kept under a name, and what is kept can be checked (saved views).

    `page_filter` is the form or filter set that knows them, where `filterset_class` is a method.
    `blank` are names that say something also when they are empty. `columns` are those of its table,
    where it has one; `label` what the list is called where its views are managed.
    """

    label: Any = ""
    page_filter: Any = None
    blank: tuple[str, ...] = ("programme",)
    columns: tuple[Column, ...] = ()
    request: HttpRequest

    @classmethod
    def parameters(cls) -> frozenset[str]:
        """Names that the address of this page may hold, but for the number of the page."""
        source = cls.page_filter or getattr(cls, "filterset_class", None)
        return frozenset(getattr(source, "base_filters", None) or source.base_fields)

    @property
    def path(self) -> str:
        return self.request.path_info

    @property
    def kept(self) -> Kept:
        """What of this address is worth keeping."""
        return kept(self.request.GET, self.parameters(), self.blank)

    def ready_made(self) -> list[tuple[Any, str]]:
        """Ready-made filters of this list as (name, query), `?` included."""
        return []

    def table(self, absent: Iterable[str] = ()) -> Table:
        """The columns as this person wants them."""
        chosen = getattr(self.request.user, "hidden_columns", {})
        return Table(self.columns, chosen.get(self.path, ()), absent)


def page_at(path: str) -> type[KeptPage] | None:
    """The list at an address of this site, or None."""
    try:
        view = getattr(resolve(path).func, "view_class", None)
    except Resolver404:
        return None
    return view if isinstance(view, type) and issubclass(view, KeptPage) else None


def query_for(page: type[KeptPage], query: str) -> Kept:
    """What of `query` (with or without `?`) the page at hand understands."""
    return kept(QueryDict(query.removeprefix("?")), page.parameters(), page.blank)


class ListPage(KeptPage):
    """Subclasses give `template_name`, `filterset_class`, `ordering_fields`, `ordering` and
    `get_queryset()` (already `visible_to(user)`); the context holds `filter`, `page_obj`, `rows`,
    `list_page` (the view itself, for saved views and the chooser) and `columns`.

    An unknown parameter is ignored, a page out of range gives the nearest one.
    """

    template_name = ""
    filterset_class: Any = None
    ordering_fields: tuple[str, ...] = ()
    ordering: tuple[str, ...] = ()
    page_size = SIZES[1]

    @classmethod
    def parameters(cls) -> frozenset[str]:
        return super().parameters() | {"ordering", "page_size"}

    def get_queryset(self) -> QuerySet:
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return render(request, self.template_name, self.get_context(**kwargs))

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        found = self.filterset_class(
            self.request.GET, queryset=self.get_queryset(), request=self.request
        )
        rows = found.qs.order_by(*self.get_ordering())
        page = self.paginate(rows)
        return {
            "filter": found,
            "page_obj": page,
            "rows": page.object_list,
            "list_page": self,
            "columns": self.table(),
            **kwargs,
        }

    def get_ordering(self) -> tuple[str, ...]:
        wanted = self.request.GET.get("ordering", "")
        if wanted.removeprefix("-") in self.ordering_fields:
            return (wanted, "pk")
        return (*self.ordering, "pk")

    def paginate(self, rows: QuerySet) -> Page:
        """The page asked for. A first page that holds everything is counted by reading it."""
        size, wanted = self.get_page_size(), self.request.GET.get("page", "1")
        if wanted == "1":
            first = list(rows[: size + 1])
            if len(first) <= size:
                return Paginator(first, size).page(1)
            return Page(first[:size], 1, Paginator(rows, size))
        pager = Paginator(rows, size)
        try:
            return pager.page(wanted)
        except PageNotAnInteger:
            return pager.page(1)
        except EmptyPage:
            return pager.page(pager.num_pages)

    def get_page_size(self) -> int:
        wanted = whole_number(self.request.GET.get("page_size", ""))
        return self.page_size if wanted is None else min(max(wanted, 1), MOST)
