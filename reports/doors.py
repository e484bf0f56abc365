"""Tasks that are answered by a report: the task's page leads to writing it (duties/doors.py)."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from duties.choices import Nature
from duties.doors import Door, register
from duties.models import Assignment


@dataclass(frozen=True)
class ReportDoor(Door):
    """Leads to the report of that very task: a unit has one in each period."""

    def url(self, assignment: Assignment) -> str:
        return f"{reverse(self.name)}?{urlencode({'task': assignment.number})}"


for nature in (Nature.PROGRESS, Nature.REPORT):
    register(nature, ReportDoor(_("填写报告"), "reports:report-start"))
