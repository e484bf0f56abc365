"""App configurations of the wiring: our own admin site, and the portal's system checks."""

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.translation import gettext_lazy as _


class PortalAdminConfig(SimpleAdminConfig):
    """Django admin with our login page and only for those who hold a site role."""

    default = False
    default_site = "cdo_portal.admin_site.PortalAdminSite"

    def ready(self) -> None:
        super().ready()
        self.module.autodiscover()


class PortalConfig(AppConfig):
    name = "cdo_portal"
    verbose_name = _("首席数据官履职管理平台")

    def ready(self) -> None:
        from . import system_checks  # noqa: F401, PLC0415 - importing registers them, once settings are read
