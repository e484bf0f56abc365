"""Filters of appointments and people: one set for page, export and API."""

from datetime import date
from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from pilots.choices import Part, UnitKind
from pilots.filters import OnDateMixin
from pilots.models import Enrolment, Unit

from ..choices import FilingState, Kind, Status
from ..models import Appointment, Person
from ..queries.listing import with_filing
from ..queries.register import confirmed_since

IN_OFFICE, PROPOSED, COMING, FORMER, VOIDED = "in_office", "proposed", "coming", "former", "voided"
LEFT_BEHIND = "left_behind"
STATES = [
    (IN_OFFICE, _("在任")),
    (PROPOSED, _("拟任")),
    (COMING, _("待到任")),
    (FORMER, _("已卸任")),
    (LEFT_BEHIND, _("单位已撤销，未登记离任")),
    (VOIDED, _("已作废")),
]


class AppointmentFilter(OnDateMixin, filters.FilterSet):
    """Appointments. `programme` means units that take part in it on the day of `on`, as pilots
    unless `part` says otherwise; `on` alone asks for those in office on that day."""

    q = filters.CharFilter(label=_("姓名或单位"), method="named")
    programme = filters.CharFilter(label=_("试点方案"), method="enrolled")
    part = filters.ChoiceFilter(label=_("参与方式"), choices=Part.choices, method="nothing")
    post = filters.CharFilter(label=_("岗位代码"), field_name="post__code")
    unit = filters.CharFilter(label=_("单位代码"), field_name="unit__code")
    unit_kind = filters.ChoiceFilter(
        label=_("单位类型"), choices=UnitKind.choices, method="of_kind"
    )
    person = filters.UUIDFilter(label=_("人员"), field_name="person__uuid")
    kind = filters.ChoiceFilter(label=_("任职方式"), choices=Kind.choices)
    status = filters.ChoiceFilter(label=_("状态"), choices=STATES, method="in_state")
    filing = filters.ChoiceFilter(label=_("备案"), choices=FilingState.choices, method="filed")
    unconfirmed = filters.BooleanFilter(label=_("超过12个月未确认"), method="stale")
    on = filters.DateFilter(label=_("截至日期"), method="on_day")

    class Meta:
        model = Appointment
        fields: list[str] = []

    def named(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        # Sets of ids, not conditions on each row: so the indexes of names are asked once.
        return rows.filter(
            Q(number__icontains=value)
            | Q(document_number__icontains=value)
            | Q(person__in=Person.rows.searched(value).order_by().values("pk"))
            | Q(unit__in=Unit.rows.searched(value).order_by().values("pk"))
        )

    def enrolled(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        part = (self.data or {}).get("part")
        return rows.of_programme(value, self.on, part if part in Part.values else Part.PILOT)

    def of_kind(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By the kind of the body in the programme asked for, else its own."""
        programme = (self.data or {}).get("programme")
        if not programme:
            return rows.filter(unit__kind=value)
        enrolled = Enrolment.rows.standing(self.on).filter(
            Q(kind=value) | Q(kind="", unit__kind=value),
            unit=OuterRef("unit_id"),
            programme__code=programme,
        )
        return rows.filter(Exists(enrolled))

    def in_state(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        on = self.on
        if value == IN_OFFICE:
            return rows.in_office(on)
        if value == FORMER:
            ended = Q(ends_on__lt=on) | Q(unit__ceased_on__lt=on)
            return rows.standing().filter(ended)
        if value == LEFT_BEHIND:
            return rows.left_behind(on)
        if value == COMING:
            return rows.standing().filter(since__gt=on)
        return rows.filter(status={PROPOSED: Status.PROPOSED, VOIDED: Status.VOIDED}[value])

    def on_day(self, rows: QuerySet, _name: str, value: date) -> QuerySet:
        return rows if (self.data or {}).get("status") else rows.in_office(value)

    def filed(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return with_filing(rows, self.on).filter(filing_state=value)

    def stale(self, rows: QuerySet, _name: str, value: bool) -> QuerySet:
        old = Q(confirmed_on=None) | Q(confirmed_on__lt=confirmed_since(self.on))
        return rows.filter(old if value else ~old)

    def nothing(self, rows: QuerySet, _name: str, _value: Any) -> QuerySet:
        return rows  # read by `enrolled`


class PersonFilter(OnDateMixin, filters.FilterSet):
    """People of the register."""

    q = filters.CharFilter(label=_("姓名或单位"), method="named")
    programme = filters.CharFilter(label=_("试点方案"), method="enrolled")
    unit = filters.CharFilter(label=_("单位代码"), field_name="unit__code")
    post = filters.CharFilter(label=_("在任岗位代码"), method="holding")
    account = filters.BooleanFilter(label=_("已关联账号"), method="tied")
    on = filters.DateFilter(label=_("截至日期"), method="nothing")

    class Meta:
        model = Person
        fields: list[str] = []

    def named(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(
            Q(pk__in=Person.rows.searched(value).order_by().values("pk"))
            | Q(unit__in=Unit.rows.searched(value).order_by().values("pk"))
        )

    def enrolled(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """People of bodies in the programme, and those who hold a post at one."""
        standing = Enrolment.rows.standing(self.on).filter(programme__code=value)
        held = Appointment.rows.in_office(self.on).filter(
            Exists(standing.filter(unit=OuterRef("unit_id"))), person=OuterRef("pk")
        )
        return rows.filter(Q(Exists(standing.filter(unit=OuterRef("unit_id")))) | Exists(held))

    def holding(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        held = Appointment.rows.in_office(self.on).filter(person=OuterRef("pk"), post__code=value)
        return rows.filter(Exists(held))

    def tied(self, rows: QuerySet, _name: str, value: bool) -> QuerySet:
        return rows.filter(user__isnull=not value)

    def nothing(self, rows: QuerySet, _name: str, _value: Any) -> QuerySet:
        return rows
