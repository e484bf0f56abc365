"""E-mail: one kept connection for a batch, plain text, a Message-ID made of the delivery's key."""

import re
import smtplib
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from ..choices import Channel
from ..models import Endpoint
from .base import Adapter, Message, Refused, TryLater, register

PERMANENT = range(500, 600)
ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")


@register
class MailAdapter(Adapter):
    """SMTP, or the folder of the trial (EMAIL_URL)."""

    channel = Channel.EMAIL

    def open(self) -> None:
        self.connection = get_connection()
        try:
            self.connection.open()
        except (OSError, smtplib.SMTPException) as error:
            raise TryLater(_said(error), is_ours=True) from error

    def send(self, endpoint: Endpoint, message: Message) -> str:
        """Raises Refused when the server will never take it for this address; a sender or a log-in
        that it does not take is a fault of ours, and so is a line that breaks before the text leaves."""
        mail = EmailMessage(
            message.title,
            message.text,
            to=[endpoint.address],
            headers=_headers(message),
            connection=self.connection,
        )
        self.may_have_left = not self._watch()
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            if all(code in PERMANENT for code, _text in error.recipients.values()):
                raise Refused(_said(error)) from error
            raise TryLater(_said(error), is_of_address=True) from error
        except smtplib.SMTPDataError as error:
            if error.smtp_code in PERMANENT:
                raise Refused(_said(error)) from error
            raise TryLater(_said(error)) from error
        except smtplib.SMTPResponseException as error:
            raise TryLater(_said(error), is_ours=True) from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            if self.may_have_left:
                raise
            raise TryLater(_said(error), is_ours=True) from error
        return message_id(message.digest)

    def _watch(self) -> bool:
        """Have it noted when the text begins to leave; False where that cannot be seen (a folder)."""
        peer = getattr(self.connection, "connection", None)
        if peer is None:
            return False
        hand_over = type(peer).data

        def data(text: Any) -> Any:
            self.may_have_left = True
            return hand_over(peer, text)

        peer.data = data
        return True

    def close(self) -> None:
        self.connection.close()


def _headers(message: Message) -> dict[str, str]:
    return {
        "Message-ID": message_id(message.digest),
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{message.preferences}>",
        **message.headers,
    }


def message_id(digest: str) -> str:
    """The same for every copy of one delivery, so that a second one can be told as such."""
    return f"<{digest}@{urlsplit(settings.PORTAL_URL).hostname}>"


def _said(error: Exception) -> str:
    """Kind, code and words of a fault without the address: who reads the fault need not see that, and a
    server's words repeat it."""
    answers: list[tuple[int, Any]]
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = list(error.recipients.values())
    elif isinstance(error, smtplib.SMTPResponseException):
        answers = [(error.smtp_code, error.smtp_error)]
    else:
        return f"{type(error).__name__}: {_without_address(error)}"
    words = "; ".join(f"{code} {_without_address(text)}" for code, text in answers)
    return f"{type(error).__name__}: {words}"


def _without_address(text: Any) -> str:
    plain = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
    return ADDRESS.sub("***", plain)
