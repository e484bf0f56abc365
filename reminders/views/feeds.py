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


def feed_context(user: Any) -> dict[str, Any]:
    """What templates/reminders/parts/feed.html needs."""
    return {"feed": CalendarFeed.objects.filter(user=user).first()}


class FeedPage(View):
    """/me/calendar/"""

    required_permission = LOGGED_IN

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "reminders/feed.html", feed_context(request.user))

    def post(self, request: HttpRequest) -> HttpResponse:
        """A new address, shown on this one answer and nowhere else."""
        secret = feeds.renew_feed(user=request.user)
        url = request.build_absolute_uri(reverse("duties:calendar-feed", args=[secret]))
        context = {**feed_context(request.user), "url": url}
        return render(request, "reminders/feed.html", context)


class FeedRevoke(View):
    """POST /me/calendar/revoke/"""

    required_permission = LOGGED_IN
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if feeds.revoke_feed(user=request.user):
            messages.success(request, _("日历订阅地址已撤销，原来的地址不再有效。"))
        return redirect("reminders:feed")
