"""核对: what is about to be put up, what is missing, who will see it; then the one act."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.queries import chain_of
from core.errors import PermissionRefused, Refused
from core.views import posted_version

from .. import services
from ..choices import Field, Kind, Status
from ..forms.writing import anchor_of
from ..models import Report, Section
from ..queries import Fault, faults_of, length_of
from ..queries.allowed import open_letter
from ..queries.writing import (
    Before,
    before,
    chain_purpose,
    sections_of,
    signs_first,
    state_of,
)
from .writing import closed_words
from .writing_base import WritingView
from .writing_cards import state_word


class CheckPage(WritingView):
    """/reports/<number>/check/"""

    template_name = "reports/check.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if open_letter(self.report) is not None:  # handed in on its page, without signatures
            return redirect("reports:report", self.report.number)
        if not self.report.is_writable:
            messages.info(request, closed_words(self.report))
            return redirect("reports:report", self.report.number)
        return self.page()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if open_letter(self.report) is not None:
            return redirect("reports:report", self.report.number)
        signs = "sign" in request.POST and signs_first(self.report, request.user)
        act = services.put_up_and_sign if signs else services.put_up
        try:
            row = act(self.report, by=request.user, version=posted_version(request))
        except PermissionRefused:
            raise
        except ValidationError:
            return self.page(422)
        except Refused as refusal:
            return self.refused(refusal)
        if row.status == Status.SUBMITTED:
            return redirect("reports:handed-in", row.number)
        messages.success(request, told(row))
        return redirect("reports:report", row.number)

    def refused(self, refusal: Refused) -> HttpResponse:
        """A second press, an old page, a closed task: the page as it is now, with why."""
        self.__dict__.pop("report", None)
        if self.report.is_writable:
            return self.page(refusal.status, str(refusal))
        messages.info(self.request, closed_words(self.report))
        return redirect("reports:report", self.report.number)

    def page(self, status: int = 200, refusal: str = "") -> HttpResponse:
        report = self.report
        sections, faults = sections_of(report), faults_of(report)
        steps = chain_of(report.unit, chain_purpose(report))
        context = {
            "report": report,
            "refusal": refusal,
            "cards": [self.card(row, faults) for row in sections],
            "faults": [self.fault(each, sections) for each in faults],
            "length": length_of(report),
            "files": sum(len(row.attached.all()) for row in sections),
            "signs": signs_first(report, self.request.user),
            "steps": [step.label for step in steps],
            "is_last": len(steps) == 1,
            "edit_url": self.edit_url(),
            "recipient": report.assignment.obligation.received_by,
            "due": report.assignment.due_on,
        }
        return render(self.request, self.template_name, context, status=status)

    def card(self, row: Section, faults: list[Fault]) -> dict[str, Any]:
        state = state_of(row, faults)
        asked = self._figures.get(row.area_id or 0, ())
        values = {value.figure_id: value.value for value in row.figures.all()}
        before_now = self.before.figures.get(row.key, {})
        return {
            "section": row,
            "url": self.edit_url(row),
            "state": state,
            "state_word": state_word(state),
            "texts": [text for text in self.texts(row) if text["text"] or text["url"]],
            "figures": [
                {
                    "name": figure.label,
                    "value": values.get(figure.pk),
                    "before": before_now.get(figure.name, ""),
                }
                for figure in asked
            ],
            "items": [item.name for item in row.items.all()],
            "files": [use.evidence for use in row.attached.all()],
        }

    def texts(self, row: Section) -> list[dict[str, str]]:
        names = ["body"] if row.is_chapter else ["body", "problems", "next_steps"]
        return [
            {
                "label": row.heading if row.is_chapter else str(Field(name).label),
                "text": getattr(row, name).strip(),
                "origin": row.origins.get(name, ""),
                "url": self.edit_url(row, name),
            }
            for name in names
        ]

    @cached_property
    def before(self) -> Before:
        return before(self.report)

    def fault(self, fault: Fault, sections: list[Section]) -> dict[str, str]:
        """The sentence, the section it stands in, and where it is mended."""
        row = next((row for row in sections if row.key == fault.section), None)
        if row is None:
            return {"text": fault.message, "where": "", "url": self.edit_url()}
        address = reverse("reports:report-edit", args=[self.report.number])
        url = f"{address}?check=1#{anchor_of(row, fault.field)}"
        where = "" if row.is_chapter else row.heading
        return {"text": fault.message, "where": where, "url": url}


def told(row: Report) -> str:
    """What came of it, whose turn it is now, until when."""
    facts = {"number": row.number, "day": row.assignment.due_on}
    if row.status == Status.SUBMITTED:
        return _("已报送。编号%(number)s，市政数局一般在3个工作日内审核。") % facts
    if row.kind != Kind.OVERALL and row.assignment.due_on:
        return _("已提交审签。编号%(number)s，审签完毕即报送，%(day)s截止。") % facts
    return _("已提交审签。编号%(number)s。") % facts
