"""Tasks that are done by holding something: the task's page leads here, to hold it and to put right what
was held (duties/doors.py)."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from duties.choices import Nature
from duties.doors import Door, Source, register, register_source

register(Nature.TRAINING, Door(_("登记培训"), "trainings:event-new"))
register(Nature.EXCHANGE, Door(_("登记交流会"), "trainings:exchange-new"))
register_source(
    "event", Source(_("到培训和会议更正"), lambda number: reverse("trainings:event", args=[number]))
)
