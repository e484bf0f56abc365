"""Step 0 of the staircase: no word of the domain."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from . import logs


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("基础")

    def ready(self) -> None:
        logs.configure()
