"""Addresses of requests for a later day and of slips."""

from django.urls import path

from .views import (
    extension_list,
    extension_moves,
    extension_new,
    extensions,
    slip_list,
    slip_moves,
    slip_new,
    slips,
)

urlpatterns = [
    path("extensions/", extension_list.ExtensionList.as_view(), name="extension-list"),
    path(
        "extensions/export.xlsx",
        extension_list.ExtensionExport.as_view(),
        name="extension-export",
    ),
    path("extensions/new/", extension_new.ExtensionNew.as_view(), name="extension-new"),
    path(
        "extensions/letters/new/", extension_new.ExtensionLetter.as_view(), name="extension-letter"
    ),
    path("extensions/span/", extension_new.ExtensionSpan.as_view(), name="extension-span"),
    path("extensions/<str:number>/", extensions.ExtensionPage.as_view(), name="extension"),
    path(
        "extensions/<str:number>/edit/",
        extension_new.ExtensionEdit.as_view(),
        name="extension-edit",
    ),
    path(
        "extensions/<str:number>/sign/<slug:act>/",
        extensions.ExtensionSign.as_view(),
        name="extension-sign",
    ),
    path(
        "extensions/<str:number>/answer/",
        extension_moves.AnswerView.as_view(),
        name="extension-answer",
    ),
    path(
        "extensions/<str:number>/undo/", extension_moves.UndoView.as_view(), name="extension-undo"
    ),
    path(
        "extensions/<str:number>/withdraw/",
        extension_moves.WithdrawExtensionView.as_view(),
        name="extension-withdraw",
    ),
    path(
        "extensions/<str:number>/file/", extensions.ExtensionFile.as_view(), name="extension-file"
    ),
    path("slips/", slip_list.SlipList.as_view(), name="slip-list"),
    path("slips/export.xlsx", slip_list.SlipExport.as_view(), name="slip-export"),
    path("slips/new/", slip_new.SlipNew.as_view(), name="slip-new"),
    path("slips/levels/", slip_moves.SlipLevels.as_view(), name="slip-levels"),
    path("slips/<str:number>/", slips.SlipPage.as_view(), name="slip"),
    path("slips/<str:number>/sign/<slug:act>/", slips.SlipSign.as_view(), name="slip-sign"),
    path("slips/<str:number>/reply/", slip_moves.SlipReplyView.as_view(), name="slip-reply"),
    path("slips/<str:number>/edit/", slip_moves.SlipEditView.as_view(), name="slip-edit"),
    path("slips/<str:number>/cancel/", slip_moves.SlipCancelView.as_view(), name="slip-cancel"),
    path("slips/<str:number>/print/", slips.SlipPrint.as_view(), name="slip-print"),
    path("slips/<str:number>/slip.docx", slips.SlipDocument.as_view(), name="slip-docx"),
    path("slips/<str:number>/slip.pdf", slips.SlipPdf.as_view(), name="slip-pdf"),
    path(
        "slips/<str:number>/replies/<int:pk>/file/",
        slips.SlipReplyFile.as_view(),
        name="slip-reply-file",
    ),
]
