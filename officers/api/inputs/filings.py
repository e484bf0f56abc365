"""What is taken of filings."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer

from core.api.inputs import Day, InputSerializer, Seen, Text
from core.document_numbers import LONGEST
from pilots.models import Programme, Unit

from ..examples import ACCEPTANCE, NEW_PLAN
from .appointments import LetterInput


@extend_schema_serializer(examples=[OpenApiExample("报备", NEW_PLAN, request_only=True)])
class PlanInput(LetterInput):
    """An implementation plan of a unit in a programme."""

    programme = Seen(Programme)
    unit = Seen(Unit)
    title = Text(max_length=200, required=False, allow_blank=True)


@extend_schema_serializer(examples=[OpenApiExample("准予备案", ACCEPTANCE, request_only=True)])
class AcceptInput(InputSerializer):
    """The desk's own number (the filing's where none is given) and day (today)."""

    receipt_number = Text(max_length=60, required=False, allow_blank=True)
    accepted_on = Day(required=False)


class ResubmitInput(InputSerializer):
    """What was mended; the rest stays as it was."""

    document_number = Text(max_length=LONGEST, required=False, allow_blank=True)
    note = Text(max_length=500, required=False, allow_blank=True)
