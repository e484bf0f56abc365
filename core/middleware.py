"""Request id, caller's address and response headers."""

import re
import secrets
from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from . import context

Handler = Callable[[HttpRequest], HttpResponse]
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{6,40}")


def client_ip(request: HttpRequest) -> str | None:
    """The caller's address: the entry that our outermost trusted proxy wrote into X-Forwarded-For.

    With no trusted proxy the header is the caller's own claim and is ignored.
    """
    if settings.TRUSTED_PROXIES:
        chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if len(chain) >= settings.TRUSTED_PROXIES and is_address(chain[-settings.TRUSTED_PROXIES]):
            return chain[-settings.TRUSTED_PROXIES]
    return request.META.get("REMOTE_ADDR") or None


def is_address(text: str) -> bool:
    """Whether the audit record can hold it: a count of proxies set too high takes a caller's words."""
    try:
        return bool(ip_address(text))
    except ValueError:
        return False


class RequestContextMiddleware:
    """Gives each request an id (or keeps the proxy's), for logs, audit rows and error pages."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = self._id(request)  # type: ignore[attr-defined]
        token = context.enter(context.RequestContext(request.id, client_ip(request)))  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
            for act in context.current().afterwards:
                act()
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


class NoZeroMiddleware:
    """400 for a zero byte in a cookie or in the address of a page: PostgreSQL has no such text, and nobody types
    one. The API refuses it by itself, naming the parameter."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.path + request.META.get("QUERY_STRING", "").replace("%00", "\x00")
        kept = "".join(request.COOKIES.values())  # a quoted cookie can hold one, also for the API
        if "\x00" in kept or ("\x00" in asked and not request.path.startswith("/api/")):
            raise BadRequest
        return self.get_response(request)
