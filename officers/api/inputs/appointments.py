"""What is taken of appointments."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer

from core.api.inputs import Choice, Day, Flag, InputSerializer, Listed, Seen, Text, Whole
from core.document_numbers import LONGEST
from pilots.models import Unit

from ...choices import Ending, FilingKind, Kind, PostLevel, Route
from ...models import Post
from ..examples import ENDING, NEW_APPOINTMENT
from .people import WhoInput

MOST_SEATS = 100
SUBJECTS = [(kind.value, kind.label) for kind in (FilingKind.APPOINTMENT, FilingKind.REMOVAL)]


class PaperInput(InputSerializer):
    """The document that it rests on."""

    document_number = Text(max_length=LONGEST, required=False, allow_blank=True)
    document_title = Text(max_length=200, required=False, allow_blank=True)
    signed_on = Day(required=False, allow_null=True)


class ConfirmInput(PaperInput):
    """The document, where it was not given before."""


@extend_schema_serializer(examples=[OpenApiExample("免职", ENDING, request_only=True)])
class EndInput(InputSerializer):
    """`ends_on` is the last day in office."""

    ends_on = Day()
    ending = Choice(Ending.choices)
    ending_number = Text(max_length=LONGEST, required=False, allow_blank=True)
    ending_signed_on = Day(required=False, allow_null=True)
    ending_reason = Text(max_length=300, required=False, allow_blank=True)


class TermInput(InputSerializer):
    """How the post is held, from when."""

    starts_on = Day(required=False, allow_null=True)
    known_on = Day(required=False, allow_null=True)
    ends_on = Day(required=False, allow_null=True)
    job_title = Text(max_length=60, required=False, allow_blank=True)
    level = Choice(PostLevel.choices, required=False, allow_blank=True)
    is_in_charge = Flag(required=False)
    rank_reason = Text(max_length=300, required=False, allow_blank=True)


@extend_schema_serializer(examples=[OpenApiExample("换人", NEW_APPOINTMENT, request_only=True)])
class AppointmentInput(WhoInput, TermInput, PaperInput):
    """A new appointment. With `departure` the present holder of that seat leaves in the same
    moment, or, where the appointment is only proposed, is named as the predecessor."""

    unit = Seen(Unit)
    post = Listed(Post)
    kind = Choice(Kind.choices, required=False)
    seat = Whole(min_value=1, max_value=MOST_SEATS, required=False)
    reason = Text(max_length=300, required=False, allow_blank=True)
    departure = EndInput(required=False)


class MendInput(TermInput, PaperInput):
    """What was typed wrong. Who, where and which post are not mended: void it and enter it anew."""

    reason = Text(max_length=300, required=False, allow_blank=True)
    ending_number = Text(max_length=LONGEST, required=False, allow_blank=True)
    ending_signed_on = Day(required=False, allow_null=True)
    ending_reason = Text(max_length=300, required=False, allow_blank=True)


class LetterInput(InputSerializer):
    """What is handed in. `route` paper and `reported_on`, the letter's day, are the desk's: it
    enters what came on paper."""

    document_number = Text(max_length=LONGEST, required=False, allow_blank=True)
    note = Text(max_length=500, required=False, allow_blank=True)
    route = Choice(Route.choices, required=False)
    reported_on = Day(required=False)


class FileInput(LetterInput):
    kind = Choice(SUBJECTS, required=False)
