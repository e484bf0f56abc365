"""/trainings/<number>/attendance/: the list of who came, ticked, pasted or from a workbook."""

from typing import Any, NamedTuple
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core.errors import Refused, StaleVersion
from core.listing import whole_number
from core.spreadsheets import MEDIA_TYPE
from core.views import RefusalMixin, stale_words
from pilots.models import Unit
from projects.forms.bases import add_errors

from .. import services
from ..choices import Route
from ..forms.events import ReasonForm
from ..forms.lists import PasteForm, PickForm, SheetForm, TickForm
from ..models import Attendance
from ..queries.allowed import may_change
from ..queries.people import match, people_at
from ..services.sheets import read_names, template
from .bases import EventMixin, history

FORMS = ("tick", "paste", "sheet")


class Sent(NamedTuple):
    """A list on its way: (name, unit, duty) of each line, how it came, the version it was read on."""

    names: list[tuple[str, str, str]]
    route: str
    version: int


class AttendanceBase(EventMixin, RefusalMixin, View):
    required_permission = Permission.READ_EVENTS

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not may_change(request.user, self.event):
            return render(request, "errors/403.html", {"message": ""}, status=403)
        return super().dispatch(request, *args, **kwargs)

    def units(self) -> list[Unit]:
        """Bodies whose people may have come: organisers and those invited."""
        rows = [
            *self.event.organisers.all(),
            *self.event.participants.select_related("enrolment__unit"),
        ]
        return list({row.enrolment.unit_id: row.enrolment.unit for row in rows}.values())

    def known(self) -> list[Any]:
        return people_at(self.event, self.request.user, self.units())

    def there(self) -> Any:
        rows = Attendance.objects.visible_to(self.request.user).live().filter(event=self.event)
        return rows.select_related("unit", "person", "declaration")

    def get_refusal_url(self) -> str:
        return reverse("trainings:attendance", args=[self.kwargs["number"]])


class AttendancePage(AttendanceBase):
    """Three ways to put people on the list, and the list."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return self.page(self.forms())

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        act = request.POST.get("act", "")
        if act == "pick":
            return self.picked(request)
        if act not in FORMS:
            return self.page(self.forms(), 422)
        forms = self.forms(act, request.POST, request.FILES)
        form = forms[act]
        if not form.is_valid():
            return self.page(forms, 422)
        if act == "tick":
            return self.put(form, form.seats(), Route.TICKED, forms)
        try:
            names = (
                form.cleaned_data["names"]
                if act == "paste"
                else read_names(form.cleaned_data["file"])
            )
        except ValidationError as error:
            add_errors(form, error)
            return self.page(forms, 422)
        route = Route.PASTED if act == "paste" else Route.SHEET
        sent = Sent(names, route, form.cleaned_data["version"])
        return self.preview(self.pick_form(names), sent)

    def picked(self, request: HttpRequest) -> HttpResponse:
        """The second page of a list: what each line means was chosen."""
        data = request.POST
        names = list(
            zip(data.getlist("name"), data.getlist("unit"), data.getlist("duty"), strict=False)
        )
        route = Route.SHEET if data.get("route") == Route.SHEET else Route.PASTED
        form = self.pick_form(names, data)
        sent = Sent(names, route, whole_number(data.get("version", "")) or -1)
        if not form.is_valid():
            return self.preview(form, sent, 422)
        try:
            count = services.add_people(
                self.event, form.seats(), route=route, by=request.user, version=sent.version
            )
        except StaleVersion as refusal:
            self.event.refresh_from_db(fields=["version"])
            now = sent._replace(version=self.event.version)
            return self.preview(form, now, refusal.status, stale_words(self.event))
        except ValidationError as error:
            return self.preview(form, sent, 422, "；".join(error.messages))
        return self.done(count)

    def put(self, form: Any, seats: list[Any], route: str, forms: dict[str, Any]) -> HttpResponse:
        version = form.cleaned_data["version"]
        try:
            count = services.add_people(
                self.event, seats, route=route, by=self.request.user, version=version
            )
        except ValidationError as error:
            add_errors(form, error)
            return self.page(forms, 422)
        return self.done(count)

    def done(self, count: int) -> HttpResponse:
        said = _("已登记%(count)s人。") % {"count": count} if count else _("名单里的人都已登记过。")
        messages.success(self.request, said)
        return redirect(self.get_refusal_url())

    def forms(self, act: str = "", *data: Any) -> dict[str, Any]:
        """All three; `data` goes to the one that was sent."""
        initial = {"version": self.event.version}
        there = set(self.there().values_list("person_id", flat=True))
        known = [row for row in self.known() if row.pk not in there]
        given = {name: data if name == act else () for name in FORMS}
        return {
            "tick": TickForm(*given["tick"][:1], known=known, initial=initial),
            "paste": PasteForm(*given["paste"][:1], initial=initial),
            "sheet": SheetForm(*given["sheet"], initial=initial),
        }

    def pick_form(self, names: list[Any], *data: Any) -> PickForm:
        found = match(names, self.known())
        units = self.units()
        return PickForm(*data, matches=found, units=units)

    def page(self, forms: dict[str, Any], status: int = 200) -> HttpResponse:
        faulty = next((form for form in forms.values() if form.errors), None)
        context = {
            "event": self.event,
            "forms": forms,
            "form": faulty,
            "people": list(self.there()),
            "strike": ReasonForm(initial={"version": self.event.version}),
            "steps": history(self.event)[:5],
        }
        return render(self.request, "trainings/attendance.html", context, status=status)

    def preview(
        self, form: PickForm, sent: "Sent", status: int = 200, refusal: str = ""
    ) -> HttpResponse:
        lines = form.lines()
        context = {
            "event": self.event,
            "form": form,
            "lines": [line for line in lines if not line["match"].is_sure],
            "sure": [line for line in lines if line["match"].is_sure],
            "names": sent.names,
            "route": sent.route,
            "version": sent.version,
            "units": self.units(),
            "refusal": refusal,
        }
        return render(self.request, "trainings/pick.html", context, status=status)


class StrikeOut(AttendanceBase):
    """POST /trainings/<number>/attendance/strike/"""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        form = ReasonForm(request.POST)
        wanted = [int(pk) for pk in request.POST.getlist("people") if pk.isdigit()][:5000]
        if not form.is_valid() or not wanted:
            raise Refused(_("勾选要划去的人，并写明原因。"))
        rows = self.there().filter(pk__in=wanted)
        count = services.strike_out(self.event, rows, by=request.user, **form.cleaned_data)
        messages.success(request, _("已划去%(count)s人。") % {"count": count})
        return redirect(self.get_refusal_url())


class SheetTemplate(AttendanceBase):
    """/trainings/<number>/attendance/template.xlsx"""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        answer = HttpResponse(template(self.event), content_type=MEDIA_TYPE)
        name = _("参加人员名单模板_%(number)s.xlsx") % {"number": number}
        answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
        return answer
