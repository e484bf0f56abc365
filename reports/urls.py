"""Addresses of reports, their review, and periods."""

from django.urls import path

from .views import reading, reading_editions, signing

app_name = "reports"
ONE = "reports/<str:number>/"

urlpatterns = [
    path(ONE, reading.ReportPage.as_view(), name="report"),
    path(f"{ONE}put-up/", signing.PutUp.as_view(), name="put-up"),
    path(f"{ONE}sign/<slug:act>/", signing.ReportSign.as_view(), name="sign"),
    path(f"{ONE}recall/", signing.Recall.as_view(), name="recall"),
    path(f"{ONE}handed-in/", signing.HandedIn.as_view(), name="handed-in"),
    path(f"{ONE}editions/", reading_editions.Compare.as_view(), name="compare"),
    path(f"{ONE}print/", reading_editions.Print.as_view(), name="print"),
    path(f"{ONE}report.docx", reading_editions.Word.as_view(), name="docx"),
]
