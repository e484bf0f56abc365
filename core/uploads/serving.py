"""Giving a file out: as a download, under headers that let it do nothing in the reader's browser."""

import io
from typing import Any

import structlog
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.generic import View

from .. import files
from ..errors import Refused
from ..models import StoredFile
from .kinds import KINDS, PDF, Kind

log = structlog.get_logger(__name__)
NOTHING = "default-src 'none'; frame-ancestors 'none'"
UNKNOWN = "application/octet-stream"


class FileLost(Refused):
    """The row is there, and the disk holds no such bytes, or other ones (409)."""

    code = "file_lost"


def serve(
    request: HttpRequest, stored: StoredFile, name: str, *, inline: bool = False
) -> HttpResponseBase:
    """The file under its Chinese name (RFC 5987); 304 where the reader has these very bytes.

    `inline` shows PDF and pictures in the browser, and is ignored for everything else. Raises
    FileLost, which pages show with `DownloadView` and the API as 409.
    """
    kind = _kind(stored)
    is_inline = inline and kind is not None and kind.may_show_inline
    content = _content(stored, name)
    response = FileResponse(
        io.BytesIO(content),
        as_attachment=not is_inline,
        filename=name,
        content_type=kind.media_type if kind else UNKNOWN,
    )
    response["ETag"] = f'"{stored.sha256}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    # In a sandbox no browser starts its PDF viewer; a PDF has no other way to run anything here.
    is_shown_pdf = is_inline and kind is PDF
    response["Content-Security-Policy"] = NOTHING if is_shown_pdf else f"sandbox; {NOTHING}"
    return get_conditional_response(request, etag=response["ETag"]) or response


class DownloadView(View):
    """Base of pages that give out a file: `get_file()` finds it among what the reader may see."""

    def get_file(self) -> tuple[StoredFile, str]:
        """The file and its name; raises Http404 for what the reader does not see."""
        raise NotImplementedError(f"{type(self).__name__} does not say which file.")

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        stored, name = self.get_file()
        try:
            return serve(request, stored, name, inline="inline" in request.GET)
        except FileLost as lost:
            return render(request, "errors/file.html", {"message": lost}, status=lost.status)


def _kind(stored: StoredFile) -> Kind | None:
    return next((kind for kind in KINDS if kind.media_type == stored.media_type), None)


def _content(stored: StoredFile, name: str) -> bytes:
    try:
        return files.read(stored)
    except (OSError, ValueError) as error:
        log.exception("file_lost", sha256=stored.sha256, error=str(error))
        text = _(
            "“%(name)s”的登记还在，文件本身不见了或有变动。请系统管理员从备份恢复，编号%(key)s。"
        )
        raise FileLost(text % {"name": name, "key": stored.sha256[:12]}) from error
