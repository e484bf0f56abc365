"""What the API says of programmes, documents, clauses, units and memberships."""

from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Prefetch, Value
from django.db.models.functions import Coalesce, NullIf
from rest_framework import serializers

from accounts.roles import Role
from core.api import PlainSerializer, ResourceSerializer

from ..choices import Certainty, Part, Phase, UnitKind
from ..models import Enrolment, PolicyDocument


class CohortSerializer(PlainSerializer):
    code = serializers.CharField()
    name = serializers.CharField()
    expected = serializers.DictField(child=serializers.IntegerField())
    total = serializers.IntegerField(allow_null=True)
    as_of = serializers.DateField(allow_null=True)
    note = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]


class ProgrammeSerializer(ResourceSerializer):
    resource = "programme"

    id = serializers.CharField(source="code")
    name = serializers.CharField()
    short_name = serializers.CharField()
    name_en = serializers.CharField()
    region_code = serializers.CharField()
    region_name = serializers.CharField()
    phase = serializers.ChoiceField(choices=Phase.choices)
    started_on = serializers.DateField(allow_null=True)
    closed_on = serializers.DateField(allow_null=True)
    cohorts = CohortSerializer(many=True, source="batches")
    provisions = serializers.DictField()
    source = serializers.CharField()  # type: ignore[assignment]
    withdrawn_on = serializers.DateField(allow_null=True)
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        return rows.defer("loaded").prefetch_related(Prefetch("cohorts", to_attr="batches"))


class DocumentSerializer(ResourceSerializer):
    resource = "document"

    id = serializers.CharField(source="code")
    programme = serializers.CharField(source="programme_code", allow_null=True)
    title = serializers.CharField()
    aliases = serializers.ListField(child=serializers.CharField())
    number = serializers.CharField()
    issuer = serializers.CharField()
    addressees = serializers.CharField()
    signed_on = serializers.DateField(allow_null=True)
    published_on = serializers.DateField(allow_null=True)
    in_force_on = serializers.DateField(allow_null=True)
    date_note = serializers.CharField()
    note = serializers.CharField()
    based_on = serializers.ListField(child=serializers.CharField(), source="basis_codes")
    source = serializers.CharField()  # type: ignore[assignment]
    withdrawn_on = serializers.DateField(allow_null=True)

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        links = PolicyDocument.based_on.through.objects.filter(from_policydocument=OuterRef("pk"))
        codes = links.order_by("to_policydocument__code").values("to_policydocument__code")
        return rows.defer("loaded").annotate(
            programme_code=F("programme__code"), basis_codes=ArraySubquery(codes)
        )


class ClauseSerializer(ResourceSerializer):
    resource = "clause"

    id = serializers.CharField(source="code")
    document = serializers.CharField(source="document_code")
    programme = serializers.CharField(source="programme_code", allow_null=True)
    label = serializers.CharField()  # type: ignore[assignment]
    heading = serializers.CharField()
    text = serializers.CharField()
    is_quoted = serializers.BooleanField()
    position = serializers.IntegerField()
    source = serializers.CharField()  # type: ignore[assignment]
    withdrawn_on = serializers.DateField(allow_null=True)

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        return rows.defer("loaded").annotate(
            document_code=F("document__code"), programme_code=F("document__programme__code")
        )


class EnrolmentSerializer(PlainSerializer):
    programme = serializers.CharField(source="programme_code")
    part = serializers.ChoiceField(choices=Part.choices)
    kind = serializers.ChoiceField(choices=UnitKind.choices, source="kind_there")
    cohort = serializers.CharField(source="cohort_code", allow_null=True)
    certainty = serializers.ChoiceField(choices=Certainty.choices)
    position = serializers.IntegerField()
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)


class UnitSerializer(ResourceSerializer):
    """Names and enrolments are those of the day `on`."""

    resource = "unit"

    id = serializers.CharField(source="code")
    kind = serializers.ChoiceField(choices=UnitKind.choices)
    full_name = serializers.CharField()
    short_name = serializers.CharField()
    name_en = serializers.CharField(source="named_name_en", allow_null=True)
    region_code = serializers.CharField()
    is_slot = serializers.BooleanField()
    established_on = serializers.DateField(allow_null=True)
    ceased_on = serializers.DateField(allow_null=True)
    enrolments = EnrolmentSerializer(many=True, source="enrolments_then")
    on = serializers.SerializerMethodField()
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        enrolments = (
            Enrolment.objects.visible_to(user)
            .standing(on)
            .annotate(
                programme_code=F("programme__code"),
                cohort_code=F("cohort__code"),
                # A part without a kind of its own is that of the body.
                kind_there=Coalesce(NullIf("kind", Value("")), "unit__kind"),
            )
            .defer("loaded")
            .order_by("programme__position", "programme_code", "part", "id")
        )
        then = Prefetch("enrolments", enrolments, to_attr="enrolments_then")
        return rows.defer("loaded").with_name(on).prefetch_related(then)

    def get_on(self, _row: Any) -> date:
        return self.day


class MembershipSerializer(ResourceSerializer):
    resource = "membership"

    id = serializers.IntegerField(source="pk")
    user = serializers.CharField(source="username")
    display_name = serializers.CharField()
    unit = serializers.CharField(source="unit_code")
    role = serializers.ChoiceField(choices=Role.choices)
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)
    is_live = serializers.SerializerMethodField()
    delegated_by = serializers.CharField(source="delegated_by_name", allow_null=True)
    origin = serializers.CharField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        return rows.annotate(
            username=F("user__username"),
            display_name=F("user__display_name"),
            user_is_active=F("user__is_active"),
            unit_code=F("unit__code"),
            delegated_by_name=F("delegated_by__username"),
        )

    def get_is_live(self, row: Any) -> bool:
        """Whether it gives rights: on the day `on`, unless it was revoked since."""
        return row.holds_on(self.day) and row.revoked_at is None and row.user_is_active


class SavedViewSerializer(ResourceSerializer):
    """`path` and `query` make the address of a page: `{path}?{query}`."""

    resource = "saved-view"

    id = serializers.IntegerField()
    name = serializers.CharField()
    path = serializers.CharField()
    query = serializers.CharField()
    owner = serializers.CharField(source="owner.username")
    programme = serializers.CharField(source="programme_code", allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        return rows.select_related("owner").annotate(programme_code=F("programme__code"))
