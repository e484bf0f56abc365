"""Addresses of schemes, rounds, sheets, objections and results."""

from django.urls import path

from .views import (
    bonus,
    objections,
    results,
    round_acts,
    rounds,
    scheme_acts,
    schemes,
    sheet_acts,
    sheets,
    signing,
)

app_name = "evaluations"
SCHEME = "evaluations/schemes/<slug:code>/"
VERSION = f"{SCHEME}<int:version>/"
LEAF = f"{VERSION}indicators/<slug:key>/"
ROUND = "evaluations/<str:number>/"
SHEET = f"{ROUND}<slug:unit>/"
OBJECTION = "objections/<str:number>/"

urlpatterns = [
    path("evaluations/", rounds.RoundList.as_view(), name="round-list"),
    path("evaluations/new/", rounds.RoundNew.as_view(), name="round-new"),
    path("evaluations/schemes/", schemes.SchemeList.as_view(), name="scheme-list"),
    path("evaluations/schemes/new/", schemes.SchemeNew.as_view(), name="scheme-new"),
    path(SCHEME, schemes.SchemePage.as_view(), name="scheme"),
    path(VERSION, schemes.VersionPage.as_view(), name="version"),
    path(f"{VERSION}print/", schemes.VersionPrint.as_view(), name="version-print"),
    path(f"{VERSION}template.xlsx", schemes.VersionTemplate.as_view(), name="version-template"),
    path(f"{VERSION}upload/", schemes.VersionUpload.as_view(), name="version-upload"),
    path(f"{VERSION}rules/", scheme_acts.RulesEdit.as_view(), name="rules"),
    path(f"{VERSION}next/", scheme_acts.VersionNew.as_view(), name="version-new"),
    path(f"{VERSION}indicators/new/", scheme_acts.IndicatorNew.as_view(), name="indicator-new"),
    path(LEAF, scheme_acts.IndicatorEdit.as_view(), name="indicator"),
    path(f"{LEAF}move/", scheme_acts.IndicatorMove.as_view(), name="indicator-move"),
    path(f"{LEAF}remove/", scheme_acts.IndicatorRemove.as_view(), name="indicator-remove"),
    path(ROUND, rounds.RoundPage.as_view(), name="round"),
    path(f"{ROUND}change/", rounds.RoundChange.as_view(), name="round-change"),
    path(f"{ROUND}refresh/", round_acts.Refresh.as_view(), name="refresh"),
    path(f"{ROUND}reviewers/", round_acts.Reviewers.as_view(), name="reviewers"),
    path(f"{ROUND}subjects/add/", round_acts.SubjectAdd.as_view(), name="subject-add"),
    path(f"{ROUND}steps/<slug:move>/", round_acts.RoundStep.as_view(), name="round-step"),
    path(f"{ROUND}sign/<slug:act>/", signing.RoundSign.as_view(), name="round-sign"),
    path(f"{ROUND}draft/", results.ResultsDraft.as_view(), name="results-draft"),
    path(f"{ROUND}results/", results.Results.as_view(), name="results"),
    path(f"{ROUND}results/export.xlsx", results.ResultsExport.as_view(), name="results-export"),
    path(f"{ROUND}results/report.docx", results.ResultsWord.as_view(), name="results-word"),
    path(f"{ROUND}results/what-if/", results.WhatIf.as_view(), name="what-if"),
    path(
        f"{ROUND}bonus/<int:pk>/withdraw/",
        bonus.BonusWithdraw.as_view(),
        name="bonus-withdraw",
    ),
    path(SHEET, sheets.SheetPage.as_view(), name="sheet"),
    path(f"{SHEET}cells/<slug:key>/", sheets.CellSave.as_view(), name="cell"),
    path(f"{SHEET}print/", sheets.SheetPrint.as_view(), name="sheet-print"),
    path(f"{SHEET}files/<int:pk>/", sheets.FileOfSheet.as_view(), name="sheet-file"),
    path(f"{SHEET}check/", sheet_acts.Check.as_view(), name="check"),
    path(f"{SHEET}back/", sheet_acts.GoBack.as_view(), name="back"),
    path(f"{SHEET}evidence/<slug:key>/", sheet_acts.Files.as_view(), name="evidence"),
    path(
        f"{SHEET}evidence/<slug:key>/<int:pk>/detach/",
        sheet_acts.Detach.as_view(),
        name="detach",
    ),
    path(f"{SHEET}settle/<slug:key>/", sheet_acts.Settle.as_view(), name="settle"),
    path(f"{SHEET}correct/<slug:key>/", sheet_acts.Correct.as_view(), name="correct"),
    path(f"{SHEET}object/<slug:key>/", objections.ObjectionNew.as_view(), name="object"),
    path(f"{SHEET}result/", results.ResultPage.as_view(), name="result"),
    path(f"{SHEET}reviewers/", round_acts.SeatsOfCard.as_view(), name="seats"),
    path(f"{SHEET}drop/", round_acts.SubjectDrop.as_view(), name="subject-drop"),
    path(f"{SHEET}bonus/", bonus.BonusNew.as_view(), name="bonus"),
    path("objections/", objections.ObjectionList.as_view(), name="objection-list"),
    path(OBJECTION, objections.ObjectionPage.as_view(), name="objection"),
    path(f"{OBJECTION}decide/", objections.Decide.as_view(), name="objection-decide"),
    path(f"{OBJECTION}withdraw/", objections.Withdraw.as_view(), name="objection-withdraw"),
    path(
        f"{OBJECTION}files/<int:pk>/",
        objections.FileOfObjection.as_view(),
        name="objection-file",
    ),
]
