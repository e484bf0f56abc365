"""Step 3 of the staircase: telling people; knows users and units, knows no subject."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    name = "reminders"
    verbose_name = _("提醒")

    def ready(self) -> None:
        # The apps above declare their notice types in `notices.py`.
        autodiscover_modules("notices")
