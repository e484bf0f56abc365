"""Every address of the REST API."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import routers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.roles import LOGGED_IN
from approvals.api import viewsets as approvals
from core.api import DeclaredPermission
from duties.api import extensions, orders, slips
from duties.api import viewsets as duties
from evaluations.api import sheets
from evaluations.api import viewsets as evaluations
from officers.api import viewsets as officers
from pilots.api import viewsets as pilots
from projects.api import viewsets as projects
from reminders.api import deliveries, endpoints, preferences, simulating
from reminders.api import viewsets as reminders
from reports.api import viewsets as reports
from trainings.api import viewsets as trainings

app_name = "api"


class Root(routers.APIRootView):
    """The endpoints and their addresses."""

    required_permission = LOGGED_IN


class SchemaView(SpectacularAPIView):
    """The OpenAPI document."""

    permission_classes = [DeclaredPermission]
    required_permission = LOGGED_IN


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI, for people: who is not logged in is taken to the login page."""

    permission_classes = [DeclaredPermission]
    required_permission = LOGGED_IN

    def handle_exception(self, error: Exception) -> Any:
        if isinstance(error, NotAuthenticated):
            return redirect_to_login(self.request.get_full_path())
        return super().handle_exception(error)


class NowhereView(APIView):
    """An address below /api/ that is none: 404 in the API's own shape."""

    required_permission = LOGGED_IN

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise Http404


class Router(routers.DefaultRouter):
    """Without `.json` at the end of addresses: codes hold dots."""

    include_format_suffixes = False
    APIRootView = Root


router = Router()
router.register("programmes", pilots.ProgrammeViewSet, basename="programme")
router.register("documents", pilots.DocumentViewSet, basename="document")
router.register("clauses", pilots.ClauseViewSet, basename="clause")
router.register("units", pilots.UnitViewSet, basename="unit")
router.register("duty-areas", duties.DutyAreaViewSet, basename="duty-area")
router.register("obligations", duties.ObligationViewSet, basename="obligation")
router.register("assignments", duties.AssignmentViewSet, basename="assignment")
router.register("extensions", extensions.ExtensionViewSet, basename="extension")
router.register("slips", slips.SlipViewSet, basename="slip")
router.register("orders", orders.OrderViewSet, basename="order")
router.register("remarks", orders.RemarkViewSet, basename="remark")
router.register("notices", reminders.NoticeViewSet, basename="notice")
router.register("deliveries", deliveries.DeliveryViewSet, basename="delivery")
router.register("endpoints", endpoints.EndpointViewSet, basename="endpoint")
router.register("memberships", pilots.MembershipViewSet, basename="membership")
router.register("posts", officers.PostViewSet, basename="post")
router.register("post-rules", officers.PostRuleViewSet, basename="post-rule")
router.register("persons", officers.PersonViewSet, basename="person")
router.register("appointments", officers.AppointmentViewSet, basename="appointment")
router.register("filings", officers.FilingViewSet, basename="filing")
router.register("teams", officers.TeamViewSet, basename="team")
router.register("experts", officers.ExpertViewSet, basename="expert")
router.register("handovers", officers.HandoverViewSet, basename="handover")
router.register("periods", reports.PeriodViewSet, basename="period")
router.register("reports", reports.ReportViewSet, basename="report")
router.register("submissions", reports.SubmissionViewSet, basename="submission")
router.register("reviews", reports.ReviewViewSet, basename="review")
router.register("support-requests", reports.SupportViewSet, basename="support-request")
router.register("approvals", approvals.ApprovalViewSet, basename="approval")
router.register("projects", projects.ProjectViewSet, basename="project")
router.register("opinions", projects.OpinionViewSet, basename="opinion")
router.register("findings", projects.FindingViewSet, basename="finding")
router.register("events", trainings.EventViewSet, basename="event")
router.register("attendance", trainings.AttendanceViewSet, basename="attendance")
router.register("declarations", trainings.DeclarationViewSet, basename="declaration")
router.register("schemes", evaluations.SchemeViewSet, basename="scheme")
router.register("rounds", evaluations.RoundViewSet, basename="round")
router.register("scorecards", sheets.ScorecardViewSet, basename="scorecard")
router.register("results", sheets.ResultViewSet, basename="result")
router.register("objections", sheets.ObjectionViewSet, basename="objection")
router.register("saved-views", pilots.SavedViewViewSet, basename="saved-view")

urlpatterns = [
    path("v1/schema/", SchemaView.as_view(), name="schema"),
    path("v1/docs/", DocsView.as_view(url_name="api:schema"), name="docs"),
    path(
        "v1/units/<str:id>/confirm-officers/",
        officers.ConfirmOfficersViewSet.as_view({"post": "create"}, detail=True),
        name="confirm-officers",
    ),
    path(
        "v1/notices/simulate/",
        simulating.SimulateViewSet.as_view({"get": "list"}),
        name="simulate",
    ),
    path(
        "v1/notices/preferences/",
        preferences.PreferenceViewSet.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="reminder-preference",
    ),
    path("v1/", include(router.urls)),
    # Only with a slash at the end, so that an address without one is still sent to its own.
    re_path(r"^(?:.*/)?$", NowhereView.as_view()),
]
