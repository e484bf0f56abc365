"""Content-addressed file store: bytes reach the disk before their row exists.

A row without its file would be a promise broken; a file without a row is only litter, which the
purge removes. Layout: `<data>/files/ab/cd/<sha256>`.
"""

import hashlib
import os
import secrets
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from . import clock
from .models import StoredFile

# Longer than any transaction in which the row of a file could still be on its way.
LITTER_AFTER = timedelta(hours=24)


def root() -> Path:
    return Path(settings.DATA_DIR) / "files"


def path_of(sha256: str) -> Path:
    return root() / sha256[:2] / sha256[2:4] / sha256


def store(chunks: Iterable[bytes], *, media_type: str) -> StoredFile:
    """Write the bytes, then their row; the same bytes give the same row.

    Raises OSError (disk full, not writable) before any row is written.
    """
    folder = root()
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f".{secrets.token_hex(8)}.part"
    digest, size = hashlib.sha256(), 0
    try:
        with partial.open("wb") as output:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                output.write(chunk)
            output.flush()
            os.fsync(output.fileno())
        _settle(partial, path_of(digest.hexdigest()))
    finally:
        partial.unlink(missing_ok=True)
    row, _created = StoredFile.objects.get_or_create(
        sha256=digest.hexdigest(),
        defaults={"size": size, "media_type": media_type, "created_at": clock.now()},
    )
    return row


def read(row: StoredFile) -> bytes:
    """The bytes of `row`; raises OSError when the file is gone, ValueError when it was altered."""
    content = path_of(row.sha256).read_bytes()
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise ValueError(f"File {row.sha256} does not hold what its name says.")
    return content


def sweep(older_than: timedelta = LITTER_AFTER) -> int:
    """Remove bytes whose row never came, because the process was killed between the two; returns how
    many files went. Younger ones are left: their row may be on its way."""
    before = clock.now().timestamp() - older_than.total_seconds()
    gone = 0
    for path in [*root().glob(".*.part"), *root().glob("*/*/*")]:
        if _age(path) >= before:
            continue
        if path.suffix in {".part", ".doomed"}:
            path.unlink(missing_ok=True)
        elif StoredFile.objects.filter(sha256=path.name).exists() or not _drop(path, before):
            continue
        gone += 1
    return gone


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # another sweep took it
        return float("inf")


def _drop(path: Path, before: float) -> bool:
    """Take the file away under another name first: whoever stores the same bytes at this moment puts
    a fresh file in its place, or has put it there already, and then it stays."""
    doomed = path.with_suffix(".doomed")
    path.rename(doomed)
    if _age(doomed) >= before or StoredFile.objects.filter(sha256=path.name).exists():
        doomed.rename(path)
        return False
    doomed.unlink()
    return True


def _settle(partial: Path, final: Path) -> None:
    final.parent.mkdir(parents=True, exist_ok=True)
    partial.replace(final)
    # The new name must survive a power cut too, so the folder is flushed as well.
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
