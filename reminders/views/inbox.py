"""P19 消息: what one person was told."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View

from accounts.roles import Permission
from core.lists import ListPage
from pilots import access
from pilots.access import LOGGED_IN

from .. import mailbox, services
from ..filters import NoticeFilter
from ..models import Notice
from ..registry import Rendered, holding, render


@dataclass(frozen=True)
class Message:
    """One line of the inbox; `to_do` while there is still something to do about it."""

    notice: Notice
    text: Rendered
    to_do: bool


def messages_of(notices: list[Notice]) -> list[Message]:
    """The notices, newest first, in words; only the newest of a thing is still to do. A fixed number
    of queries for each type among them."""
    live, seen, found = holding(notices), set(), []
    for notice in notices:
        text, thing = render(notice), (notice.type, notice.subject)
        to_do = text.to_do and notice.pk in live and thing not in seen
        found.append(Message(notice, text, to_do))
        seen.add(thing)
    return found


class InboxView(ListPage):
    """/inbox/"""

    required_permission = LOGGED_IN
    label = gettext_lazy("消息")
    template_name = "reminders/inbox.html"
    filterset_class = NoticeFilter
    ordering = ("-for_on", "-id")

    def get_queryset(self) -> QuerySet:
        rows = Notice.objects.inbox_of(self.request.user)
        return rows.select_related("unit", "recipient").prefetch_related("unit__names")

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(**kwargs)
        groups = defaultdict(list)
        for message in messages_of(list(context["rows"])):
            groups[message.to_do].append(message)
        unread = Notice.objects.inbox_of(self.request.user).unread().count()
        return {
            **context,
            "groups": [
                {"title": title, "rows": groups[key]}
                for title, key in ((_("需要我办"), True), (_("其他"), False))
                if groups[key]
            ],
            "unread": unread,
            "sees_deliveries": access.may(self.request.user, Permission.READ_DELIVERIES),
            "has_mailbox": mailbox.is_open(),
            "only_unread": self.request.GET.get("unread") == "true",
        }


class NoticeView(View):
    """/inbox/<pk>/: on to what the notice speaks of, and it counts as read.

    A GET, so that it works as an ordinary link in a new tab; it changes only the reader's own mark,
    the same once or ten times, and not for a browser that merely fetches ahead.
    """

    required_permission = LOGGED_IN

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = Notice.objects.inbox_of(request.user).select_related("unit")
        notice = get_object_or_404(rows.prefetch_related("unit__names"), pk=pk)
        ahead = request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
        if "prefetch" not in ahead:
            services.mark_opened(notice, by=request.user)
        return redirect(render(notice).path)


class ReadAllView(View):
    """POST /inbox/read/"""

    required_permission = LOGGED_IN

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("reminders:inbox")

    def post(self, request: HttpRequest) -> HttpResponse:
        count = services.mark_all_opened(by=request.user)
        said = ngettext("%(count)d条消息标为已读。", "%(count)d条消息标为已读。", count)
        messages.success(request, said % {"count": count})
        return redirect(reverse("reminders:inbox"))
