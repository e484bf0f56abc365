"""One delivery as an e-mail: plain text, complete without HTML."""

import hashlib
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import translation

from core.models import SiteState

from ..models import Delivery, Notice
from ..registry import get, render


def still_holding(delivery: Delivery) -> list[Notice]:
    """The notices of the delivery that are still true now, in their order."""
    notices = list(
        Notice.rows.filter(lines__delivery=delivery)
        .select_related("programme", "unit", "recipient")
        .prefetch_related("unit__names")
        .order_by("id")
    )
    holding: set[int] = set()
    for name in {notice.type for notice in notices}:
        holding |= get(name).still_holds([n for n in notices if n.type == name])
    return [notice for notice in notices if notice.pk in holding]


def message(delivery: Delivery, notices: list[Notice], channel: BaseEmailBackend) -> EmailMessage:
    """The mail. Its Message-ID is made of the delivery's key: a second copy can be told as such."""
    recipient = delivery.endpoint.user
    with translation.override(getattr(recipient, "language", settings.LANGUAGE_CODE)):
        context = {
            "recipient": recipient,
            "items": [
                {"notice": notice, "text": text, "url": absolute(text.path)}
                for notice in notices
                for text in [render(notice)]
            ],
            "count": len(notices),
            "home": settings.PORTAL_URL,
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
