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
PATIENCE_SECONDS = 60  # after which somebody who waits makes it himself
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
    """Want the PDF of a Word file: there after the next round of the beat. Returns where it stands.
    Where nobody makes what is asked for (no worker runs), it is made here and now."""
    found = state(row)
    if found != State.WAITING or _marker(row.sha256, "taken").exists():
        return found
    marker = _marker(row.sha256, "asked")
    if _age(marker) > PATIENCE_SECONDS:
        _take(marker)
        return state(row)
    root().mkdir(parents=True, exist_ok=True)
    if not marker.exists():
        marker.touch()
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
        made += _take(marker)
    return made


def purge() -> int:
    """Remove previews, and marks of failure, older than 90 days; returns how many."""
    kept = (path for path in root().glob("*/*") if path.suffix in {".pdf", ".failed"})
    old = [path for path in kept if _age(path) > KEPT_SECONDS]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


# --- parts ---------------------------------------------------------------------------------------


def _take(marker: Path) -> bool:
    taken = marker.with_suffix(".taken")
    try:
        marker.rename(taken)
        os.utime(taken)
    except FileNotFoundError:  # another worker was quicker
        return False
    is_made = _make(marker.stem)
    taken.unlink(missing_ok=True)
    return is_made


def _age(path: Path) -> float:
    """Seconds since the file was written; 0 for one that is not there."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0


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
    lost = [path for path in root().glob("*.taken") if _age(path) > LOST_SECONDS]
    for taken in lost:
        with contextlib.suppress(FileNotFoundError):
            taken.rename(taken.with_suffix(".asked"))


def _failed(sha256: str) -> Path:
    return path_of(sha256).with_suffix(".failed")


def _marker(sha256: str, kind: str) -> Path:
    return root() / f"{sha256}.{kind}"
