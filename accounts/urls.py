"""Addresses of who is asking."""

from django.urls import path

from . import outbound_pages, views

app_name = "accounts"
urlpatterns = [
    path("login/", views.LoginView.as_view(), name="login"),
    path("logout/", views.LogoutView.as_view(), name="logout"),
    path("password/", views.PasswordView.as_view(), name="password"),
    path("preferences/", views.PreferencesView.as_view(), name="preferences"),
    path("preferences/list/", views.ListSettingsView.as_view(), name="list-settings"),
    path("outbound/", outbound_pages.OutboundPage.as_view(), name="outbound"),
    path(
        "outbound/<int:pk>/approve/",
        outbound_pages.GateActView.as_view(act="approve"),
        name="outbound-approve",
    ),
    path(
        "outbound/<int:pk>/withdraw/",
        outbound_pages.GateActView.as_view(act="withdraw"),
        name="outbound-withdraw",
    ),
    path("first/<str:uid>/<str:token>/", views.FirstPasswordView.as_view(), name="first-password"),
]
