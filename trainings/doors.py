"""Tasks that are done by holding something: the task's page leads here (duties/doors.py)."""

from django.utils.translation import gettext_lazy as _

from duties.choices import Nature
from duties.doors import Door, register

register(Nature.TRAINING, Door(_("登记培训"), "trainings:event-new"))
register(Nature.EXCHANGE, Door(_("登记交流会"), "trainings:exchange-new"))
