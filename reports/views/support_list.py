"""问题建议与支持事项: the list, and its workbook."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission
from core import clock, spreadsheets
from core.columns import Column
from duties.views.extension_list import ProgrammeList, ProgrammePageFilter, as_workbook, yes_or_no
from pilots import access

from ..choices import SUPPORT_OPEN, SupportKind, SupportNature, SupportStatus
from ..models import SupportRequest
from ..models.support import SupportRequestQuerySet
from ..queries.support import raised_for
from ..support_filters import SupportFilter

FIRST = (
    "q", "status", "unit", "nature", "kind", "overdue", "waiting", "open", "raised_after",
    "raised_before", "programme", "report",
)  # fmt: skip
OVER = (SupportStatus.CLOSED, SupportStatus.WITHDRAWN)


class SupportPageFilter(ProgrammePageFilter, SupportFilter):
    programme = filters.CharFilter(
        label=gettext_lazy("试点方案"),
        field_name="enrolment__programme__code",
        widget=forms.HiddenInput,
    )
    report = filters.CharFilter(
        label=gettext_lazy("报告编号"), field_name="report__number", widget=forms.HiddenInput
    )
    unit = filters.ChoiceFilter(label=gettext_lazy("单位"), field_name="enrolment__unit__code")
    nature = filters.ChoiceFilter(label=gettext_lazy("性质"), choices=SupportNature.choices)
    kind = filters.ChoiceFilter(label=gettext_lazy("支持事项"), choices=SupportKind.choices)
    status = filters.ChoiceFilter(label=gettext_lazy("状态"), choices=SupportStatus.choices)
    open = yes_or_no(gettext_lazy("待答复"), "is_open")
    overdue = yes_or_no(gettext_lazy("超期"), "is_overdue")
    waiting = yes_or_no(gettext_lazy("等我办理"), "waits_for_me")

    class Meta(SupportFilter.Meta):
        fields: list[str] = []

    def __init__(self, data: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.filters["q"].extra["widget"] = forms.TextInput(
            {"type": "search", "placeholder": _("标题、单位、编号")}
        )
        self.filters = {name: self.filters[name] for name in FIRST}


class SupportList(ProgrammeList):
    """/support/"""

    required_permission = Permission.READ_REPORTS
    label = gettext_lazy("问题建议与支持事项")
    template_name = "reports/support_list.html"
    page_filter = SupportPageFilter
    narrow = ("programme", "report")
    ordering_fields = ("number", "status", "raised_on", "answer_by", "nature")
    columns = (
        Column("number", gettext_lazy("编号"), "fit", "number", short=""),
        Column("status", gettext_lazy("状态"), "fit", "status", short=""),
        Column("title", gettext_lazy("标题"), is_title=True),
        Column("unit", gettext_lazy("单位")),
        Column("nature", gettext_lazy("性质"), "fit", "nature"),
        Column("raised", gettext_lazy("提出日期"), "fit", "raised_on"),
        Column("answer_by", gettext_lazy("答复期限"), "fit", "answer_by"),
        Column("report", gettext_lazy("出自报告"), "fit"),
    )

    def get_queryset(self) -> SupportRequestQuerySet:
        return self.visible().for_lists()

    def visible(self) -> SupportRequestQuerySet:
        return SupportRequest.objects.visible_to(self.request.user)

    @property
    def ordering(self) -> tuple[Any, ...]:  # type: ignore[override]
        """What waits for an answer first, the longest waiting on top; then what was answered."""
        place = Case(
            When(status__in=SUPPORT_OPEN, then=Value(0)),
            When(status=SupportStatus.ANSWERED, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
        return (place, "-closed_on", "raised_on", "number")

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(**kwargs)
        today = clock.today()
        for row in context["rows"]:
            row.tone, row.is_late = tone(row), row.is_overdue(today)
        user = self.request.user
        return {
            **context,
            **self.frame(),
            "form": context["filter"].form,
            "facts": self.facts(),
            "may_raise": access.may(user, Permission.WRITE_REPORTS) and bool(raised_for(user)),
            "tools": self.exporting("reports:support-export"),
        }

    def facts(self) -> list[dict[str, Any]]:
        """Ready-made filters with their numbers."""
        rows = self.visible()
        if self.programme:
            rows = rows.filter(enrolment__programme=self.programme)
        waits = Q(status__in=SUPPORT_OPEN)
        found = rows.order_by().aggregate(
            open=Count("pk", filter=waits),
            late=Count("pk", filter=waits & Q(answer_by__lt=clock.today())),
            answered=Count("pk", filter=Q(status=SupportStatus.ANSWERED)),
        )
        return [
            self.preset(_("待答复"), found["open"], {"open": "true"}, "due"),
            self.preset(_("超期未答复"), found["late"], {"overdue": "true"}, "over"),
            self.preset(
                SupportStatus.ANSWERED.label,
                found["answered"],
                {"status": SupportStatus.ANSWERED.value},
                "",
            ),
        ]


class SupportExport(SupportList):
    """/support/export.xlsx: exactly the rows of the page."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = self.filterset_class(request.GET, queryset=self.get_queryset(), request=request)
        rows = found.qs.order_by(*self.get_ordering())
        notes = [_("导出人%(who)s，%(day)s") % {"who": request.user, "day": clock.today()}]
        title = _("问题建议与支持事项")
        content = spreadsheets.workbook(title, _columns(), map(_cells, rows), notes)
        return as_workbook(content, f"{title}_{clock.today()}.xlsx")


def tone(row: SupportRequest) -> str:
    """How the status is set: what came back, what is over."""
    if row.status == SupportStatus.REOPENED:
        return "back"
    return "over" if row.status in OVER else ""


def _columns() -> list[spreadsheets.Column]:
    labels = (
        _("编号"), _("状态"), _("单位"), _("性质"), _("支持事项"), _("标题"), _("具体情况"),
        _("出自报告"), _("提出日期"), _("答复期限"), _("答复日期"), _("结束日期"),
    )  # fmt: skip
    return [spreadsheets.Column(label) for label in labels]


def _cells(row: SupportRequest) -> list[Any]:
    return [
        row.number, row.get_status_display(), row.unit.display_name, row.get_nature_display(),
        row.get_kind_display(), row.title, row.text, row.report.number if row.report else "",
        row.raised_on, row.answer_by, row.answered_on, row.closed_on,
    ]  # fmt: skip
