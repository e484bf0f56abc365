"""Step of the staircase between officers and evaluations: trainings and meetings, who came, and what of
them counts towards the units' demands."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingsConfig(AppConfig):
    name = "trainings"
    verbose_name = _("培训与会议")
