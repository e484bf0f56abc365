"""Opening a period, with a page that names who gets a task; changing one."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.errors import PermissionRefused, Refused, StaleVersion
from core.forms import put_errors
from core.uploads import KeptFileMixin
from core.views import RefusalMixin, stale_words
from core.words import weekday
from core.workdays import Calendar
from duties.models import DutyArea
from pilots import access
from pilots.current import current_programme
from pilots.models import Programme

from .. import services
from ..forms.periods import PeriodChangeForm, PeriodForm
from ..models import Period
from ..queries.periods import (
    NOTICE,
    earlier_figures,
    figures_of,
    notice_days,
    recipients,
    suggestion,
)
from .periods import PeriodMixin

NUMERALS = "一二三四"


class FormView(RefusalMixin, View):
    """A form on a page of its own, that keeps what was filled in; with `has_check` a second page says
    what will happen. The service has then been tried, and undone."""

    required_permission = Permission.ISSUE_DOCUMENTS
    template_name = ""
    has_check = False
    request: HttpRequest

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.prepare()
        return self.page(self.get_form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.prepare()
        form = self.get_form(request.POST, request.FILES)
        form.is_valid()
        if isinstance(form, KeptFileMixin):
            form.keep(request.user)
        if "preview" in request.POST:
            form.forget_others()
        elif not form.is_valid():
            return self.page(form, 422)
        if request.POST.keys() & {"back", "preview"}:
            return self.page(form)
        return self.try_out(form)

    def try_out(self, form: Any) -> HttpResponse:
        """Do it, or only rehearse it for the page that checks."""
        request = self.request
        is_rehearsal = self.has_check and "confirmed" not in request.POST
        try:
            with transaction.atomic():
                row = self.act(form)
                transaction.set_rollback(is_rehearsal)
        except PermissionRefused:
            raise
        except ValidationError as error:
            put_errors(form, error)
            return self.page(form, 422)
        except StaleVersion as refusal:
            return self.stale(form, refusal)
        except Refused as refusal:
            return self.page(form, refusal.status, str(refusal))
        return self.check(form) if is_rehearsal else self.done(row)

    def page(self, form: Any, status: int = 200, refusal: str = "") -> HttpResponse:
        context = {**self.context(), "form": form, "refusal": refusal}
        return render(self.request, self.template_name, context, status=status)

    def prepare(self) -> None:
        """Find the object and check the right."""
        raise NotImplementedError

    def get_form(self, *data: Any) -> Any:
        raise NotImplementedError

    def act(self, form: Any) -> Period:
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        raise NotImplementedError

    def check(self, form: Any) -> HttpResponse:
        raise NotImplementedError

    def done(self, row: Period) -> HttpResponse:
        raise NotImplementedError

    def stale(self, form: Any, refusal: StaleVersion) -> HttpResponse:
        raise NotImplementedError


class PeriodNew(FormView):
    """/periods/new/"""

    template_name = "reports/period_new.html"
    has_check = True

    @cached_property
    def programme(self) -> Programme | None:
        return current_programme(self.request)

    def prepare(self) -> None:
        if self.programme is None:
            raise PermissionRefused
        access.require(self.request.user, Permission.ISSUE_DOCUMENTS, programme=self.programme)

    def get_form(self, *data: Any) -> PeriodForm:
        known = earlier_figures(self.programme)  # type: ignore[arg-type]
        return PeriodForm(*data, areas=self.areas(), known=known, initial=self.suggested())

    def areas(self) -> Any:
        rows = DutyArea.objects.visible_to(self.request.user)
        return rows.filter(programme=self.programme, withdrawn_on=None).order_by("position", "id")

    def suggested(self) -> dict[str, Any]:
        found = suggestion(self.programme, clock.today())  # type: ignore[arg-type]
        quarter = NUMERALS[(found.starts_on.month - 1) // 3]
        title = f"{found.starts_on.year}年第{quarter}季度"
        return {
            "code": found.code,
            "title": title,
            "starts_on": found.starts_on,
            "ends_on": found.ends_on,
            "opens_on": found.opens_on,
            "due_on": found.due_on,
        }

    def context(self) -> dict[str, Any]:
        return {"programme": self.programme, "notice": NOTICE}

    def act(self, form: PeriodForm) -> Period:
        return services.open_period(
            self.programme,  # type: ignore[arg-type]
            form.opening(),
            figures=form.figures(),
            by=self.request.user,
        )

    def check(self, form: PeriodForm) -> HttpResponse:
        opening = form.opening()
        days = notice_days(opening.opens_on, opening.due_on, clock.today())
        context = {
            **self.context(),
            "form": form,
            "opening": opening,
            "figures": form.figures(),
            "days": days,
            "is_short": days < NOTICE,
            "weekday": weekday(opening.due_on),
            "last_workday": self.last_workday(opening.due_on),
            "units": recipients(self.programme, clock.today()),  # type: ignore[arg-type]
        }
        return render(self.request, "reports/period_check.html", context)

    def last_workday(self, due_on: Any) -> Any:
        """The last working day, where the due day is none; None else."""
        last = Calendar.around(due_on, margin=30).on_or_before(due_on)
        return last if last != due_on else None

    def done(self, row: Period) -> HttpResponse:
        messages.success(self.request, _("已开启%(title)s，任务已交办。") % {"title": row.title})
        return redirect("reports:period", row.audit_key)

    def get_refusal_url(self) -> str:
        return reverse("reports:period-list")


class PeriodChange(PeriodMixin, FormView):
    """/periods/<key>/change/"""

    template_name = "reports/period_change.html"

    def prepare(self) -> None:
        self.require_issuer()
        if self.period.closed_on is not None:
            words = {"period": self.period}
            raise Refused(_("%(period)s已定稿，先取消定稿再改。") % words)

    def get_form(self, *data: Any) -> PeriodChangeForm:
        row = self.period
        initial = {
            "title": row.title,
            "due_on": row.due_on,
            "note": row.note,
            "version": row.version,
        }
        areas = DutyArea.objects.visible_to(self.request.user).filter(programme=row.programme)
        areas = areas.filter(withdrawn_on=None).order_by("position", "id")
        return PeriodChangeForm(*data[:1], areas=areas, known=figures_of(row), initial=initial)

    def context(self) -> dict[str, Any]:
        return {"period": self.period, "url": self.url}

    def act(self, form: PeriodChangeForm) -> Period:
        facts = form.cleaned_data
        return services.change_period(
            self.period,
            by=self.request.user,
            title=facts["title"],
            due_on=facts["due_on"],
            note=facts["note"],
            reason=facts["reason"],
            figures=form.figures(),
            version=facts["version"],
        )

    def done(self, row: Period) -> HttpResponse:
        messages.success(self.request, _("已调整%(title)s。") % {"title": row.title})
        return redirect("reports:period", row.audit_key)

    def stale(self, form: Any, refusal: StaleVersion) -> HttpResponse:
        row = self.period
        row.refresh_from_db(fields=["version"])
        form.data = form.data.copy()
        form.data["version"] = row.version
        return self.page(form, refusal.status, stale_words(row))
