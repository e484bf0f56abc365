"""Every address of the portal."""

from django.contrib import admin
from django.urls import include, path

from .pages.styleguide import StyleguideView

urlpatterns = [
    path("styleguide/", StyleguideView.as_view(), name="styleguide"),
    path("api/", include("cdo_portal.api")),
    path("admin/", admin.site.urls),
]

handler400 = "cdo_portal.pages.errors.bad_request"
handler403 = "cdo_portal.pages.errors.permission_denied"
handler404 = "cdo_portal.pages.errors.page_not_found"
handler500 = "cdo_portal.pages.errors.server_error"
