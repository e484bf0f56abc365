"""P5 人员名册: who holds which post, on any day; and the same rows as a workbook."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission
from core import clock
from core import columns as screen
from core.listing import applied
from core.lists import ListPage
from core.spreadsheets import MEDIA_TYPE, Column, workbook
from pilots.access import permissions_of
from pilots.choices import Part
from pilots.current import current_programme, programmes_of
from pilots.models import Programme

from .. import services
from ..choices import Kind
from ..filters import IN_OFFICE
from ..models import Appointment
from ..models.appointments import AppointmentQuerySet
from ..models.posts import CDO
from ..queries.listing import with_filing, with_place, with_unit_name
from ..queries.totals import counted_on, totals
from .lines import Line, line_of
from .register_filter import RegisterFilter

DEFAULTS = ("programme", "post", "status")
PAGE = 100  # a city's 64 units stand on one page (ux.md §5.1)
REPORTERS = {Permission.REPORT_OFFICERS, Permission.MANAGE_OFFICERS}


class RegisterRows(ListPage):
    """What page and export have in common: the rows, as the address asks for them."""

    required_permission = Permission.READ_OFFICERS
    ordering_fields = ("person__pinyin", "unit_label", "since", "confirmed_on", "document_number")
    ordering = ("place", "unit_code", "post__position", "seat", "stands_in", "since")
    page_size = PAGE
    page_filter = RegisterFilter
    blank = DEFAULTS

    def filterset_class(self, data: QueryDict, **kwargs: Any) -> RegisterFilter:
        """What the address leaves open: the current programme, CDOs, those in office."""
        return RegisterFilter(self.asked, **kwargs)

    @cached_property
    def asked(self) -> QueryDict:
        data = self.request.GET.copy()
        data.setdefault("programme", self.programme.code if self.programme else "")
        data.setdefault("post", CDO)
        data.setdefault("status", IN_OFFICE)
        return data

    @cached_property
    def programme(self) -> Programme | None:
        """None when the reader asks for every programme (`?programme=`)."""
        if self.request.GET.get("programme") == "":
            return None
        return current_programme(self.request)

    @cached_property
    def on(self) -> date:
        return clock.read_day(self.request.GET.get("on", "")) or clock.today()

    @property
    def part(self) -> str:
        asked = self.asked.get("part", "")
        return asked if asked in Part.values else Part.PILOT

    def get_queryset(self) -> AppointmentQuerySet:
        rows = Appointment.objects.visible_to(self.request.user).for_lists()
        rows = with_unit_name(with_place(rows, self.programme, self.part), self.on)
        stands_in = Case(
            When(kind=Kind.SUBSTANTIVE, then=Value(0)),
            default=Value(1),
            output_field=IntegerField(),
        )
        return with_filing(rows, self.on).annotate(stands_in=stands_in)


class AppointmentList(RegisterRows):
    """/officers/"""

    label = gettext_lazy("人员名册")
    template_name = "officers/register.html"
    columns = (
        screen.Column("name", gettext_lazy("姓名"), sort="person__pinyin", is_title=True),
        screen.Column("unit", gettext_lazy("单位"), sort="unit_label"),
        screen.Column("title", gettext_lazy("职务")),
        screen.Column("post", gettext_lazy("岗位")),
        screen.Column("document", gettext_lazy("任命文号"), sort="document_number"),
        screen.Column("since", gettext_lazy("任期起"), "fit", "since"),
        screen.Column("filing", gettext_lazy("备案"), "fit"),
        screen.Column("confirmed", gettext_lazy("最近确认"), "fit", "confirmed_on"),
        screen.Column("status", gettext_lazy("状态"), "fit"),
    )

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(**kwargs)
        allowed = permissions_of(self.request.user)
        return {
            **context,
            "form": context["filter"].form,
            "lines": [line_of(row, self.on) for row in context["rows"]],
            "programmes": programmes_of(self.request),
            "programme": self.programme,
            "totals": self.totals(),
            "vacant_url": self.vacant_url(),
            "unknown_since": self.unknown_since(),
            "other_day": self.on if self.on != clock.today() else None,
            "tools": self.tools(),
            "may_reveal": Permission.REVEAL_CONTACTS in allowed,
            "may_report": bool(REPORTERS & allowed),
            "is_narrowed": self.is_narrowed(),
        }

    def totals(self) -> Any:
        """Seats of the chosen post (CDOs unless told), of the chosen programme."""
        if self.programme is None:
            return None
        post = self.asked.get("post") or None
        return totals(self.programme, user=self.request.user, on=self.on, post=post, part=self.part)

    def vacant_url(self) -> str:
        query = {name: self.asked.get(name, "") for name in ("programme", "post", "on")}
        here = reverse("officers:vacancy-list")
        return f"{here}?{urlencode({name: text for name, text in query.items() if text})}"

    def unknown_since(self) -> date | None:
        """The day that a source counted the units, where the page shows an earlier one."""
        if self.programme is None or self.on >= clock.today():
            return None
        known = counted_on(self.programme, self.part)
        return known if known and self.on < known else None

    def is_narrowed(self) -> bool:
        """Whether more than the page's own choice narrows the list."""
        own = {"post": CDO, "status": IN_OFFICE}
        names = set(RegisterFilter.base_filters) - {"on", "programme"}
        return any(self.request.GET.get(name) not in {None, "", own.get(name)} for name in names)

    def tools(self) -> list[dict[str, str]]:
        query = self.request.GET.urlencode()
        export = reverse("officers:appointment-export") + (f"?{query}" if query else "")
        return [
            {"url": export, "label": _("导出"), "icon": "download"},
        ]


class AppointmentExport(RegisterRows):
    """/officers/export.xlsx: exactly the rows of the page. No mobile and no e-mail, masked or not."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = self.filterset_class(request.GET, queryset=self.get_queryset(), request=request)
        rows = found.qs.order_by(*self.get_ordering())
        lines = [line_of(row, self.on) for row in rows]
        words = {chip.label: chip.value for chip in applied(found.form, self.asked)}
        services.note_export(by=request.user, count=len(lines), filters=words)
        answer = HttpResponse(self.book(lines, words), content_type=MEDIA_TYPE)
        name = _("人员名册_%(day)s.xlsx") % {"day": self.on}
        answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
        return answer

    def book(self, lines: list[Line], words: dict[str, str]) -> bytes:
        facts = {"who": self.request.user, "day": clock.today()}
        notes = [
            _("截至%(day)s") % {"day": self.on},
            *(f"{label} {value}".strip() for label, value in words.items()),
            _("导出人%(who)s，%(day)s") % facts,
        ]
        return workbook(_("人员名册"), columns(), cells(lines), notes)


def columns() -> list[Column]:
    return [
        Column(_("姓名"), 12),
        Column(_("单位")),
        Column(_("职务")),
        Column(_("岗位")),
        Column(_("任职方式")),
        Column(_("任命文号"), 26),
        Column(_("任期起")),
        Column(_("任期止")),
        Column(_("备案状态")),
        Column(_("最近确认")),
        Column(_("状态")),
        Column(_("办公电话")),
        Column(_("任命编号")),
    ]


def cells(lines: Iterable[Line]) -> Iterable[list[Any]]:
    for line in lines:
        row = line.row
        yield [
            row.person.name,
            line.unit,
            row.job_title,
            row.post.display_name,
            row.get_kind_display(),
            row.document_number,
            row.since,
            row.ends_on,
            line.filing,
            row.confirmed_on,
            line.status,
            row.person.office_phone,
            row.number,
        ]
