"""方案与文件: the list of programmes, the start and the end of following one, a document."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView

from accounts.roles import Permission
from core import clock
from core.lists import ListPage

from .. import queries, services
from ..access import require
from ..choices import Phase
from ..current import remember
from ..filters import ProgrammeFilter
from ..forms import PhaseForm
from ..models import Clause, PolicyDocument, Programme
from .confirming import ConfirmedFormView


class ProgrammeListView(ListPage):
    required_permission = Permission.READ_PROGRAMME
    label = gettext_lazy("方案与文件")
    template_name = "pilots/programme_list.html"
    filterset_class = ProgrammeFilter
    ordering = ("position", "code")

    def get_queryset(self) -> Any:
        return queries.programmes_for_list(self.request.user, clock.today())


class PhaseView(ConfirmedFormView):
    """Base of starting and ending: a day, and what follows from it."""

    required_permission = Permission.MANAGE_PROGRAMME
    form_class = PhaseForm
    wanted_phase = Phase.DRAFT
    programme: Programme

    def prepare(self, request: HttpRequest, code: str) -> HttpResponse | None:
        visible = Programme.objects.visible_to(request.user)
        self.programme = get_object_or_404(visible, code=code)
        require(request.user, Permission.MANAGE_PROGRAMME, programme=self.programme)
        remember(request, self.programme)
        if self.programme.phase == self.wanted_phase:
            return None
        facts = {"programme": self.programme, "phase": self.programme.get_phase_display()}
        messages.info(request, _("“%(programme)s”现在是“%(phase)s”。") % facts)
        return redirect(self.get_success_url())

    def get_initial(self) -> dict[str, Any]:
        return {"on": clock.today(), "version": self.programme.version}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, programme=self.programme)

    def get_success_url(self) -> str:
        return reverse("pilots:programme", args=[self.programme.code])


class ProgrammeStartView(PhaseView):
    template_name = "pilots/programme_start.html"
    wanted_phase = Phase.DRAFT

    def heading(self) -> str:
        return _("开始跟踪“%(programme)s”") % {"programme": self.programme}

    def confirmation(self, values: dict[str, Any]) -> dict[str, Any]:
        return {
            "title": _("从%(day)s起跟踪“%(programme)s”")
            % {"day": values["on"], "programme": self.programme},
            "effect": _(
                "从这一天起，任务按时限提醒各单位。这一天以前的提醒一律不补发，"
                "已过的截止日期照常显示。"
            ),
            "label": _("开始跟踪"),
        }

    def act(self, values: dict[str, Any]) -> str:
        services.start_programme(
            self.programme, on=values["on"], by=self.request.user, version=values["version"]
        )
        return _("“%(programme)s”从%(day)s起跟踪。") % {
            "programme": self.programme,
            "day": values["on"],
        }


class ProgrammeCloseView(PhaseView):
    template_name = "pilots/programme_close.html"
    wanted_phase = Phase.RUNNING

    def heading(self) -> str:
        return _("结束跟踪“%(programme)s”") % {"programme": self.programme}

    def confirmation(self, values: dict[str, Any]) -> dict[str, Any]:
        return {
            "title": _("结束跟踪“%(programme)s”") % {"programme": self.programme},
            "effect": _(
                "结束后不再提醒任何单位，也不能重新开始。单位、任务和全部记录照常可以查看。"
            ),
            "label": _("结束跟踪"),
            "grave": True,
        }

    def act(self, values: dict[str, Any]) -> str:
        services.close_programme(
            self.programme, on=values["on"], by=self.request.user, version=values["version"]
        )
        return _("“%(programme)s”已于%(day)s结束跟踪。") % {
            "programme": self.programme,
            "day": values["on"],
        }


class DocumentView(DetailView):
    """A document and its clauses; the address of a clause is this page with `#<its code>`."""

    required_permission = Permission.READ_PROGRAMME
    template_name = "pilots/document.html"
    context_object_name = "document"
    slug_field = slug_url_kwarg = "code"

    def get_queryset(self) -> Any:
        user = self.request.user
        documents = PolicyDocument.objects.visible_to(user).filter(withdrawn_on=None)
        clauses = Clause.objects.visible_to(user).filter(withdrawn_on=None)
        return documents.select_related("programme").prefetch_related(
            Prefetch("clauses", clauses.order_by("position", "id"), to_attr="live_clauses"),
            Prefetch("based_on", documents, to_attr="bases"),
            Prefetch("basis_of", documents, to_attr="followers"),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        visible = Programme.objects.visible_to(self.request.user)
        programme = visible.filter(pk=self.object.programme_id).first()
        return super().get_context_data(**kwargs, programme=programme)
