"""What people do to an order: sign, send back, recall, enter paper, withdraw. POST only."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Permission
from approvals.choices import State
from approvals.models import Approval
from core.errors import PermissionRefused, Refused, StaleVersion
from core.views import RefusalMixin, posted_version, stale_words

from .. import services
from ..models import Order
from ..order_forms import WithdrawOrderForm
from .orders import OrderPage
from .signing import RowSignMixin, Signing


class OrderSign(RowSignMixin, OrderPage):
    """POST /orders/<number>/sign/<act>/"""

    signs_with = Signing(
        services.sign_order,
        services.send_back_order,
        services.sign_order_on_paper,
        services.recall_order,
    )

    def row(self) -> Order:
        return self.order

    def said(self, act: str, approval: Approval) -> str:
        if approval.state != State.SIGNED:
            return super().said(act, approval)
        facts = {"title": approval.title, "count": self.order.leads.count()}
        return _("“%(title)s”审签完毕，已发出，任务已交办到%(count)s个单位。") % facts


class OrderWithdraw(RefusalMixin, OrderPage):
    """POST /orders/<number>/withdraw/"""

    required_permission = Permission.SIGN_DOCUMENTS  # its drafters, and the head who signs

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("duties:order", self.kwargs["number"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        order = self.order
        form = WithdrawOrderForm(request.POST, prefix="withdraw")
        if not form.is_valid():
            return self.sent_back(form, 422)
        reason, version = form.cleaned_data["reason"], posted_version(request)
        try:
            services.withdraw_order(order, by=request.user, reason=reason, version=version)
        except PermissionRefused:
            raise
        except StaleVersion as refusal:
            return self.sent_back(form, refusal.status, stale_words(order))
        except Refused as refusal:
            return self.sent_back(form, refusal.status, str(refusal))
        facts = {"number": order.number}
        messages.success(request, _("已撤销%(number)s，未完成的任务一并撤销。") % facts)
        return redirect("duties:order", order.number)

    def sent_back(self, form: Any, status: int, refusal: str = "") -> HttpResponse:
        return self.page(status, withdrawal=form, sent_back=form, refusal=refusal)

    def get_refusal_url(self) -> str:
        return reverse("duties:order", args=[self.kwargs["number"]])
