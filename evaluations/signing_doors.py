"""Where a result that was put up for signing is read and signed: on the page of its round."""

from django.urls import reverse

from approvals.choices import Purpose
from approvals.doors import register

from .queries.signing import facts_of

register(
    Purpose.EVALUATION,
    lambda number: reverse("evaluations:round", args=[number]),
    facts=facts_of,
)
