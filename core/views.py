"""Bases of pages: what a refusal looks like, and /healthz."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from .errors import PermissionRefused, Refused


class RefusalMixin:
    """Turns a Refused raised by a service into a message on the page the form came from.

    A view sets `get_refusal_url()`; the answer of an htmx request is the message alone, with the
    status that the API gives too.
    """

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except PermissionRefused as refusal:
            return render(request, "errors/403.html", {"message": refusal.message}, status=403)
        except Refused as refusal:
            if getattr(request, "htmx", False):
                context = {"text": refusal.message, "kind": "error"}
                return render(request, "components/banner.html", context, status=refusal.status)
            messages.error(request, str(refusal.message))
            return redirect(self.get_refusal_url())

    def get_refusal_url(self) -> str:
        return self.request.path
