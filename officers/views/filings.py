"""备案: the list of filings, the page of one, and its scan."""

from functools import cached_property
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Value, When
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.columns import Column
from core.forms import Form
from core.lists import ListPage
from core.models import StoredFile
from core.moves import allowed
from core.uploads import DownloadView
from pilots import access
from pilots.current import current_programme, programmes_of
from pilots.models import Programme

from ..choices import FILING_MOVES, FilingMove, FilingStatus, Route
from ..forms.filings import AcceptForm, ReopenForm, ResubmitForm, ReturnForm, WithdrawForm
from ..models import Filing
from ..models.filings import FilingQuerySet
from ..queries import desks
from .filing_filter import FilingPageFilter
from .filing_words import next_step, steps

# These name rows of one programme by themselves: the current one must not be put beside them.
NARROW = ("programme", "appointment")
FIRST_AT_DESK = (FilingStatus.SUBMITTED, FilingStatus.RETURNED, FilingStatus.ACCEPTED)
FIRST_AT_UNIT = (FilingStatus.RETURNED, FilingStatus.SUBMITTED, FilingStatus.ACCEPTED)


class FilingList(ListPage):
    """/filings/"""

    required_permission = Permission.READ_OFFICERS
    label = pgettext_lazy("list", "备案")
    template_name = "officers/filing_list.html"
    ordering_fields = ("number", "reported_on", "accepted_on", "status")
    page_filter = FilingPageFilter
    columns = (
        Column("number", gettext_lazy("件号"), "fit", "number", short=""),
        Column("status", gettext_lazy("状态"), "fit", "status", short=""),
        Column("title", gettext_lazy("备案事项"), is_title=True),
        Column("unit", gettext_lazy("报备单位")),
        Column("desk", gettext_lazy("备案机关")),
        Column("reported", gettext_lazy("报备日期"), "fit", "reported_on"),
        Column("days", gettext_lazy("已等"), "fit"),
        Column("accepted", gettext_lazy("备案日期"), sort="accepted_on"),
    )

    def filterset_class(self, data: QueryDict, **kwargs: Any) -> FilingPageFilter:
        """Without a programme in the address the current one is put there."""
        if self.programme and not any(name in data for name in NARROW):
            data = data.copy()
            data["programme"] = self.programme.code
        return self.page_filter(data, programme=self.programme, **kwargs)

    @cached_property
    def programme(self) -> Programme | None:
        """None when the reader asks for every programme (`?programme=`)."""
        if self.request.GET.get("programme") == "":
            return None
        return current_programme(self.request)

    @cached_property
    def decides(self) -> bool:
        return access.may(self.request.user, Permission.DECIDE_FILINGS)

    def get_queryset(self) -> FilingQuerySet:
        return desks.with_last_day(self.visible().for_lists())

    def visible(self) -> FilingQuerySet:
        return Filing.objects.visible_to(self.request.user)

    @property
    def ordering(self) -> tuple[Any, ...]:  # type: ignore[override]
        """What waits for the reader first, the longest waiting on top; what is over newest first."""
        first = FIRST_AT_DESK if self.decides else FIRST_AT_UNIT
        place = Case(
            *(When(status=status, then=Value(rank)) for rank, status in enumerate(first)),
            default=Value(len(first)),
            output_field=IntegerField(),
        )
        waits = Case(When(status__in=desks.OPEN, then=F("reported_on")))
        return (place, waits.asc(nulls_last=True), "-accepted_on", "-number")

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(**kwargs)
        today = clock.today()
        for row in context["rows"]:
            is_open = row.status in desks.OPEN
            row.days = (today - row.reported_on).days if is_open else None
            row.is_late = is_open and row.last_day is not None and row.last_day < today
            row.tone = tone(row, decides=self.decides)
        return {
            **context,
            "form": context["filter"].form,
            "programme": self.programme,
            "programmes": programmes_of(self.request),
            "facts": self.presets(),
            "primary": self.primary(),
            "tools": self.tools(),
        }

    def presets(self) -> list[dict[str, Any]]:
        """Ready-made filters with their numbers."""
        rows, today = self.visible(), clock.today()
        if self.programme:
            rows = rows.filter(programme=self.programme)
        counts = dict(rows.order_by().values_list("status").annotate(Count("pk")))
        tones = {
            FilingStatus.SUBMITTED: "due",
            FilingStatus.RETURNED: "",
            FilingStatus.ACCEPTED: "",
        }
        found = [
            self._preset(status.label, counts.get(status, 0), {"status": status.value}, tone)
            for status, tone in tones.items()
        ]
        late = desks.overdue(rows, today).count()
        found.insert(2, self._preset(_("超过备案时限"), late, {"overdue": "true"}, "late"))
        return found

    def _preset(self, label: Any, count: int, query: dict[str, str], tone: str) -> dict[str, Any]:
        code = self.programme.code if self.programme else ""
        url = f"{self.request.path}?{urlencode({'programme': code, **query})}"
        return {"label": label, "value": count, "url": url, "tone": tone if count else ""}

    def primary(self) -> dict[str, Any] | None:
        if self.decides:
            return {"url": reverse("officers:filing-new"), "label": pgettext("act", "来文登记")}
        if access.may(self.request.user, Permission.REPORT_OFFICERS):
            return {"url": reverse("officers:filing-new"), "label": _("报送备案")}
        return None

    def tools(self) -> list[dict[str, Any]]:
        """Settings of the desk, for who may set them."""
        may_set = self.programme and access.may(
            self.request.user, Permission.MANAGE_OFFICERS, programme=self.programme
        )
        url = reverse("officers:settings")
        return [{"url": url, "label": _("备案时限、名录和模板")}] if may_set else []


def tone(filing: Filing, *, decides: bool) -> str:
    """How the status is set: as what waits for the reader, as what came back, as what is over."""
    if filing.status == FilingStatus.SUBMITTED:
        return "mine" if decides else ""
    return "back" if filing.status == FilingStatus.RETURNED else "over"


class FilingPage(View):
    """/filings/<number>/"""

    required_permission = Permission.READ_OFFICERS
    template_name = "officers/filing.html"
    request: HttpRequest

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return self.page()

    @cached_property
    def filing(self) -> Filing:
        rows = Filing.objects.visible_to(self.request.user).for_lists()
        related = ("assignment__obligation", "submitted_by", "decided_by", "file")
        return get_object_or_404(rows.select_related(*related), number=self.kwargs["number"])

    @cached_property
    def decides(self) -> bool:
        return desks.may_decide(self.request.user, self.filing)

    @cached_property
    def reports(self) -> bool:
        """To whom 补正 and 撤回 are offered: the unit's own people; for a letter also the desk, which
        entered it. The right itself is `may_report`."""
        own = access.may(self.request.user, Permission.REPORT_OFFICERS, unit=self.filing.unit)
        return own or (self.filing.route == Route.PAPER and self.decides)

    def page(self, status: int = 200, **given: Any) -> HttpResponse:
        """The page; `given` holds a form that was sent back, and `refusal`, why."""
        return render(self.request, self.template_name, {**self.context(), **given}, status=status)

    def context(self) -> dict[str, Any]:
        row = self.filing
        return {
            "filing": row,
            "appointment": row.appointment,
            "tone": tone(row, decides=self.decides),
            "next": next_step(row, decides=self.decides, reports=self.reports),
            "steps": steps(row),
            "is_own": row.route == Route.ONLINE and row.submitted_by_id == self.request.user.pk,
            "decides": self.decides,
            **self.acts(),
        }

    def acts(self) -> dict[str, Form | None]:
        """The forms of what the reader may do now."""
        row, open_moves = self.filing, allowed(FILING_MOVES, self.filing.status)
        is_waiting = row.status == FilingStatus.SUBMITTED
        accepts = self.decides and is_waiting
        return {
            "accept": AcceptForm(initial=self.accepted()) if accepts else None,
            "return_": ReturnForm(kind=row.kind, prefix="return") if accepts else None,
            "reopen": ReopenForm(prefix="reopen")
            if self.decides and FilingMove.REOPEN in open_moves
            else None,
            "resubmit": ResubmitForm(prefix="resubmit", initial=self.sent())
            if self.reports and FilingMove.RESUBMIT in open_moves
            else None,
            "withdraw": WithdrawForm(prefix="withdraw")
            if self.reports and FilingMove.WITHDRAW in open_moves
            else None,
        }

    def accepted(self) -> dict[str, Any]:
        return {"receipt_number": self.filing.number, "accepted_on": clock.today()}

    def sent(self) -> dict[str, Any]:
        return {"document_number": self.filing.document_number, "note": self.filing.note}


class FilingFile(DownloadView):
    """/filings/<number>/file/"""

    required_permission = Permission.READ_OFFICERS

    def get_file(self) -> tuple[StoredFile, str]:
        rows = Filing.objects.visible_to(self.request.user).select_related("file")
        row = get_object_or_404(rows, number=self.kwargs["number"])
        if row.file is None:
            raise Http404
        return row.file, row.file_name
