"""Addresses of the register of officers."""

from django.urls import URLPattern

from . import filings, register, teams

app_name = "officers"
urlpatterns: list[URLPattern] = [
    # Before the pages of one appointment: settings are none.
    *filings.urlpatterns,
    *register.urlpatterns,
    *teams.urlpatterns,
]
