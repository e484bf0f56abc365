"""Addresses of signing, under the name `approvals`."""

from django.urls import path

from .views.files import ScanView

app_name = "approvals"

urlpatterns = [
    path("approvals/<str:number>/scan/<int:position>/", ScanView.as_view(), name="scan"),
]
