"""Content that several actions share."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer

from core.api.inputs import InputSerializer, Text

from ..examples import REASON


@extend_schema_serializer(examples=[OpenApiExample("原因", REASON, request_only=True)])
class ReasonInput(InputSerializer):
    """Why; the unit reads it."""

    reason = Text(max_length=200)


class NothingInput(InputSerializer):
    """Nothing: send `{}` or no content."""
