"""P12 延期: the list of requests for a later day, and its workbook."""

from functools import cached_property
from typing import Any
from urllib.parse import quote

import django_filters as filters
from django import forms
from django.db.models import Case, Count, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission
from core import clock, spreadsheets
from core.columns import Column
from core.lists import ListPage
from pilots import access
from pilots.current import current_programme, programmes_of
from pilots.models import Enrolment, Programme
from pilots.models.units import named_on

from ..choices import ExtensionState
from ..extension_filters import ExtensionFilter, chosen_from
from ..models import Extension
from ..models.extensions import ExtensionQuerySet

# These name rows of one programme by themselves: the current one must not be put beside them.
NARROW = ("programme", "assignment")
FIRST = (
    "q", "state", "unit", "waiting", "late", "open", "asked_after", "asked_before", "programme",
    "assignment",
)  # fmt: skip
YES_NO = (("", gettext_lazy("全部")), ("true", gettext_lazy("是")), ("false", gettext_lazy("否")))
ORDER = (
    ExtensionState.ASKED,
    ExtensionState.TO_APPROVE,
    ExtensionState.RETURNED,
    ExtensionState.TO_SIGN,
)


def yes_or_no(label: Any, method: str) -> filters.TypedChoiceFilter:
    return filters.TypedChoiceFilter(
        label=label, choices=YES_NO, coerce=lambda value: value == "true", method=method
    )


class ProgrammePageFilter(filters.FilterSet):
    """What the pages of extensions and of slips add to their sets: choices instead of codes."""

    def __init__(self, data: Any, *, programme: Programme | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        shown = [programme] if programme else programmes_of(self.request)
        rows = Enrolment.objects.visible_to(self.request.user).filter(
            programme__in=shown, withdrawn_on=None
        )
        named = rows.in_document_order().values_list(
            "unit__code", named_on(clock.today(), "unit_id")
        )
        choices = list({code: name or code for code, name in named}.items())
        chosen_from(self.filters["unit"], choices, (data or {}).get("unit"))
        for found in self.filters.values():
            if isinstance(found, filters.DateFilter):
                found.extra["widget"] = forms.DateInput({"type": "date"}, "%Y-%m-%d")
            if isinstance(found, filters.ChoiceFilter):
                found.extra["empty_label"] = _("全部")
        self.filters["q"].extra["widget"] = forms.TextInput(
            {"type": "search", "placeholder": _("任务、单位、编号")}
        )


class ExtensionPageFilter(ProgrammePageFilter, ExtensionFilter):
    programme = filters.CharFilter(
        label=gettext_lazy("试点方案"),
        field_name="assignment__enrolment__programme__code",
        widget=forms.HiddenInput,
    )
    assignment = filters.CharFilter(
        label=gettext_lazy("任务编号"), field_name="assignment__number", widget=forms.HiddenInput
    )
    state = filters.ChoiceFilter(label=gettext_lazy("状态"), choices=ExtensionState.choices)
    unit = filters.ChoiceFilter(
        label=gettext_lazy("单位"), field_name="assignment__enrolment__unit__code"
    )
    waiting = yes_or_no(gettext_lazy("等我办理"), "waits_for_me")
    late = yes_or_no(gettext_lazy("逾期后申请"), "asked_late")
    open = yes_or_no(gettext_lazy("在办"), "is_open")

    class Meta(ExtensionFilter.Meta):
        fields: list[str] = []

    def __init__(self, data: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.filters = {name: self.filters[name] for name in FIRST}


class ProgrammeList(ListPage):
    """A list of the current programme, unless the address names another or a single task."""

    narrow = NARROW

    def filterset_class(self, data: QueryDict, **kwargs: Any) -> Any:
        """Without a programme in the address the current one is put there."""
        if self.programme and not any(name in data for name in self.narrow):
            data = data.copy()
            data["programme"] = self.programme.code
        return self.page_filter(data, programme=self.programme, **kwargs)

    @cached_property
    def programme(self) -> Programme | None:
        """None when the reader asks for every programme (`?programme=`)."""
        if self.request.GET.get("programme") == "":
            return None
        return current_programme(self.request)

    def frame(self) -> dict[str, Any]:
        return {"programme": self.programme, "programmes": programmes_of(self.request)}

    def preset(self, label: Any, count: int, query: dict[str, str], tone: str) -> dict[str, Any]:
        code = self.programme.code if self.programme else ""
        url = f"{self.request.path}?{urlencode({'programme': code, **query})}"
        return {"label": label, "value": count, "url": url, "tone": tone if count else ""}

    def exporting(self, name: str) -> list[dict[str, Any]]:
        query = self.request.GET.urlencode()
        url = reverse(name) + (f"?{query}" if query else "")
        return [{"url": url, "label": _("导出"), "icon": "download"}]


class ExtensionList(ProgrammeList):
    """/extensions/"""

    required_permission = Permission.READ_REPORTS
    template_name = "duties/extension_list.html"
    page_filter = ExtensionPageFilter
    ordering_fields = ("number", "wanted_on", "due_on", "state", "asked_on")
    columns = (
        Column("number", gettext_lazy("编号"), "fit", "number", short=""),
        Column("state", gettext_lazy("状态"), "fit", "state", short=""),
        Column("task", gettext_lazy("任务"), is_title=True),
        Column("unit", gettext_lazy("单位")),
        Column("due", gettext_lazy("原定"), "fit", "due_on"),
        Column("wanted", gettext_lazy("申请至"), "fit", "wanted_on"),
        Column("reason", gettext_lazy("理由")),
        Column("place", gettext_lazy("第几次"), "fit"),
        Column("asked", gettext_lazy("申请日期"), "fit", "asked_on"),
    )

    def get_queryset(self) -> ExtensionQuerySet:
        return self.visible().for_lists()

    def visible(self) -> ExtensionQuerySet:
        return Extension.objects.visible_to(self.request.user)

    @property
    def ordering(self) -> tuple[Any, ...]:  # type: ignore[override]
        """What is open first, the longest waiting on top; what is decided newest first."""
        place = Case(
            *(When(state=state, then=Value(rank)) for rank, state in enumerate(ORDER)),
            default=Value(len(ORDER)),
            output_field=IntegerField(),
        )
        return (place, "-closed_on", "asked_on", "number")

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(**kwargs)
        for row in context["rows"]:
            row.tone = tone(row)
        return {
            **context,
            **self.frame(),
            "form": context["filter"].form,
            "facts": self.facts(),
            "tools": self.exporting("duties:extension-export"),
        }

    def facts(self) -> list[dict[str, Any]]:
        """Ready-made filters with their numbers."""
        rows = self.visible()
        if self.programme:
            rows = rows.filter(assignment__enrolment__programme=self.programme)
        counts = dict(rows.order_by().values_list("state").annotate(Count("pk")))
        shown = [ExtensionState.ASKED, ExtensionState.GRANTED, ExtensionState.REFUSED]
        if not access.may(self.request.user, Permission.REVIEW_REPORTS):
            shown.insert(0, ExtensionState.TO_SIGN)
        return [
            self.preset(
                state.label,
                counts.get(state, 0),
                {"state": state.value},
                "due" if state == ExtensionState.ASKED else "",
            )
            for state in shown
        ]


class ExtensionExport(ExtensionList):
    """/extensions/export.xlsx: exactly the rows of the page."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = self.filterset_class(request.GET, queryset=self.get_queryset(), request=request)
        rows = found.qs.order_by(*self.get_ordering())
        facts = {"who": request.user, "day": clock.today()}
        notes = [_("导出人%(who)s，%(day)s") % facts]
        content = spreadsheets.workbook(_("延期申请"), _columns(), map(_cells, rows), notes)
        return as_workbook(content, _("延期申请_%(day)s.xlsx") % {"day": clock.today()})


def as_workbook(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=spreadsheets.MEDIA_TYPE)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def tone(row: Extension) -> str:
    """How the state is set: what waits, what came back, what is over."""
    if row.state == ExtensionState.RETURNED:
        return "back"
    return "" if row.is_open else "over"


def _columns() -> list[spreadsheets.Column]:
    return [
        spreadsheets.Column(label)
        for label in (
            _("编号"), _("状态"), _("任务"), _("任务编号"), _("单位"), _("最初的截止日期"),
            _("申请时的截止日期"), _("申请延至"), _("同意延至"), _("第几次"), _("逾期后申请"),
            _("申请日期"), _("理由"), _("已做工作"), _("审批说明"),
        )
    ]  # fmt: skip


def _cells(row: Extension) -> list[Any]:
    task = row.assignment
    return [
        row.number, row.get_state_display(), task.obligation.display_title, task.number,
        row.unit.display_name, task.original_due_on, row.latest_on, row.wanted_on, row.granted_on,
        row.place, row.is_late, row.asked_on, row.reason, row.done_so_far, row.answer,
    ]  # fmt: skip
