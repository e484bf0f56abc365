"""Addresses of the register of officers."""

from django.urls import URLPattern

app_name = "officers"
urlpatterns: list[URLPattern] = []
