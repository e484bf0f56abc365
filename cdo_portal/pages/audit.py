"""P20 操作日志: who did what, newest first. Read-only, and as quick at a million rows as at ten."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render as render_page
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.forms import DayField, Form
from core.htmx import render
from core.listing import rewrite, whole_number
from core.lists import KeptPage
from core.models import AuditEntry
from pilots.models import Enrolment, Programme
from pilots.models.scope import sees_everything

from .audit_words import VERBS, Told, subject_url
from .links import link

PAGE = 50
COUNTED = 1000  # counting a million rows takes longer than reading a page of them
PERIODS = [
    ("", _("全部时间")),
    ("1", _("今天")),
    ("7", _("近7日")),
    ("30", _("近30日")),
]
DAY = {"type": "date"}


# What a unit does before it hands anything in is its own matter: why its CDO sent a draft back, why it
# would ask for a later day. The auditor reads it, the bureau does not.
WITHIN_A_UNIT = (
    "report.turn_back",
    "report.attach",
    "report.detach",
    "approval.send_back",
    "extension.ask",
    "extension.resubmit",
    "extension.send_back",
    "extension.recall",
    "extension.withdraw",
)


def entries_for(user: Any) -> QuerySet[AuditEntry]:
    """What the reader may see of the record: the auditor all of it; the bureau what concerns its
    programmes, and what was done to their units outside any programme (renames, accounts)."""
    if sees_everything(user):
        return AuditEntry.objects.all()
    programmes = Programme.objects.seen_whole_by(user, Permission.READ_AUDIT)
    units = Enrolment.objects.filter(programme__in=programmes)
    seen = AuditEntry.objects.filter(
        Q(programme_code__in=programmes.values("code"))
        | Q(programme_code="", unit_code__in=units.values("unit__code"))
    )
    return seen.exclude(verb__in=WITHIN_A_UNIT)


class AuditForm(Form):
    """Filters of the log; `before` and `programme` travel in the address."""

    days = forms.ChoiceField(label=_("时间"), choices=PERIODS, required=False)
    actor = forms.CharField(
        label=_("人员"), required=False, widget=forms.TextInput({"type": "search"})
    )
    verb = forms.ChoiceField(
        label=_("动作"), choices=[("", _("全部")), *VERBS.items()], required=False
    )
    unit = forms.CharField(
        label=_("单位代码"), required=False, widget=forms.TextInput({"type": "search"})
    )
    subject = forms.CharField(
        label=_("对象编号"), required=False, widget=forms.TextInput({"type": "search"})
    )
    since = DayField(label=_("不早于"), required=False, widget=forms.DateInput(DAY))
    until = DayField(label=_("不晚于"), required=False, widget=forms.DateInput(DAY))
    programme = forms.CharField(required=False, widget=forms.HiddenInput)

    def narrow(self, rows: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        for name, value in given.items():
            rows = getattr(self, f"_by_{name}")(rows, value)
        return rows

    def _by_days(self, rows: QuerySet, value: str) -> QuerySet:
        first = clock.now().astimezone(clock.SHANGHAI).date() - timedelta(days=int(value) - 1)
        return rows.filter(at__gte=_start(first))

    def _by_since(self, rows: QuerySet, value: date) -> QuerySet:
        return rows.filter(at__gte=_start(value))

    def _by_until(self, rows: QuerySet, value: date) -> QuerySet:
        return rows.filter(at__lt=_start(value + timedelta(days=1)))

    def _by_actor(self, rows: QuerySet, value: str) -> QuerySet:
        return rows.filter(actor__icontains=value.strip())

    def _by_verb(self, rows: QuerySet, value: str) -> QuerySet:
        return rows.filter(verb=value)

    def _by_unit(self, rows: QuerySet, value: str) -> QuerySet:
        return rows.filter(unit_code=value.strip())

    def _by_subject(self, rows: QuerySet, value: str) -> QuerySet:
        """The key alone (RW-2022-0001), or the whole label as the record keeps it."""
        key = value.strip()
        models = (
            *("assignment", "unit", "user", "obligation", "programme", "pack"),
            *("person", "appointment", "filing", "team"),
        )
        return rows.filter(subject__in=[key, *(f"{model}:{key}" for model in models)])

    def _by_programme(self, rows: QuerySet, value: str) -> QuerySet:
        return rows.filter(programme_code=value)


def _start(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), clock.SHANGHAI)


class Pages:
    """One page of the record, by the id that stands before it: no OFFSET, no full count."""

    def __init__(self, rows: QuerySet[AuditEntry], request: HttpRequest) -> None:
        before = whole_number(request.GET.get("before", ""))
        page = rows if before is None else rows.filter(id__lt=before)
        found = list(page.order_by("-id")[: PAGE + 1])
        self.entries = found[:PAGE]
        self.is_first = before is None
        last = self.entries[-1].pk if len(found) > PAGE else None
        self.older = rewrite(request.GET, before=last) if last else ""
        self.newest = "" if self.is_first else rewrite(request.GET, before=None)
        self.count = len(found) if not last and self.is_first else rows[: COUNTED + 1].count()
        self.is_more = self.count > COUNTED


class AuditLogView(KeptPage):
    """/audit/"""

    required_permission = Permission.READ_AUDIT
    label = _("操作日志")
    page_filter = AuditForm

    def get(self, request: HttpRequest) -> HttpResponse:
        form = AuditForm(request.GET)
        pages = Pages(form.narrow(entries_for(request.user)), request)
        context = {
            "form": form,
            "pages": pages,
            "counted": COUNTED,
            "lines": Told(pages.entries, request.user).lines(),
            "list_page": self,
        }
        return render(request, "pages/audit.html", context)


class AuditHistoryView(View):
    """/audit/<subject>/: everything that was ever done to one object."""

    required_permission = Permission.READ_AUDIT

    def get(self, request: HttpRequest, subject: str) -> HttpResponse:
        pages = Pages(entries_for(request.user).filter(subject=subject), request)
        if not pages.entries:
            raise Http404
        context = {
            "pages": pages,
            "counted": COUNTED,
            "lines": Told(pages.entries, request.user).lines(),
            "subject": subject,
            "name": pages.entries[0].subject_label or subject,
            "url": subject_url(subject),
            "log_url": link("audit-log"),
        }
        return render_page(request, "pages/audit_history.html", context)
