"""/review/<number>/: one report, read and answered; then the next one."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.errors import MoveNotAllowed, PermissionRefused, Refused, StaleVersion
from core.forms import put_errors
from core.views import RefusalMixin, posted_version, stale_words

from .. import services
from ..choices import Decision, Field, Status
from ..forms.reviewing import Point, ReviewForm
from ..models import Report, Review
from ..queries import desk
from ..queries.allowed import require_reviewer
from ..queries.comparing import Part
from ..queries.reading import minutes
from ..queries.screening import Screened, screened
from .reading import ReportMixin

ACCEPT, RETURN = "accept", "return"


class ReviewPage(RefusalMixin, ReportMixin, View):
    """GET notes that the bureau opened it; POST …/accept/ and …/return/ answer it."""

    required_permission = Permission.REVIEW_REPORTS

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        require_reviewer(self.report, request.user)
        if self.report.status != Status.SUBMITTED:
            return self.gone()
        self.report = services.open_for_review(self.report, by=request.user)
        return self.page(ReviewForm(points=self.points))

    def gone(self) -> HttpResponse:
        """Somebody answered it, or the unit took it back."""
        messages.info(self.request, said_already(self.report, self.request.user))
        return redirect("reports:report", self.report.number)

    def page(self, form: ReviewForm, status: int = 200, refusal: str = "") -> HttpResponse:
        context = {**self.context(form), "refusal": refusal}
        return render(self.request, "reports/review.html", context, status=status)

    def context(self, form: ReviewForm) -> dict[str, Any]:
        row, user = self.report, self.request.user
        return {
            "report": row,
            "unit": row.unit,
            "reading": self.reading,
            "screened": self.screened,
            "form": form,
            "rows": [beside(part, form) for part in self.reading.parts],
            "whole": form.at("", ""),
            "days": row.days_waiting(clock.today()),
            "minutes": minutes(self.reading.length),
            "next": desk.after(row, user),
            "left": desk.waiting_for(user, row.programme).count(),
            "undo": desk.undoable(user),
        }

    @cached_property
    def screened(self) -> Screened:
        return screened([self.report])[0]

    @cached_property
    def points(self) -> list[Point]:
        """Every place of the edition beside which something may be said."""
        found = [Point("", "", _("整份报告"))]
        for part in self.reading.parts:
            names = [told.name for told in part.texts]
            if not part.is_chapter:
                names += [*([Field.FIGURES] if part.figures else []), Field.COMPLETION]
            names.append(Field.EVIDENCE)
            found += [Point(part.key, name, _where(part, name)) for name in names]
        return found


class ReviewAct(ReviewPage):
    """POST /review/<number>/accept/ and …/return/"""

    act = ACCEPT

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return redirect("reports:review", number)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        require_reviewer(self.report, request.user)
        following = desk.after(self.report, request.user)
        if not self.report.editions:
            return self.gone()
        form = ReviewForm(request.POST, points=self.points)
        answer = self.answer(form)
        if answer is not None:
            return answer
        if following is None:
            return redirect("reports:review-queue")
        return redirect("reports:review", following.number)

    def answer(self, form: ReviewForm) -> HttpResponse | None:
        """None when it is done; else the page, with everything that was written."""
        if not form.is_valid():
            return self.page(form, 422)
        try:
            with transaction.atomic():
                self.decide(form)
        except PermissionRefused:
            raise
        except ValidationError as error:
            put_errors(form, error)
            return self.page(form, 422)
        except StaleVersion as refusal:
            return self.again(form, refusal.status, stale_words(self.report))
        except (MoveNotAllowed, Refused) as refusal:
            return self.again(form, refusal.status, str(refusal))
        return None

    def again(self, form: ReviewForm, status: int, refusal: str) -> HttpResponse:
        """The report as it is now, with what was written."""
        self.report = get_object_or_404(
            Report.objects.visible_to(self.request.user).for_lists(), pk=self.report.pk
        )
        return self.page(form, status, refusal)

    def decide(self, form: ReviewForm) -> None:
        row, user, version = self.report, self.request.user, posted_version(self.request)
        note, remarks = form.cleaned_data["note"], form.remarks()
        if self.act == RETURN:
            services.return_report(row, remarks, by=user, note=note, version=version)
            return
        if remarks:
            raise ValidationError(_("已写了退回意见。要通过先清空，要退回点“退回”。"))
        services.accept(row, by=user, note=note, version=version)

    def get_refusal_url(self) -> str:
        return reverse("reports:review-queue")


class UndoView(RefusalMixin, ReportMixin, View):
    """POST /review/<number>/undo/ with the number of the decision."""

    required_permission = Permission.REVIEW_REPORTS

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return redirect("reports:report", number)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        require_reviewer(self.report, request.user)
        found = desk.undoable(request.user, self.report)
        asked = request.POST.get("review", "")
        if found is None or str(found.pk) != asked:
            raise Refused(_("审核已超过10分钟或已有变化，不能撤销。需要更正时联系单位重新报送。"))
        row = services.undo(found, by=request.user)
        messages.success(request, _("已撤销，%(title)s回到待审核。") % {"title": row.title})
        return redirect("reports:review", row.number)

    def get_refusal_url(self) -> str:
        return reverse("reports:report", args=[self.kwargs["number"]])


def beside(part: Part, form: ReviewForm) -> dict[str, Any]:
    """A section with the place for a remark at each of its fields."""
    return {
        "part": part,
        "texts": [{"told": told, "point": form.at(part.key, told.name)} for told in part.texts],
        **{name.value: form.at(part.key, name) for name in (Field.FIGURES, Field.COMPLETION)},
        "evidence": form.at(part.key, Field.EVIDENCE),
    }


def said_already(row: Report, user: Any) -> str:
    """Who answered it, when and what; or that it went back to its unit."""
    rows = Review.objects.visible_to(user).standing().filter(submission__report=row)
    review = rows.select_related("decided_by").order_by("-decided_at").first()
    if review is None or row.status not in {Status.ACCEPTED, Status.RETURNED}:
        words = {"number": row.number, "status": row.get_status_display()}
        return _("%(number)s现在是“%(status)s”，不用审核。") % words
    facts = {
        "number": row.number,
        "who": review.decided_by,
        "at": f"{localtime(review.decided_at):%Y-%m-%d %H:%M}",
        "what": Decision(review.decision).label,
    }
    return _("%(number)s已由%(who)s在%(at)s审核：%(what)s，无须再处理。") % facts


def _where(part: Part, name: str) -> str:
    label = next((told.label for told in part.texts if told.name == name), "")
    if part.is_chapter and label:
        return part.heading
    words = {"heading": part.heading, "label": label or str(Field(name).label)}
    return _("%(heading)s：%(label)s") % words
