"""P6 任务台账: the ledger of assignments."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission
from core import clock
from core.columns import Column
from core.lists import ListPage
from core.words import relation
from pilots import access
from pilots.current import current_programme, programmes_of
from pilots.models import Programme

from ..choices import CLOSED, OPEN, Light, Status
from ..models import Assignment, LightRule
from ..models.assignments import AssignmentQuerySet
from ..queries.extensions import with_extension_state
from ..queries.lights import PRESETS, light_counts
from ..queries.slips import may_issue
from .task_filter import TaskFilter

# These name rows of one programme by themselves: the current one must not be put beside them.
NARROW = ("programme", "obligation", "area")
TONES = {Light.OVERDUE: "late", Light.DUE_SOON: "due", Light.UNCONFIRMED: "due"}


@dataclass(frozen=True)
class Line:
    """One row of a list, with its light on the page's day."""

    row: Assignment
    light: Light
    word: str

    @property
    def tone(self) -> str:
        if self.row.status == Status.RETURNED:
            return "back"
        return "over" if self.row.status in CLOSED else ""

    @property
    def status(self) -> str:
        return str(Status(self.row.status).label)


def line_of(row: Assignment, rule: LightRule) -> Line:
    light = row.light(rule)
    day = {Light.OVERDUE: row.latest_on, Light.DUE_SOON: row.due_on}.get(light)
    return Line(row, light, relation(day, rule.on) if day else "")


class TaskListPage(ListPage):
    """What the ledger and the deadlines have in common: the rows, and the programme they show."""

    required_permission = Permission.READ_UNITS
    ordering_fields = ("number", "due_on", "status", "updated_at")
    ordering = ("is_closed", "due_on", "obligation__position", "number")
    page_filter = TaskFilter

    def filterset_class(self, data: QueryDict, **kwargs: Any) -> TaskFilter:
        """Without a programme in the address the current one is put there."""
        if self.programme and not any(name in data for name in NARROW):
            data = data.copy()
            data["programme"] = self.programme.code
        return self.page_filter(data, programme=self.programme, **kwargs)

    @cached_property
    def programme(self) -> Programme | None:
        """None when the reader asks for every programme (`?programme=`)."""
        if self.request.GET.get("programme") == "":
            return None
        return current_programme(self.request)

    @cached_property
    def rule(self) -> LightRule:
        return LightRule.for_day(clock.read_day(self.request.GET.get("on", "")) or clock.today())

    def get_queryset(self) -> AssignmentQuerySet:
        owed = Q(status__in=OPEN) | Q(status=Status.DONE, done_on__gt=self.rule.on)
        done_last = Case(When(owed, then=Value(0)), default=Value(1), output_field=IntegerField())
        user, is_helping = self.request.user, self.request.GET.get("helping") == "true"
        tasks = Assignment.objects
        rows = tasks.helped_by(user) if is_helping else tasks.visible_to(user)
        return rows.with_done(self.rule.on).annotate(is_closed=done_last)

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(**kwargs)
        on = self.rule.on
        return {
            **context,
            "form": context["filter"].form,
            "programme": self.programme,
            "programmes": programmes_of(self.request),
            "facts": self.presets(),
            "on": on,
            "other_day": on if on != clock.today() else None,
        }

    def presets(self) -> list[dict[str, Any]]:
        """The ready-made filters 逾期, 临期, 口径待确认, 未定时限 with their numbers."""
        rows = Assignment.objects.visible_to(self.request.user)
        if self.programme:
            rows = rows.filter(enrolment__programme=self.programme)
        counts = light_counts(rows, self.rule)
        return [
            {
                "label": light.label,
                "value": counts[light],
                "url": self.preset_url(light),
                "tone": TONES.get(light, "") if counts[light] else "",
            }
            for light in PRESETS
        ]

    def ready_made(self) -> list[tuple[str, str]]:
        """What the facts do not say already (ux.md P6)."""
        on = self.rule.on
        monday = on - timedelta(days=on.weekday())
        quarter = date(on.year, on.month - (on.month - 1) % 3, 1)
        week = {"due_after": monday, "due_before": monday + timedelta(days=6), "open": "true"}
        done = {"status": Status.DONE.value, "done_after": quarter}
        return [
            (_("本周到期"), self._query(**week)),
            (str(Status.SUBMITTED.label), self._query(status=Status.SUBMITTED.value)),
            (_("已申请延期"), self._query(extending="true")),
            (_("本季度已完成"), self._query(**done)),
        ]

    def _query(self, **given: Any) -> str:
        code = self.programme.code if self.programme else ""
        return f"?{urlencode({'programme': code, **given})}"

    def preset_url(self, light: Light) -> str:
        query = {"programme": self.programme.code if self.programme else "", "light": light.value}
        if on := self.request.GET.get("on"):
            query["on"] = on
        return f"{self.request.path}?{urlencode(query)}"


class AssignmentList(TaskListPage):
    """/tasks/"""

    label = gettext_lazy("任务台账")
    template_name = "duties/assignment_list.html"
    columns = (
        Column("pick", gettext_lazy("选"), "fit pick", fixed=True, short=""),
        Column("number", gettext_lazy("编号"), "fit", "number", short=""),
        Column("light", gettext_lazy("灯"), "fit", short=""),
        Column("task", gettext_lazy("任务"), is_title=True),
        Column("area", gettext_lazy("职责")),
        Column("unit", gettext_lazy("单位")),
        Column("due", gettext_lazy("截止"), sort="due_on"),
        Column("done", gettext_lazy("完成情况")),
        Column("status", gettext_lazy("办理状态"), "fit", "status", short=gettext_lazy("状态")),
        Column("updated", gettext_lazy("更新"), "fit", "updated_at"),
    )

    def get_queryset(self) -> AssignmentQuerySet:
        rows = super().get_queryset().with_unit_name().prefetch_related("obligation__area")
        return with_extension_state(rows, self.request.user)

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(**kwargs)
        lines = [line_of(row, self.rule) for row in context["rows"]]
        tools = self.tools()
        is_one = bool(lines and self.request.GET.get("obligation"))
        if is_one and access.may(self.request.user, Permission.MANAGE_ASSIGNMENTS):
            missing = reverse("obligation-missing", args=[lines[0].row.obligation.code])
            tools.insert(0, {"url": missing, "label": _("复制未报名单"), "icon": ""})
        has_areas = any(line.row.obligation.area_id for line in lines)
        may_pick = bool(lines) and may_issue(self.programme, self.request.user)
        shown = {"area": has_areas, "pick": may_pick}
        columns = self.table(absent=[name for name, is_shown in shown.items() if not is_shown])
        more = {"lines": lines, "tools": tools, "columns": columns, "may_pick": may_pick}
        return {**context, **more, "primary": self.primary()}

    def tools(self) -> list[dict[str, Any]]:
        """Other ways to read the tasks; those with which one helps, where there are some."""
        code = self.programme.code if self.programme else ""
        orders = f"{reverse('duties:order-list')}?{urlencode({'programme': code})}"
        found = [
            {"url": orders, "label": _("专项通知"), "icon": ""},
            {"url": reverse("duties:deadlines"), "label": _("按时限看"), "icon": "calendar"},
        ]
        if Assignment.objects.helped_by(self.request.user).exists():
            helping = self._query(helping="true")
            found.insert(0, {"url": helping, "label": _("协办的任务"), "icon": ""})
        return found

    def primary(self) -> dict[str, Any] | None:
        """发通知, for who drafts what the bureau issues."""
        user, programme = self.request.user, self.programme
        if programme and access.may(user, Permission.ISSUE_DOCUMENTS, programme=programme):
            url = f"{reverse('duties:order-new')}?{urlencode({'programme': programme.code})}"
            return {"url": url, "label": _("发通知")}
        return None
