"""One delivery as an e-mail: plain text, complete without HTML."""

import hashlib
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from core.models import SiteState

from ..models import Delivery, Notice
from ..registry import holding, render

MOST_ITEMS = 20  # the rest is a number and a link


def still_holding(delivery: Delivery) -> list[Notice]:
    """The notices of the delivery that are still true now and whose reader still has an account, in
    their order. One that a later day's notice of the same thing has overtaken is left out: after a
    long outage nobody gets a pile of old stages."""
    later = Notice.rows.filter(
        type=OuterRef("type"),
        subject=OuterRef("subject"),
        recipient=OuterRef("recipient"),
        pk__gt=OuterRef("pk"),
        for_on__gt=OuterRef("for_on"),
    )
    notices = list(
        Notice.rows.filter(~Exists(later), lines__delivery=delivery, recipient__is_active=True)
        .select_related("programme", "unit", "recipient")
        .prefetch_related("unit__names")
        .order_by("id")
    )
    live = holding(notices)
    return [notice for notice in notices if notice.pk in live]


def message(delivery: Delivery, notices: list[Notice], channel: BaseEmailBackend) -> EmailMessage:
    """The mail. Its Message-ID is made of the delivery's key: a second copy can be told as such."""
    recipient = delivery.endpoint.user
    with translation.override(getattr(recipient, "language", settings.LANGUAGE_CODE)):
        texts = sorted((render(notice) for notice in notices), key=lambda text: text.urgency)
        context = {
            "recipient": recipient,
            "items": [{"text": text, "url": absolute(text.path)} for text in texts[:MOST_ITEMS]],
            "first": texts[0].title,
            "count": len(texts),
            "more": max(len(texts) - MOST_ITEMS, 0),
            "inbox": absolute(reverse("reminders:inbox")),
            "is_demo": SiteState.current().is_demo,
        }
        subject = render_to_string("reminders/mail/digest.subject.txt", context)
        body = render_to_string("reminders/mail/digest.txt", context)
    return EmailMessage(
        " ".join(subject.split()),
        body,
        to=[delivery.endpoint.address],
        headers={"Message-ID": message_id(delivery), "Auto-Submitted": "auto-generated"},
        connection=channel,
    )


def message_id(delivery: Delivery) -> str:
    digest = hashlib.sha256(delivery.key.encode()).hexdigest()[:32]
    return f"<{digest}@{urlsplit(settings.PORTAL_URL).hostname}>"


def absolute(path: str) -> str:
    return urljoin(settings.PORTAL_URL, path.lstrip("/"))
