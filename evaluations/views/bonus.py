"""Proposing a unit for a bonus in another assessment (深府办函〔2021〕71号四(三)), and taking it back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from accounts.roles import Permission
from core.views import RefusalMixin

from .. import services
from ..forms.objections import BonusForm
from ..models import BonusProposal, Result
from ..queries.results import published_edition
from .bases import OfRound, RoundMixin


class BonusNew(OfRound):
    """/evaluations/<number>/<unit>/bonus/: propose the unit for a bonus in another assessment."""

    label = gettext_lazy("提出建议")

    def prepare(self) -> None:
        super().prepare()
        edition = published_edition(self.round)
        rows = Result.objects.visible_to(self.request.user).for_lists().defer("edition__package")
        code = self.kwargs["unit"]
        self.result = get_object_or_404(
            rows, edition=edition, scorecard__enrolment__unit__code=code
        )

    def heading(self) -> str:
        return _("加分建议：%(unit)s") % {"unit": self.result.scorecard.unit.display_name}

    def notes(self) -> list[str]:
        return [
            _("依据“视情况在有关数字政府建设绩效评估工作中给予加分鼓励”；是否加分由有关评估决定")
        ]

    def back_url(self) -> str:
        return reverse("evaluations:results", args=[self.round.number])

    def get_form(self, *data: Any) -> BonusForm:
        return BonusForm(*data[:1])

    def act(self, form: BonusForm) -> tuple[str, str]:
        services.propose_bonus(self.result, by=self.request.user, **form.cleaned_data)
        return _("已提出加分建议。"), self.back_url()


class BonusWithdraw(RoundMixin, RefusalMixin, View):
    """POST /evaluations/<number>/bonus/<pk>/withdraw/"""

    required_permission = Permission.READ_ROUNDS

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.require_manager()
        rows = BonusProposal.objects.visible_to(request.user)
        found = get_object_or_404(rows, pk=kwargs["pk"], result__edition__round=self.round)
        services.withdraw_bonus(found, by=request.user)
        return redirect("evaluations:results", self.round.number)
