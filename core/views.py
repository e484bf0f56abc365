"""Bases of pages: what a refusal looks like, and what a form that came too late is told."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from . import audit
from .errors import PermissionRefused, Refused
from .listing import whole_number
from .models import AuditEntry


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


def posted_version(request: HttpRequest) -> int:
    """The version that the form was written on; one that is missing is as stale as any."""
    version = whole_number(request.POST.get("version", ""))
    return -1 if version is None else version


def asked_key(request: HttpRequest, name: str) -> str:
    """The key of a row as the address or the form names it. PostgreSQL has no text with a zero byte in
    it: without it the key names nothing, and that is what the page says."""
    given: str = request.GET.get(name) or request.POST.get(name) or ""
    return given.replace("\x00", "")


def stale_words(subject: Any) -> str:
    """Who changed it meanwhile, and that nothing typed is lost."""
    last = AuditEntry.objects.of(audit.label(subject)).last()
    if last is None:
        return _("这条记录刚被别人改过。填写的内容还在，核对后再提交。")
    facts = {"who": last.actor_shown, "at": f"{localtime(last.at):%H:%M}"}
    return _("%(who)s在%(at)s改过这条记录。填写的内容还在，核对后再提交。") % facts
