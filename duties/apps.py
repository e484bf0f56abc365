"""Step 4 of the staircase: what is owed, by whom, by when, and what was done."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class DutiesConfig(AppConfig):
    name = "duties"
    verbose_name = _("职责与任务")

    def ready(self) -> None:
        # The apps above say in `doors.py` where tasks of which nature are done.
        autodiscover_modules("doors")
