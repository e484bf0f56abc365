"""Addresses of programmes, documents, bodies and members. The page of one programme also shows
duties and therefore lives in cdo_portal.pages, under this namespace."""

from django.urls import path

from .views import bodies, members, programmes, saved_views

app_name = "pilots"
urlpatterns = [
    path("programmes/", programmes.ProgrammeListView.as_view(), name="programme-list"),
    path(
        "programmes/<slug:code>/start/",
        programmes.ProgrammeStartView.as_view(),
        name="programme-start",
    ),
    path(
        "programmes/<slug:code>/close/",
        programmes.ProgrammeCloseView.as_view(),
        name="programme-close",
    ),
    path("documents/<str:code>/", programmes.DocumentView.as_view(), name="document"),
    path("units/<slug:code>/rename/", bodies.UnitRenameView.as_view(), name="unit-rename"),
    path("units/<slug:code>/succeed/", bodies.UnitSucceedView.as_view(), name="unit-succeed"),
    path("units/<slug:code>/name/", bodies.SlotNameView.as_view(), name="slot-name"),
    path("units/<slug:code>/identify/", bodies.SlotIdentifyView.as_view(), name="slot-identify"),
    path("members/", members.MemberListView.as_view(), name="member-list"),
    path("members/open/", members.MemberOpenView.as_view(), name="member-open"),
    path("views/", saved_views.SavedViewList.as_view(), name="view-list"),
    path("views/<int:pk>/", saved_views.SavedViewAct.as_view(), name="view-act"),
    path("members/act/", members.MemberActView.as_view(), name="member-act"),
]
