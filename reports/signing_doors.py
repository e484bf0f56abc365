"""Where a report that was put up for signing is read and signed: on its own page."""

from django.urls import reverse

from approvals.choices import Purpose
from approvals.doors import register


def report_page(number: str) -> str:
    return reverse("reports:report", args=[number])


for purpose in (Purpose.REPORT, Purpose.OVERALL):
    register(purpose, report_page)
