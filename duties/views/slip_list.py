"""提醒单: the list of slips, and its workbook."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Case, Count, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.roles import Permission
from core import clock, spreadsheets
from core.columns import Column

from ..choices import SlipLevel, SlipState
from ..models import Slip
from ..models.slips import SlipQuerySet
from ..queries.slips import may_issue
from ..slip_filters import SlipFilter
from .extension_list import ProgrammeList, ProgrammePageFilter, as_workbook, yes_or_no

FIRST = (
    "q", "state", "level", "unit", "overdue", "sent_after", "sent_before", "programme", "assignment",
)  # fmt: skip
ORDER = (SlipState.RETURNED, SlipState.TO_APPROVE, SlipState.SENT, SlipState.REPLIED)


class SlipPageFilter(ProgrammePageFilter, SlipFilter):
    programme = filters.CharFilter(
        label=gettext_lazy("试点方案"),
        field_name="assignment__enrolment__programme__code",
        widget=forms.HiddenInput,
    )
    assignment = filters.CharFilter(
        label=gettext_lazy("任务编号"), field_name="assignment__number", widget=forms.HiddenInput
    )
    state = filters.ChoiceFilter(label=pgettext_lazy("slip", "回复状态"), choices=SlipState.choices)
    level = filters.ChoiceFilter(label=gettext_lazy("级别"), choices=SlipLevel.choices)
    unit = filters.ChoiceFilter(
        label=gettext_lazy("单位"), field_name="assignment__enrolment__unit__code"
    )
    overdue = yes_or_no(gettext_lazy("逾期未回复"), "answer_is_late")

    class Meta(SlipFilter.Meta):
        fields: list[str] = []

    def __init__(self, data: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.filters = {name: self.filters[name] for name in FIRST}


class SlipList(ProgrammeList):
    """/slips/"""

    required_permission = Permission.READ_REPORTS
    template_name = "duties/slip_list.html"
    page_filter = SlipPageFilter
    ordering_fields = ("number", "level", "state", "sent_on", "reply_by")
    columns = (
        Column("number", gettext_lazy("编号"), "fit", "number", short=""),
        Column("level", gettext_lazy("级别"), "fit", "level", short=""),
        Column("task", gettext_lazy("任务"), is_title=True),
        Column("unit", gettext_lazy("单位")),
        Column("state", pgettext_lazy("slip", "回复状态"), "fit", "state"),
        Column("sent", gettext_lazy("发出日期"), "fit", "sent_on"),
        Column("reply_by", gettext_lazy("回复期限"), "fit", "reply_by"),
        Column("replied", gettext_lazy("回复日期"), "fit"),
    )

    def get_queryset(self) -> SlipQuerySet:
        return self.visible().for_lists()

    def visible(self) -> SlipQuerySet:
        return Slip.objects.visible_to(self.request.user)

    @property
    def ordering(self) -> tuple[Any, ...]:  # type: ignore[override]
        """What is not sent first, then what is not answered, the oldest on top."""
        place = Case(
            *(When(state=state, then=Value(rank)) for rank, state in enumerate(ORDER)),
            default=Value(len(ORDER)),
            output_field=IntegerField(),
        )
        return (place, "reply_by", "-sent_on", "-number")

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(**kwargs)
        for row in context["rows"]:
            row.said, row.tone = said_of(row), tone(row)
        return {
            **context,
            **self.frame(),
            "form": context["filter"].form,
            "facts": self.facts(),
            "tools": self.tools(),
        }

    def facts(self) -> list[dict[str, Any]]:
        rows, today = self.visible(), clock.today()
        if self.programme:
            rows = rows.filter(assignment__enrolment__programme=self.programme)
        counts = dict(rows.order_by().values_list("state").annotate(Count("pk")))
        late = rows.overdue(today).count()
        shown = [SlipState.SENT, SlipState.REPLIED]
        found = [
            self.preset(state.label, counts.get(state, 0), {"state": state.value}, "")
            for state in shown
        ]
        found.insert(0, self.preset(_("逾期未回复"), late, {"overdue": "true"}, "late"))
        return found

    def tools(self) -> list[dict[str, Any]]:
        tools = self.exporting("duties:slip-export")
        if self.programme and may_issue(self.programme, self.request.user):
            query = urlencode({"programme": self.programme.code})
            url = f"{reverse('duties:slip-levels')}?{query}"
            tools.append({"url": url, "label": _("级别名称"), "icon": ""})
        return tools


class SlipExport(SlipList):
    """/slips/export.xlsx: exactly the rows of the page."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = self.filterset_class(request.GET, queryset=self.get_queryset(), request=request)
        rows = found.qs.order_by(*self.get_ordering()).prefetch_related("replies")
        facts = {"who": request.user, "day": clock.today()}
        notes = [_("导出人%(who)s，%(day)s") % facts]
        content = spreadsheets.workbook(_("提醒单"), _columns(), map(_cells, rows), notes)
        return as_workbook(content, _("提醒单_%(day)s.xlsx") % {"day": clock.today()})


def said_of(row: Slip) -> str:
    """未回复, 已回复, 逾期未回复; before it is sent, its state."""
    if row.is_overdue(clock.today()):
        return _("逾期未回复")
    return row.get_state_display()


def tone(row: Slip) -> str:
    if row.state == SlipState.RETURNED or row.is_overdue(clock.today()):
        return "back"
    return "over" if row.state in {SlipState.REPLIED, SlipState.CANCELLED} else ""


def _columns() -> list[spreadsheets.Column]:
    return [
        spreadsheets.Column(label)
        for label in (
            _("编号"), _("级别"), _("任务"), _("任务编号"), _("单位"), _("截止日期"),
            _("回复状态"), _("发出日期"), _("回复期限"), _("回复日期"), _("正文"), _("回复"),
        )
    ]  # fmt: skip


def _cells(row: Slip) -> list[Any]:
    task = row.assignment
    replies = "\n".join(reply.text for reply in row.replies.all())
    return [
        row.number, row.label, task.obligation.display_title, task.number, row.unit.display_name,
        row.due_on, said_of(row), row.sent_on, row.reply_by, row.replied_on, row.text, replies,
    ]  # fmt: skip
