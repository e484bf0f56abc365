"""Filters of notices and deliveries: one set for page and API."""

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.search import matching
from pilots.models.units import NAME_COLUMNS, UnitName

from .choices import GROUP_CHANNELS, OWN_CHANNELS, Channel, DeliveryState
from .models import Delivery, DeliveryLine, Endpoint, Notice


class NoticeFilter(filters.FilterSet):
    """Notices; `?recipient=me` is the inbox of whoever asks, `?on=` what was told by that day."""

    q = filters.CharFilter(label=_("任务或单位"), method="named")
    recipient = filters.CharFilter(label=_("收件人"), method="received_by")
    programme = filters.CharFilter(label=_("试点方案"), field_name="programme__code")
    unit = filters.CharFilter(label=_("单位代码"), field_name="unit__code")
    type = filters.CharFilter(label=_("类型"))
    subject = filters.CharFilter(label=_("对象"))
    stage = filters.CharFilter(label=_("阶段"))
    for_on = filters.DateFilter(label=_("提醒日期"))
    on = filters.DateFilter(label=_("截至日期"), field_name="for_on", lookup_expr="lte")
    unread = filters.BooleanFilter(label=_("未读"), field_name="opened_at", lookup_expr="isnull")

    class Meta:
        model = Notice
        fields: list[str] = []

    def received_by(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        if value == "me":
            return rows.filter(recipient=self.request.user)
        return rows.filter(recipient__username=value)

    def named(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        names = UnitName.objects.filter(
            matching(value, vector="vector", columns=NAME_COLUMNS), unit=OuterRef("unit_id")
        )
        return rows.filter(
            Q(subject__icontains=value) | Q(facts__title__icontains=value) | Exists(names)
        )


class DeliveryFilter(filters.FilterSet):
    """Messages; `q` is a task, a body or a person."""

    q = filters.CharFilter(label=_("任务、单位或收件人"), method="carrying")
    channel = filters.ChoiceFilter(
        label=_("渠道"),
        choices=[(each.value, each.label) for each in Channel if each != Channel.INBOX],
        field_name="endpoint__channel",
        empty_label=_("全部"),
    )
    state = filters.ChoiceFilter(
        label=_("状态"), choices=DeliveryState.choices, empty_label=_("全部")
    )

    unit = filters.CharFilter(label=_("单位代码"), method="of_unit", widget=forms.HiddenInput)
    uncertain = filters.BooleanFilter(
        label=_("可能已送达"), field_name="is_uncertain", widget=forms.HiddenInput
    )

    class Meta:
        model = Delivery
        fields: list[str] = []

    def of_unit(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        seen = Notice.objects.visible_to(self.request.user).filter(unit__code=value)
        lines = DeliveryLine.objects.filter(delivery=OuterRef("pk"), notice__in=seen)
        return rows.filter(Exists(lines))

    def carrying(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Only by what of a message the reader may see: a digest may carry another city's rows."""
        seen = Notice.objects.visible_to(self.request.user)
        names = UnitName.objects.filter(
            matching(value, vector="vector", columns=NAME_COLUMNS), unit=OuterRef("unit_id")
        )
        about = seen.filter(
            Q(subject__icontains=value)
            | Q(facts__title__icontains=value)
            | Q(recipient__display_name__icontains=value)
            | Exists(names)
        )
        lines = DeliveryLine.objects.filter(delivery=OuterRef("pk"), notice__in=about)
        return rows.filter(Exists(lines))


class EndpointFilter(filters.FilterSet):
    """Addresses of groups, and one's own."""

    q = filters.CharFilter(label=_("名称"), field_name="name", lookup_expr="icontains")
    channel = filters.ChoiceFilter(
        label=_("渠道"),
        choices=[(each.value, each.label) for each in (*GROUP_CHANNELS, *OWN_CHANNELS)],
    )
    unit = filters.CharFilter(label=_("单位代码"), field_name="unit__code")
    active = filters.BooleanFilter(label=_("启用"), field_name="is_active")

    class Meta:
        model = Endpoint
        fields: list[str] = []
