"""What pages of events have in common."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core import audit
from core.errors import PermissionRefused
from core.models import AuditEntry
from pilots.access import permissions_of
from projects.views.bases import FormPage

from ..choices import EventStatus
from ..models import Event
from ..queries.allowed import may_change
from ..words import EVENTS

MOST = 50  # steps of a history
WRITERS = {Permission.REPORT_EVENTS, Permission.MANAGE_EVENTS}
TONES = {
    EventStatus.PLANNED: "mine",
    EventStatus.HELD: "over",
    EventStatus.CANCELLED: "over",
}


class EventMixin:
    """The event of the address, if the reader sees it."""

    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def event(self) -> Event:
        rows = Event.objects.visible_to(self.request.user).for_lists()
        return get_object_or_404(rows, number=self.kwargs["number"])


class Form(FormPage):
    """A form about events on a page of its own."""

    required_permission = Permission.READ_EVENTS
    template_name = "trainings/form.html"

    def back_url(self) -> str:
        return reverse("trainings:event-list")

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("trainings:event-list"), _("培训和会议"))]


class OfEvent(EventMixin, Form):
    """A form about one event, for its organisers and the bureau."""

    def prepare(self) -> Any:
        if not may_change(self.request.user, self.event):
            raise PermissionRefused

    def subject(self) -> Event:
        return self.event

    def back_url(self) -> str:
        return reverse("trainings:event", args=[self.kwargs["number"]])

    def crumbs(self) -> list[tuple[str, str]]:
        return [*super().crumbs(), (self.back_url(), self.event.number)]

    def rows(self) -> list[dict[str, Any]]:
        return [
            {"label": self.event.get_kind_display(), "value": self.event.title},
            {"label": _("日期"), "value": days(self.event)},
        ]


def days(event: Event) -> str:
    """「2022-03-01」 or 「2022-03-01至2022-03-02」"""
    if event.ends_on == event.starts_on:
        return str(event.starts_on)
    facts = {"first": event.starts_on, "last": event.ends_on}
    return _("%(first)s至%(last)s") % facts


def may_write(user: Any) -> bool:
    return bool(WRITERS & permissions_of(user))


def history(row: Any) -> list[dict[str, Any]]:
    """The latest entries about the row for components/trail.html, newest first."""
    return EVENTS.steps(AuditEntry.objects.of(audit.label(row)).order_by("-id")[:MOST])
