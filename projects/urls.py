"""Addresses of IT projects and findings."""

from django.urls import path

from .views import findings, lists, opinions, projects

app_name = "projects"
ONE = "projects/<str:number>/"
FINDING = "findings/<str:number>/"

urlpatterns = [
    path("projects/", lists.ProjectList.as_view(), name="project-list"),
    path("projects/export.xlsx", lists.ProjectExport.as_view(), name="project-export"),
    path("projects/new/", projects.ProjectNew.as_view(), name="project-new"),
    path(ONE, projects.ProjectPage.as_view(), name="project"),
    path(f"{ONE}mend/", projects.ProjectMend.as_view(), name="project-mend"),
    path(f"{ONE}withdraw/", projects.ProjectWithdraw.as_view(), name="project-withdraw"),
    path(f"{ONE}opinion/", opinions.OpinionNew.as_view(), name="opinion-new"),
    path(f"{ONE}opinion/paper/", opinions.OpinionPaper.as_view(), name="opinion-paper"),
    path(f"{ONE}opinions/<int:pk>/file/", projects.OpinionFile.as_view(), name="opinion-file"),
    path(f"{ONE}checks/<slug:gate>/", opinions.CheckNew.as_view(), name="check-new"),
    path(f"{ONE}checks/<int:pk>/file/", projects.CheckFile.as_view(), name="check-file"),
    path(f"{ONE}records/new/", opinions.RecordNew.as_view(), name="record-new"),
    path(f"{ONE}records/<int:pk>/file/", projects.RecordFile.as_view(), name="record-file"),
    path("findings/", findings.FindingList.as_view(), name="finding-list"),
    path("findings/new/", findings.FindingNew.as_view(), name="finding-new"),
    path(FINDING, findings.FindingPage.as_view(), name="finding"),
    path(f"{FINDING}mend/", findings.FindingMend.as_view(), name="finding-mend"),
    path(f"{FINDING}steps/<int:pk>/file/", findings.StepFile.as_view(), name="step-file"),
    path(f"{FINDING}<slug:act>/", findings.FindingAct.as_view(), name="finding-act"),
]
