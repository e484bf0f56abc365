"""专项通知: the page of one order, its document and its template file."""

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from approvals.views.signing import SignedPage
from core import audit, clock, documents
from core.models import AuditEntry, StoredFile
from core.uploads import DownloadView
from core.workdays import Calendar
from pilots import access

from ..choices import OrderState
from ..documents import orders as papers
from ..models import Assignment, LightRule, Order
from ..order_forms import WithdrawOrderForm
from ..order_words import ORDERS
from ..queries.dossier import holiday_words, rule_words
from ..queries.orders import (
    STATES,
    Receipt,
    counts_of,
    is_insider,
    leads_of,
    may_draft,
    notice_days,
    receipts,
)  # fmt: skip
from .beside import note_opening
from .lists import line_of
from .order_words import RECEIPTS, counts_sentence, next_step

TONES = {OrderState.TO_SIGN: "mine", OrderState.WITHDRAWN: "over"}


class OrderMixin:
    """The order of the address; 404 for one that the reader does not see."""

    required_permission = Permission.READ_UNITS
    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def order(self) -> Order:
        rows = Order.objects.visible_to(self.request.user).for_lists()
        related = ("obligation", "template", "withdrawn_by")
        return get_object_or_404(rows.select_related(*related), number=self.kwargs["number"])

    @cached_property
    def drafts(self) -> bool:
        return may_draft(self.request.user, self.order)

    @cached_property
    def is_inside(self) -> bool:
        return is_insider(self.request.user, self.order)


class OrderPage(OrderMixin, SignedPage, View):
    """/orders/<number>/"""

    template_name = "duties/order.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if note_opening(self.tasks, request):
            del self.receipts  # read anew, with what was just noted
        return self.page()

    def page(self, status: int = 200, **given: Any) -> HttpResponse:
        """The page; `given` goes over its own context."""
        return render(self.request, self.template_name, {**self.context(), **given}, status=status)

    def signing_subject(self) -> str:
        return self.order.number

    def sign_url(self, act: str) -> str:
        return reverse("duties:order-sign", args=[self.order.number, act])

    @cached_property
    def receipts(self) -> list[Receipt]:
        return receipts(self.order, self.request.user)

    @property
    def tasks(self) -> list[Assignment]:
        return [receipt.row for receipt in self.receipts]

    @cached_property
    def counts(self) -> dict[str, int]:
        return counts_of(self.receipts)

    @cached_property
    def sees_all(self) -> bool:
        """Whether the reader sees every unit's task, so that counts say something."""
        user, order = self.request.user, self.order
        return access.may(user, Permission.READ_OVERVIEW, programme=order.programme)

    def context(self) -> dict[str, Any]:
        order, signing = self.order, self.signing()
        rule = LightRule.for_day(clock.today())
        return {
            "order": order,
            "tone": TONES.get(OrderState(order.state), ""),
            "leads": leads_of(order),
            "deadline": self.deadline(),
            "signing": signing,
            "is_inside": self.is_inside,
            "drafts": self.drafts,
            "next": next_step(order, signing, self),
            "sees_all": self.sees_all,
            **self.receipt_table(rule),
            "acts": self.acts(),
            "withdrawal": WithdrawOrderForm(prefix="withdraw") if self.may_withdraw() else None,
            "steps": ORDERS.steps(self.entries(), self.names()) if self.is_inside else [],
        }

    def receipt_table(self, rule: LightRule) -> dict[str, Any]:
        """「已签收3，已看未签2，未看8」 with the rows, of one state where `?receipt=` says so."""
        counts, wanted = self.counts, self.request.GET.get("receipt", "")
        wanted = wanted if wanted in STATES else ""
        chosen = [each for each in self.receipts if wanted in {"", each.state}]
        return {
            "receipts": [
                {"receipt": each, "line": line_of(each.row, rule), "word": RECEIPTS[each.state]}
                for each in chosen
            ],
            "receipt_counts": [
                {"key": key, "label": RECEIPTS[key], "count": counts[key], "on": key == wanted}
                for key in STATES
                if counts[key] or key != "off"
            ],
            "receipt_sentence": counts_sentence(counts),
            "receipt_total": len(self.receipts),
            "wanted": wanted,
        }

    def deadline(self) -> dict[str, Any]:
        """The days of notice, counted from the day of issue, else from today."""
        order = self.order
        if order.due_on is None:
            return {}
        on = order.issued_on or clock.today()
        calendar = Calendar.around(order.due_on, on, margin=60)
        return {
            "notice": notice_days(order.due_on, on),
            "words": [*rule_words(order), *holiday_words([order.due_on], calendar)],
        }

    def may_withdraw(self) -> bool:
        order = self.order
        if order.state == OrderState.WITHDRAWN:
            return False
        is_head = access.may(self.request.user, Permission.SIGN_DOCUMENTS) and self.is_inside
        return self.drafts or (order.state == OrderState.ISSUED and is_head)

    def acts(self) -> list[dict[str, Any]]:
        number = self.order.number
        word = reverse("duties:order-docx", args=[number])
        return [{"url": word, "label": _("下载Word"), "icon": "download"}]

    def entries(self) -> list[AuditEntry]:
        return list(AuditEntry.objects.of(audit.label(self.order)).order_by("-id")[:100])

    def names(self) -> dict[str, str]:
        """Names of the units that the record names by code."""
        return {
            lead.enrolment.unit.code: lead.enrolment.unit.display_name
            for lead in leads_of(self.order)
        }


class OrderDocument(OrderMixin, View):
    """/orders/<number>/order.docx"""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        order = self.order
        response = HttpResponse(papers.write(order), content_type=documents.MEDIA_TYPE)
        name = papers.file_name(order, "docx")
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response


class OrderTemplate(OrderMixin, DownloadView):
    """/orders/<number>/template/: the file that units fill in."""

    def get_file(self) -> tuple[StoredFile, str]:
        order = self.order
        if order.template is None:
            raise Http404
        return order.template, order.template_name
