"""Request id, caller's address, response headers, and the page for a database that is away."""

import re
import secrets
from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template

from . import context

Handler = Callable[[HttpRequest], HttpResponse]
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{6,40}")
log = structlog.get_logger("portal.request")


def client_ip(request: HttpRequest) -> str | None:
    """The caller's address: the entry that our outermost trusted proxy wrote into X-Forwarded-For.

    With no trusted proxy the header is the caller's own claim and is ignored.
    """
    if settings.TRUSTED_PROXIES:
        chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if len(chain) >= settings.TRUSTED_PROXIES and chain[-settings.TRUSTED_PROXIES]:
            return chain[-settings.TRUSTED_PROXIES]
    return request.META.get("REMOTE_ADDR") or None


class RequestContextMiddleware:
    """Gives each request an id (or keeps the proxy's), for logs, audit rows and error pages."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = self._id(request)  # type: ignore[attr-defined]
        token = context.enter(context.RequestContext(request.id, client_ip(request)))  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            context.leave(token)
        response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        return response

    def _id(self, request: HttpRequest) -> str:
        given = request.META.get("HTTP_X_REQUEST_ID", "") if settings.TRUSTED_PROXIES else ""
        return given if REQUEST_ID.fullmatch(given) else secrets.token_hex(6).upper()


class HeadersMiddleware:
    """Headers that every answer carries; pages with personal data never stay in a cache."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()"
        )
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class DatabaseUnavailableMiddleware:
    """503 in words when PostgreSQL does not answer, instead of a page that blames the reader."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        log.error("database_unavailable", path=request.path, error=str(error).strip())
        return unavailable(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The 503 answer: JSON for the API, a page without database for people."""
    request_id = getattr(request, "id", "")
    headers = {"Retry-After": "30"}
    if request.path.startswith("/api/"):
        body = f'{{"code":"unavailable","message":"数据库暂时连不上，稍后再试","request_id":"{request_id}"}}'
        return HttpResponse(body, status=503, content_type="application/json", headers=headers)
    page = get_template("errors/503.html").render({"request_id": request_id})
    return HttpResponse(page, status=503, headers=headers)
