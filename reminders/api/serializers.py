"""What the API says of notices."""

from datetime import date
from typing import Any

from django.db.models import F
from rest_framework import serializers

from core.api import ResourceSerializer

from .. import registry
from ..choices import Reading
from ..models import Notice

NOT_DECLARED = registry.Rendered("", [], "")  # a type of an app that is no longer installed


class NoticeSerializer(ResourceSerializer):
    """One thing told to one person: `title`, `lines` and `path` (of the page to open) in words."""

    resource = "notice"

    id = serializers.IntegerField(source="pk")
    type = serializers.CharField()
    subject = serializers.CharField()
    stage = serializers.CharField()
    reading = serializers.ChoiceField(choices=Reading.choices, allow_blank=True)
    recipient = serializers.CharField(source="username")
    programme = serializers.CharField(source="programme_code", allow_null=True)
    unit = serializers.CharField(source="unit_code", allow_null=True)
    for_on = serializers.DateField()
    title = serializers.CharField(source="said.title")
    lines = serializers.ListField(child=serializers.CharField(), source="said.lines")
    path = serializers.CharField(source="said.path")
    created_at = serializers.DateTimeField()
    opened_at = serializers.DateTimeField(allow_null=True)

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        return (
            rows.annotate(
                username=F("recipient__username"),
                programme_code=F("programme__code"),
                unit_code=F("unit__code"),
            )
            .select_related("unit")
            .defer("unit__loaded")
            .prefetch_related("unit__names")
        )

    def to_representation(self, row: Notice) -> dict[str, Any]:
        row.said = said(row)  # type: ignore[attr-defined]
        return super().to_representation(row)


def said(notice: Notice) -> registry.Rendered:
    """The notice in words, in the reader's language."""
    try:
        notice_type = registry.get(notice.type)
    except KeyError:
        return NOT_DECLARED
    return notice_type.render(notice)
