"""Addresses of signing, under the name `approvals`."""

from django.urls import path

from .views.chains import ChainPage, ChainsPage
from .views.files import ScanView
from .views.lending import EndView, LendView, LentPage
from .views.mine import MinePage
from .views.slips import SlipDocument, SlipPage, SlipPdf

app_name = "approvals"

urlpatterns = [
    path("approvals/", MinePage.as_view(), name="mine"),
    path("approvals/chain/", ChainsPage.as_view(), name="chains"),
    path("approvals/chain/<slug:code>/", ChainPage.as_view(), name="chain"),
    path("approvals/lent/", LentPage.as_view(), name="lent"),
    path("approvals/lent/<slug:code>/new/", LendView.as_view(), name="lend"),
    path("approvals/lent/<int:pk>/end/", EndView.as_view(), name="end-lent"),
    path("approvals/<str:number>/scan/<int:position>/", ScanView.as_view(), name="scan"),
    path("approvals/<str:number>/slip/", SlipPage.as_view(), name="slip"),
    path("approvals/<str:number>/slip.docx", SlipDocument.as_view(), name="slip-docx"),
    path("approvals/<str:number>/slip.pdf", SlipPdf.as_view(), name="slip-pdf"),
]
