"""What is taken of events, lists of people and declarations."""

from datetime import time
from typing import Any

from django.utils.dateparse import parse_time
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from core.api.inputs import MISSING, Choice, Day, InputSerializer, Seen, Text, Whole
from core.document_numbers import LONGEST
from officers.models import Person
from pilots.models import Programme, Unit

from ..choices import Answer, EventForm, EventKind, Reading
from ..models import Event
from ..models.events import MINUTES
from ..services.attendance import DUTY, MOST, NAME, UNIT_NAME
from .examples import ATTENDANCE, NEW_DECLARATION, NEW_EVENT

HOURS = _("写成4或2.5这样的数，大于0，最多一位小数。")
MOST_PEOPLE = 1_000_000


class Hours(serializers.DecimalField):
    """学时."""

    default_error_messages = {
        **MISSING,
        **dict.fromkeys(
            (
                "invalid",
                "min_value",
                "max_digits",
                "max_decimal_places",
                "max_whole_digits",
                "max_string_length",
            ),
            HOURS,
        ),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=4, decimal_places=1, min_value=0, **kwargs)


class Hour(Text):
    """A time of day, HH:MM."""

    default_error_messages = {"no_time": _("写成09:30这样的时间。")}

    def to_internal_value(self, data: Any) -> time:  # type: ignore[override]
        try:
            found = parse_time(super().to_internal_value(data))
        except ValueError:
            found = None
        return found if found is not None else self.fail("no_time")

    def run_validators(self, value: Any) -> None:
        """Those of a text; what comes out is none."""


class Units(serializers.ListField):
    """Codes of units that the caller sees; a unit's own clerk names others of the programme too."""

    default_error_messages = {**MISSING, "not_a_list": _('写成列表，如["440300-gaj"]。')}
    child = Text(max_length=80)


class EventMendInput(InputSerializer):
    """What changes; the rest stays."""

    kind = Choice(EventKind.choices)
    title = Text(max_length=120)
    organisers = Units(max_length=500)
    participants = Units(max_length=500, required=False)
    starts_on = Day()
    ends_on = Day(required=False, allow_null=True)
    begins_at = Hour(required=False, allow_null=True)
    form = Choice(EventForm.choices, required=False)
    hours = Hours(required=False, allow_null=True)
    place = Text(max_length=120, required=False, allow_blank=True)
    audience = Text(max_length=200, required=False, allow_blank=True)
    expected = Whole(required=False, allow_null=True, min_value=1, max_value=MOST_PEOPLE)
    content = Text(max_length=2000, required=False, allow_blank=True)
    document_number = Text(max_length=LONGEST, required=False, allow_blank=True)
    reply_by_on = Day(required=False, allow_null=True)
    note = Text(max_length=500, required=False, allow_blank=True)


@extend_schema_serializer(examples=[OpenApiExample("登记", NEW_EVENT, request_only=True)])
class EventInput(EventMendInput):
    programme = Seen(Programme)


class EventNothingInput(InputSerializer):
    """Nothing: the move says it all."""


class EventReasonInput(InputSerializer):
    reason = Text(max_length=200)


class EventMinutesInput(InputSerializer):
    text = Text(max_length=MINUTES, allow_blank=True)


class EventAnswerInput(InputSerializer):
    """参会回执 of the caller's unit."""

    unit = Seen(Unit)
    answer = Choice(Answer.choices)
    headcount = Whole(required=False, allow_null=True, min_value=1, max_value=9999)
    people = Text(max_length=300, required=False, allow_blank=True)
    note = Text(max_length=200, required=False, allow_blank=True)


class SeatInput(InputSerializer):
    """Somebody of the register (`person`), or a name with a unit of the portal or one as written."""

    person = Seen(Person, "uuid", required=False)
    name = Text(max_length=NAME, required=False)
    unit = Seen(Unit, required=False)
    unit_name = Text(max_length=UNIT_NAME, required=False, allow_blank=True)
    duty = Text(max_length=DUTY, required=False, allow_blank=True)


@extend_schema_serializer(examples=[OpenApiExample("名单", ATTENDANCE, request_only=True)])
class AttendanceInput(InputSerializer):
    people = SeatInput(many=True, max_length=MOST)


class StrikeOutInput(InputSerializer):
    people = serializers.ListField(child=Whole(), max_length=MOST)
    reason = Text(max_length=200)


@extend_schema_serializer(examples=[OpenApiExample("申报", NEW_DECLARATION, request_only=True)])
class DeclarationInput(InputSerializer):
    event = Seen(Event, "number")
    unit = Seen(Unit)
    headcount = Whole(min_value=1, max_value=MOST_PEOPLE)
    people = SeatInput(many=True, required=False, max_length=MOST)
    note = Text(max_length=500, required=False, allow_blank=True)


class DeclarationResubmitInput(InputSerializer):
    headcount = Whole(min_value=1, max_value=MOST_PEOPLE)
    people = SeatInput(many=True, required=False, max_length=MOST)
    note = Text(max_length=500, required=False, allow_blank=True)


class DeclarationReasonInput(InputSerializer):
    reason = Text(max_length=300)


class CountingInput(InputSerializer):
    exchange_reading = Choice(Reading.choices)
    note = Text(max_length=500)
