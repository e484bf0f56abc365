"""What the API says of duty areas, obligations and assignments."""

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Prefetch, Q, Subquery
from rest_framework import serializers

from core import clock
from core.api import PlainSerializer, ResourceSerializer
from core.workdays import Calendar
from pilots.choices import Part, UnitKind
from pilots.models.units import NameOn

from ..choices import Light, Nature, Origin, Status
from ..models import Assignment, DutyItem, Extension, Helper, LightRule, Obligation
from ..queries import why
from .order_serializers import HelperSerializer, helpers_as_json


def unit_codes(through: Any, column: str) -> ArraySubquery:
    """Codes of the units that a row names, by the table between them."""
    links = through.objects.filter(**{column: OuterRef("pk")})
    return ArraySubquery(links.order_by("unit__code").values("unit__code"))


class DutyItemSerializer(PlainSerializer):
    """`kinds` and `units` empty: it applies to every body."""

    code = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=UnitKind.choices))
    units = serializers.ListField(child=serializers.CharField(), source="named_codes")
    clause = serializers.CharField(source="clause_code", allow_null=True)
    position = serializers.IntegerField()
    source = serializers.CharField()  # type: ignore[assignment]


class DutyAreaSerializer(ResourceSerializer):
    resource = "duty-area"

    id = serializers.CharField(source="code")
    programme = serializers.CharField(source="programme_code")
    name = serializers.CharField()
    medium_name = serializers.CharField()
    short_name = serializers.CharField()
    name_en = serializers.CharField()
    clause = serializers.CharField(source="clause_code", allow_null=True)
    items = DutyItemSerializer(many=True, source="items_then")
    position = serializers.IntegerField()
    source = serializers.CharField()  # type: ignore[assignment]
    withdrawn_on = serializers.DateField(allow_null=True)

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        items = (
            DutyItem.objects.visible_to(user)
            .filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=on))
            .annotate(
                clause_code=F("clause__code"),
                named_codes=unit_codes(DutyItem.units.through, "dutyitem_id"),
            )
            .defer("loaded")
            .order_by("position", "id")
        )
        return (
            rows.defer("loaded")
            .annotate(programme_code=F("programme__code"), clause_code=F("clause__code"))
            .prefetch_related(Prefetch("items", items, to_attr="items_then"))
        )


class ObligationSerializer(ResourceSerializer):
    """`due_on` is the reading that is reminded by, `latest_on` the last day the words allow."""

    resource = "obligation"

    id = serializers.CharField(source="code")
    programme = serializers.CharField(source="programme_code")
    title = serializers.CharField()
    short_title = serializers.CharField()
    title_en = serializers.CharField()
    nature = serializers.ChoiceField(choices=Nature.choices)
    origin = serializers.ChoiceField(choices=Origin.choices)
    clause = serializers.CharField(source="clause_code", allow_null=True)
    area = serializers.CharField(source="area_code", allow_null=True)
    parts = serializers.ListField(child=serializers.ChoiceField(choices=Part.choices))
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=UnitKind.choices))
    units = serializers.ListField(child=serializers.CharField(), source="named_codes")
    quantity = serializers.IntegerField()
    wording = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    latest_on = serializers.DateField(allow_null=True)
    is_doubtful = serializers.BooleanField()
    basis = serializers.CharField()
    received_by = serializers.CharField(source="receiver_code", allow_null=True)
    position = serializers.IntegerField()
    source = serializers.CharField()  # type: ignore[assignment]
    withdrawn_on = serializers.DateField(allow_null=True)
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        return rows.defer("loaded").annotate(
            programme_code=F("programme__code"),
            clause_code=F("clause__code"),
            area_code=F("area__code"),
            receiver_code=F("received_by__code"),
            named_codes=unit_codes(Obligation.units.through, "obligation_id"),
        )


class AssignmentSerializer(ResourceSerializer):
    """`light`, `why` and `done` are those of the day `on`; `status` is that of `status_as_of`. `order`
    is the order that it came with, `extension` the one that gave it its present day."""

    resource = "assignment"

    id = serializers.CharField(source="number")
    programme = serializers.CharField(source="programme_code")
    obligation = serializers.CharField(source="obligation.code")
    title = serializers.CharField(source="obligation.title")
    unit = serializers.CharField(source="unit_code")
    unit_name = serializers.CharField()
    occurrence = serializers.CharField()
    quantity = serializers.IntegerField()
    done = serializers.IntegerField(source="done_count")
    wording = serializers.CharField(source="obligation.wording")
    due_on = serializers.DateField(allow_null=True)
    latest_on = serializers.DateField(allow_null=True)
    original_due_on = serializers.DateField(allow_null=True)
    last_workday_on = serializers.DateField(allow_null=True)
    deadline_version = serializers.IntegerField()
    on = serializers.SerializerMethodField()
    light = serializers.SerializerMethodField()
    why = serializers.SerializerMethodField()
    status = serializers.ChoiceField(choices=Status.choices)
    status_as_of = serializers.SerializerMethodField()
    status_note = serializers.CharField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    done_on = serializers.DateField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    order = serializers.CharField(source="order_number", allow_null=True)
    extension = serializers.CharField(source="extension_number", allow_null=True)
    helpers = HelperSerializer(many=True, source="live_helpers")
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        # The obligation alone is a row of its own: `why` reads it. Codes are columns of the query.
        kept = ("code", "title", "wording")
        unneeded = {field.name for field in Obligation._meta.fields} - {"id", *kept}
        granted = (
            Extension.objects.visible_to(user)
            .granted()
            .filter(assignment=OuterRef("pk"))
            .order_by("-place")
        )
        return (
            rows.select_related("obligation")
            .defer(*(f"obligation__{name}" for name in sorted(unneeded)))
            .annotate(
                programme_code=F("enrolment__programme__code"),
                unit_code=F("enrolment__unit__code"),
                unit_name=NameOn("enrolment__unit_id", on),
                order_number=F("obligation__order__number"),
                extension_number=Subquery(granted.values("number")[:1]),
                live_helpers=helpers_as_json(Helper.objects.live(), assignment=OuterRef("pk")),
            )
            .with_done(on)
        )

    @cached_property
    def _calendar(self) -> Calendar:
        return Calendar.around(self.day)

    @cached_property
    def _rule(self) -> LightRule:
        return LightRule.for_day(self.day, calendar=self._calendar)

    @cached_property
    def _sentences(self) -> dict[tuple, str]:
        return {}

    def get_on(self, _row: Assignment) -> date:
        return self.day

    def get_status_as_of(self, _row: Assignment) -> date:
        return clock.today()

    def get_light(self, row: Assignment) -> Light:
        return row.light(self._rule)

    def get_why(self, row: Assignment) -> str:
        # Rows of one obligation mostly say the same: one sentence for all that share these facts.
        dates = (row.due_on, row.latest_on, row.last_workday_on, row.done_on)
        facts = (row.obligation_id, row.status, row.status_note, *dates)
        if facts not in self._sentences:
            self._sentences[facts] = why(row, self._rule, self._calendar)
        return self._sentences[facts]
