"""The trial's mails: readable, because nothing was sent to the world."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import View

from accounts.roles import Permission
from pilots import access
from pilots.access import LOGGED_IN

from .. import mailbox


def address_of(user: Any) -> str | None:
    """Whose mails the reader may see: None for all, else the own address.

    Raises Http404 where there is no mailbox: a real installation sends its mails.
    """
    if not mailbox.is_open():
        raise Http404
    return None if access.may(user, Permission.READ_DELIVERIES) else str(user.email)


class MailList(View):
    """/mails/"""

    required_permission = LOGGED_IN

    def get(self, request: HttpRequest) -> HttpResponse:
        address = address_of(request.user)
        found = mailbox.mails(address)
        context = {"mails": found, "own": address is not None, "most": mailbox.MOST}
        return render(request, "reminders/mail_list.html", context)


class MailView(View):
    """/mails/<name>/"""

    required_permission = LOGGED_IN

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        found = mailbox.mail(name, address_of(request.user))
        if found is None:
            raise Http404
        return render(request, "reminders/mail.html", {"mail": found})
