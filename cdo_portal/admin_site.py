"""The administrators' site: Django admin behind our own login page."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(AdminSite):
    """Set-up and support for the three administrators; business rows are not in it."""

    site_header = site_title = _("首席数据官履职管理平台 · 管理后台")
    index_title = _("设置与支持")
    enable_nav_sidebar = False

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Our page, with its lock-out; somebody logged in without a site role goes home."""
        if request.user.is_authenticated:
            return redirect("home")
        target = request.GET.get("next", reverse("admin:index"))
        return redirect(f"{reverse('accounts:login')}?{urlencode({'next': target})}")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The portal's own, so that leaving is recorded in one place."""
        from accounts.views import LogoutView  # noqa: PLC0415 - the site exists before the apps

        return LogoutView.as_view()(request)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("accounts:password")
