"""Tasks that are done in the register: the task's page leads here (duties/doors.py)."""

from django.utils.translation import gettext_lazy as _

from duties.choices import Nature
from duties.doors import Door, register

register(Nature.POST, Door(_("登记任命"), "officers:appointment-new"))
register(Nature.FILING, Door(_("报备任命"), "officers:filing-new"))
register(Nature.PLAN, Door(_("报备实施方案"), "officers:filing-plan"))
register(Nature.OFFICE, Door(_("登记团队"), "officers:team-new"))
