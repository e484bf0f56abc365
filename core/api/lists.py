"""What a list understands in its address: filters, search, order, page.

A parameter that is unknown, or a value that cannot be meant, is answered with 422, naming the
parameter and what is allowed: a machine that misspells a filter must not get all rows instead.
"""

import difflib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django import forms
from django.db.models import F, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions, filters, pagination
from rest_framework.request import Request

from .. import clock

# Every endpoint knows these; `format` is the framework's own.
COMMON = ("search", "on", "ordering", "page", "page_size", "format")
ON_DETAILS = ("on", "format")
BOOLEANS = {"true", "false", "True", "False"}


def bad_parameter(name: str, text: str) -> exceptions.ValidationError:
    """422 whose `errors` hold one parameter."""
    return exceptions.ValidationError({name: [text]})


class Pagination(pagination.PageNumberPagination):
    """`{count, next, previous, results}`; `page_size` 1 to 500, 50 unless told."""

    page_size = 50
    max_page_size = 500
    page_size_query_param = "page_size"
    page_query_description: Any = gettext_lazy("页码，从1起")
    page_size_query_description: Any = gettext_lazy("每页行数，1至500，默认50；超过500按500")
    template = None

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        for name in ("page", "page_size"):
            value = request.query_params.get(name, "")
            if value and not (value.isascii() and value.isdigit() and int(value) > 0):
                raise bad_parameter(name, _("%(name)s是从1起的整数。") % {"name": name})
        try:
            return super().paginate_queryset(queryset, request, view)
        except exceptions.NotFound:
            raise exceptions.NotFound(_("没有这一页。从next和previous给出的地址翻页。")) from None

    def get_paginated_response_schema(self, schema: Any) -> Any:
        found = super().get_paginated_response_schema(schema)
        found["required"] = ["count", "next", "previous", "results"]
        return found


class Parameters(filters.BaseFilterBackend):
    """Refuses parameters that the endpoint does not know, and a day that is none."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        known = _known(view)
        for name in request.query_params:
            if name not in known:
                raise bad_parameter(name, unknown_name(name, known, _("参数")))
        on = request.query_params.get("on", "")
        if on and clock.read_day(on) is None:
            raise bad_parameter("on", _day_text("on"))
        return queryset

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        texts = {
            "search": _("按名称查找，一两个字也可以；单位还认拼音首字母。与q相同"),
            "on": _("截至日期，YYYY-MM-DD；不写为今天"),
        }
        known = getattr(getattr(view, "filterset_class", None), "base_filters", {})
        types = {"search": {"type": "string"}, "on": {"type": "string", "format": "date"}}
        return [
            {"name": name, "in": "query", "required": False, "description": text, "schema": schema}
            for (name, text), schema in zip(texts.items(), types.values(), strict=True)
            if name not in known
        ]


def _known(view: Any) -> list[str]:
    if view.detail:
        return list(ON_DETAILS)
    own = getattr(getattr(view, "filterset_class", None), "base_filters", {})
    return [*own, *(name for name in COMMON if name not in own)]


def unknown_name(name: str, known: list[str], what: str) -> str:
    """What is said of a parameter or a field (`what`) that is none of the `known`."""
    facts = {"name": name, "what": what, "known": _("、").join(known)}
    if near := difflib.get_close_matches(name, known, n=1):
        return _("没有%(name)s这个%(what)s，是不是%(near)s？") % {**facts, "near": near[0]}
    return _("没有%(name)s这个%(what)s。可用的有：%(known)s。") % facts


class SetFilter(DjangoFilterBackend):
    """The FilterSet of the page's list, asked strictly; `search` is another name of its `q`."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        if view.detail:
            return queryset
        asked = {"search", *view.filterset_class.base_filters} & request.query_params.keys()
        if not asked and not getattr(view, "filters_always", False):  # some narrow unasked, too
            return queryset
        given = _given(request)
        names = frozenset(given.keys() & view.filterset_class.base_filters.keys())
        found = _narrowed(view.filterset_class, names)(given, queryset, request=request)
        faults = dict(_faults(found.form.fields, found.data))
        if not faults and not found.is_valid():
            faults = {name: [str(text) for text in texts] for name, texts in found.errors.items()}
        if faults:
            raise exceptions.ValidationError(faults)
        return found.qs


def _given(request: Request) -> QueryDict:
    """The query without empty values (`?status=` asks for nothing), and with `search` as `q`."""
    given = request.query_params.copy()
    for name in list(given):
        given.setlist(name, [value for value in given.getlist(name) if value])
    if not given.get("q"):
        given["q"] = given.get("search", "")
    return given


@lru_cache(maxsize=256)
def _narrowed(filterset: Any, names: frozenset[str]) -> Any:
    """The set with these filters only: a form of one field is built ten times as fast as one of
    thirteen."""
    kept = {name: each for name, each in filterset.base_filters.items() if name in names}
    narrowed = type(filterset.__name__, (filterset,), {})
    narrowed.base_filters = kept  # type: ignore[attr-defined]
    return narrowed


def _faults(fields: Mapping[str, forms.Field], data: Any) -> Iterable[tuple[str, list[str]]]:
    for name, field in fields.items():
        values = data.getlist(name)
        if values and (text := _fault(name, field, values)):
            yield name, [text]


def _fault(name: str, field: forms.Field, values: list[str]) -> str:
    """What is wrong with the values of one parameter, or ''."""
    if isinstance(field, forms.NullBooleanField):
        text = _("%(name)s只能是true或false。")
        return "" if set(values) <= BOOLEANS else text % {"name": name}
    if isinstance(field, forms.DateField):
        return "" if all(clock.read_day(value) for value in values) else _day_text(name)
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        allowed = [str(value) for value, _label in choices if value]
        facts = {"name": name, "allowed": _("、").join(allowed)}
        return "" if set(values) <= set(allowed) else _("%(name)s只能是%(allowed)s。") % facts
    return ""


def _day_text(name: str) -> str:
    return _("%(name)s写成2022-04-15这样的日期，1949年至2199年。") % {"name": name}


class StableOrderingFilter(filters.BaseFilterBackend):
    """`?ordering=-due_on,number`, by the names in the view's `ordering_fields` (name → column).

    Empty values come last either way; the primary key always breaks ties, so pages never overlap.
    """

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        if view.detail:
            return queryset
        wanted = [part.strip() for part in request.query_params.get("ordering", "").split(",")]
        wanted = [part for part in wanted if part]
        if not wanted:
            return queryset.order_by(*view.ordering, "pk")
        unknown = [part for part in wanted if part.removeprefix("-") not in view.ordering_fields]
        if unknown:
            facts = {"allowed": _("、").join(view.ordering_fields)}
            text = _("ordering只能是%(allowed)s，前面加-为倒序，几个之间用逗号。") % facts
            raise bad_parameter("ordering", text)
        return queryset.order_by(*(_order(part, view.ordering_fields) for part in wanted), "pk")

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        names = [sign + name for name in view.ordering_fields for sign in ("", "-")]
        text = _("排序，前面加-为倒序，几个之间用逗号：%(names)s")
        return [
            {
                "name": "ordering",
                "in": "query",
                "required": False,
                "description": text % {"names": _("、").join(view.ordering_fields)},
                "schema": {"type": "array", "items": {"type": "string", "enum": names}},
                "explode": False,
                "style": "form",
            }
        ]


def _order(part: str, columns: Mapping[str, str]) -> Any:
    column = F(columns[part.removeprefix("-")])
    return column.desc(nulls_last=True) if part.startswith("-") else column.asc(nulls_last=True)
