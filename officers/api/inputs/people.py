"""What is taken of people."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from core.api.inputs import Choice, Flag, InputSerializer, Seen, Text
from pilots.models import Unit

from ...choices import PostLevel, Rank
from ...models import Person
from ..examples import NEW_PERSON


class NewPersonInput(InputSerializer):
    """Somebody whom the register does not know yet. `mobile` and `email` are taken and never
    answered: read the masks."""

    name = Text(max_length=40)
    job_title = Text(max_length=60, required=False, allow_blank=True)
    level = Choice(PostLevel.choices, required=False, allow_blank=True)
    is_in_charge = Flag(required=False)
    office_phone = Text(max_length=30, required=False, allow_blank=True)
    mobile = Text(max_length=30, required=False, allow_blank=True, write_only=True)
    email = Text(max_length=200, required=False, allow_blank=True, write_only=True)


@extend_schema_serializer(examples=[OpenApiExample("登记", NEW_PERSON, request_only=True)])
class PersonInput(NewPersonInput):
    unit = Seen(Unit)
    rank = Choice(Rank.choices, required=False, allow_blank=True)


class PersonMendInput(PersonInput):
    """What changes; the rest stays. An empty `mobile` or `email` takes it away."""


class WhoInput(InputSerializer):
    """Either `person`, known already, or `new_person`."""

    person = Seen(Person, "uuid", required=False)
    new_person = NewPersonInput(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("person" in attrs) == ("new_person" in attrs):
            message = _("person（已登记的人员）和new_person（新登记的人员）填写一个。")
            raise serializers.ValidationError({"person": [message]})
        return super().validate(attrs)
