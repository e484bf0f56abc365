"""What the API says of posts and of the rules about them."""

from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from rest_framework import serializers

from core.api import ResourceSerializer
from pilots.choices import Part, UnitKind

from ...choices import PostLevel
from ...models import PostRule


class PostSerializer(ResourceSerializer):
    """`is_single`: a unit has one holder at a time."""

    resource = "post"

    id = serializers.CharField(source="code")
    name = serializers.CharField()
    name_en = serializers.CharField()
    is_single = serializers.BooleanField()
    position = serializers.IntegerField()
    source = serializers.CharField()  # type: ignore[assignment]
    withdrawn_on = serializers.DateField(allow_null=True)

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        return rows.defer("loaded")


class PostRuleSerializer(ResourceSerializer):
    """`vacancy_days` and `filing_days` stand in the document, null where it sets none; those that
    begin with `own_` are what the bureau expects, with its reason in `own_basis`. `appointed_by`
    is null where the unit itself appoints, or where no source says who does."""

    resource = "post-rule"

    id = serializers.CharField(source="code")
    programme = serializers.CharField(source="programme_code")
    post = serializers.CharField(source="post_code")
    title = serializers.CharField()
    parts = serializers.ListField(child=serializers.ChoiceField(choices=Part.choices))
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=UnitKind.choices))
    units = serializers.ListField(child=serializers.CharField(), source="named_codes")
    count = serializers.IntegerField(allow_null=True)
    is_encouraged = serializers.BooleanField()
    holder = serializers.CharField()
    minimum_level = serializers.ChoiceField(choices=PostLevel.choices, allow_blank=True)
    asks_in_charge = serializers.BooleanField()
    is_in_principle = serializers.BooleanField()
    is_concurrent = serializers.BooleanField()
    is_self_appointed = serializers.BooleanField()
    appointed_by = serializers.CharField(source="appointing_code", allow_null=True)
    is_self_removed = serializers.BooleanField()
    removed_by = serializers.CharField(source="removing_code", allow_null=True)
    filed_at = serializers.CharField(source="desk_code", allow_null=True)
    vacancy_days = serializers.IntegerField(allow_null=True)
    filing_days = serializers.IntegerField(allow_null=True)
    own_vacancy_days = serializers.IntegerField(allow_null=True)
    own_filing_days = serializers.IntegerField(allow_null=True)
    own_basis = serializers.CharField()
    clause = serializers.CharField(source="clause_code", allow_null=True)
    position = serializers.IntegerField()
    source = serializers.CharField()  # type: ignore[assignment]
    withdrawn_on = serializers.DateField(allow_null=True)
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        links = PostRule.units.through.objects.filter(postrule_id=OuterRef("pk"))
        return rows.defer("loaded").annotate(
            programme_code=F("programme__code"),
            post_code=F("post__code"),
            appointing_code=F("appointed_by__code"),
            removing_code=F("removed_by__code"),
            desk_code=F("filed_at__code"),
            clause_code=F("clause__code"),
            named_codes=ArraySubquery(links.order_by("unit__code").values("unit__code")),
        )
