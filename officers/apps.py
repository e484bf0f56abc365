"""Step 5 of the staircase: who holds which post, since when, by which document, and where is nobody."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficersConfig(AppConfig):
    name = "officers"
    verbose_name = _("人员与任命")
