"""Addresses of trainings and meetings."""

from django.urls import path

from .views import attendance, counting, declarations, documents, events, lists, meetings

app_name = "trainings"
ONE = "trainings/<str:number>/"
LIST = f"{ONE}attendance/"
DECLARED = f"{ONE}declarations/<int:pk>/"

urlpatterns = [
    path("trainings/", lists.EventList.as_view(), name="event-list"),
    path("trainings/export.xlsx", lists.EventExport.as_view(), name="event-export"),
    path("trainings/new/", events.EventNew.as_view(), name="event-new"),
    path("trainings/new/exchange/", events.ExchangeNew.as_view(), name="exchange-new"),
    path("trainings/quota/", lists.QuotaPage.as_view(), name="quota"),
    path("trainings/counting/", counting.Counting.as_view(), name="counting"),
    path(ONE, events.EventPage.as_view(), name="event"),
    path(f"{ONE}mend/", events.EventMend.as_view(), name="event-mend"),
    path(f"{ONE}answer/", meetings.Answer.as_view(), name="answer"),
    path(f"{ONE}minutes/", meetings.Minutes.as_view(), name="minutes"),
    path(f"{ONE}declare/", declarations.Declare.as_view(), name="declare"),
    path(f"{DECLARED}resubmit/", declarations.Resubmit.as_view(), name="declaration-resubmit"),
    path(f"{DECLARED}<slug:act>/", declarations.DeclarationAct.as_view(), name="declaration-act"),
    path(f"{ONE}files/new/", events.FileNew.as_view(), name="file-new"),
    path(f"{ONE}files/<int:pk>/", events.FileOf.as_view(), name="file"),
    path(f"{ONE}files/<int:pk>/remove/", events.FileRemove.as_view(), name="file-remove"),
    path(f"{ONE}resolutions/new/", meetings.ResolutionNew.as_view(), name="resolution-new"),
    path(
        f"{ONE}resolutions/<int:pk>/<slug:act>/",
        meetings.ResolutionAct.as_view(),
        name="resolution-act",
    ),
    path(LIST, attendance.AttendancePage.as_view(), name="attendance"),
    path(f"{LIST}template.xlsx", attendance.SheetTemplate.as_view(), name="attendance-template"),
    path(f"{LIST}strike/", attendance.StrikeOut.as_view(), name="strike-out"),
    path(f"{ONE}documents/<slug:kind>/", documents.DocumentPage.as_view(), name="document"),
    path(
        f"{ONE}documents/<slug:kind>.docx",
        documents.DocumentFile.as_view(),
        name="document-file",
    ),
    path(f"{ONE}<slug:act>/", events.EventAct.as_view(), name="event-act"),
]
