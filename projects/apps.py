"""Step of the staircase between reports and officers: IT projects, what a CDO says of them at their
two gates, and what was found, stopped and corrected."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("信息化项目与意见")

    def ready(self) -> None:
        # The app that keeps the posts says in `holders.py` who is the CDO of a unit on a day.
        autodiscover_modules("holders")
