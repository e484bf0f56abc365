"""The contract of every list page: filters, sort and page are in the address, and the page and its
htmx swap come from one template (ux.md §5.1)."""

from typing import Any

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.generic import View

from .htmx import render
from .listing import whole_number

SIZES = (20, 50, 100)
MOST = 500


class ListPage(View):
    """Subclasses give `template_name`, `filterset_class`, `ordering_fields`, `ordering` and
    `get_queryset()` (already `visible_to(user)`); the context holds `filter`, `page_obj`, `rows`.

    An unknown parameter is ignored, a page out of range gives the nearest one.
    """

    template_name = ""
    filterset_class: Any = None
    ordering_fields: tuple[str, ...] = ()
    ordering: tuple[str, ...] = ()
    page_size = SIZES[1]
    request: HttpRequest

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
        return {"filter": found, "page_obj": page, "rows": page.object_list, **kwargs}

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
