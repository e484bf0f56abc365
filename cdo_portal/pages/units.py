"""P3 单位名册: the register of units, with what each has done in the programme chosen."""

from datetime import date
from functools import cached_property
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import UNIT_ROLES, Permission
from core import clock
from core.columns import Column
from core.lists import ListPage
from duties.models import LightRule
from duties.queries import register
from duties.queries.register import Entry
from pilots.access import permissions_of
from pilots.choices import Part, UnitKind
from pilots.current import current_programme, programmes_of
from pilots.filters import UnitFilter
from pilots.models import Enrolment, Membership, Programme, Unit

from .links import link, tasks
from .units_officers import NOBODY, Standing, standings

FIRST = ("q", "programme", "kind", "account", "is_slot", "part", "on")
PAGE = 100  # a city's 64 units stand on one page (ux.md §5.1)


class RegisterFilter(UnitFilter):
    """The register's filters: those of the API, the programme by name, and who has no account."""

    programme = filters.ChoiceFilter(
        label=_("试点方案"), method="enrolled", empty_label=_("全部看得到的单位")
    )
    kind = filters.ChoiceFilter(
        label=_("单位类型"), choices=UnitKind.choices, empty_label=_("全部")
    )
    account = filters.ChoiceFilter(
        label=_("账号"),
        choices=[("none", _("没有可登录的账号")), ("some", _("已开通"))],
        method="manned",
        empty_label=_("全部"),
    )
    is_slot = filters.TypedChoiceFilter(
        label=_("名称"),
        choices=[("", _("全部")), ("true", _("待补名")), ("false", _("已登记名称"))],
        coerce=lambda value: value == "true",
    )
    part = filters.ChoiceFilter(
        label=_("参与方式"), choices=Part.choices, method="nothing", empty_label=_("试点单位")
    )

    class Meta(UnitFilter.Meta):
        fields: list[str] = []

    def __init__(self, data: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.filters["programme"].extra["choices"] = [
            (row.code, row.display_name) for row in programmes_of(self.request)
        ]
        self.filters["q"].extra["widget"] = forms.TextInput(
            {"type": "search", "placeholder": _("名称、拼音首字母")}
        )
        self.filters["on"].extra["widget"] = forms.DateInput({"type": "date"}, "%Y-%m-%d")
        self.filters = {name: self.filters[name] for name in FIRST}

    def manned(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        live = Membership.objects.live(clock.today())
        people = Exists(live.filter(unit=OuterRef("pk"), role__in=UNIT_ROLES))
        return rows.filter(~people if value == "none" else people)


class UnitListView(ListPage):
    """/units/"""

    required_permission = Permission.READ_UNITS
    label = pgettext_lazy("list", "单位")
    template_name = "pages/units.html"
    ordering_fields = ("named_pinyin", "kind", "place")
    ordering = ("place", "code")
    page_size = PAGE
    page_filter = RegisterFilter
    columns = (
        Column("name", _("单位"), sort="named_pinyin", is_title=True),
        Column("kind", _("类型"), sort="kind"),
        Column("strip", _("履职")),
        Column("asked", _("规定任务"), "num"),
        Column("cdo", _("首席数据官")),
        Column("clerk", pgettext_lazy("list", "账号")),
        Column("changed", _("最近更新")),
    )

    def filterset_class(self, data: QueryDict, **kwargs: Any) -> RegisterFilter:
        """Without a programme in the address the current one is put there, and shown as a chip."""
        if "programme" not in data:
            data = data.copy()
            data["programme"] = self.programme.code if self.programme else ""
        return self.page_filter(data, **kwargs)

    @property
    def on(self) -> date:
        return clock.read_day(self.request.GET.get("on", "")) or clock.today()

    @cached_property
    def programme(self) -> Programme | None:
        """None when the reader asks for all units (`?programme=`)."""
        if self.request.GET.get("programme") == "":
            return None
        return current_programme(self.request)

    def get_queryset(self) -> QuerySet:
        place = Enrolment.objects.filter(
            unit=OuterRef("pk"), part=Part.PILOT, programme=self.programme
        )
        return (
            Unit.objects.visible_to(self.request.user)
            .with_name(self.on)
            .annotate(place=Subquery(place.values("position")[:1]))
        )

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(**kwargs)
        units = list(context["rows"])
        rule = LightRule.for_day(self.on)
        entries = register(self.programme, units, user=self.request.user, rule=rule)
        present = standings(
            self.programme,
            units,
            [entry.row.enrolment for entry in entries.values() if entry.row],
            user=self.request.user,
            on=self.on,
        )
        rows = [self._row(unit, entries[unit.pk], present.get(unit.pk, NOBODY)) for unit in units]
        return {
            **context,
            "rows": rows,
            "programme": self.programme,
            "programmes": programmes_of(self.request),
            "other_day": self.on if self.on != clock.today() else None,
            "members_url": link("pilots:member-list")
            if Permission.MANAGE_MEMBERS in permissions_of(self.request.user)
            else "",
        }

    def _row(self, unit: Unit, entry: Entry, present: Standing) -> dict[str, Any]:
        return {
            "unit": unit,
            "url": link("unit", unit.code, on=self.request.GET.get("on")),
            "cells": [{"name": cell.area.name, "state": cell.state} for cell in entry.areas],
            "done": entry.done,
            "asked": entry.total,
            "worst": entry.row.worst if entry.row else "",
            "tasks_url": tasks(self.programme, unit=unit.code, counted="true"),
            "kind": UnitKind(unit.kind).label,
            "cdos": present.holders,
            "missing": present.missing,
            "accounts": [person.user for person in entry.people],
            "changed_at": entry.changed_at,
        }
