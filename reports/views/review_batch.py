"""批量通过: only rows in which the check found nothing, after a page that names them."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core.errors import Refused
from core.listing import whole_number
from core.views import RefusalMixin

from .. import services
from ..models import Report
from ..queries import desk
from ..queries.screening import screened

MOST = 100


@dataclass(frozen=True)
class Result:
    """What became of one report; `refusal` is '' for one that was accepted."""

    report: Report
    refusal: str = ""


class BatchView(RefusalMixin, View):
    """POST /review/batch/: first the names, then (`confirmed`) exactly these are accepted, each in its
    own transaction."""

    required_permission = Permission.REVIEW_REPORTS

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("reports:review-queue")

    def post(self, request: HttpRequest) -> HttpResponse:
        asked = self.asked()
        if not asked:
            raise Refused(_("先勾选要通过的报告。"))
        rows = desk.waiting_for(request.user).filter(number__in=asked).for_lists()
        lines = screened(rows)
        clean = [line.report for line in lines if line.is_clean]
        left = [line for line in lines if not line.is_clean]
        gone = sorted(set(asked) - {line.report.number for line in lines})
        context = {"rows": clean, "left": left, "gone": gone}
        if "confirmed" not in request.POST:
            return render(request, "reports/review_batch.html", context)
        results = [self.accept(row, asked[row.number]) for row in clean]
        done = sum(1 for each in results if not each.refusal)
        messages.success(request, _("已通过%(count)s份。") % {"count": done})
        context = {"results": results, "left": left, "gone": gone}
        return render(request, "reports/review_batch_done.html", context)

    def asked(self) -> dict[str, int]:
        """{number: version}: the rows that were ticked, as they were when they were ticked."""
        found: dict[str, int] = {}
        for text in self.request.POST.getlist("row")[:MOST]:
            number, _at, version = text.replace("\x00", "").partition("@")
            known = whole_number(version)
            if number and known is not None:
                found[number] = known
        return found

    def accept(self, row: Report, version: int) -> Result:
        try:
            with transaction.atomic():
                services.accept(row, by=self.request.user, version=version)
        except Refused as refusal:
            return Result(row, str(refusal))
        return Result(row)

    def get_refusal_url(self) -> Any:
        return reverse("reports:review-queue")
