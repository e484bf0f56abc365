"""Where what the desk issues is read and signed."""

from django.urls import reverse

from approvals.choices import Purpose
from approvals.doors import register

register(Purpose.ORDER, lambda number: reverse("duties:order", args=[number]))
for purpose in (Purpose.EXTENSION, Purpose.GRANT):
    register(purpose, lambda number: reverse("duties:extension", args=[number]))
register(Purpose.SLIP, lambda number: reverse("duties:slip", args=[number]))
