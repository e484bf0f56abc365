"""The trial's mails: readable, because nothing was sent to the world."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.workdays import Calendar
from pilots import access
from pilots.access import LOGGED_IN
from pilots.models.scope import sees_everything

from .. import mailbox
from ..models import Delivery
from ..services import manners


def addresses_of(user: Any) -> set[str] | None:
    """Whose mails the reader may see: None for all (the auditor), else those to the own address and,
    for a bureau, to the people who were written to about its programmes.

    Raises Http404 where there is no mailbox: a real installation sends its mails.
    """
    if not mailbox.is_open():
        raise Http404
    if sees_everything(user):
        return None
    known = {user.email} if user.email else set()
    if access.may(user, Permission.READ_DELIVERIES):
        rows = Delivery.objects.visible_to(user)
        known |= set(rows.values_list("endpoint__address", flat=True).distinct())
    return known


def when_next() -> str:
    """By when there is a mail at the earliest, seen from now on a clock in Shanghai."""
    shown = clock.local()
    slot = manners.slot(shown, Calendar.around(shown.date()), last=shown)
    facts = {"day": slot.digest_on, "at": f"{manners.FIRST:%H:%M}"}
    if slot.is_open:
        return _("即时提醒一分钟内就有，每日汇总在%(day)s %(at)s后发出。") % facts
    return _("现在不在发送时段，%(day)s %(at)s后才有。") % facts


class MailList(View):
    """/mails/"""

    required_permission = LOGGED_IN

    def get(self, request: HttpRequest) -> HttpResponse:
        found = mailbox.mails(addresses_of(request.user))
        own = not access.may(request.user, Permission.READ_DELIVERIES)
        context = {"mails": found, "own": own, "most": mailbox.MOST}
        if not found:
            context["note"] = when_next()
        return render(request, "reminders/mail_list.html", context)


class MailView(View):
    """/mails/<name>/"""

    required_permission = LOGGED_IN

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        found = mailbox.mail(name, addresses_of(request.user))
        if found is None:
            raise Http404
        return render(request, "reminders/mail.html", {"mail": found})
