"""What the API says of appointments."""

from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import F, OuterRef, Subquery
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from core import clock
from core.api import PlainSerializer, ResourceSerializer

from ...choices import Ending, FilingKind, FilingState, Kind, PostLevel, Status
from ...models import Filing
from ...queries.listing import with_filing
from ..examples import APPOINTMENT
from .names import with_unit


class FiledSerializer(PlainSerializer):
    """How far its 备案 is. `not_asked`: no rule wants it on record; the others are those of the live
    filing, whose number is null where there is none."""

    state = serializers.ChoiceField(choices=FilingState.choices, source="filing_state")
    number = serializers.CharField(source="filing_number", allow_null=True)
    receipt_number = serializers.CharField(source="filing_receipt", allow_null=True)
    accepted_on = serializers.DateField(source="filing_accepted_on", allow_null=True)


@extend_schema_serializer(examples=[OpenApiExample("任命", APPOINTMENT, response_only=True)])
class AppointmentSerializer(ResourceSerializer):
    """`is_in_office` is asked for the day `on`; `status` and `filing` are those of `status_as_of`.
    `since` is `starts_on`, or where no source tells it `known_on`."""

    resource = "appointment"

    id = serializers.CharField(source="number")
    unit = serializers.CharField(source="unit_code")
    unit_name = serializers.CharField()
    person = serializers.UUIDField(source="person_uuid")
    person_name = serializers.CharField()
    post = serializers.CharField(source="post_code")
    post_name = serializers.CharField()
    seat = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    status = serializers.ChoiceField(choices=Status.choices)
    status_as_of = serializers.SerializerMethodField()
    is_in_office = serializers.SerializerMethodField()
    on = serializers.SerializerMethodField()
    since = serializers.DateField(allow_null=True)
    starts_on = serializers.DateField(allow_null=True)
    known_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    job_title = serializers.CharField()
    level = serializers.ChoiceField(choices=PostLevel.choices, allow_blank=True)
    is_in_charge = serializers.BooleanField()
    rank_reason = serializers.CharField()
    document_number = serializers.CharField()
    document_title = serializers.CharField()
    signed_on = serializers.DateField(allow_null=True)
    authority = serializers.CharField(source="authority_code", allow_null=True)
    reason = serializers.CharField()
    predecessor = serializers.CharField(source="predecessor_number", allow_null=True)
    ending = serializers.ChoiceField(choices=Ending.choices, allow_blank=True)
    ending_number = serializers.CharField()
    ending_signed_on = serializers.DateField(allow_null=True)
    ending_authority = serializers.CharField(source="ending_authority_code", allow_null=True)
    ending_reason = serializers.CharField()
    void_reason = serializers.CharField()
    filing = serializers.SerializerMethodField()
    confirmed_on = serializers.DateField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        live = Filing.objects.visible_to(user).live()
        live = live.filter(appointment=OuterRef("pk"), kind=FilingKind.APPOINTMENT)
        return with_filing(with_unit(rows, on, "unit"), on).annotate(
            filing_receipt=Subquery(live.values("receipt_number")[:1]),
            filing_accepted_on=Subquery(live.values("accepted_on")[:1]),
            person_uuid=F("person__uuid"),
            person_name=F("person__name"),
            post_code=F("post__code"),
            post_name=F("post__name"),
            authority_code=F("authority__code"),
            ending_authority_code=F("ending_authority__code"),
            predecessor_number=F("predecessor__number"),
        )

    def get_status_as_of(self, _row: Any) -> date:
        return clock.today()

    def get_is_in_office(self, row: Any) -> bool:
        return row.in_office_on(self.day)

    def get_on(self, _row: Any) -> date:
        return self.day

    @extend_schema_field(FiledSerializer)
    def get_filing(self, row: Any) -> dict[str, Any]:
        return self._filing_state.to_representation(row)

    @cached_property
    def _filing_state(self) -> FiledSerializer:
        return FiledSerializer()
