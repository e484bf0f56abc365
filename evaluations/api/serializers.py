"""What the API says of schemes, rounds, sheets and objections. Everything comes out of the caller's own
view: no unit reads another one's points, total or place, and no unit a place at all."""

from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.utils.functional import cached_property
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from core import clock
from core.api import PlainSerializer, ResourceSerializer
from pilots.models.units import named_on

from ..choices import Fact, Hand, IndicatorKind, ObjectionState, Rule, Source, State
from ..models import FactValue, Indicator, Result, SchemeVersion, Score
from ..queries.listing import rounds_told
from ..queries.reading import reads_results
from .examples import OBJECTION, ROUND_SAID, SCORECARD

POINTS = {"max_digits": 7, "decimal_places": 2, "allow_null": True}


class IndicatorSerializer(PlainSerializer):
    """One place of a tree; `source` is "" for a heading."""

    key = serializers.CharField()
    parent = serializers.SerializerMethodField()
    level = serializers.IntegerField()
    name = serializers.CharField()
    weight = serializers.DecimalField(**POINTS)
    kind = serializers.ChoiceField(choices=IndicatorKind.choices)
    source = serializers.ChoiceField(choices=Source.choices, allow_blank=True)
    rule = serializers.ChoiceField(choices=Rule.choices, allow_blank=True)
    criteria = serializers.DictField()
    fact = serializers.ChoiceField(choices=Fact.choices, allow_blank=True)
    text = serializers.CharField()
    needs_evidence = serializers.BooleanField()

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_parent(self, row: Indicator) -> str | None:
        return row.parent.key if row.parent else None


class SchemeVersionSerializer(PlainSerializer):
    """One version; `frozen` once a round used it."""

    number = serializers.IntegerField()
    frozen = serializers.BooleanField(source="is_frozen")
    full = serializers.DecimalField(**POINTS)
    step = serializers.DecimalField(**POINTS)
    tolerance = serializers.DecimalField(**POINTS)
    objection_workdays = serializers.IntegerField(allow_null=True)
    grades = serializers.ListField(child=serializers.DictField())
    leaves = serializers.IntegerField()
    indicators = IndicatorSerializer(many=True, source="tree_told")


class SchemeSerializer(ResourceSerializer):
    """指标体系; `programme` is null for an example. The newest version stands first."""

    resource = "scheme"

    id = serializers.CharField(source="code")
    programme = serializers.SerializerMethodField()
    title = serializers.CharField()
    note = serializers.CharField()
    is_example = serializers.BooleanField()
    versions = SchemeVersionSerializer(many=True, source="versions_told")
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        tree = Indicator.objects.visible_to(user).standing().select_related("parent")
        versions = SchemeVersion.objects.visible_to(user).order_by("-number")
        counted = versions.annotate(
            leaves=Count(
                "indicators",
                filter=Q(indicators__withdrawn_on=None) & ~Q(indicators__source=""),
            )
        ).prefetch_related(
            Prefetch("indicators", tree.order_by("level", "position", "pk"), to_attr="tree_told")
        )
        return rows.select_related("programme").prefetch_related(
            Prefetch("versions", counted, to_attr="versions_told")
        )

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_programme(self, row: Any) -> str | None:
        return row.programme.code if row.programme else None


@extend_schema_serializer(examples=[OpenApiExample("评价", ROUND_SAID, response_only=True)])
class RoundSerializer(ResourceSerializer):
    """一次评价. `state` is today's; `scorecards` counts those that the caller sees."""

    resource = "round"

    id = serializers.CharField(source="number")
    programme = serializers.CharField(source="programme.code")
    scheme = serializers.CharField(source="scheme_version.scheme.code")
    scheme_version = serializers.IntegerField(source="scheme_version.number")
    title = serializers.CharField()
    note = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    self_by = serializers.DateField()
    unit_by = serializers.DateField()
    review_by = serializers.DateField()
    state = serializers.ChoiceField(choices=State.choices)
    state_as_of = serializers.SerializerMethodField()
    facts_on = serializers.DateField(allow_null=True)
    objections_on = serializers.DateField(allow_null=True)
    objections_until = serializers.DateField(allow_null=True)
    finalised_on = serializers.DateField(allow_null=True)
    published_on = serializers.DateField(allow_null=True)
    withdrawn_on = serializers.DateField(allow_null=True)
    reason = serializers.CharField()
    editions = serializers.IntegerField()
    scorecards = serializers.SerializerMethodField()
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        return rounds_told(rows, user)

    def get_state_as_of(self, _row: Any) -> date:
        return clock.today()

    def get_scorecards(self, row: Any) -> int:
        return row.seen or 0


class ScoreSerializer(PlainSerializer):
    """One cell of one hand. `cell_version` is what a save of it carries."""

    indicator = serializers.CharField(source="indicator.key")
    hand = serializers.ChoiceField(choices=Hand.choices)
    points = serializers.DecimalField(**POINTS)
    answer = serializers.JSONField(allow_null=True)
    reason = serializers.CharField()
    cell_version = serializers.IntegerField(source="version")


class FactSerializer(PlainSerializer):
    """What the portal's records say; `value` null where it does not apply."""

    fact = serializers.ChoiceField(choices=Fact.choices)
    value = serializers.DecimalField(max_digits=14, decimal_places=6, allow_null=True)
    part = serializers.DecimalField(max_digits=14, decimal_places=2)
    whole = serializers.DecimalField(max_digits=14, decimal_places=2)
    read_on = serializers.DateField()


class ResultSerializer(PlainSerializer):
    """What the body got in the newest edition that the caller may read. `place` is null for people of
    a unit: there is no ranking for them, not even their own."""

    edition = serializers.IntegerField(source="edition.number")
    published_on = serializers.DateField(source="edition.published_on", allow_null=True)
    total = serializers.DecimalField(**POINTS)
    bonus = serializers.DecimalField(**POINTS)
    deduction = serializers.DecimalField(**POINTS)
    roots = serializers.DictField()
    leaves = serializers.DictField()
    grade = serializers.CharField()
    place = serializers.IntegerField(allow_null=True, source="place_told")


class PublishedSerializer(ResourceSerializer):
    """评价结果 of one body in one edition; without the editions that are not published, but for who
    reads the sheets."""

    resource = "result"

    id = serializers.IntegerField(source="pk")
    round = serializers.CharField(source="edition.round.number")
    programme = serializers.CharField(source="scorecard.enrolment.programme.code")
    unit = serializers.CharField(source="scorecard.enrolment.unit.code")
    unit_name = serializers.CharField(source="unit_named")
    edition = serializers.IntegerField(source="edition.number")
    published_on = serializers.DateField(source="edition.published_on", allow_null=True)
    total = serializers.DecimalField(**POINTS)
    bonus = serializers.DecimalField(**POINTS)
    deduction = serializers.DecimalField(**POINTS)
    roots = serializers.DictField()
    leaves = serializers.DictField()
    grade = serializers.CharField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        told = rows.select_related(
            "edition__round", "scorecard__enrolment__unit", "scorecard__enrolment__programme"
        ).defer("edition__package")
        return told.annotate(unit_named=named_on(on, "scorecard__enrolment__unit_id"))


@extend_schema_serializer(examples=[OpenApiExample("评分表", SCORECARD, response_only=True)])
class ScorecardSerializer(ResourceSerializer):
    """评分表 of one body in one round: the cells that the caller may read, the facts, the result."""

    resource = "scorecard"

    id = serializers.CharField(source="audit_key")
    round = serializers.CharField(source="round.number")
    programme = serializers.CharField(source="enrolment.programme.code")
    unit = serializers.CharField(source="enrolment.unit.code")
    unit_name = serializers.CharField(source="unit_named")
    cdo_name = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices, source="round.state")
    self_done_on = serializers.DateField(allow_null=True)
    unit_done_on = serializers.DateField(allow_null=True)
    dropped_on = serializers.DateField(allow_null=True)
    drop_reason = serializers.CharField()
    scores = ScoreSerializer(many=True, source="scores_told")
    facts = FactSerializer(many=True, source="facts_told")
    result = serializers.SerializerMethodField()
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        scores = Score.objects.visible_to(user).select_related("indicator")
        results = Result.objects.visible_to(user).select_related("edition__round__programme")
        return (
            rows.select_related("round", "enrolment__unit", "enrolment__programme")
            .annotate(unit_named=named_on(on, "enrolment__unit_id"))
            .prefetch_related(
                Prefetch("scores", scores.order_by("indicator_id", "hand"), to_attr="scores_told"),
                Prefetch("facts", FactValue.objects.order_by("fact"), to_attr="facts_told"),
                Prefetch(
                    "results",
                    results.defer("edition__package").order_by("-edition__number"),
                    to_attr="results_told",
                ),
            )
        )

    @extend_schema_field(ResultSerializer(allow_null=True))
    def get_result(self, row: Any) -> dict[str, Any] | None:
        if not row.results_told:
            return None
        found = row.results_told[0]
        programme = found.edition.round.programme
        if programme.pk not in self._wide:
            self._wide[programme.pk] = reads_results(self.context["request"].user, programme)
        found.place_told = found.place if self._wide[programme.pk] else None
        return ResultSerializer().to_representation(found)

    @cached_property
    def _wide(self) -> dict[int, bool]:
        """Which programmes the caller reads as a whole, asked once a list."""
        return {}


@extend_schema_serializer(examples=[OpenApiExample("复核申请", OBJECTION, response_only=True)])
class ObjectionSerializer(ResourceSerializer):
    """复核申请: one item that its unit contests, and what came of it."""

    resource = "objection"

    id = serializers.CharField(source="number")
    scorecard = serializers.CharField(source="scorecard.audit_key")
    round = serializers.CharField(source="scorecard.round.number")
    programme = serializers.CharField(source="scorecard.enrolment.programme.code")
    unit = serializers.CharField(source="scorecard.enrolment.unit.code")
    unit_name = serializers.CharField(source="unit_named")
    indicator = serializers.CharField(source="indicator.key")
    reason = serializers.CharField()
    points = serializers.DecimalField(**POINTS)
    points_before = serializers.DecimalField(**POINTS)
    state = serializers.ChoiceField(choices=ObjectionState.choices)
    raised_on = serializers.DateField()
    decision = serializers.CharField()
    decided_on = serializers.DateField(allow_null=True)
    points_after = serializers.SerializerMethodField()
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        return rows.select_related(
            "scorecard__round",
            "scorecard__enrolment__unit",
            "scorecard__enrolment__programme",
            "indicator",
            "correction",
        ).annotate(unit_named=named_on(on, "scorecard__enrolment__unit_id"))

    @extend_schema_field(serializers.DecimalField(**POINTS))
    def get_points_after(self, row: Any) -> Any:
        return row.correction.points if row.correction else None
