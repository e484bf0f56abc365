"""What the OpenAPI document says of every endpoint: its refusals, and what a change must bring."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

READING = (401, 403)
WRITING = (400, 401, 403, 409, 422)
KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description=_("每次新操作换一个值，不超过200个字符；重发同一次操作用同一个值，只生效一次"),
)
VERSION = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description=_('读取时答复的ETag，如"3"；别人先改了就答复412'),
)


class ErrorSerializer(serializers.Serializer):
    """What every refusal says."""

    code = serializers.CharField()
    message = serializers.CharField()
    errors: Any = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    request_id = serializers.CharField()


class Schema(AutoSchema):
    """Names the refusals of every endpoint; of a write endpoint also its content and headers."""

    view: Any

    @property
    def _writes(self) -> bool:
        return self.method not in {"GET", "HEAD", "OPTIONS"}

    @property
    def _needs_version(self) -> bool:
        return self._writes and self.view.action not in self.view.unversioned

    def get_operation_id(self) -> str:
        """`filings_accept`, where the generator would say that something is created."""
        found = super().get_operation_id()
        return found if self.view.action == "create" else found.removesuffix("_create")

    def get_request_serializer(self) -> Any:
        if not self._writes:
            return super().get_request_serializer()
        return self.view.inputs[self.view.action]

    def _get_serializer(self) -> Any:
        answers = getattr(self.view, "answers", {})
        found = answers.get(self.view.action)
        return found or super()._get_serializer()

    def get_response_serializers(self) -> Any:
        found = super().get_response_serializers()
        if self._writes:
            good = 201 if self.view.action in self.view.creating else 200
            refusals = {*WRITING, *((404,) if self.view.detail else ())}
            refusals |= {412, 428} if self._needs_version else set()
        else:
            good, refusals = 200, {*READING, 404 if getattr(self.view, "detail", False) else 422}
            refusals |= {422}
        return {good: found, **dict.fromkeys(sorted(refusals), ErrorSerializer)}

    def get_override_parameters(self) -> Any:
        if not self._writes:
            return super().get_override_parameters()
        return [
            *([KEY] if self.method == "POST" else []),
            *([VERSION] if self._needs_version else []),
        ]
