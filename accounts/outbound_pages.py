"""对外连接: the places that the portal may ask, proposed by one administrator, approved by another."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from core import outbound
from core.forms import put_errors
from core.models import OutboundGate
from core.views import RefusalMixin

from .forms import GateForm
from .roles import SITE_ROLE_PERMISSIONS, Permission

MOST_ENDED = 50


class OutboundPage(RefusalMixin, View):
    """/outbound/"""

    required_permission = Permission.PROPOSE_OUTBOUND
    request: HttpRequest

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(GateForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = GateForm(request.POST)
        if not form.is_valid():
            return self.page(form, 422)
        try:
            gate = outbound.propose(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
            return self.page(form, 422)
        messages.success(request, _("已提出%(gate)s，等安全管理员批准。") % {"gate": gate})
        return redirect("accounts:outbound")

    def page(self, form: GateForm, status: int = 200) -> HttpResponse:
        held: Any = SITE_ROLE_PERMISSIONS.get(self.request.user.site_role_kind, frozenset())  # type: ignore[union-attr]
        approves = Permission.APPROVE_OUTBOUND in held
        context = {
            "form": form,
            "approves": approves,
            "gates": [
                (gate, approves and gate.proposed_by_id != self.request.user.pk)
                for gate in OutboundGate.objects.open()
            ],
            "ended": OutboundGate.objects.exclude(ended_at=None).order_by("-ended_at")[:MOST_ENDED],
        }
        return render(self.request, "accounts/outbound.html", context, status=status)


class GateActView(RefusalMixin, View):
    """POST /outbound/<pk>/approve/ and …/withdraw/"""

    required_permission = Permission.APPROVE_OUTBOUND
    http_method_names = ["post"]
    act = ""

    def get_refusal_url(self) -> str:
        return reverse("accounts:outbound")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        gate = get_object_or_404(OutboundGate, pk=pk)
        if self.act == "approve":
            outbound.approve(gate, by=request.user)
            messages.success(request, _("已批准%(gate)s。") % {"gate": gate})
        else:
            outbound.withdraw(gate, by=request.user)
            messages.success(request, _("已停用%(gate)s，不再连接。") % {"gate": gate})
        return redirect("accounts:outbound")
