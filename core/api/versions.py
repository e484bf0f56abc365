"""Versions of rows that people edit: ETag on answers, If-Match on changes (RFC 9110 §13.1.1)."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from ..errors import VersionMissing

NEVER = -1  # no row has this version, so the service answers 412


class VersionedMixin:
    """For viewsets: `respond(row)` with its ETag, `required_version()` for changes.

    A change calls its service with `version=self.required_version(request)`; the service raises
    StaleVersion (412).
    """

    def respond(self, row: Any, status: int = 200) -> Response:
        """The row as its serializer says it; a versioned row carries its ETag."""
        headers = {"ETag": row.etag} if hasattr(row, "etag") else None
        serializer = self.get_serializer(row)  # type: ignore[attr-defined]
        return Response(serializer.data, status=status, headers=headers)

    def required_version(self, request: Request) -> int:
        """The version in If-Match; raises VersionMissing (428). What is no version of ours, `*`
        included, is a version that no row has: nobody changes a row unread."""
        given = request.headers.get("If-Match", "").strip()
        if not given:
            raise VersionMissing
        # A proxy that compresses answers makes the tag a weak one.
        number = given.removeprefix("W/").strip('"')
        return int(number) if number.isascii() and number.isdigit() else NEVER
