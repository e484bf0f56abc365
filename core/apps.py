"""Step 0 of the staircase: no word of the domain."""

from django.apps import AppConfig
from django.conf import settings
from django.db.backends.signals import connection_created
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from . import clock, faults, logs


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("基础")

    def ready(self) -> None:
        logs.configure()
        if settings.TRIAL:
            faults.arm_from_environment()
        if getattr(settings, "TEST_CLOCK_OFFSET", False):
            connection_created.connect(clock.follow)
        # The apps declare in `handover.py` what is open when somebody leaves.
        autodiscover_modules("handover")
        # The apps above declare in `documents.py` what can have a template of a body's own.
        autodiscover_modules("documents")
