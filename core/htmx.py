"""A page and its fragment come from one template file and one call."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as render_page
from django.utils.cache import patch_vary_headers


def wants_fragment(request: HttpRequest) -> bool:
    """True for an htmx swap: never for a boosted link or a restored history entry, which would
    show a bare fragment as the page."""
    htmx = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx and not htmx.boosted and not htmx.history_restore_request)


def render(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    partial: str = "results",
    status: int = 200,
) -> HttpResponse:
    """Render `template`, or only its `{% partialdef partial %}` for a swap."""
    name = f"{template}#{partial}" if wants_fragment(request) else template
    response = render_page(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
