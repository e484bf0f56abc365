"""Addresses of filings, receipts and settings; part of officers.urls."""

from django.urls import path

from ..views import document_templates, filing_moves, filing_new, filings, receipts, settings

TEMPLATE = "officers/settings/templates/<slug:holder>/<slug:kind>/"
ONE = "filings/<str:number>/"

urlpatterns = [
    path("filings/", filings.FilingList.as_view(), name="filing-list"),
    path("filings/new/", filing_new.FilingNew.as_view(), name="filing-new"),
    path("filings/plan/", filing_new.FilingPlan.as_view(), name="filing-plan"),
    path(ONE, filings.FilingPage.as_view(), name="filing"),
    path(f"{ONE}file/", filings.FilingFile.as_view(), name="filing-file"),
    path(f"{ONE}accept/", filing_moves.AcceptView.as_view(), name="filing-accept"),
    path(f"{ONE}return/", filing_moves.ReturnView.as_view(), name="filing-return"),
    path(f"{ONE}reopen/", filing_moves.ReopenView.as_view(), name="filing-reopen"),
    path(f"{ONE}resubmit/", filing_moves.ResubmitView.as_view(), name="filing-resubmit"),
    path(f"{ONE}withdraw/", filing_moves.WithdrawView.as_view(), name="filing-withdraw"),
    path(f"{ONE}receipt/", receipts.ReceiptPage.as_view(), name="filing-receipt"),
    path(f"{ONE}receipt.docx", receipts.ReceiptDocument.as_view(), name="filing-receipt-docx"),
    path(f"{ONE}receipt.pdf", receipts.ReceiptPdf.as_view(), name="filing-receipt-pdf"),
    path("officers/settings/", settings.SettingsPage.as_view(), name="settings"),
    path(
        "officers/settings/days/<str:code>/", settings.OwnDaysView.as_view(), name="settings-days"
    ),
    path(
        "officers/settings/directory/",
        settings.DirectoryView.as_view(),
        name="settings-directory",
    ),
    path(TEMPLATE, document_templates.TemplatePage.as_view(), name="template"),
    path(
        f"{TEMPLATE}starter.docx",
        document_templates.TemplateStarter.as_view(),
        name="template-starter",
    ),
    path(
        f"{TEMPLATE}<int:pk>/file.docx",
        document_templates.TemplateFile.as_view(),
        name="template-file",
    ),
    path(
        f"{TEMPLATE}<int:pk>/sample.docx",
        document_templates.TemplateSample.as_view(),
        name="template-sample",
    ),
    path(f"{TEMPLATE}<int:pk>/end/", document_templates.TemplateEnd.as_view(), name="template-end"),
]
