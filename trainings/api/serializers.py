"""What the API says of events, who came, and declarations."""

from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from core import clock
from core.api import PlainSerializer, ResourceSerializer
from duties.models import Assignment
from pilots.models.units import named_on
from projects.api.serializers import with_place

from ..choices import Answer, DeclarationState, EventForm, EventKind, EventStatus, FileKind, Route
from ..models import Credit, Event, EventFile, Organiser, Participant
from ..queries.listing import with_came
from .examples import DECLARATION, EVENT


class EventPartySerializer(PlainSerializer):
    """A body that is invited, and its 回执 ("" while there is none)."""

    unit = serializers.CharField(source="enrolment.unit.code")
    answer = serializers.ChoiceField(choices=Answer.choices, allow_blank=True)
    headcount = serializers.IntegerField(allow_null=True)
    note = serializers.CharField(source="answer_note")


class EventFileSerializer(PlainSerializer):
    id = serializers.IntegerField(source="pk")
    kind = serializers.ChoiceField(choices=FileKind.choices)
    name = serializers.CharField()
    size = serializers.IntegerField(source="stored.size")


@extend_schema_serializer(examples=[OpenApiExample("培训", EVENT, response_only=True)])
class EventSerializer(ResourceSerializer):
    """One training or meeting. `came` is how many attended, on the list or by confirmed
    declarations; `tasks` are those of the caller's view for which it counts today."""

    resource = "event"

    id = serializers.CharField(source="number")
    programme = serializers.CharField(source="programme_code")
    kind = serializers.ChoiceField(choices=EventKind.choices)
    title = serializers.CharField()
    organisers = serializers.SerializerMethodField()
    participants = EventPartySerializer(many=True, source="invited_told")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    begins_at = serializers.TimeField(allow_null=True)
    form = serializers.ChoiceField(choices=EventForm.choices)
    hours = serializers.SerializerMethodField()
    place = serializers.CharField()
    audience = serializers.CharField()
    expected = serializers.IntegerField(allow_null=True)
    came = serializers.IntegerField()
    content = serializers.CharField()
    document_number = serializers.CharField()
    reply_by_on = serializers.DateField(allow_null=True)
    minutes = serializers.CharField()
    note = serializers.CharField()
    status = serializers.ChoiceField(choices=EventStatus.choices)
    status_as_of = serializers.SerializerMethodField()
    cancel_reason = serializers.CharField()
    counts = serializers.BooleanField()
    tasks = serializers.SerializerMethodField()
    files = EventFileSerializer(many=True, source="files_told")
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        hosts = Organiser.objects.select_related("enrolment__unit")
        asked = Participant.objects.visible_to(user).select_related("enrolment__unit")
        files = EventFile.objects.visible_to(user).live().select_related("stored")
        live = Credit.objects.filter(mark__voided_at=None)
        seen = Assignment.objects.visible_to(user).values("pk")
        marks = live.filter(assignment__in=seen).select_related("assignment")
        told = with_came(rows).annotate(
            programme_code=F("programme__code"), counts=Exists(live.filter(event=OuterRef("pk")))
        )
        return told.prefetch_related(
            Prefetch("organisers", hosts, to_attr="hosts_told"),
            Prefetch("participants", asked, to_attr="invited_told"),
            Prefetch("files", files, to_attr="files_told"),
            Prefetch("credits", marks, to_attr="credits_told"),
        )

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_organisers(self, row: Any) -> list[str]:
        return [each.enrolment.unit.code for each in row.hosts_told]

    @extend_schema_field(serializers.DecimalField(max_digits=4, decimal_places=1, allow_null=True))
    def get_hours(self, row: Event) -> str | None:
        return None if row.hours is None else str(row.hours)

    def get_status_as_of(self, _row: Event) -> date:
        return clock.today()

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_tasks(self, row: Any) -> list[str]:
        return sorted(each.assignment.number for each in row.credits_told)


class AttendanceSerializer(ResourceSerializer):
    """Somebody on the list of one event; `person` is the one of the register, if it is one. A name
    that a unit declared counts when the declaration is confirmed."""

    resource = "attendance"

    id = serializers.IntegerField(source="pk")
    event = serializers.CharField(source="event_number")
    person = serializers.UUIDField(source="person_uuid", allow_null=True)
    name = serializers.CharField()
    unit = serializers.CharField(source="unit_code", allow_null=True)
    unit_name = serializers.SerializerMethodField()
    duty = serializers.CharField()
    route = serializers.ChoiceField(choices=Route.choices)
    declaration = serializers.IntegerField(source="declaration_id", allow_null=True)
    added_at = serializers.DateTimeField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        return rows.annotate(
            event_number=F("event__number"),
            person_uuid=F("person__uuid"),
            unit_code=F("unit__code"),
            unit_named=named_on(on, "unit_id"),
        )

    def get_unit_name(self, row: Any) -> str:
        return row.unit_named or row.unit_name


@extend_schema_serializer(examples=[OpenApiExample("申报", DECLARATION, response_only=True)])
class DeclarationSerializer(ResourceSerializer):
    """单位申报 of attendance, and whether the bureau confirmed it."""

    resource = "declaration"

    id = serializers.IntegerField(source="pk")
    event = serializers.CharField(source="event_number")
    programme = serializers.CharField(source="programme_code")
    unit = serializers.CharField(source="unit_code")
    unit_name = serializers.CharField()
    headcount = serializers.IntegerField()
    note = serializers.CharField()
    state = serializers.ChoiceField(choices=DeclarationState.choices)
    reason = serializers.CharField()
    declared_on = serializers.DateField()
    decided_on = serializers.DateField(allow_null=True)
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        return with_place(rows, on).annotate(event_number=F("event__number"))
