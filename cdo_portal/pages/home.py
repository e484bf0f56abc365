"""P1: the first page, by role. Each face is a function that gives a template and its context."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import UNIT_ROLES, Permission, Role
from approvals.views.lines import items_for
from core import clock
from duties.models import LightRule
from duties.queries import tally
from pilots.access import LOGGED_IN, permissions_of, roles_of
from pilots.choices import Part
from pilots.current import current_programme, programmes_of
from pilots.models import Programme
from pilots.models.bases import holding

from .facts import programme_facts
from .home_desk import desk
from .home_unit import for_cdo, for_data_officer
from .links import link
from .unit_evaluations import seats_block
from .units_officers import tile

Answer = tuple[str, dict[str, Any]]


class HomeView(View):
    """/"""

    required_permission = LOGGED_IN

    def get(self, request: HttpRequest) -> HttpResponse:
        may, roles = permissions_of(request.user), roles_of(request.user)
        if Permission.MANAGE_ASSIGNMENTS in may:
            template, context = "pages/home/desk.html", desk(request)
            if roles & set(UNIT_ROLES):
                context["own"] = for_data_officer(request)
        elif Role.DATA_OFFICER in roles:
            template, context = "pages/home/data_officer.html", for_data_officer(request)
        elif Role.UNIT_CDO in roles:
            template, context = "pages/home/cdo.html", for_cdo(request)
        elif not may - {Permission.MANAGE_SYSTEM, Permission.MANAGE_ACCOUNTS} - _ANSWERS:
            template, context = "pages/home/administrator.html", administrator(request)
        elif not roles and Permission.READ_AUDIT in may:
            return redirect("audit-log")  # the auditor's first page is the record
        elif Role.BUREAU_HEAD in roles:
            template, context = "pages/home/leader.html", leader(request)
        else:
            template, context = "pages/home/reader.html", reader(request)
        return render(request, template, context)


_ANSWERS = {Permission.ANSWER_FEEDBACK}


def administrator(request: HttpRequest) -> dict[str, Any]:
    """The admin pages of a system or security administrator; nobody's business rows."""
    apps = admin.site.get_app_list(request) if request.user.is_staff else []
    return {
        "sections": [
            {"url": model["admin_url"], "title": model["name"], "note": app["name"]}
            for app in apps
            for model in app["models"]
            if model["admin_url"]
        ],
        "health_url": link("healthz") if request.user.is_staff else "",
        "feedback_url": link("reminders:feedback"),
        "is_known": bool(request.user.is_staff),
    }


def leader(request: HttpRequest) -> dict[str, Any]:
    """One sentence and five numbers of the current programme."""
    programme = current_programme(request)
    context: dict[str, Any] = {
        "programme": programme,
        "programmes": programmes_of(request),
        "title": _("履职情况"),
        "to_sign": items_for(request.user),
        "overview_url": link("overview"),
    }
    if programme is None:
        return context
    rule = LightRule.for_day(clock.today())
    counts = tally(programme, user=request.user, rule=rule)
    said = {
        "region": programme.display_region,
        "due": counts.reports_due,
        "done": counts.reports_done,
        "overdue": counts.overdue,
    }
    return {
        **context,
        "title": _("%(region)s：总结应报%(due)s份，已报%(done)s份，逾期任务%(overdue)s件") % said,
        "facts": [
            *programme_facts(programme, counts, rule),
            *tile(programme, user=request.user, on=rule.on),
        ],
        "overview_url": link("overview", programme=programme.code),
        "units_url": link("unit-list", programme=programme.code),
    }


def reader(request: HttpRequest) -> dict[str, Any]:
    """Programmes that somebody from above, an evaluator or another system may read; sheets to score."""
    today = clock.today()
    pilots = Q(enrolments__part=Part.PILOT, enrolments__withdrawn_on=None)
    rows = (
        Programme.objects.visible_to(request.user)
        .filter(withdrawn_on=None)
        .annotate(units=Count("enrolments", filter=pilots & holding(today, "enrolments__")))
    )
    return {
        "seats": seats_block(request.user),
        "rows": [
            {
                "programme": row,
                "units": row.units,
                "units_url": link("unit-list", programme=row.code),
                "overview_url": link("overview", programme=row.code),
                "url": link("pilots:programme", row.code),
            }
            for row in rows
        ],
        "may_overview": Permission.READ_OVERVIEW in permissions_of(request.user),
    }
