"""核对通知: the page on which an order is checked before it is put up for signing."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Permission
from approvals.choices import Purpose
from approvals.queries import chain_of
from core.errors import PermissionRefused, Refused, StaleVersion
from core.views import RefusalMixin, posted_version, stale_words

from .. import services
from ..queries.orders import leads_of
from .order_writing import require_draft
from .orders import OrderPage


class OrderSubmit(RefusalMixin, OrderPage):
    """/orders/<number>/submit/: GET shows what will go out, POST puts it up for signing."""

    required_permission = Permission.ISSUE_DOCUMENTS
    template_name = "duties/order_check.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require_draft(self)
        return self.page()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require_draft(self)
        order = self.order
        try:
            services.submit_order(order, by=request.user, version=posted_version(request))
        except PermissionRefused:
            raise
        except StaleVersion as refusal:
            return self.page(refusal.status, refusal=stale_words(order))
        except Refused as refusal:
            return self.page(refusal.status, refusal=str(refusal))
        except ValidationError:
            return self.page(422)
        messages.success(request, _("%(number)s已提交审签。") % {"number": order.number})
        return redirect("duties:order", order.number)

    def context(self) -> dict[str, Any]:
        order = self.order
        chain = [step.label for step in chain_of(order.issuer, Purpose.ORDER)]
        return {
            "order": order,
            "leads": leads_of(order),
            "deadline": self.deadline(),
            "chain": chain,
            "faults": self.faults(),
        }

    def faults(self) -> list[str]:
        """What the draft still lacks."""
        try:
            services.check_whole(self.order)
        except ValidationError as error:
            return list(error.messages)
        return []

    def get_refusal_url(self) -> str:
        return reverse("duties:order", args=[self.kwargs["number"]])
