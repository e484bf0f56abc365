"""What the API says of people. Mobile and e-mail go out masked, whoever asks."""

from datetime import date
from typing import Any

from django.db.models import F, Prefetch
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from core.api import PlainSerializer, ResourceSerializer

from ...choices import Kind, PostLevel, Rank
from ...models import Appointment
from ..examples import PERSON
from .names import with_unit


class HeldPostSerializer(PlainSerializer):
    appointment = serializers.CharField(source="number")
    unit = serializers.CharField(source="unit_code")
    post = serializers.CharField(source="post_code")
    kind = serializers.ChoiceField(choices=Kind.choices)
    since = serializers.DateField()


@extend_schema_serializer(examples=[OpenApiExample("人员", PERSON, response_only=True)])
class PersonSerializer(ResourceSerializer):
    """`posts` are those held on the day `on`. The plain mobile and e-mail are in no answer of the
    API; the pages tell them, each time with an entry in the record."""

    resource = "person"

    id = serializers.UUIDField(source="uuid")
    name = serializers.CharField()
    unit = serializers.CharField(source="unit_code")
    unit_name = serializers.CharField()
    job_title = serializers.CharField()
    level = serializers.ChoiceField(choices=PostLevel.choices, allow_blank=True)
    is_in_charge = serializers.BooleanField()
    rank = serializers.ChoiceField(choices=Rank.choices, allow_blank=True)
    office_phone = serializers.CharField()
    mobile_masked = serializers.SerializerMethodField()
    email_masked = serializers.SerializerMethodField()
    user = serializers.CharField(source="username", allow_null=True)
    posts = HeldPostSerializer(many=True, source="posts_then")
    on = serializers.SerializerMethodField()
    source = serializers.CharField()  # type: ignore[assignment]
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        held = (
            Appointment.objects.visible_to(user)
            .in_office(on)
            .annotate(unit_code=F("unit__code"), post_code=F("post__code"))
            .only("number", "kind", "since", "person_id")
            .order_by("post__position", "post__code", "number")
        )
        return (
            with_unit(rows, on, "unit")
            .annotate(username=F("user__username"))
            .prefetch_related(Prefetch("appointments", held, to_attr="posts_then"))
        )

    def get_mobile_masked(self, row: Any) -> str:
        return str(row.mobile or "")

    def get_email_masked(self, row: Any) -> str:
        return str(row.email or "")

    def get_on(self, _row: Any) -> date:
        return self.day
