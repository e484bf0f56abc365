"""What the API says of teams and of the people in them."""

from datetime import date
from typing import Any

from django.db.models import F, Prefetch
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from core.api import PlainSerializer, ResourceSerializer

from ...choices import EntryMode, TeamKind, TeamMode
from ...models import TeamMember
from ..examples import EXPERT, TEAM
from .names import with_unit


class MemberSerializer(PlainSerializer):
    id = serializers.IntegerField(source="pk")
    person = serializers.UUIDField(source="person_uuid")
    person_name = serializers.CharField()
    entry_mode = serializers.ChoiceField(choices=EntryMode.choices)
    duty = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)


@extend_schema_serializer(examples=[OpenApiExample("团队", TEAM, response_only=True)])
class TeamSerializer(ResourceSerializer):
    """`members` are those of the day `on`; each is read and changed at `/experts/{id}/`."""

    resource = "team"

    id = serializers.CharField(source="number")
    unit = serializers.CharField(source="unit_code")
    unit_name = serializers.CharField()
    kind = serializers.ChoiceField(choices=TeamKind.choices)
    name = serializers.CharField()
    modes = serializers.ListField(child=serializers.ChoiceField(choices=TeamMode.choices))
    leader = serializers.UUIDField(source="leader_uuid", allow_null=True)
    leader_name = serializers.CharField(allow_null=True)
    headcount = serializers.IntegerField(allow_null=True)
    document_number = serializers.CharField()
    note = serializers.CharField()
    file_name = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    members = MemberSerializer(many=True, source="members_then")
    on = serializers.SerializerMethodField()
    voided_at = serializers.DateTimeField(allow_null=True)
    void_reason = serializers.CharField()
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        members = (
            TeamMember.objects.visible_to(user)
            .standing(on)
            .annotate(person_uuid=F("person__uuid"), person_name=F("person__name"))
            .order_by("id")
        )
        return (
            with_unit(rows, on, "unit")
            .annotate(leader_uuid=F("leader__uuid"), leader_name=F("leader__name"))
            .prefetch_related(Prefetch("members", members, to_attr="members_then"))
        )

    def get_on(self, _row: Any) -> date:
        return self.day


@extend_schema_serializer(examples=[OpenApiExample("专家", EXPERT, response_only=True)])
class ExpertSerializer(ResourceSerializer):
    """One person in one team."""

    resource = "expert"

    id = serializers.IntegerField(source="pk")
    team = serializers.CharField(source="team_number")
    team_name = serializers.CharField()
    team_kind = serializers.ChoiceField(choices=TeamKind.choices)
    unit = serializers.CharField(source="team_unit_code")
    unit_name = serializers.CharField(source="team_unit_name")
    person = serializers.UUIDField(source="person_uuid")
    person_name = serializers.CharField()
    entry_mode = serializers.ChoiceField(choices=EntryMode.choices)
    duty = serializers.CharField()
    expertise = serializers.CharField()
    employer = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    voided_at = serializers.DateTimeField(allow_null=True)
    void_reason = serializers.CharField()
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        return with_unit(rows, on, "team__unit").annotate(
            team_number=F("team__number"),
            team_name=F("team__name"),
            team_kind=F("team__kind"),
            person_uuid=F("person__uuid"),
            person_name=F("person__name"),
        )
