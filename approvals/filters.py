"""The filters of rounds of signing."""

from typing import Any

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from .choices import Purpose, State
from .models import Approval, ApprovalQuerySet
from .queries import waiting_for


class ApprovalFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("编号或标题"), method="named")
    programme = filters.CharFilter(label=_("方案代码"), field_name="programme__code")
    unit = filters.CharFilter(label=_("单位代码"), field_name="unit__code")
    subject = filters.CharFilter(label=_("所审事项的编号"))
    purpose = filters.ChoiceFilter(label=_("审签事项"), choices=Purpose.choices)
    state = filters.ChoiceFilter(label=_("状态"), choices=State.choices)
    waiting = filters.BooleanFilter(label=_("待我审签"), method="for_me")

    class Meta:
        model = Approval
        fields: list[str] = []

    def named(self, rows: ApprovalQuerySet, _name: str, value: str) -> ApprovalQuerySet:
        return rows.searched(value)

    def for_me(self, rows: ApprovalQuerySet, _name: str, value: Any) -> ApprovalQuerySet:
        """Those whose next step the reader may decide, or those where that is somebody else."""
        mine = waiting_for(self.request.user).order_by().values("pk")
        return rows.filter(pk__in=mine) if value else rows.exclude(pk__in=mine)
