"""专项通知: the list of orders, and its workbook."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission
from core import audit, clock
from core import spreadsheets as sheets
from core.columns import Column
from core.lists import ListPage
from pilots import access
from pilots.current import current_programme, programmes_of
from pilots.models import Programme

from ..choices import Level, OrderState
from ..filters import OrderFilter
from ..models import Assignment, Order, OrderQuerySet

TONES = {OrderState.DRAFT: "", OrderState.TO_SIGN: "mine", OrderState.WITHDRAWN: "over"}
MOST = 20000


class OrderPageFilter(OrderFilter):
    """What `/orders/` narrows by."""

    programme = filters.CharFilter(
        label=gettext_lazy("试点方案"), field_name="programme__code", widget=forms.HiddenInput
    )
    state = filters.ChoiceFilter(
        label=gettext_lazy("状态"), choices=OrderState.choices, empty_label=gettext_lazy("全部")
    )
    level = filters.ChoiceFilter(
        label=gettext_lazy("级别"), choices=Level.choices, empty_label=gettext_lazy("全部")
    )
    unit = filters.CharFilter(
        label=gettext_lazy("主办单位代码"), method="of_unit", widget=forms.HiddenInput
    )

    class Meta(OrderFilter.Meta):
        fields: list[str] = []

    def __init__(self, *args: Any, states: Iterable[OrderState], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["state"].extra["choices"] = [(each.value, each.label) for each in states]
        for name in ("due_after", "due_before"):
            self.filters[name].extra["widget"] = forms.DateInput({"type": "date"}, "%Y-%m-%d")
        self.filters["q"].extra["widget"] = forms.TextInput(
            {"type": "search", "placeholder": _("标题、编号、来源文件")}
        )


class OrderList(ListPage):
    """/orders/"""

    required_permission = Permission.READ_UNITS
    label = gettext_lazy("专项通知")
    template_name = "duties/order_list.html"
    ordering_fields = ("number", "due_on", "issued_on", "state", "updated_at")
    ordering = ("-number",)
    page_filter = OrderPageFilter
    columns = (
        Column("number", gettext_lazy("编号"), "fit", "number", short=""),
        Column("state", gettext_lazy("状态"), "fit", "state", short=""),
        Column("title", gettext_lazy("通知标题"), is_title=True),
        Column("level", gettext_lazy("级别"), "fit"),
        Column("units", gettext_lazy("主办单位"), "fit"),
        Column("done", gettext_lazy("签收和完成"), "fit"),
        Column("due", gettext_lazy("截止"), "fit", "due_on"),
        Column("issued", gettext_lazy("发出日期"), "fit", "issued_on"),
    )

    def filterset_class(self, data: QueryDict, **kwargs: Any) -> OrderPageFilter:
        """Without a programme in the address the current one is put there."""
        if self.programme and "programme" not in data:
            data = data.copy()
            data["programme"] = self.programme.code
        return self.page_filter(data, states=self.states, **kwargs)

    @cached_property
    def programme(self) -> Programme | None:
        """None when the reader asks for every programme (`?programme=`)."""
        if self.request.GET.get("programme") == "":
            return None
        return current_programme(self.request)

    def get_queryset(self) -> OrderQuerySet:
        return with_counts(self.visible(), self.request.user).for_lists()

    def visible(self) -> OrderQuerySet:
        return Order.objects.visible_to(self.request.user)

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(**kwargs)
        for row in context["rows"]:
            row.tone = TONES.get(row.state, "")
        return {
            **context,
            "form": context["filter"].form,
            "programme": self.programme,
            "programmes": programmes_of(self.request),
            "facts": self.presets(),
            "primary": self.primary(),
            "tools": self.tools(),
        }

    def presets(self) -> list[dict[str, Any]]:
        """The states with their numbers."""
        rows = self.visible()
        if self.programme:
            rows = rows.filter(programme=self.programme)
        counts = dict(rows.order_by().values_list("state").annotate(Count("pk")))
        code = self.programme.code if self.programme else ""
        return [
            {
                "label": state.label,
                "value": counts.get(state, 0),
                "url": f"{self.path}?{urlencode({'programme': code, 'state': state.value})}",
                "tone": "due" if state == OrderState.TO_SIGN and counts.get(state) else "",
            }
            for state in self.states
        ]

    @cached_property
    def states(self) -> tuple[OrderState, ...]:
        """Those in which the reader may find an order: units are shown what was issued."""
        is_desk = access.may(self.request.user, Permission.READ_OVERVIEW)
        return tuple(OrderState) if is_desk else (OrderState.ISSUED, OrderState.WITHDRAWN)

    def primary(self) -> dict[str, Any] | None:
        user, programme = self.request.user, self.programme
        if programme and access.may(user, Permission.ISSUE_DOCUMENTS, programme=programme):
            url = f"{reverse('duties:order-new')}?programme={programme.code}"
            return {"url": url, "label": _("发通知")}
        return None

    def tools(self) -> list[dict[str, Any]]:
        query = self.request.GET.urlencode()
        url = f"{reverse('duties:order-export')}{'?' if query else ''}{query}"
        return [{"url": url, "label": _("导出Excel"), "icon": "download"}]


def with_counts(rows: OrderQuerySet, user: Any) -> OrderQuerySet:
    """Adds `lead_count`, and of the tasks that the reader may see `task_count`, `accepted_count`,
    `done_count`."""
    tasks = Assignment.objects.readable_by(user).filter(obligation=OuterRef("obligation_id"))

    def count(found: Any) -> Coalesce:
        number = found.order_by().values("obligation").annotate(n=Count("*")).values("n")
        return Coalesce(Subquery(number), 0, output_field=IntegerField())

    return rows.annotate(
        lead_count=Count("leads", distinct=True),
        task_count=count(tasks.counted()),
        accepted_count=count(tasks.counted().exclude(accepted_at=None)),
        done_count=count(tasks.filter(status="done")),
    )


class OrderExport(OrderList):
    """/orders/export.xlsx: exactly the rows of the page."""

    heads = (
        gettext_lazy("编号"), gettext_lazy("状态"), gettext_lazy("通知标题"), gettext_lazy("级别"),
        gettext_lazy("发文字号"), gettext_lazy("来源文件"), gettext_lazy("来源文件的发文字号"),
        gettext_lazy("主办单位数"), gettext_lazy("已签收"), gettext_lazy("已完成"),
        gettext_lazy("截止日期"), gettext_lazy("发出日期"), gettext_lazy("撤销原因"),
    )  # fmt: skip

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = self.filterset_class(request.GET, queryset=self.get_queryset(), request=request)
        rows = [self.line(row) for row in found.qs.order_by(*self.get_ordering())[:MOST]]
        note = _("%(who)s于%(day)s导出") % {"who": request.user, "day": clock.today()}
        title = _("专项通知")
        content = sheets.workbook(title, [str(head) for head in self.heads], rows, [note])
        after = {"count": len(rows), "query": request.GET.urlencode()}
        programme = self.programme
        audit.record(
            "orders.export", by=request.user, subject="orders", programme=programme, after=after
        )
        response = HttpResponse(content, content_type=sheets.MEDIA_TYPE)
        name = f"{title}_{clock.today()}.xlsx"
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response

    def line(self, row: Any) -> list[Any]:
        return [
            row.number, row.get_state_display(), row.title, row.get_level_display(),
            row.document_number, row.source_title, row.source_number, row.lead_count,
            row.accepted_count, row.done_count, row.due_on, row.issued_on, row.withdraw_reason,
        ]  # fmt: skip
