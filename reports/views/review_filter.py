"""How the queue of the bureau is narrowed."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from duties.views.task_filter import yes_or_no
from pilots.models import Unit

from ..choices import Kind, Status
from ..models import Period, Report
from ..queries.desk import waited_long
from ..queries.screening import screened

CLEAN, FLAGGED = "clean", "flagged"


class QueueFilter(filters.FilterSet):
    """What waits: by kind, name of the unit, period, how long, and what the check found."""

    q = filters.CharFilter(
        label=_("单位或编号"), method="named", widget=forms.TextInput({"type": "search"})
    )
    kind = filters.ChoiceFilter(
        label=_("类型"),
        choices=[(kind.value, kind.label) for kind in Kind if kind != Kind.OVERALL],
        empty_label=_("全部"),
    )
    long = yes_or_no(_("等待超过3天"), "waited")
    check = filters.ChoiceFilter(
        label=_("自动检查"),
        choices=[(CLEAN, _("没有发现问题")), (FLAGGED, _("有提示"))],
        method="checked",
        empty_label=_("全部"),
    )
    period = filters.CharFilter(label=_("报告期"), method="of_period", widget=forms.HiddenInput)
    programme = filters.CharFilter(
        label=_("试点方案"),
        field_name="assignment__enrolment__programme__code",
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Report
        fields: list[str] = []

    def named(self, rows: Any, _name: str, value: str) -> Any:
        units = Unit.objects.visible_to(self.request.user).searched(value)
        unit = units.filter(pk=OuterRef("assignment__enrolment__unit_id"))
        return rows.filter(Exists(unit) | Q(number__icontains=value))

    def waited(self, rows: Any, _name: str, value: bool) -> Any:
        long = waited_long(rows.filter(status=Status.SUBMITTED))
        return long if value else rows.exclude(pk__in=long.values("pk"))

    def checked(self, rows: Any, _name: str, value: str) -> Any:
        """Read over all that wait: they are as many as a bureau has units."""
        found = screened(rows)
        wanted = [each.report.pk for each in found if each.is_clean == (value == CLEAN)]
        return rows.filter(pk__in=wanted)

    def of_period(self, rows: Any, _name: str, value: str) -> Any:
        programme, _dot, code = value.partition(".")
        periods = Period.objects.visible_to(self.request.user)
        return rows.filter(period__in=periods.filter(programme__code=programme, code=code))
