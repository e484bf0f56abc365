"""What pages of projects and findings have in common."""

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import UNIT_ROLES, Permission
from core import audit, clock
from core.errors import PermissionRefused, Refused, StaleVersion
from core.models import AuditEntry
from core.uploads import KeptFileMixin
from core.views import RefusalMixin
from duties.views.moves import stale_words
from pilots.access import memberships_of, permissions_of
from pilots.current import current_programme
from pilots.models import Enrolment, Unit

from ..forms.bases import UnitPickForm, add_errors
from ..models import Finding, Project
from ..queries.allowed import may_report
from ..queries.places import place
from ..words import PROJECTS

MOST = 50  # steps of a history


class FormPage(RefusalMixin, View):
    """A form on a page of its own. Subclasses give `heading()`, `get_form()`, `act()` and
    `back_url()`. A refusal is said above the form, which keeps what was filled in, its scan too.

    Where `asks_again(form)` says so, a second page restates what will happen first: the service has
    already been tried then, and undone, so that nothing is refused after it.
    """

    required_permission = Permission.READ_PROJECTS
    template_name = "projects/form.html"
    check_template = "projects/check.html"
    label: Any = ""
    request: HttpRequest
    kwargs: dict[str, Any]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.prepare() or self.page(self.get_form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        answer = self.prepare()
        if answer is not None:
            return answer
        form = self.get_form(request.POST, request.FILES)
        is_good = form.is_valid()
        if isinstance(form, KeptFileMixin):
            form.keep(request.user)
        if not is_good:
            return self.page(form, 422)
        if "back" in request.POST:
            return self.page(form)
        return self.sent(form)

    def sent(self, form: Any) -> HttpResponse:
        """Do it, or show what will be done."""
        is_rehearsal = self.asks_again(form) and "confirmed" not in self.request.POST
        try:
            with transaction.atomic():
                said, address = self.act(form)
                transaction.set_rollback(is_rehearsal)
        except PermissionRefused:
            raise
        except StaleVersion as refusal:
            return self.stale(form, refusal)
        except Refused as refusal:
            return self.page(form, refusal.status, str(refusal))
        except ValidationError as error:
            add_errors(form, error)
            return self.page(form, 422)
        if is_rehearsal:
            context = {**self.context(), "form": form, "step": self.step(form)}
            return render(self.request, self.check_template, context)
        messages.success(self.request, said)
        return redirect(address)

    def stale(self, form: Any, refusal: StaleVersion) -> HttpResponse:
        """Somebody was quicker: what was filled in, to be sent anew on the row as it is now."""
        row = self.subject()
        row.refresh_from_db(fields=["version"])
        form.data = form.data.copy()
        form.data["version"] = row.version
        return self.page(form, refusal.status, stale_words(row))

    def page(self, form: Any, status: int = 200, refusal: str = "") -> HttpResponse:
        context = {**self.context(), "form": form, "refusal": refusal}
        return render(self.request, self.template_name, context, status=status)

    def context(self) -> dict[str, Any]:
        return {
            "heading": self.heading(),
            "label": self.label,
            "back_url": self.back_url(),
            "crumbs": self.crumbs(),
            "rows": self.rows(),
            "notes": self.notes(),
            "lede": self.lede(),
        }

    def prepare(self) -> HttpResponse | None:
        """Find the object and check the right there; an answer where there is nothing to fill in."""

    def heading(self) -> str:
        raise NotImplementedError

    def back_url(self) -> str:
        raise NotImplementedError

    def get_form(self, *data: Any) -> Any:
        raise NotImplementedError

    def act(self, form: Any) -> tuple[str, str]:
        """Call the service: (the sentence that the next page shows, its address)."""
        raise NotImplementedError

    def subject(self) -> Any:
        """The row whose version was stale."""
        raise NotImplementedError

    def crumbs(self) -> list[tuple[str, str]]:
        """(address, label) of the pages above."""
        return [(reverse("projects:project-list"), _("信息化项目"))]

    def rows(self) -> list[dict[str, Any]]:
        """What is known already, as components/summary.html shows it."""
        return []

    def notes(self) -> list[str]:
        """Warnings above the form."""
        return []

    def lede(self) -> str:
        return ""

    def asks_again(self, _form: Any) -> bool:
        return False

    def step(self, form: Any) -> dict[str, Any]:
        """{"title", "effect", "label", "rows"} of the second page."""
        raise NotImplementedError

    def get_refusal_url(self) -> str:
        return self.back_url()


class OfUnit(FormPage):
    """A form that begins with a unit: a unit's own clerk has one, the bureau chooses. `powers` are
    the kinds of power of which the unit's programme needs one; `nothing` says that it has none."""

    powers: tuple[str, ...] = ()
    nothing: Any = ""
    place: Enrolment

    def prepare(self) -> HttpResponse | None:
        user = self.request.user
        if not {Permission.REPORT_PROJECTS, Permission.MANAGE_PROJECTS} & permissions_of(user):
            raise PermissionRefused
        given = {"unit": self.request.GET.get("unit", "")} if self.request.GET.get("unit") else {}
        form = UnitPickForm(given or own_unit(user) or None, units=Unit.objects.visible_to(user))
        if not form.is_valid():
            status = 422 if form.is_bound else 200
            context = {**self.unit_context(), "form": form, "units": form.units()}
            return render(self.request, "projects/pick_unit.html", context, status=status)
        self._find(form.cleaned_data["unit"])
        return None

    def _find(self, unit: Unit) -> None:
        if not may_report(self.request.user, unit):
            raise PermissionRefused
        wanted = current_programme(self.request)
        found = place(self.request.user, unit, self.powers, clock.today(), wanted=wanted)
        if found is None:
            raise Refused(self.nothing % {"unit": unit.display_name})
        self.place = found

    def unit_context(self) -> dict[str, Any]:
        return {"heading": self.label, "back_url": self.back_url(), "crumbs": self.crumbs()}


class ProjectMixin:
    """The project of the address, if the reader sees it."""

    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def project(self) -> Project:
        rows = Project.objects.visible_to(self.request.user).for_lists()
        return get_object_or_404(rows, number=self.kwargs["number"])


class FindingMixin:
    """The finding of the address, if the reader sees it."""

    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def finding(self) -> Finding:
        rows = Finding.objects.visible_to(self.request.user).for_lists()
        return get_object_or_404(rows, number=self.kwargs["number"])


def own_unit(user: Any) -> dict[str, str]:
    """The only unit of a unit's clerk, as the address would say it."""
    codes = {row.unit.code for row in memberships_of(user) if row.role in UNIT_ROLES}
    return {"unit": codes.pop()} if len(codes) == 1 else {}


def history(row: Any) -> list[dict[str, Any]]:
    """The latest entries about the row for components/trail.html, newest first."""
    return PROJECTS.steps(AuditEntry.objects.of(audit.label(row)).order_by("-id")[:MOST])


def day_of(request: HttpRequest) -> date:
    """The day of `?on=`, else today."""
    return clock.read_day(request.GET.get("on", "")) or clock.today()
