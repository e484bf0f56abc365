"""What is taken of projects, opinions and findings."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from core.api.inputs import MISSING, Choice, Day, Flag, InputSerializer, Seen, Text
from core.document_numbers import LONGEST
from pilots.models import Programme, Unit

from ..choices import Condition, Decision, Gate, Nature, ProjectKind, RecordKind, Route
from ..models import Project
from .examples import CHECK, NEW_FINDING, NEW_OPINION, NEW_PROJECT, ORDER, RECORD

SUM = _("写成120.5这样的数，最多两位小数，不能是负数。")


class Sum(serializers.DecimalField):
    """A sum in 万元."""

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
            SUM,
        ),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=12, decimal_places=2, min_value=0, **kwargs)


class ProjectMendInput(InputSerializer):
    """What changes; the rest stays."""

    name = Text(max_length=200)
    city_code = Text(max_length=60, required=False, allow_blank=True)
    kind = Choice(ProjectKind.choices, required=False, allow_blank=True)
    summary = Text(max_length=500, required=False, allow_blank=True)
    budget = Sum(required=False, allow_null=True)
    responsible = Text(max_length=80, required=False, allow_blank=True)
    started_on = Day(required=False, allow_null=True)
    closed_on = Day(required=False, allow_null=True)
    note = Text(max_length=500, required=False, allow_blank=True)


@extend_schema_serializer(examples=[OpenApiExample("登记", NEW_PROJECT, request_only=True)])
class ProjectInput(ProjectMendInput):
    programme = Seen(Programme)
    unit = Seen(Unit)


class ProjectReasonInput(InputSerializer):
    """Why; the unit reads it."""

    reason = Text(max_length=200)


@extend_schema_serializer(examples=[OpenApiExample("核对", CHECK, request_only=True)])
class GateCheckInput(InputSerializer):
    """A precondition of a gate; `checked_on` is today unless written."""

    gate = Choice(Gate.choices)
    condition = Choice(Condition.choices)
    is_met = Flag()
    evidence = Text(max_length=500)
    checked_on = Day(required=False)
    document_number = Text(max_length=LONGEST, required=False, allow_blank=True)


@extend_schema_serializer(examples=[OpenApiExample("协调", RECORD, request_only=True)])
class ProjectRecordInput(InputSerializer):
    kind = Choice(RecordKind.choices)
    text = Text(max_length=500)
    result = Text(max_length=500, required=False, allow_blank=True)
    happened_on = Day()
    document_number = Text(max_length=LONGEST, required=False, allow_blank=True)


@extend_schema_serializer(examples=[OpenApiExample("否决", NEW_OPINION, request_only=True)])
class OpinionInput(InputSerializer):
    """`online` (unless written) is the CDO's own, under his or her name; `paper` is entered by the
    unit's clerk or the bureau and needs `cdo_name` and `document_number`."""

    project = Seen(Project, "number")
    gate = Choice(Gate.choices)
    decision = Choice(Decision.choices)
    reason = Text(max_length=500, required=False, allow_blank=True)
    basis = Text(max_length=300, required=False, allow_blank=True)
    given_on = Day(required=False)
    route = Choice(Route.choices, required=False)
    cdo_name = Text(max_length=40, required=False, allow_blank=True)
    document_number = Text(max_length=LONGEST, required=False, allow_blank=True)


class FindingMendInput(InputSerializer):
    """What changes; the rest stays."""

    nature = Choice(Nature.choices)
    title = Text(max_length=120)
    what = Text(max_length=500)
    basis = Text(max_length=300)
    found_on = Day()
    project = Seen(Project, "number", required=False, allow_null=True)


@extend_schema_serializer(examples=[OpenApiExample("登记", NEW_FINDING, request_only=True)])
class FindingInput(FindingMendInput):
    programme = Seen(Programme)
    unit = Seen(Unit)
    document_number = Text(max_length=LONGEST, required=False, allow_blank=True)


class PaperInput(InputSerializer):
    document_number = Text(max_length=LONGEST, required=False, allow_blank=True)


class FindingSaidInput(PaperInput):
    """What was done or seen, and when; today unless written."""

    text = Text(max_length=500)
    happened_on = Day(required=False)


@extend_schema_serializer(examples=[OpenApiExample("整改", ORDER, request_only=True)])
class FindingOrderInput(PaperInput):
    measures = Text(max_length=500)
    due_on = Day()
    happened_on = Day(required=False)


class FindingReopenInput(PaperInput):
    measures = Text(max_length=500)
    due_on = Day()


class FindingRedateInput(PaperInput):
    due_on = Day()
    text = Text(max_length=500)


class FindingCloseInput(PaperInput):
    reason = Text(max_length=500)
