"""Every address of the portal."""

from django.contrib import admin
from django.urls import include, path

from pilots.urls import urlpatterns as pilots_pages

from .pages.audit import AuditHistoryView, AuditLogView
from .pages.directory import DirectoryExport, DirectoryPage
from .pages.handover import HandoverView
from .pages.handovers import HandoverListView, SlipDocument, SlipPage, SlipPdf
from .pages.health import HealthView
from .pages.help import AccessibilityView, HelpTopicView, HelpView
from .pages.home import HomeView
from .pages.missing import MissingView
from .pages.overview import CellView, OverviewView
from .pages.programme import ProgrammeView
from .pages.roles import RolesView
from .pages.search import SearchView
from .pages.styleguide import StyleguideView
from .pages.unit import UnitView
from .pages.unit_document import UnitDocument
from .pages.units import UnitListView
from .pages.week import WeekView
from .pages.year import PersonYearView

# The page of one programme shows duties too, so it stands here, under the names of `pilots`.
PILOTS = [
    *pilots_pages,
    path("programmes/<slug:code>/", ProgrammeView.as_view(), name="programme"),
]

urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("overview/", OverviewView.as_view(), name="overview"),
    path("overview/<slug:cell>", CellView.as_view(), name="overview-cell"),
    path("week/", WeekView.as_view(), name="week"),
    path("obligations/<str:code>/missing/", MissingView.as_view(), name="obligation-missing"),
    path("units/", UnitListView.as_view(), name="unit-list"),
    path("units/<slug:code>/", UnitView.as_view(), name="unit"),
    path("units/<slug:code>/dossier.docx", UnitDocument.as_view(), name="unit-document"),
    path("handover/<uuid:uuid>/", HandoverView.as_view(), name="handover"),
    path("handovers/", HandoverListView.as_view(), name="handover-list"),
    path("handovers/<str:number>/", SlipPage.as_view(), name="handover-slip"),
    path("handovers/<str:number>/slip.docx", SlipDocument.as_view(), name="handover-docx"),
    path("handovers/<str:number>/slip.pdf", SlipPdf.as_view(), name="handover-pdf"),
    path(
        "officers/people/<uuid:uuid>/year.docx",
        PersonYearView.as_view(),
        name="person-year",
    ),
    path("settings/", include("cdo_portal.pages.settings_urls")),
    path("search/", SearchView.as_view(), name="search"),
    path("audit/", AuditLogView.as_view(), name="audit-log"),
    path("audit/<path:subject>/", AuditHistoryView.as_view(), name="audit-history"),
    path("directory/<slug:code>/", DirectoryPage.as_view(), name="directory"),
    path("directory/<slug:code>/export.html", DirectoryExport.as_view(), name="directory-export"),
    path("", include("accounts.urls")),
    path("", include("approvals.urls")),
    path("", include("duties.urls")),
    path("", include("officers.urls")),
    path("", include("projects.urls")),
    path("", include("reports.urls")),
    path("", include("trainings.urls")),
    path("", include("evaluations.urls")),
    path("", include("reminders.urls")),
    path("", include((PILOTS, "pilots"))),
    path("help/", HelpView.as_view(), name="help"),
    path("help/roles/", RolesView.as_view(), name="roles"),
    path("help/accessibility/", AccessibilityView.as_view(), name="accessibility"),
    path("help/<slug:slug>/", HelpTopicView.as_view(), name="help-topic"),
    path("styleguide/", StyleguideView.as_view(), name="styleguide"),
    path("api/", include("cdo_portal.api")),
    path("healthz", HealthView.as_view(), name="healthz"),
    path("admin/", admin.site.urls),
]

handler400 = "cdo_portal.pages.errors.bad_request"
handler403 = "cdo_portal.pages.errors.permission_denied"
handler404 = "cdo_portal.pages.errors.page_not_found"
handler500 = "cdo_portal.pages.errors.server_error"
