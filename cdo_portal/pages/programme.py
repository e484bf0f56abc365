"""The page of one programme: who takes part, duties, obligations, documents, everything else that
the documents say, and what was left out and why."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.words import listed
from duties.models import DutyArea, DutyItem, Obligation
from pilots import queries
from pilots.access import may
from pilots.choices import Part, Phase, UnitKind
from pilots.current import remember
from pilots.models import Clause, Cohort, PolicyDocument, Programme

from .links import link
from .provisions import Clauses, provisions_of


class ProgrammeView(View):
    """`/programmes/<code>/`; a bounded number of queries, whatever the programme holds."""

    required_permission = Permission.READ_PROGRAMME

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        visible = Programme.objects.visible_to(request.user).filter(withdrawn_on=None)
        programme = get_object_or_404(visible, code=code)
        remember(request, programme)
        return render(request, "pages/programme.html", self.get_context(programme))

    def get_context(self, programme: Programme) -> dict[str, Any]:
        user, today = self.request.user, clock.today()
        enrolments = queries.enrolments_of(programme, user, today)
        cohorts = Cohort.objects.filter(programme=programme, withdrawn_on=None)
        clauses = Clauses(_clauses(programme, user))
        context = {
            "programme": programme,
            "cohorts": queries.pilots_by_cohort(programme, enrolments, cohorts),
            "parts": queries.other_parts(enrolments),
            "sees_whole": Programme.objects.seen_whole_by(user).filter(pk=programme.pk).exists(),
            "areas": _areas(programme, user),
            "obligations": _obligations(programme, user),
            "documents": _documents(programme, user),
            "sections": provisions_of(programme, clauses, user),
            "left_out": programme.provisions.get("not_modelled", []),
            "act": _act(programme, user),
            "clauses": clauses,
        }
        return {**context, "facts": _facts(context)}


def _clauses(programme: Programme, user: Any) -> Any:
    rows = Clause.objects.visible_to(user).filter(document__programme=programme)
    return rows.filter(withdrawn_on=None).select_related("document")


def _areas(programme: Programme, user: Any) -> list[DutyArea]:
    items = DutyItem.objects.visible_to(user).filter(withdrawn_on=None).order_by("position", "id")
    areas = DutyArea.objects.visible_to(user).filter(programme=programme, withdrawn_on=None)
    found = list(
        areas.select_related("clause__document")
        .prefetch_related(Prefetch("items", items, to_attr="live_items"))
        .order_by("position", "id")
    )
    for area in found:
        for item in area.live_items:
            item.applies_to = _kinds(item.kinds)
    return found


def _obligations(programme: Programme, user: Any) -> list[Obligation]:
    rows = Obligation.objects.visible_to(user).in_force().filter(programme=programme)
    found = list(
        rows.select_related("clause__document", "received_by")
        .prefetch_related("received_by__names")
        .order_by("position", "code")
    )
    for row in found:
        row.falls_on = _kinds(row.kinds) or listed(Part(part).label for part in row.parts)
    return found


def _kinds(kinds: list[str]) -> str:
    """市级部门、区政府; '' where the words make no difference."""
    return listed(UnitKind(kind).label for kind in kinds)


def _documents(programme: Programme, user: Any) -> list[PolicyDocument]:
    visible = PolicyDocument.objects.visible_to(user).filter(withdrawn_on=None)
    live = Clause.objects.visible_to(user).filter(withdrawn_on=None).only("id", "document_id")
    return list(
        visible.filter(programme=programme)
        .prefetch_related(
            Prefetch("based_on", visible, to_attr="bases"),
            Prefetch("clauses", live, to_attr="live_clauses"),
        )
        .order_by("position", "code")
    )


def _act(programme: Programme, user: Any) -> dict[str, str]:
    """The one button of a clerk who may start or end the programme."""
    doors = {
        Phase.DRAFT: ("pilots:programme-start", _("开始跟踪")),
        Phase.RUNNING: ("pilots:programme-close", _("结束跟踪")),
    }
    if programme.phase not in doors:
        return {}
    if not may(user, Permission.MANAGE_PROGRAMME, programme=programme):
        return {}
    name, label = doors[Phase(programme.phase)]
    return {"url": reverse(name, args=[programme.code]), "label": label}


def _facts(context: dict[str, Any]) -> list[dict[str, Any]]:
    """The row of numbers; each leads to what it counts."""
    code, loose = context["programme"].code, context["cohorts"]
    pilots = sum(group.count for group in loose if group.count)
    slots = sum(len(group.slots) for group in loose)
    items = sum(len(area.live_items) for area in context["areas"])
    named = _("已登记名称%(count)s") % {"count": pilots - slots} if slots else ""
    return [
        {
            "label": pgettext("list", "试点单位"),
            "value": pilots,
            "url": link("unit-list", programme=code),
            "note": named,
        },
        {"label": pgettext("list", "职责"), "value": len(context["areas"]), "url": "#areas"},
        {"label": pgettext("list", "事项"), "value": items, "url": "#areas"},
        {
            "label": pgettext("list", "规定任务"),
            "value": len(context["obligations"]),
            "url": "#obligations",
        },
        {
            "label": pgettext("list", "文件"),
            "value": len(context["documents"]),
            "url": "#documents",
        },
    ]
