"""What the API says of periods, reports, editions and reviews."""

from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Prefetch, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat
from rest_framework import serializers

from core.api import ResourceSerializer
from pilots.models.units import NameOn

from ..choices import Decision, Kind, Route, Status
from ..models import Dispatch, PeriodFigure

EDITION_KEY = Concat(
    "report__number", Value("-"), Cast("edition", TextField()), output_field=TextField()
)
PERIOD_KEY = Concat("programme__code", Value("."), "code", output_field=TextField())


class PeriodSerializer(ResourceSerializer):
    """报告期. `id` is the programme's code and the period's own: shenzhen-2021.2022Q1."""

    resource = "period"

    id = serializers.CharField(source="key")
    programme = serializers.CharField(source="programme_code")
    code = serializers.CharField()
    title = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    opens_on = serializers.DateField()
    due_on = serializers.DateField()
    basis_title = serializers.CharField()
    basis_number = serializers.CharField()
    note = serializers.CharField()
    closed_on = serializers.DateField(allow_null=True)
    figures = serializers.SerializerMethodField()
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        figures = PeriodFigure.objects.filter(withdrawn_on=None).select_related("area")
        keyed = rows.annotate(key=PERIOD_KEY, programme_code=F("programme__code"))
        return keyed.prefetch_related(Prefetch("figures", figures))

    def get_figures(self, row: Any) -> list[dict[str, Any]]:
        """What is asked for: area, name, unit of measure, bounds."""
        return [
            {
                "id": figure.pk,
                "area": figure.area.code,
                "name": figure.name,
                "unit_label": figure.unit_label,
                "minimum": figure.minimum,
                "maximum": figure.maximum,
            }
            for figure in row.figures.all()
        ]


class ReportSerializer(ResourceSerializer):
    """报告. `handed_in_on` counts for being on time; `approval` is the newest round of signing. The text is
    at `content/`: the working copy for those who write it, for everybody else the newest edition."""

    resource = "report"

    id = serializers.CharField(source="number")
    kind = serializers.ChoiceField(choices=Kind.choices)
    programme = serializers.CharField(source="programme_code")
    unit = serializers.CharField(source="unit_code")
    unit_name = serializers.CharField()
    assignment = serializers.CharField(source="assignment_number")
    period = serializers.CharField(source="period_code", allow_null=True)
    title = serializers.CharField()
    status = serializers.ChoiceField(choices=Status.choices)
    due_on = serializers.DateField(allow_null=True)
    editions = serializers.IntegerField()
    returns = serializers.IntegerField()
    handed_in_on = serializers.DateField(allow_null=True)
    handed_in_at = serializers.DateTimeField(allow_null=True)
    is_late = serializers.SerializerMethodField()
    opened_at = serializers.DateTimeField(allow_null=True)
    decided_on = serializers.DateField(allow_null=True)
    document_number = serializers.CharField(allow_null=True)
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        sent = Dispatch.rows.filter(report=OuterRef("pk"), voided_at=None)
        return rows.annotate(
            unit_code=F("assignment__enrolment__unit__code"),
            unit_name=NameOn("assignment__enrolment__unit_id", on),
            programme_code=F("assignment__enrolment__programme__code"),
            assignment_number=F("assignment__number"),
            period_code=F("period__code"),
            due_on=F("assignment__due_on"),
            latest_on=F("assignment__latest_on"),
            document_number=Subquery(sent.values("document_number")[:1]),
        )

    def get_is_late(self, row: Any) -> bool:
        """Whether it came after the last day that the words of its task allow."""
        if row.handed_in_on is None or row.latest_on is None:
            return False
        return row.handed_in_on > row.latest_on


class SubmissionSerializer(ResourceSerializer):
    """报送稿: a frozen edition. `sha256` is that of `content` as canonical JSON: sorted keys, no spaces,
    UTF-8."""

    resource = "submission"

    id = serializers.CharField(source="key")
    report = serializers.CharField(source="report_number")
    edition = serializers.IntegerField()
    route = serializers.ChoiceField(choices=Route.choices)
    letter_from = serializers.CharField()
    letter_number = serializers.CharField()
    counts_on = serializers.DateField()
    made_at = serializers.DateTimeField()
    sha256 = serializers.CharField()
    content = serializers.DictField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        return rows.annotate(key=EDITION_KEY, report_number=F("report__number"))


class ReviewSerializer(ResourceSerializer):
    """审核: a decision on an edition, and what is to be changed, field by field."""

    resource = "review"

    id = serializers.IntegerField(source="pk")
    report = serializers.CharField(source="report_number")
    edition = serializers.IntegerField(source="edition_number")
    decision = serializers.ChoiceField(choices=Decision.choices)
    note = serializers.CharField()
    decided_on = serializers.DateField()
    decided_at = serializers.DateTimeField()
    undone_at = serializers.DateTimeField(allow_null=True)
    remarks = serializers.SerializerMethodField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        return rows.annotate(
            report_number=F("submission__report__number"), edition_number=F("submission__edition")
        ).prefetch_related("remarks")

    def get_remarks(self, row: Any) -> list[dict[str, str]]:
        return [
            {
                "section": each.section_key,
                "field": each.field,
                "reason": each.reason,
                "text": each.text,
            }
            for each in row.remarks.all()
        ]
