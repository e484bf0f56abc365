"""The filters of filings: one set for page and API."""

from typing import Any

import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.filters import ChoicesFilter

from ..choices import FilingKind, FilingStatus, Route
from ..models import Filing
from ..models.filings import FilingQuerySet
from ..queries.desks import decidable, overdue, searched


class FilingFilter(filters.FilterSet):
    """Filings. `q` finds numbers (件号, 备案编号, 来文文号), titles, units and people; `overdue`
    those that should be on record by now; `mine` those that wait for the reader's own desk."""

    q = filters.CharFilter(label=_("编号、单位或人员"), method="named")
    programme = filters.CharFilter(label=_("试点方案"), field_name="programme__code")
    status = ChoicesFilter(label=_("状态"), choices=FilingStatus.choices)
    kind = filters.ChoiceFilter(label=_("备案事项"), choices=FilingKind.choices)
    unit = filters.CharFilter(label=_("报备单位"), field_name="unit__code")
    desk = filters.CharFilter(label=_("备案机关"), field_name="desk__code")
    appointment = filters.CharFilter(label=_("任命编号"), field_name="appointment__number")
    route = filters.ChoiceFilter(label=_("报送方式"), choices=Route.choices)
    overdue = filters.BooleanFilter(label=_("超过备案时限"), method="too_late")
    mine = filters.BooleanFilter(label=_("等本机关办理"), method="at_my_desk")
    reported_after = filters.DateFilter(
        label=_("报备不早于"), field_name="reported_on", lookup_expr="gte"
    )
    reported_before = filters.DateFilter(
        label=_("报备不晚于"), field_name="reported_on", lookup_expr="lte"
    )

    class Meta:
        model = Filing
        fields: list[str] = []

    def named(self, rows: FilingQuerySet, _name: str, value: str) -> FilingQuerySet:
        return searched(rows, value)

    def too_late(self, rows: FilingQuerySet, _name: str, value: bool) -> FilingQuerySet:
        late = overdue(rows, clock.today())
        return late if value else rows.exclude(pk__in=late.values("pk"))

    def at_my_desk(self, rows: FilingQuerySet, _name: str, value: bool) -> FilingQuerySet:
        waits = Q(status=FilingStatus.SUBMITTED) & decidable(self._reader(), clock.today())
        return rows.filter(waits) if value else rows.exclude(waits)

    def _reader(self) -> Any:
        return getattr(self.request, "user", None)
