"""The filters of hand-overs."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from ..models import Handover
from ..models.handovers import HandoverQuerySet
from ..queries.handovers import searched_handovers


class HandoverFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("编号、人员或单位"), method="named")
    unit = filters.CharFilter(label=_("单位代码"), field_name="unit__code")
    leaver = filters.UUIDFilter(label=_("移交人"), field_name="leaver__uuid")
    taker = filters.UUIDFilter(label=_("接收人"), field_name="taker__uuid")
    after = filters.DateFilter(label=_("最后一天不早于"), field_name="on", lookup_expr="gte")
    before = filters.DateFilter(label=_("最后一天不晚于"), field_name="on", lookup_expr="lte")

    class Meta:
        model = Handover
        fields: list[str] = []

    def named(self, rows: HandoverQuerySet, _name: str, value: str) -> HandoverQuerySet:
        return searched_handovers(rows, value)
