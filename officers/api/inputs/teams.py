"""What is taken of teams and their members."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer

from core.api.inputs import Choice, Choices, Day, InputSerializer, Seen, Text, Whole
from core.document_numbers import LONGEST
from pilots.models import Unit

from ...choices import EntryMode, TeamKind, TeamMode
from ...models import Person
from ..examples import NEW_MEMBER, NEW_TEAM
from .people import WhoInput

MOST_PEOPLE = 10_000


class TeamMendInput(InputSerializer):
    """What changes; the rest stays."""

    kind = Choice(TeamKind.choices)
    name = Text(max_length=80)
    starts_on = Day()
    ends_on = Day(required=False, allow_null=True)
    modes = Choices(child=Choice(TeamMode.choices), max_length=10, required=False)
    leader = Seen(Person, "uuid", required=False, allow_null=True)
    headcount = Whole(min_value=0, max_value=MOST_PEOPLE, required=False, allow_null=True)
    document_number = Text(max_length=LONGEST, required=False, allow_blank=True)
    note = Text(max_length=500, required=False, allow_blank=True)


@extend_schema_serializer(examples=[OpenApiExample("登记", NEW_TEAM, request_only=True)])
class TeamInput(TeamMendInput):
    unit = Seen(Unit)


class LeaveInput(InputSerializer):
    """The last day."""

    ends_on = Day()


class MemberMendInput(InputSerializer):
    """What changes; the rest stays."""

    entry_mode = Choice(EntryMode.choices, required=False)
    duty = Text(max_length=80, required=False, allow_blank=True)
    expertise = Text(max_length=80, required=False, allow_blank=True)
    employer = Text(max_length=120, required=False, allow_blank=True)
    starts_on = Day()
    ends_on = Day(required=False, allow_null=True)


@extend_schema_serializer(examples=[OpenApiExample("加入", NEW_MEMBER, request_only=True)])
class MemberInput(WhoInput, MemberMendInput):
    """Somebody who joins."""
