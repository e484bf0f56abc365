"""Step 2 of the staircase: programmes, units, and who acts for which unit."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core.api import DeclaredPermission


class PilotsConfig(AppConfig):
    name = "pilots"
    verbose_name = _("试点方案与单位")

    def ready(self) -> None:
        from . import access  # noqa: PLC0415 - models exist only once the apps are ready

        DeclaredPermission.check = staticmethod(access.may)
