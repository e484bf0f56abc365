"""The secret calendar address: made, renewed and taken back on the page of one's own notices."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import LOGGED_IN

from ..models import CalendarFeed
from ..services import feeds

ONCE = "calendar_secret"  # in the session from the click to the page after it


def feed_context(user: Any) -> dict[str, Any]:
    """What templates/reminders/parts/feed.html needs."""
    return {"feed": CalendarFeed.objects.filter(user=user).first()}


class FeedPage(View):
    """/me/calendar/"""

    required_permission = LOGGED_IN

    def get(self, request: HttpRequest) -> HttpResponse:
        """A new address is shown on the first page after it was made and nowhere else."""
        context = feed_context(request.user)
        secret = request.session.pop(ONCE, "")
        if secret:
            path = reverse("duties:calendar-feed", args=[secret])
            context["url"] = request.build_absolute_uri(path)
        return render(request, "reminders/feed.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Renew, and lead on: whoever loads the page again must not renew once more."""
        request.session[ONCE] = feeds.renew_feed(user=request.user)
        return redirect("reminders:feed")


class FeedRevoke(View):
    """POST /me/calendar/revoke/"""

    required_permission = LOGGED_IN
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        request.session.pop(ONCE, None)
        if feeds.revoke_feed(user=request.user):
            messages.success(request, _("日历订阅地址已撤销，原来的地址不再有效。"))
        return redirect("reminders:feed")
