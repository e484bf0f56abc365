"""/teams/ and /teams/experts/: who supports the CDOs, and the pool of experts."""

from datetime import date
from functools import cached_property
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from accounts.roles import Permission
from core import clock
from core.columns import Column
from core.lists import ListPage
from core.words import listed
from pilots.access import permissions_of
from pilots.current import current_programme, programmes_of
from pilots.models import Enrolment, Programme
from pilots.models.units import named_on

from ..choices import EntryMode, TeamKind, TeamMode
from ..filters import ExpertFilter, TeamFilter
from ..models import Team, TeamMember
from ..queries.teams import Coverage, coverage, with_counts

FIRST = (
    "q", "unit", "mode", "expertise", "employer", "state", "on", "kind", "entry_mode", "team",
    "part", "programme",
)  # fmt: skip


class PageMixin:
    """What the page adds to the filters of the API: units to choose from, boxes for days, and the
    programme as a companion of the address."""

    filters: dict[str, Any]
    request: Any

    def __init__(self, data: Any, *, programme: Programme | None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)  # type: ignore[call-arg]
        self._choose_units(programme)
        self.filters["programme"].extra["widget"] = forms.HiddenInput
        self.filters["on"].extra["widget"] = forms.DateInput({"type": "date"}, "%Y-%m-%d")
        self.filters["q"].extra["widget"] = forms.TextInput(
            {"type": "search", "placeholder": self.filters["q"].label}
        )
        for name in ("kind", "entry_mode"):
            if name in self.filters:
                self.filters[name].extra["widget"] = forms.CheckboxSelectMultiple
        for found in self.filters.values():
            if isinstance(found, filters.ChoiceFilter) and not isinstance(
                found, filters.MultipleChoiceFilter
            ):
                found.extra["empty_label"] = _("全部")
        self.filters["state"].extra["empty_label"] = _("当天存续")
        self.filters["part"].extra["empty_label"] = _("试点单位")
        order = sorted(self.filters, key=FIRST.index)
        self.filters = {name: self.filters[name] for name in order}

    def _choose_units(self, programme: Programme | None) -> None:
        rows = Enrolment.objects.visible_to(self.request.user).filter(
            programme=programme, withdrawn_on=None
        )
        named = rows.in_document_order().values_list(
            "unit__code", named_on(clock.today(), "unit_id")
        )
        choices = dict(named)
        asked = (self.data or {}).get("unit")  # type: ignore[attr-defined]
        if asked:
            choices.setdefault(asked, asked)
        self.filters["unit"].extra["choices"] = [
            (code, name or code) for code, name in choices.items()
        ]


class TeamPageFilter(PageMixin, TeamFilter):
    unit = filters.ChoiceFilter(label=gettext_lazy("单位"), field_name="unit__code")

    class Meta(TeamFilter.Meta):
        fields: list[str] = []


class ExpertPageFilter(PageMixin, ExpertFilter):
    unit = filters.ChoiceFilter(label=gettext_lazy("单位"), field_name="team__unit__code")

    class Meta(ExpertFilter.Meta):
        fields: list[str] = []


class TeamPage(ListPage):
    """What both lists have in common: the programme they show and the day."""

    required_permission = Permission.READ_OFFICERS

    def filterset_class(self, data: QueryDict, **kwargs: Any) -> Any:
        """Without a programme in the address the current one is put there."""
        if self.programme and "programme" not in data:
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
    def on(self) -> date:
        return clock.read_day(self.request.GET.get("on", "")) or clock.today()

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(**kwargs)
        return {
            **context,
            "form": context["filter"].form,
            "programme": self.programme,
            "programmes": programmes_of(self.request),
            "on": self.on,
            "other_day": self.on if self.on != clock.today() else None,
        }

    def address(self, **query: Any) -> str:
        """This list with these filters, of the same programme and day."""
        given = {"programme": self.programme.code if self.programme else "", **query}
        if self.request.GET.get("on"):
            given["on"] = self.on
        return f"{self.request.path}?{urlencode(given, doseq=True)}"


class TeamListView(TeamPage):
    """/teams/"""

    label = pgettext_lazy("list", "团队")
    template_name = "officers/team_list.html"
    page_filter = TeamPageFilter
    ordering_fields = ("number", "kind", "starts_on", "name")
    ordering = ("unit__code", "kind", "number")
    columns = (
        Column("number", gettext_lazy("编号"), "fit", "number", short=""),
        Column("name", gettext_lazy("名称"), sort="name", is_title=True),
        Column("unit", gettext_lazy("单位")),
        Column("kind", gettext_lazy("类别"), sort="kind"),
        Column("mode", gettext_lazy("模式")),
        Column("leader", gettext_lazy("负责人")),
        Column("members", gettext_lazy("成员")),
        Column("paper", gettext_lazy("成立文号")),
        Column("since", gettext_lazy("成立"), "fit", "starts_on"),
    )

    def get_queryset(self) -> QuerySet:
        return with_counts(Team.objects.visible_to(self.request.user), self.on)

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(**kwargs)
        lines = [
            {"row": row, "modes": mode_words(row), "size": size_words(row)}
            for row in context["rows"]
        ]
        tools = [
            {"url": reverse("officers:expert-list"), "label": _("数据专家人才库"), "icon": "person"}
        ]
        user = self.request.user
        found = coverage(self.programme, user=user, on=self.on) if self.programme else []
        may_write = {Permission.REPORT_OFFICERS, Permission.MANAGE_OFFICERS} & permissions_of(user)
        primary = (
            {"url": reverse("officers:team-new"), "label": _("登记团队")} if may_write else None
        )
        return {
            **context,
            "lines": lines,
            "tools": tools,
            "primary": primary,
            "facts": [self._fact(row) for row in found],
            "missing": [
                {
                    "label": group_words(row),
                    "count": len(row.missing),
                    "units": listed(part.unit.display_name for part in row.missing),
                }
                for row in found
                if row.is_asked and row.missing
            ],
        }

    def _fact(self, row: Coverage) -> dict[str, Any]:
        """「首席数据官办公室或工作专班 5/13」, a link to those teams."""
        return {
            "label": group_words(row),
            "value": f"{row.have}/{row.total}",
            "url": self.address(kind=[str(kind) for kind in row.kinds]),
            "note": "" if row.is_asked else _("文件没有要求"),
        }


class ExpertListView(TeamPage):
    """/teams/experts/"""

    label = gettext_lazy("数据专家人才库")
    template_name = "officers/team_experts.html"
    page_filter = ExpertPageFilter
    ordering_fields = ("person__pinyin", "entry_mode", "expertise", "starts_on")
    ordering = ("team__unit__code", "person__pinyin")
    columns = (
        Column("name", gettext_lazy("姓名"), sort="person__pinyin", is_title=True),
        Column("field", gettext_lazy("专业领域"), sort="expertise"),
        Column("mode", gettext_lazy("进入方式"), sort="entry_mode"),
        Column("employer", gettext_lazy("所在机构")),
        Column("unit", gettext_lazy("单位")),
        Column("team", gettext_lazy("团队")),
        Column("since", gettext_lazy("加入"), "fit", "starts_on"),
    )

    def get_queryset(self) -> QuerySet:
        rows = TeamMember.objects.visible_to(self.request.user).experts()
        return rows.select_related("person", "team").annotate(
            named_unit=named_on(self.on, "team__unit_id")
        )

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(**kwargs)
        tools = [
            {
                "url": reverse("officers:team-list"),
                "label": pgettext("list", "团队"),
                "icon": "back",
            }
        ]
        return {**context, "tools": tools, "modes": dict(EntryMode.choices)}


def mode_words(row: Team) -> str:
    """「兼职、购买服务」"""
    return listed(TeamMode(mode).label for mode in row.modes)


def size_words(row: Any) -> str:
    """「5人，已登记3人」: what the unit says, and how many are listed by name."""
    named = row.member_count
    if row.headcount and row.headcount != named:
        return _("%(count)s人，已登记%(named)s人") % {"count": row.headcount, "named": named}
    return ngettext("%(count)s人", "%(count)s人", named) % {"count": named} if named else ""


def group_words(row: Coverage) -> str:
    """「首席数据官办公室或首席数据官工作专班」 of an office or a task force; else the kind's own name."""
    return _("或").join(str(TeamKind(kind).label) for kind in row.kinds)
