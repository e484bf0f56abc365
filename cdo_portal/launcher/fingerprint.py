"""Whether anything has changed since the last start that the database would have to follow.

Preparing the database takes half of a start: Django is loaded once more only to find nothing to
do. So a trial that is started again on the same day, with the same code, skips it. Whatever might
have changed the database by hand (`./portal manage`) makes the next start prepare it again.
"""

import datetime
import hashlib
from pathlib import Path

from .place import ROOT, Place

KINDS = {".py", ".yaml", ".sql", ".txt"}
FOLDERS = ("packs", "requirements")


def of(place: Place) -> str:
    """Of the code, the packs, this very database directory and the day (the calendar grows)."""
    digest = hashlib.sha256(datetime.date.today().isoformat().encode())  # noqa: DTZ011 - of this machine
    made = (place.path / "pg/PG_VERSION").stat()
    digest.update(f"{made.st_ino} {made.st_ctime_ns}".encode())
    for path in sources():
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def sources() -> list[Path]:
    """Every file of the apps, the packs and the pins that can change what a start has to do."""
    folders = [path.parent for path in ROOT.glob("*/apps.py")] + [ROOT / name for name in FOLDERS]
    return sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in KINDS)


def is_prepared(place: Place) -> bool:
    return place.recall().get("prepared") == of(place)


def remember(place: Place) -> None:
    place.remember(prepared=of(place))


def forget(place: Place) -> None:
    """The database may be changed by hand: look again at the next start."""
    if "prepared" in place.recall():
        place.remember(prepared="")
