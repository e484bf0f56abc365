"""Step 4 of the staircase: who signs what, in which order, online or on paper."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    name = "approvals"
    verbose_name = _("审签")

    def ready(self) -> None:
        # The apps above say in `signing_doors.py` where what is put up for signing is read.
        autodiscover_modules("signing_doors")
