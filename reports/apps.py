"""Step 6 of the staircase: what units report, who signed it, and what the bureau answered."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("报告")
