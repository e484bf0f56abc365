"""Addresses of reports, their review, and periods."""

from django.urls import path

from .views import (
    evidence,
    letters,
    overall,
    papers,
    periods,
    periods_writing,
    reading,
    reading_editions,
    review,
    review_batch,
    review_one,
    signing,
    writing,
    writing_acts,
    writing_check,
    writing_history,
    writing_list,
    writing_start,
)

app_name = "reports"
ONE = "reports/<str:number>/"
OVERALL = "overall/<str:number>/"
REVIEW = "review/<str:number>/"
PERIOD = "periods/<str:key>/"

WRITING = [
    path("reports/", writing_list.ReportList.as_view(), name="report-list"),
    path("reports/start/", writing_start.StartPage.as_view(), name="report-start"),
    path(f"{ONE}edit/", writing.EditPage.as_view(), name="report-edit"),
    path(f"{ONE}check/", writing_check.CheckPage.as_view(), name="report-check"),
    path(f"{ONE}carry/", writing_acts.Carry.as_view(), name="carry"),
    path(f"{ONE}unchanged/", writing_acts.Unchanged.as_view(), name="unchanged"),
    path(f"{ONE}sections/<str:key>/", writing.SectionSave.as_view(), name="section-save"),
    path(f"{ONE}evidence/upload/", writing_acts.Upload.as_view(), name="evidence-upload"),
    path(f"{ONE}evidence/<int:use>/detach/", writing_acts.Detach.as_view(), name="evidence-detach"),
    path(f"{ONE}evidence/pick/<str:key>/", writing_acts.Pick.as_view(), name="evidence-pick"),
    path(
        f"{ONE}revisions/<str:key>/",
        writing_history.RevisionsPage.as_view(),
        name="report-revisions",
    ),
    path("evidence/<int:pk>/", evidence.EvidenceFile.as_view(), name="evidence-file"),
    path("evidence/<int:pk>/view/", evidence.EvidencePage.as_view(), name="evidence"),
    path("evidence/<int:pk>/preview.pdf", evidence.EvidencePreview.as_view(), name="evidence-pdf"),
]
urlpatterns = [
    # Before the page of one report: `start` and `letters` are none.
    *WRITING,
    path("reports/letters/new/", letters.LetterNew.as_view(), name="letter-new"),
    path(f"{ONE}letter/enter/", letters.LetterAct.as_view(), name="letter-enter"),
    path(f"{ONE}letter/drop/", letters.LetterAct.as_view(enters=False), name="letter-drop"),
    path(ONE, reading.ReportPage.as_view(), name="report"),
    path(f"{ONE}sign/<slug:act>/", signing.ReportSign.as_view(), name="sign"),
    path(f"{ONE}recall/", signing.Recall.as_view(), name="recall"),
    path(f"{ONE}handed-in/", signing.HandedIn.as_view(), name="handed-in"),
    path(f"{ONE}editions/", reading_editions.Compare.as_view(), name="compare"),
    path(f"{ONE}print/", reading_editions.Print.as_view(), name="print"),
    path(f"{ONE}report.docx", reading_editions.Word.as_view(), name="docx"),
    path("periods/", periods.PeriodList.as_view(), name="period-list"),
    path("periods/new/", periods_writing.PeriodNew.as_view(), name="period-new"),
    path(PERIOD, periods.PeriodPage.as_view(), name="period"),
    path(f"{PERIOD}change/", periods_writing.PeriodChange.as_view(), name="period-change"),
    path(f"{PERIOD}basis/", periods.PeriodFile.as_view(), name="period-basis"),
    path(f"{PERIOD}close/", periods.PeriodAct.as_view(), name="period-close"),
    path(f"{PERIOD}reopen/", periods.PeriodAct.as_view(closes=False), name="period-reopen"),
    path("review/", review.ReviewQueue.as_view(), name="review-queue"),
    path("review/batch/", review_batch.BatchView.as_view(), name="review-batch"),
    path(REVIEW, review_one.ReviewPage.as_view(), name="review"),
    path(f"{REVIEW}accept/", review_one.ReviewAct.as_view(), name="review-accept"),
    path(
        f"{REVIEW}return/",
        review_one.ReviewAct.as_view(act=review_one.RETURN),
        name="review-return",
    ),
    path(f"{REVIEW}undo/", review_one.UndoView.as_view(), name="review-undo"),
    path("overall/", overall.OverallList.as_view(), name="overall-list"),
    path(OVERALL, overall.OverallPage.as_view(), name="overall"),
    path(f"{OVERALL}passages/", overall.OverallPassages.as_view(), name="overall-passages"),
    path(f"{OVERALL}draft/", overall.OverallDraft.as_view(), name="overall-draft"),
    path(f"{OVERALL}send/", overall.OverallSend.as_view(), name="overall-send"),
    path(f"{OVERALL}void/", overall.OverallVoid.as_view(), name="overall-void"),
    path(f"{OVERALL}scan/", overall.OverallScan.as_view(), name="overall-scan"),
    path(f"{OVERALL}report.docx", overall.OverallDocument.as_view(), name="overall-docx"),
    path(
        f"{OVERALL}report.pdf",
        overall.OverallDocument.as_view(extension="pdf"),
        name="overall-pdf",
    ),
    path("papers/", papers.PapersPage.as_view(), name="papers"),
    path("papers/originals.zip", papers.PackView.as_view(), name="pack"),
    path("papers/said.xlsx", papers.SaidView.as_view(), name="said"),
    path("papers/brief.docx", papers.BriefView.as_view(), name="brief"),
    path("papers/bulletin.docx", papers.BriefView.as_view(is_bulletin=True), name="bulletin"),
]
