"""The mails of the trial world, read back from their .eml files."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.utils import getaddresses
from pathlib import Path
from typing import Any

from django.conf import settings

NAME = re.compile(r"\d{8}-\d{6}-[0-9a-f]{8}")
MOST = 200


@dataclass(frozen=True)
class Mail:
    """One file: its name without the ending, and what its head says."""

    name: str
    subject: str
    to: str
    at: datetime | None
    message_id: str
    body: str = ""


def is_open() -> bool:
    """There is a mailbox: the trial writes its mails to files instead of sending them."""
    return bool(settings.TRIAL and getattr(settings, "EMAIL_FILE_PATH", ""))


def mails(addresses: Collection[str] | None = None) -> list[Mail]:
    """The newest mails, newest first; only those to one of `addresses` when some are given."""
    found: list[Mail] = []
    for path in sorted(_files(), reverse=True):
        head = BytesHeaderParser(policy=policy.default).parsebytes(path.read_bytes())
        if addresses is None or _is_to(head, addresses):
            found.append(_mail(path, head))
        if len(found) == MOST:
            break
    return found


def mail(name: str, addresses: Collection[str] | None = None) -> Mail | None:
    """One mail with its text; None when there is none of that name (to one of those addresses)."""
    if not NAME.fullmatch(name):
        return None
    path = Path(settings.EMAIL_FILE_PATH, f"{name}.eml")
    try:
        message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    except OSError:
        return None
    if addresses is not None and not _is_to(message, addresses):
        return None
    part = message.get_body(("plain",))
    return _mail(path, message, part.get_content() if part else "")


def _files() -> Iterator[Path]:
    folder = Path(settings.EMAIL_FILE_PATH)
    return (path for path in folder.glob("*.eml") if NAME.fullmatch(path.stem))


def _is_to(message: Any, addresses: Collection[str]) -> bool:
    named = getaddresses([str(value) for value in message.get_all("to", [])])
    return bool({found.lower() for _name, found in named} & {each.lower() for each in addresses})


def _mail(path: Path, message: EmailMessage | Any, body: str = "") -> Mail:
    head = message["date"]
    at = head.datetime if head else None
    if at is not None and at.tzinfo is None:  # written as -0000: UTC, of which the zone is not said
        at = at.replace(tzinfo=UTC)
    return Mail(
        name=path.stem,
        subject=str(message["subject"] or ""),
        to=str(message["to"] or ""),
        at=at,
        message_id=str(message["message-id"] or ""),
        body=body,
    )
