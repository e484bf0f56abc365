"""Addresses of tasks, demands, duties and deadlines."""

from django.urls import path

from . import views
from .chasing_urls import urlpatterns as chasing
from .views.explaining import DeadlineExplain
from .views.feed import DeadlineFeed

app_name = "duties"
urlpatterns = [
    path("tasks/", views.AssignmentList.as_view(), name="assignment-list"),
    path("tasks/<str:number>/", views.AssignmentPage.as_view(), name="assignment"),
    path("tasks/<str:number>/accept/", views.AcceptView.as_view(), name="assignment-accept"),
    path("tasks/<str:number>/complete/", views.CompleteView.as_view(), name="assignment-complete"),
    path("tasks/<str:number>/void/<int:pk>/", views.VoidView.as_view(), name="fulfilment-void"),
    path("tasks/<str:number>/withdraw/", views.WithdrawView.as_view(), name="assignment-withdraw"),
    path("tasks/<str:number>/exempt/", views.ExemptView.as_view(), name="assignment-exempt"),
    path("tasks/<str:number>/restore/", views.RestoreView.as_view(), name="assignment-restore"),
    path("tasks/<str:number>/helpers/", views.HelperAdd.as_view(), name="helper-add"),
    path(
        "tasks/<str:number>/helpers/<int:pk>/remove/",
        views.HelperRemove.as_view(),
        name="helper-remove",
    ),
    path("tasks/<str:number>/remarks/", views.RemarkNew.as_view(), name="remark-new"),
    path(
        "tasks/<str:number>/remarks/transcribe/",
        views.RemarkTranscribe.as_view(),
        name="remark-transcribe",
    ),
    path(
        "tasks/<str:number>/remarks/<str:remark>/strike/",
        views.RemarkStrike.as_view(),
        name="remark-strike",
    ),
    path(
        "tasks/<str:number>/remarks/<str:remark>/scan/",
        views.RemarkScan.as_view(),
        name="remark-scan",
    ),
    path("calendar/<str:secret>.ics", DeadlineFeed.as_view(), name="calendar-feed"),
    path("deadlines/explain/", DeadlineExplain.as_view(), name="deadline-explain"),
    path("orders/", views.OrderList.as_view(), name="order-list"),
    path("orders/export.xlsx", views.OrderExport.as_view(), name="order-export"),
    path("orders/new/", views.OrderNew.as_view(), name="order-new"),
    path("orders/<str:number>/", views.OrderPage.as_view(), name="order"),
    path("orders/<str:number>/edit/", views.OrderEdit.as_view(), name="order-edit"),
    path("orders/<str:number>/helpers/", views.OrderHelpers.as_view(), name="order-helpers"),
    path("orders/<str:number>/submit/", views.OrderSubmit.as_view(), name="order-submit"),
    path("orders/<str:number>/sign/<slug:act>/", views.OrderSign.as_view(), name="order-sign"),
    path("orders/<str:number>/withdraw/", views.OrderWithdraw.as_view(), name="order-withdraw"),
    path("orders/<str:number>/order.docx", views.OrderDocument.as_view(), name="order-docx"),
    path("orders/<str:number>/template/", views.OrderTemplate.as_view(), name="order-template"),
    path("obligations/<str:code>/", views.ObligationPage.as_view(), name="obligation"),
    path("obligations/<str:code>/reading/", views.ReadingView.as_view(), name="obligation-reading"),
    path("areas/<str:code>/", views.AreaPage.as_view(), name="area"),
    path("areas/<str:code>/progress/", views.ProgressView.as_view(), name="area-progress"),
    path(
        "areas/<str:code>/progress/<int:pk>/void/",
        views.VoidProgressView.as_view(),
        name="progress-void",
    ),
    path("deadlines/", views.DeadlineList.as_view(), name="deadlines"),
    path("deadlines.ics", views.DeadlineCalendar.as_view(), name="deadlines-ics"),
    *chasing,
]
