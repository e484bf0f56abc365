"""Addresses of tasks, demands, duties and deadlines."""

from django.urls import path

from . import views
from .chasing_urls import urlpatterns as chasing

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
