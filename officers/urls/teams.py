"""Pages of teams and experts."""

from django.urls import path

from ..views import team_acts, team_ends, team_lists, teams

urlpatterns = [
    path("teams/", team_lists.TeamListView.as_view(), name="team-list"),
    path("teams/experts/", team_lists.ExpertListView.as_view(), name="expert-list"),
    path("teams/new/", team_acts.TeamNewView.as_view(), name="team-new"),
    path("teams/<str:number>/", teams.TeamView.as_view(), name="team"),
    path("teams/<str:number>/file/", teams.TeamFileView.as_view(), name="team-file"),
    path("teams/<str:number>/edit/", team_acts.TeamEditView.as_view(), name="team-edit"),
    path("teams/<str:number>/end/", team_ends.TeamEndView.as_view(), name="team-end"),
    path("teams/<str:number>/void/", team_ends.TeamVoidView.as_view(), name="team-void"),
    path(
        "teams/<str:number>/members/new/",
        team_acts.MemberNewView.as_view(),
        name="team-member-new",
    ),
    path(
        "teams/<str:number>/members/<int:pk>/",
        team_acts.MemberEditView.as_view(),
        name="team-member-edit",
    ),
    path(
        "teams/<str:number>/members/<int:pk>/end/",
        team_ends.MemberEndView.as_view(),
        name="team-member-end",
    ),
    path(
        "teams/<str:number>/members/<int:pk>/void/",
        team_ends.MemberVoidView.as_view(),
        name="team-member-void",
    ),
]
