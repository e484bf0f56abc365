"""Taking a file: looked at as a whole, then to the disk, then its row."""

import unicodedata
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import structlog
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from .. import files
from ..errors import Refused
from ..models import StoredFile
from .contents import kind_of
from .kinds import EXTENSIONS, LIMIT, MACRO_EXTENSIONS, MEGABYTE, OLD_OFFICE, Fault, Kind

LONGEST_NAME, LONGEST_EXTENSION = 100, 20  # characters
UNSEEN = {"Cc", "Cf", "Cs"}  # control, format, half a surrogate
log = structlog.get_logger(__name__)


class StorageFailed(Refused):
    """The disk took no more; nothing was changed (507, RFC 4918 §11.5)."""

    status = 507
    code = "storage_failed"
    default_message: Any = _(
        "文件没有保存：存储空间不足或不能写入，其他内容没有改动。请系统管理员处理后再传一次。"
    )


@dataclass(frozen=True)
class Received:
    """A file as it was taken: its bytes, and the name that its sender gave it."""

    stored: StoredFile
    name: str


def receive(uploaded: UploadedFile) -> Received:
    """Keep an uploaded file: bytes on disk first, then the row, in the caller's transaction.

    Raises ValidationError for one that is not taken, StorageFailed when the disk does not take it.
    """
    kind = inspect(uploaded)
    uploaded.seek(0)
    try:
        stored = files.store(uploaded.chunks(), media_type=kind.media_type)
    except OSError as error:
        log.exception("upload_not_stored", error=str(error))
        raise StorageFailed from error
    return Received(stored, clean_name(uploaded.name or ""))


def inspect(uploaded: UploadedFile) -> Kind:
    """The kind of an uploaded file; raises ValidationError with a sentence that names the file."""
    name = clean_name(uploaded.name or "")
    extension = PurePath(name).suffix[1:].lower()
    try:
        _check_outside(extension, uploaded.size or 0)
        uploaded.seek(0)
        kind = kind_of(uploaded.read(), extension)
        if extension not in kind.extensions:
            raise Fault("mismatch", kind=kind.label)
    except Fault as fault:
        raise fault.of(name) from None
    return kind


def clean_name(name: str) -> str:
    """The last part of the name, without characters that cannot be seen (some of them turn the
    reading direction round and hide an extension), at most 120 characters, extension kept."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(sign for sign in last if unicodedata.category(sign) not in UNSEEN).strip()
    path = PurePath(seen or "file")
    return f"{path.stem[:LONGEST_NAME]}{path.suffix[:LONGEST_EXTENSION]}"


def _check_outside(extension: str, size: int) -> None:
    """What name and size alone say; raises Fault."""
    if extension in MACRO_EXTENSIONS:
        raise Fault("macro")
    if extension in OLD_OFFICE:
        raise Fault("old_office")
    if extension == "svg":
        raise Fault("svg")
    if extension not in EXTENSIONS:
        raise Fault("kind")
    if not size:
        raise Fault("empty")
    if size > LIMIT:
        facts = {"size": round(size / MEGABYTE, 1), "limit": LIMIT // MEGABYTE}
        raise Fault("too_big", **facts)
