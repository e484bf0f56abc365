"""One filter set for list, export and API."""

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.filters import ChoicesFilter

from .choices import DeclarationState, EventForm, EventKind, EventStatus
from .models import Attendance, Credit, Declaration, Event, EventQuerySet, Organiser
from .queries import listing


class EventFilter(filters.FilterSet):
    """Events. `unit` is one of the organisers; `counts` whether it counts towards a demand, `task` towards
    which; `unproven` those that were held and have nothing to show; `declared` those where a unit's
    declaration waits. Cancelled ones are listed too, unless `status` says otherwise."""

    q = filters.CharFilter(label=_("名称、编号或单位"), method="named")
    programme = filters.CharFilter(label=_("试点方案"), field_name="programme__code")
    kind = ChoicesFilter(label=_("类别"), choices=EventKind.choices)
    status = ChoicesFilter(label=_("状态"), choices=EventStatus.choices)
    unit = filters.CharFilter(label=_("举办单位"), method="hosted")
    form = filters.ChoiceFilter(label=_("形式"), choices=EventForm.choices)
    after = filters.DateFilter(label=_("不早于"), field_name="ends_on", lookup_expr="gte")
    before = filters.DateFilter(label=_("不晚于"), field_name="starts_on", lookup_expr="lte")
    counts = filters.BooleanFilter(label=_("已计入任务"), method="counted")
    task = filters.CharFilter(label=_("任务编号"), method="counted_towards")
    unproven = filters.BooleanFilter(label=_("还差签到表或材料"), method="without_proof")
    declared = filters.BooleanFilter(label=_("申报待确认"), method="waiting")

    class Meta:
        model = Event
        fields: list[str] = []

    def named(self, rows: EventQuerySet, _name: str, value: str) -> EventQuerySet:
        return listing.searched(rows, value)

    def hosted(self, rows: EventQuerySet, _name: str, value: str) -> EventQuerySet:
        hosts = Organiser.objects.filter(event=OuterRef("pk"), enrolment__unit__code=value)
        return rows.filter(Exists(hosts))

    def counted(self, rows: EventQuerySet, _name: str, value: bool) -> EventQuerySet:
        return _those(rows, rows.counting(), value)

    def counted_towards(self, rows: EventQuerySet, _name: str, value: str) -> EventQuerySet:
        live = Credit.objects.filter(
            event=OuterRef("pk"), assignment__number=value, mark__voided_at=None
        )
        return rows.filter(Exists(live))

    def without_proof(self, rows: EventQuerySet, _name: str, value: bool) -> EventQuerySet:
        return _those(rows, listing.unproven(rows), value)

    def waiting(self, rows: EventQuerySet, _name: str, value: bool) -> EventQuerySet:
        asked = Declaration.rows.waiting().filter(event=OuterRef("pk"))
        return rows.filter(Exists(asked) if value else ~Exists(asked))


class AttendanceFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("名称或编号"), method="named")
    event = filters.CharFilter(label=_("编号"), field_name="event__number")
    programme = filters.CharFilter(label=_("试点方案"), field_name="event__programme__code")
    unit = filters.CharFilter(label=_("单位代码"), field_name="unit__code")
    person = filters.UUIDFilter(label=_("人员"), field_name="person__uuid")

    class Meta:
        model = Attendance
        fields: list[str] = []

    def named(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(_of_event_named(value))


class DeclarationFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("名称或编号"), method="named")
    event = filters.CharFilter(label=_("编号"), field_name="event__number")
    programme = filters.CharFilter(label=_("试点方案"), field_name="event__programme__code")
    unit = filters.CharFilter(label=_("单位代码"), field_name="enrolment__unit__code")
    state = ChoicesFilter(label=_("状态"), choices=DeclarationState.choices)

    class Meta:
        model = Declaration
        fields: list[str] = []

    def named(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(_of_event_named(value))


def _of_event_named(words: str) -> Q:
    return Q(event__title__icontains=words) | Q(event__number__iexact=words)


def _those(rows: EventQuerySet, found: EventQuerySet, wanted: bool) -> EventQuerySet:
    return found if wanted else rows.exclude(pk__in=found.values("pk"))
