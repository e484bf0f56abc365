"""/trainings/: the list of trainings and meetings, the same rows as a workbook, and the quotas."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.columns import Column
from core.listing import applied
from core.lists import ListPage
from core.spreadsheets import MEDIA_TYPE, workbook
from core.spreadsheets import Column as SheetColumn
from pilots.current import current_programme, programmes_of
from pilots.models import Programme

from .. import services
from ..choices import EventKind, EventStatus
from ..models import Event, EventQuerySet
from ..queries import listing
from ..queries.allowed import may_manage
from ..queries.quota import coverage, quotas, skills
from .bases import TONES, days, may_write
from .list_filters import EventPageFilter


class EventRows(ListPage):
    """What page and export have in common: the rows, as the address asks for them."""

    required_permission = Permission.READ_EVENTS
    page_filter = EventPageFilter
    ordering_fields = ("number", "title", "kind", "starts_on", "hours", "came", "status")
    ordering = ("-starts_on", "-number")

    def filterset_class(self, data: QueryDict, **kwargs: Any) -> EventPageFilter:
        """Without a programme in the address the current one is put there."""
        if self.programme and "programme" not in data and "task" not in data:
            data = data.copy()
            data["programme"] = self.programme.code
        return self.page_filter(data, programme=self.programme, **kwargs)

    @cached_property
    def programme(self) -> Programme | None:
        """None when the reader asks for every programme (`?programme=`)."""
        if self.request.GET.get("programme") == "":
            return None
        return current_programme(self.request)

    def visible(self) -> EventQuerySet:
        return Event.objects.visible_to(self.request.user)

    def get_queryset(self) -> EventQuerySet:
        return listing.listed(self.visible())


class EventList(EventRows):
    """/trainings/"""

    template_name = "trainings/event_list.html"
    columns = (
        Column("number", gettext_lazy("编号"), "fit", "number", short=""),
        Column("status", gettext_lazy("状态"), "fit", "status", short=""),
        Column("title", gettext_lazy("名称"), sort="title", is_title=True),
        Column("kind", gettext_lazy("类别"), "fit", "kind"),
        Column("organisers", gettext_lazy("举办单位")),
        Column("days", gettext_lazy("日期"), "fit", "starts_on"),
        Column("form", gettext_lazy("形式"), "fit"),
        Column("hours", gettext_lazy("学时"), "fit num", "hours"),
        Column("came", pgettext_lazy("list", "应参加/已参加"), "fit num", "came"),
        Column("counts", gettext_lazy("计入任务"), "fit"),
    )

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(**kwargs)
        today = clock.today()
        return {
            **context,
            "form": context["filter"].form,
            "lines": [
                {
                    "row": row,
                    "tone": TONES.get(row.status, ""),
                    "days": days(row),
                    "is_forgotten": row.is_forgotten(today),
                    "organisers": [each.enrolment.unit for each in row.organisers.all()],
                }
                for row in context["rows"]
            ],
            "programme": self.programme,
            "programmes": programmes_of(self.request),
            "facts": self.facts(),
            "tools": self.tools(),
            "new_url": reverse("trainings:event-new") if may_write(self.request.user) else "",
        }

    def facts(self) -> list[dict[str, Any]]:
        """Counts, each a link to the rows it counts."""
        rows = self.visible()
        if self.programme:
            rows = rows.filter(programme=self.programme)
        found = listing.totals(rows)
        held = EventStatus.HELD.value
        trainings = {"kind": EventKind.TRAINING.value, "status": held}
        exchanges = {"kind": EventKind.EXCHANGE.value, "status": held}
        return [
            self._fact(_("已办业务培训"), found.trainings, "", trainings),
            self._fact(_("已办交流会"), found.exchanges, "", exchanges),
            self._fact(_("计划中"), found.planned, "", {"status": EventStatus.PLANNED.value}),
            self._fact(_("还差签到表或材料"), found.unproven, "due", {"unproven": "true"}),
        ]

    def _fact(self, label: str, count: int, tone: str, query: dict[str, str]) -> dict[str, Any]:
        given = {"programme": self.programme.code if self.programme else "", **query}
        url = f"{self.request.path}?{urlencode(given)}"
        return {"label": label, "value": count, "url": url, "tone": tone if count else ""}

    def tools(self) -> list[dict[str, str]]:
        query = self.request.GET.urlencode()
        export = reverse("trainings:event-export") + (f"?{query}" if query else "")
        return [
            {"url": reverse("trainings:quota"), "label": _("完成情况"), "icon": ""},
            {"url": export, "label": _("导出"), "icon": "download"},
        ]


class EventExport(EventRows):
    """/trainings/export.xlsx: exactly the rows of the page."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = self.filterset_class(request.GET, queryset=self.get_queryset(), request=request)
        rows = list(found.qs.order_by(*self.get_ordering()))
        words = {chip.label: chip.value for chip in applied(found.form, request.GET)}
        services.note_export(by=request.user, count=len(rows), filters=words)
        notes = [
            *(f"{label} {value}".strip() for label, value in words.items()),
            _("导出人%(who)s，%(day)s") % {"who": request.user, "day": clock.today()},
        ]
        book = workbook(_("培训和会议"), sheet_columns(), cells(rows), notes)
        answer = HttpResponse(book, content_type=MEDIA_TYPE)
        name = _("培训和会议_%(day)s.xlsx") % {"day": clock.today()}
        answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
        return answer


class QuotaPage(View):
    """/trainings/quota/: quota, shortage and light of each unit; 已训/应训; CDOs trained."""

    required_permission = Permission.READ_EVENTS

    def get(self, request: HttpRequest) -> HttpResponse:
        programme = current_programme(request)
        on = clock.read_day(request.GET.get("on", "")) or clock.today()
        user = request.user
        rule = services.rule_of(programme) if programme else None
        context = {
            "programme": programme,
            "programmes": programmes_of(request),
            "on": on,
            "other_day": on if on != clock.today() else None,
            "quotas": quotas(user, on, programme=programme) if programme else [],
            "skills": skills(user, on, programme=programme) if programme else [],
            "coverage": coverage(user, programme, on) if programme else None,
            "rule": rule,
            "may_manage": bool(programme) and may_manage(user, programme),
        }
        return render(request, "trainings/quota.html", context)


def sheet_columns() -> list[SheetColumn]:
    labels = (
        _("编号"), _("类别"), _("名称"), _("举办单位"), _("开始日期"), _("结束日期"), _("形式"),
        _("学时"), _("地点"), _("参加对象"), _("应参加人数"), _("已参加人数"), _("状态"), _("计入任务"),
    )  # fmt: skip
    return [SheetColumn(label) for label in labels]


def cells(rows: Iterable[Any]) -> Iterable[list[Any]]:
    for row in rows:
        units = "、".join(each.enrolment.unit.display_name for each in row.organisers.all())
        yield [
            row.number, row.get_kind_display(), row.title, units, row.starts_on, row.ends_on,
            row.get_form_display(), row.hours, row.place, row.audience, row.expected, row.came,
            row.get_status_display(), row.counts,
        ]  # fmt: skip
