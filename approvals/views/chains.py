"""审签流程: who signs what a unit, or a bureau, sends out."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core.errors import PermissionRefused
from core.forms import put_errors
from core.views import RefusalMixin
from pilots.models import Unit

from .. import services
from ..choices import StepKind
from ..forms import ChainForm
from ..models import ChainStep
from ..queries import Planned, chain_units, chosen_chain, is_bureaus, seen_chains


class ChainsPage(View):
    """/approvals/chain/: the own chains to choose, and for a bureau those of its units to look at."""

    required_permission = Permission.READ_REPORTS

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "own": [self.own(unit) for unit in chain_units(request.user)],
            "seen": [
                {"unit": unit, "steps": [_words(step) for step in steps]}
                for unit, steps in seen_chains(request.user)
            ],
        }
        return render(request, "approvals/chains.html", context)

    def own(self, unit: Unit) -> dict[str, Any]:
        is_bureau = is_bureaus(self.request.user, unit)
        chosen = chosen_chain(unit)
        last = StepKind.BUREAU_HEAD if is_bureau else StepKind.CDO
        steps = [_words(step) for step in chosen or [Planned(last)]]
        return {"unit": unit, "steps": steps, "is_usual": not chosen, "is_bureau": is_bureau}


class ChainPage(RefusalMixin, View):
    """/approvals/chain/<unit>/"""

    required_permission = Permission.SIGN_DOCUMENTS
    request: HttpRequest
    kwargs: dict[str, str]

    @cached_property
    def unit(self) -> Unit:
        found = [
            unit for unit in chain_units(self.request.user) if unit.code == self.kwargs["code"]
        ]
        if not found:
            raise PermissionRefused(
                _("审签流程由本单位的首席数据官或经办人设定；受托代签期间不能设定。")
            )
        return found[0]

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return self.page(self.form())

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        form = self.form(request.POST)
        if form.is_valid():
            try:
                services.choose_chain(
                    self.unit,
                    [] if "usual" in request.POST else form.choices(),
                    by=request.user,
                    is_bureau=is_bureaus(request.user, self.unit),
                )
            except ValidationError as error:
                put_errors(form, error)
            else:
                messages.success(request, _("已保存审签流程，正在审签的按原来的步骤走完。"))
                return redirect("approvals:chains")
        return self.page(form, 422)

    def form(self, data: Any = None) -> ChainForm:
        is_bureau = is_bureaus(self.request.user, self.unit)
        return ChainForm(data, unit=self.unit, is_bureau=is_bureau, chosen=chosen_chain(self.unit))

    def page(self, form: ChainForm, status: int = 200) -> HttpResponse:
        context = {
            "unit": self.unit,
            "form": form,
            "is_bureau": is_bureaus(self.request.user, self.unit),
            "is_usual": not chosen_chain(self.unit),
        }
        return render(self.request, "approvals/chain.html", context, status=status)


def _words(step: Planned | ChainStep) -> str:
    """「会签（陈静）」"""
    label = StepKind(step.kind).label
    if step.signer is None:
        return str(label)
    return _("%(step)s（%(who)s）") % {"step": label, "who": step.signer}
