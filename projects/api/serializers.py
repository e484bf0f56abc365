"""What the API says of projects, opinions and findings."""

from datetime import date
from typing import Any

from django.db.models import F, Prefetch
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from core import clock
from core.api import PlainSerializer, ResourceSerializer
from pilots.models.units import NameOn

from ..choices import (
    Alert,
    Condition,
    Decision,
    FindingStatus,
    Gate,
    Nature,
    ProjectKind,
    RecordKind,
    Route,
    Step,
)
from ..models import Finding, FindingStep, Project, ProjectRecord
from ..queries.standing import alerts_told, missing_told, with_missing, with_standing
from .examples import FINDING, OPINION, PROJECT


def with_place(rows: Any, on: date, path: str = "enrolment") -> Any:
    """`rows` with codes of programme and unit, and the unit's name on that day."""
    return rows.annotate(
        programme_code=F(f"{path}__programme__code"),
        unit_code=F(f"{path}__unit__code"),
        unit_name=NameOn(f"{path}__unit_id", on),
    )


class ProjectRecordSerializer(PlainSerializer):
    id = serializers.IntegerField(source="pk")
    kind = serializers.ChoiceField(choices=RecordKind.choices)
    text = serializers.CharField()
    result = serializers.CharField()
    document_number = serializers.CharField()
    happened_on = serializers.DateField()


class MissingConditionSerializer(PlainSerializer):
    """A precondition of a gate that nobody has shown to be met."""

    gate = serializers.ChoiceField(choices=Gate.choices)
    condition = serializers.ChoiceField(choices=Condition.choices)


@extend_schema_serializer(examples=[OpenApiExample("项目", PROJECT, response_only=True)])
class ProjectSerializer(ResourceSerializer):
    """`approval` and `acceptance` are what stands at the gates on the day `on`; `warnings` block
    nothing. `budget` is in 万元."""

    resource = "project"

    id = serializers.CharField(source="number")
    programme = serializers.CharField(source="programme_code")
    unit = serializers.CharField(source="unit_code")
    unit_name = serializers.CharField()
    name = serializers.CharField()
    city_code = serializers.CharField()
    kind = serializers.ChoiceField(choices=ProjectKind.choices, allow_blank=True)
    summary = serializers.CharField()
    budget = serializers.SerializerMethodField()
    responsible = serializers.CharField()
    started_on = serializers.DateField(allow_null=True)
    closed_on = serializers.DateField(allow_null=True)
    note = serializers.CharField()
    approval = serializers.ChoiceField(choices=Decision.choices, allow_null=True)
    approval_on = serializers.DateField(allow_null=True)
    approval_opinion = serializers.IntegerField(allow_null=True)
    acceptance = serializers.ChoiceField(choices=Decision.choices, allow_null=True)
    acceptance_on = serializers.DateField(allow_null=True)
    acceptance_opinion = serializers.IntegerField(allow_null=True)
    missing = serializers.SerializerMethodField()
    warnings = serializers.SerializerMethodField()
    records = ProjectRecordSerializer(many=True, source="records_told")
    on = serializers.SerializerMethodField()
    withdrawn_on = serializers.DateField(allow_null=True)
    withdraw_reason = serializers.CharField()
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        records = ProjectRecord.objects.visible_to(user).order_by("happened_on", "pk")
        told = with_missing(with_standing(with_place(rows, on), on), on)
        return told.prefetch_related(Prefetch("records", records, to_attr="records_told"))

    @extend_schema_field(serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True))
    def get_budget(self, row: Project) -> str | None:
        """As text: a reader in JavaScript must not round a sum."""
        return None if row.budget is None else str(row.budget)

    @extend_schema_field(MissingConditionSerializer(many=True))
    def get_missing(self, row: Project) -> list[dict[str, str]]:
        return [
            {"gate": gate.value, "condition": condition.value}
            for gate, condition in missing_told(row)
        ]

    @extend_schema_field(
        serializers.ListField(child=serializers.ChoiceField(choices=Alert.choices))
    )
    def get_warnings(self, row: Project) -> list[str]:
        return [alert.value for alert in alerts_told(row)]

    def get_on(self, _row: Project) -> date:
        return self.day


@extend_schema_serializer(examples=[OpenApiExample("意见", OPINION, response_only=True)])
class OpinionSerializer(ResourceSerializer):
    """Never changed: a new opinion is a new one, and the latest of a gate stands."""

    resource = "opinion"

    id = serializers.IntegerField(source="pk")
    project = serializers.CharField(source="project_number")
    project_name = serializers.CharField()
    programme = serializers.CharField(source="programme_code")
    unit = serializers.CharField(source="unit_code")
    unit_name = serializers.CharField()
    gate = serializers.ChoiceField(choices=Gate.choices)
    decision = serializers.ChoiceField(choices=Decision.choices)
    reason = serializers.CharField()
    basis = serializers.CharField()
    document_number = serializers.CharField()
    file_name = serializers.CharField()
    given_on = serializers.DateField()
    cdo_name = serializers.CharField()
    route = serializers.ChoiceField(choices=Route.choices)
    power = serializers.CharField(source="power_code")
    clause = serializers.CharField(source="clause_code", allow_null=True)
    entered_at = serializers.DateTimeField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        return with_place(rows, on, "project__enrolment").annotate(
            project_number=F("project__number"),
            project_name=F("project__name"),
            power_code=F("power__code"),
            clause_code=F("power__clause__code"),
        )


class FindingStepSerializer(PlainSerializer):
    id = serializers.IntegerField(source="pk")
    step = serializers.ChoiceField(choices=Step.choices)
    happened_on = serializers.DateField()
    text = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    document_number = serializers.CharField()


@extend_schema_serializer(examples=[OpenApiExample("问题", FINDING, response_only=True)])
class FindingSerializer(ResourceSerializer):
    """What was found, and its course. The status is today's; `is_overdue` is of the day `on`."""

    resource = "finding"

    id = serializers.CharField(source="number")
    programme = serializers.CharField(source="programme_code")
    unit = serializers.CharField(source="unit_code")
    unit_name = serializers.CharField()
    project = serializers.CharField(source="project_number", allow_null=True)
    nature = serializers.ChoiceField(choices=Nature.choices)
    title = serializers.CharField()
    what = serializers.CharField()
    basis = serializers.CharField()
    found_on = serializers.DateField()
    status = serializers.ChoiceField(choices=FindingStatus.choices)
    status_as_of = serializers.SerializerMethodField()
    is_overdue = serializers.SerializerMethodField()
    on = serializers.SerializerMethodField()
    stopped_on = serializers.DateField(allow_null=True)
    measures = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    corrected_on = serializers.DateField(allow_null=True)
    closed_on = serializers.DateField(allow_null=True)
    close_reason = serializers.CharField()
    steps = FindingStepSerializer(many=True, source="steps_told")
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        steps = FindingStep.objects.visible_to(user).order_by("pk")
        told = with_place(rows, on).annotate(project_number=F("project__number"))
        return told.prefetch_related(Prefetch("steps", steps, to_attr="steps_told"))

    def get_status_as_of(self, _row: Finding) -> date:
        return clock.today()

    def get_is_overdue(self, row: Finding) -> bool:
        return row.is_overdue(self.day)

    def get_on(self, _row: Finding) -> date:
        return self.day
