"""/calendar/<secret>.ics: one person's deadlines for a calendar that cannot log in."""

import hashlib
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import PUBLIC, Permission
from core import clock
from pilots import access
from reminders.services import feeds

from ..ics import calendar
from ..models import Assignment
from .deadlines import MOST_EVENTS, events_of

KEPT = timedelta(days=92)  # what is over stays in the calendar for a quarter


@method_decorator(login_not_required, name="dispatch")
class DeadlineFeed(View):
    """The secret stands for the person: the rows are those that the person sees at this moment."""

    required_permission = PUBLIC

    def get(self, request: HttpRequest, secret: str) -> HttpResponse:
        try:
            reader = feeds.reader_of_feed(secret)
        except feeds.TooManyFetches:
            return HttpResponse(status=429, headers={"Retry-After": "60"})
        if reader is None:
            raise Http404
        with translation.override(reader.language):
            content = self.content(reader)
        mark = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        if request.headers.get("If-None-Match", "") == mark:
            return HttpResponseNotModified(headers={"ETag": mark})
        answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
        answer["ETag"] = mark
        # Kept nowhere between: whoever is no longer entitled must not read on from a cache.
        answer["Cache-Control"] = "private, no-store"
        return answer

    def content(self, reader: Any) -> bytes:
        name = _("%(site)s：%(who)s的时限") % {"site": settings.SITE_NAME, "who": reader}
        if not access.may(reader, Permission.READ_UNITS):
            return calendar(name, [])
        rows = Assignment.objects.visible_to(reader).for_lists().counted()
        since = clock.today() - KEPT
        coming = rows.exclude(due_on=None).filter(due_on__gte=since).order_by("due_on", "number")
        return calendar(name, events_of(coming[:MOST_EVENTS]))
