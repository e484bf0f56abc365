"""Buttons of the writer's page that do one thing more than save: carry over, mark unchanged, files.
Each saves first what was typed; without JavaScript each is a button of the same form."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from core.errors import Refused

from .. import services
from ..choices import TEXTS, Field
from ..models import Evidence, Section
from ..queries.writing import library
from .writing import EditPage, closed_words
from .writing_base import Posted


class SaveFirst(EditPage):
    """POST of the whole form to an act of its own. Subclasses give `act()` and `target()`."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(self.edit_url())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        posted, refusal = self.saved()
        if refusal is None:
            try:
                self.act()
            except Refused as error:
                refusal = error
        if refusal is not None or not all(each.is_good for each in posted):
            return self.sent_back(self.as_they_are(posted, refusal), refusal)
        return redirect(self.target())

    def as_they_are(self, posted: list[Posted], refusal: Refused | None) -> list[Posted]:
        """What was saved well is shown as it stands after the act."""
        if refusal is not None:
            return posted
        return [each for each in posted if not each.is_good]

    def act(self) -> None:
        """Raises Refused."""
        raise NotImplementedError

    def target(self) -> str:
        return self.edit_url(*self.place())

    def place(self) -> tuple[Section | None, str]:
        """Where the writer was: the section, and the field."""
        return self.asked, ""

    @property
    def asked(self) -> Section | None:
        """The section of `?section=`, None for the whole report. Raises Http404."""
        key = self.request.GET.get("section", "")
        return self.section(key) if key else None

    @property
    def keys(self) -> list[str] | None:
        return [self.asked.key] if self.asked else None


class Carry(SaveFirst):
    """…/carry/?section=&field=: last period's words into what is still empty."""

    def act(self) -> None:
        changed = services.carry_over(
            self.report, by=self.request.user, keys=self.keys, fields=self.fields
        )
        if not changed:
            raise Refused(_("已经有内容的不会被覆盖，没有可以沿用的空白。"))

    @property
    def fields(self) -> list[Field] | None:
        name = self.request.GET.get("field", "")
        return [field for field in TEXTS if field.value == name] or None

    def place(self) -> tuple[Section | None, str]:
        return self.asked, self.request.GET.get("field", "") if self.fields else ""


class Unchanged(SaveFirst):
    """…/unchanged/: 「本期整体无变化，沿用上期」."""

    def act(self) -> None:
        marked = services.mark_unchanged(self.report, by=self.request.user, keys=self.keys)
        count = len(marked)
        messages.success(
            self.request,
            _("%(count)s个部分已沿用上期并选“本期无变化”，核对后提交。") % {"count": count}
            if count
            else _("没有可以标为“本期无变化”的部分：各部分都已经填写过。"),
        )


class Upload(SaveFirst):
    """…/evidence/upload/?section=: the files of the form lie beside their sections now. A script sends
    one file alone, and gets {"list": HTML, "faults": [sentences]}."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        section = self.asked
        if not request.htmx or section is None:  # type: ignore[attr-defined]
            return super().post(request, *args, **kwargs)
        if not self.report.is_writable:
            return JsonResponse({"message": closed_words(self.report)}, status=409)
        _count, faults = self.keep_files(section)
        uses = section.attached.select_related("evidence__stored", "evidence__uploaded_by")
        context = {"uses": uses.order_by("id"), "report": self.report}
        shown = render_to_string("reports/edit/file_list.html", context, request)
        return JsonResponse({"list": shown, "faults": faults})

    def act(self) -> None:
        """They were taken with everything else that was sent."""

    def place(self) -> tuple[Section | None, str]:
        return self.asked, Field.EVIDENCE.value if self.asked else ""


class Detach(SaveFirst):
    """…/evidence/<use>/detach/: out of the section; it stays the unit's."""

    def act(self) -> None:
        evidence = services.detach(self.use, by=self.request.user)
        messages.success(
            self.request,
            _("已移除“%(name)s”，以后还可以从“引用以前的材料”找回。") % {"name": evidence},
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = self.report.sections.filter(attached=self.kwargs["use"])
        section = rows.first()
        if section is None:
            raise Http404
        self.use = section.attached.select_related("section__report", "evidence").get(
            pk=self.kwargs["use"]
        )
        self.found = section
        return super().post(request, *args, **kwargs)

    def place(self) -> tuple[Section | None, str]:
        return self.found, Field.EVIDENCE.value


class Pick(SaveFirst):
    """…/evidence/<key>/: the unit's own files, to be used once more. A POST that comes from the form
    saves first and leads here; one with `use` puts the chosen files beside the section."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.section(self.kwargs["key"])
        words = request.GET.get("q", "")
        taken = set(row.attached.values_list("evidence_id", flat=True))
        context = {
            "report": self.report,
            "section": row,
            "words": words,
            "files": [
                each for each in library(self.report, request.user, words) if each.pk not in taken
            ],
            "has_any": bool(taken) or bool(library(self.report, request.user)),
            "back_url": self.edit_url(row, Field.EVIDENCE.value),
        }
        return render(request, "reports/evidence_pick.html", context)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "picked" not in request.POST:
            return super().post(request, *args, **kwargs)
        row = self.section(self.kwargs["key"])
        rows = Evidence.objects.visible_to(request.user)
        for number in request.POST.getlist("use"):
            if number.isascii() and number.isdigit():
                evidence = get_object_or_404(rows, pk=int(number[:18]))
                services.attach(row, evidence, by=request.user)
        return redirect(self.edit_url(row, Field.EVIDENCE.value))

    def act(self) -> None:
        """Only the way to the list of files."""

    def target(self) -> str:
        return reverse("reports:evidence-pick", args=[self.report.number, self.kwargs["key"]])
