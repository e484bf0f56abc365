"""报告期: the list, and the page of one with its five numbers and the table of units."""

from datetime import date
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from accounts.roles import Permission
from core import audit, clock
from core.models import AuditEntry, StoredFile
from core.uploads import DownloadView
from core.views import RefusalMixin, posted_version
from duties.models import LightRule
from duties.queries.dossier import rule_words
from pilots import access
from pilots.current import current_programme, programmes_of

from .. import services
from ..models import Period
from ..queries.periods import (
    DUE,
    IN,
    LATE,
    ON_TIME,
    SHOWN,
    WAITING,
    counts_by_period,
    counts_of,
    figures_of,
    lines_of,
)
from ..words import REPORTS

LABELS = {
    DUE: gettext_lazy("应报"),
    IN: gettext_lazy("已报"),
    ON_TIME: gettext_lazy("按时"),
    WAITING: gettext_lazy("待审"),
    LATE: gettext_lazy("逾期"),
}
TONES = {WAITING: "due", LATE: "late"}
LISTED = 20  # periods of one list: five years of quarters


class PeriodList(View):
    """/periods/"""

    required_permission = Permission.READ_REPORTS

    def get(self, request: HttpRequest) -> HttpResponse:
        programme, user = current_programme(request), request.user
        rule = LightRule.for_day(clock.today())
        rows = []
        if programme is not None:
            found = Period.objects.visible_to(user).filter(programme=programme)
            rows = list(found.select_related("programme").order_by("-starts_on")[:LISTED])
        counts = counts_by_period(rows, user=user, rule=rule)
        may_open = programme is not None and access.may(
            user, Permission.ISSUE_DOCUMENTS, programme=programme
        )
        context = {
            "programme": programme,
            "programmes": programmes_of(request),
            "lines": [
                {"row": row, "counts": counts[row.pk], "state": state(row, rule.on)} for row in rows
            ],
            "may_open": may_open,
        }
        return render(request, "reports/period_list.html", context)


class PeriodMixin(RefusalMixin):
    """The period of the address: <programme>.<code>, if the reader sees it."""

    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def period(self) -> Period:
        programme, dot, code = self.kwargs["key"].partition(".")
        if not dot:
            raise Http404
        rows = Period.objects.visible_to(self.request.user)
        rows = rows.select_related("programme", "obligation", "basis_file", "opened_by")
        return get_object_or_404(rows, programme__code=programme, code=code)

    @cached_property
    def may_issue(self) -> bool:
        programme = self.period.programme
        return access.may(self.request.user, Permission.ISSUE_DOCUMENTS, programme=programme)

    def require_issuer(self) -> None:
        access.require(
            self.request.user, Permission.ISSUE_DOCUMENTS, programme=self.period.programme
        )

    @property
    def url(self) -> str:
        return reverse("reports:period", args=[self.period.audit_key])

    def get_refusal_url(self) -> str:
        return self.url


class PeriodPage(PeriodMixin, View):
    """/periods/<programme>.<code>/, with ?show= one of the numbers' lists, of today or of ?on="""

    required_permission = Permission.READ_REPORTS

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return render(request, "reports/period.html", self.context())

    def context(self) -> dict[str, Any]:
        row, user = self.period, self.request.user
        lines = lines_of(row, user=user, rule=LightRule.for_day(self.on))
        show = self.request.GET.get("show", "")
        shown = show if show in SHOWN else DUE
        counts = counts_of(lines)
        return {
            "period": row,
            "rules": rule_words(row),
            "programme": row.programme,
            "state": state(row, self.on),
            "banner": provenance(row, counts, self.on),
            "other_day": self.on if self.on != clock.today() else None,
            "facts": [self.fact(name, counts[name]) for name in SHOWN],
            "show": shown,
            "show_label": LABELS[shown],
            "lines": [line for line in lines if line.belongs(shown)],
            "figures": self.figures(),
            "may_issue": self.may_issue,
            "steps": self.steps(),
        }

    @cached_property
    def on(self) -> date:
        return clock.read_day(self.request.GET.get("on", "")) or clock.today()

    @property
    def day(self) -> str:
        return f"&on={self.on}" if self.on != clock.today() else ""

    def fact(self, name: str, count: int) -> dict[str, Any]:
        return {
            "label": LABELS[name],
            "value": count,
            "url": f"?show={name}{self.day}#units" if count else "",
            "tone": TONES.get(name, "") if count else "",
        }

    def figures(self) -> list[dict[str, Any]]:
        groups = figures_of(self.period).values()
        return [{"area": rows[0].area, "rows": rows} for rows in groups]

    def steps(self) -> list[dict[str, Any]]:
        entries = AuditEntry.objects.of(audit.label(self.period)).order_by("-id")
        return REPORTS.steps(entries[:LISTED])


class PeriodFile(PeriodMixin, DownloadView):
    """/periods/<key>/basis/: the scan of the 通知"""

    required_permission = Permission.READ_REPORTS

    def get_file(self) -> tuple[StoredFile, str]:
        if self.period.basis_file is None:
            raise Http404
        return self.period.basis_file, self.period.basis_file_name


class PeriodAct(PeriodMixin, View):
    """POST /periods/<key>/close/ and …/reopen/"""

    required_permission = Permission.ISSUE_DOCUMENTS
    closes = True

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return redirect(self.url)

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        self.require_issuer()
        act = services.close_period if self.closes else services.reopen_period
        act(self.period, by=request.user, version=posted_version(request))
        return redirect(self.url)


def state(row: Period, on: date) -> dict[str, str]:
    """未截止、审核中、已定稿 on the day: {"word", "tone"}."""
    if _is_closed(row, on):
        return {"word": _("已定稿"), "tone": "over"}
    if row.due_on >= on:
        return {"word": _("未截止"), "tone": ""}
    return {"word": _("审核中"), "tone": ""}


def provenance(row: Period, counts: dict[str, int], on: date) -> str:
    """What the numbers of the day are worth."""
    words = {
        "day": row.closed_on if _is_closed(row, on) else row.due_on,
        "today": on,
        "count": counts[WAITING],
        "owed": counts[DUE] - counts[IN],
    }
    if _is_closed(row, on):
        return _("已于%(day)s定稿，数字不再变化。") % words
    if row.due_on >= on:
        return _("%(day)s截止，数字按%(today)s的报送情况，还会变化。") % words
    return _("已截止，审核中：%(count)s份待审，%(owed)s份还没有报。数字按%(today)s。") % words


def _is_closed(row: Period, on: date) -> bool:
    return row.closed_on is not None and row.closed_on <= on
