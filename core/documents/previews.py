"""PDFs of Word files, for reading in the page: made once, outside every request, and kept by the
SHA-256 of the file they were made of. A cache: whatever is missing is made again.

Whoever wants one asks by a marker on the disk (`<data>/previews/<sha256>.asked`); the beat makes what
was asked for. A file that LibreOffice does not manage is marked, and not tried at each glance.
"""

import contextlib
import os
import secrets
import time
from pathlib import Path

from django.conf import settings
from django.db.models import TextChoices

from .. import files
from ..models import StoredFile
from . import pdf

KEPT_SECONDS = 90 * 24 * 3600  # since it was made
LOST_SECONDS = 15 * 60  # a maker that takes longer was killed
AT_ONCE = 5  # documents of one round: some two seconds each


class State(TextChoices):
    READY = "ready"
    WAITING = "waiting"
    FAILED = "failed"
    UNAVAILABLE = "unavailable"


def root() -> Path:
    return Path(settings.DATA_DIR) / "previews"


def path_of(sha256: str) -> Path:
    return root() / sha256[:2] / f"{sha256}.pdf"


def state(row: StoredFile) -> State:
    """Where the PDF of that file stands."""
    if path_of(row.sha256).is_file():
        return State.READY
    if _failed(row.sha256).is_file():
        return State.FAILED
    return State.WAITING if pdf.is_available() else State.UNAVAILABLE


def ask(row: StoredFile) -> State:
    """Want the PDF of a Word file: there after the next round of the beat. Returns where it stands."""
    found = state(row)
    if found == State.WAITING:
        root().mkdir(parents=True, exist_ok=True)
        if not _marker(row.sha256, "taken").exists():
            _marker(row.sha256, "asked").touch()
    return found


def read(row: StoredFile) -> bytes | None:
    """The PDF, or None while there is none."""
    try:
        return path_of(row.sha256).read_bytes()
    except OSError:
        return None


def make_asked(most: int = AT_ONCE) -> int:
    """Make what was asked for, at most so many; returns how many were made. Several workers may run
    this at once: each takes a marker by renaming it."""
    made = 0
    _give_back()
    for marker in sorted(root().glob("*.asked"))[:most]:
        sha256 = marker.stem
        taken = _marker(sha256, "taken")
        try:
            marker.rename(taken)
            os.utime(taken)
        except FileNotFoundError:  # another worker was quicker
            continue
        made += _make(sha256)
        taken.unlink(missing_ok=True)
    return made


def purge() -> int:
    """Remove previews, and marks of failure, older than 90 days; returns how many."""
    before = time.time() - KEPT_SECONDS
    old = [
        path
        for path in root().glob("*/*")
        if path.suffix in {".pdf", ".failed"} and path.stat().st_mtime < before
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


# --- parts ---------------------------------------------------------------------------------------


def _make(sha256: str) -> bool:
    row = StoredFile.objects.filter(sha256=sha256).first()
    content = None
    if row is not None:
        with contextlib.suppress(OSError, ValueError):  # the download says that the file is lost
            content = pdf.to_pdf(files.read(row))
    if content is None:
        _write(_failed(sha256), b"")
        return False
    _write(path_of(sha256), content)
    return True


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.parent / f".{secrets.token_hex(8)}.part"
    partial.write_bytes(content)
    partial.replace(path)


def _give_back() -> None:
    """Markers of makers that were killed are asked for again."""
    before = time.time() - LOST_SECONDS
    for taken in root().glob("*.taken"):
        with contextlib.suppress(FileNotFoundError):
            if taken.stat().st_mtime < before:
                taken.rename(taken.with_suffix(".asked"))


def _failed(sha256: str) -> Path:
    return path_of(sha256).with_suffix(".failed")


def _marker(sha256: str, kind: str) -> Path:
    return root() / f"{sha256}.{kind}"
