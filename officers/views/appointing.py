"""F2 任命/变更: fill in, read what will happen, do it."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.errors import PermissionRefused, Refused
from core.views import RefusalMixin
from pilots.models import Unit

from .. import services
from ..forms.appointing import AppointForm
from ..forms.register import add_errors
from ..models import Person, Post
from ..queries.allowed import manages, may_report, stands_at_once
from ..queries.present import present_holders
from ..queries.reporting import reported_units
from ..queries.rules import rulings_of
from .effect import effect_of, summary_of


class AppointView(RefusalMixin, View):
    """/officers/new/?unit=&post="""

    required_permission = Permission.READ_OFFICERS
    template_name = "officers/appoint.html"
    request: HttpRequest

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.unit is None:
            return self.choose()
        asked = request.GET.get("post", "")
        initial = {"post": asked} if asked in self.posts else {}
        return self.show(self.form(initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        if self.unit is None:
            raise Http404
        form = self.form(request.POST, request.FILES)
        is_good = form.is_valid()
        form.keep(request.user)
        if not is_good:
            return self.show(form, 422)
        if "back" in request.POST:
            return self.show(form)
        try:
            return self.finish(form) if "confirmed" in request.POST else self.check(form)
        except PermissionRefused:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form, refusal.status)
        except ValidationError as error:
            add_errors(form, error, ends_on="leaves_on")
            return self.show(form, 422)

    # --- the unit ------------------------------------------------------------------------------

    @cached_property
    def unit(self) -> Unit | None:
        """The one asked for, or the only one there is to choose."""
        asked = self.request.GET.get("unit", "")
        if asked:
            units = Unit.objects.visible_to(self.request.user).filter(is_slot=False)
            unit = get_object_or_404(units.prefetch_related("names"), code=asked)
            if not may_report(self.request.user, unit):
                raise PermissionRefused
            return unit
        return self.units[0] if len(self.units) == 1 else None

    @cached_property
    def units(self) -> list[Unit]:
        found = reported_units(self.request.user, clock.today())
        if not found:
            raise PermissionRefused
        return found

    def choose(self) -> HttpResponse:
        context = {"units": self.units, "post": self.request.GET.get("post", "")}
        return render(self.request, "officers/appoint_unit.html", context)

    # --- the form ------------------------------------------------------------------------------

    @cached_property
    def posts(self) -> dict[str, Post]:
        rows = Post.objects.filter(withdrawn_on=None).defer("loaded")
        return {row.code: row for row in rows}

    def form(self, *args: Any, **kwargs: Any) -> AppointForm:
        unit = self.unit
        people = Person.objects.visible_to(self.request.user).filter(unit=unit)
        return AppointForm(
            *args,
            unit=unit,
            by=self.request.user,
            people=list(people),
            posts=self.posts,
            rulings=rulings_of(unit, clock.today()),
            holders=present_holders(unit),
            **kwargs,
        )

    def show(self, form: AppointForm, status: int = 200) -> HttpResponse:
        is_bureau = manages(self.request.user, self.unit)
        context = {"form": form, "unit": self.unit, "is_bureau": is_bureau}
        return render(self.request, self.template_name, context, status=status)

    # --- the page where it is checked, and the end ---------------------------------------------

    def files_along(self, form: AppointForm) -> bool:
        """Whether the unit can send the filing with the same click: it appoints its own and files
        it elsewhere."""
        ruling = form.ruling
        own = ruling is not None and ruling.rule.is_self_appointed and ruling.rule.needs_filing
        is_unit = not manages(self.request.user, self.unit)
        return bool(own and is_unit and form.cleaned_data["kind"] == "substantive")

    def check(self, form: AppointForm) -> HttpResponse:
        """Restate the effect: it was tried, and undone."""
        given = form.registration(files=self.files_along(form))
        found = services.rehearse(given, by=self.request.user, once=form.cleaned_data["once"])
        stands = stands_at_once(self.request.user, self.unit, form.ruling)
        context = {
            "form": form,
            "unit": self.unit,
            "rows": summary_of(form),
            "effect": effect_of(form, found),
            "files_along": self.files_along(form),
            "desk": form.ruling.rule.filed_at if form.ruling else None,
            "label": _("确认任命") if stands else _("提交拟任"),
        }
        return render(self.request, "officers/appoint_check.html", context)

    def finish(self, form: AppointForm) -> HttpResponse:
        files = self.files_along(form) and "files" in self.request.POST
        given = form.registration(files=files)
        found = services.register(given, by=self.request.user, once=form.cleaned_data["once"])
        messages.success(self.request, said(found))
        return redirect("officers:appointment", found.appointment.number)

    def get_refusal_url(self) -> str:
        return self.request.get_full_path()


def said(found: services.Registered) -> str:
    """What the page of the appointment says first."""
    row = found.appointment
    words = {"person": row.person, "post": row.post, "number": row.number}
    if not found.stands:
        return _("已登记%(person)s拟任%(post)s，编号%(number)s，待市政数局确认。") % words
    if found.filing is None:
        return _("已登记%(person)s任%(post)s，编号%(number)s。") % words
    words |= {"filing": found.filing.number, "desk": found.filing.desk}
    return (
        _("已登记%(person)s任%(post)s，编号%(number)s；已报%(desk)s备案，编号%(filing)s。") % words
    )
