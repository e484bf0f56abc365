"""Step of the staircase above trainings: schemes of indicators, rounds of evaluation, results that can
be recomputed."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    verbose_name = _("履职评价")
