"""The data directory: where everything of one installation lies, and who holds it just now."""

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .identity import anyone_may_enter
from .messages import Problem, from_os_error

ROOT = Path(__file__).resolve().parents[2]
NEEDED_MB = 300
SOCKET_PATH_LIMIT = 107  # bytes of sun_path, without its closing zero
LONGEST_SOCKET = ".s.PGSQL.5432.lock"


@dataclass(frozen=True)
class Place:
    """One data directory (default `.portal/`)."""

    path: Path

    @classmethod
    def of(cls, data: str | None) -> "Place":
        return cls(Path(data or os.environ.get("PORTAL_DATA") or ROOT / ".portal").resolve())

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def secrets(self) -> Path:
        return self.path / "secrets"

    @property
    def accounts(self) -> Path:
        return self.path / "accounts.tsv"

    @property
    def sockets(self) -> Path:
        """Folder of the sockets; a deep data directory has it below /tmp, for paths are short."""
        inside = self.path / "run"
        if len(os.fsencode(inside / LONGEST_SOCKET)) <= SOCKET_PATH_LIMIT:
            return inside
        digest = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]
        return Path("/tmp") / f"cdo-portal-{os.geteuid()}-{digest}"  # noqa: S108 - owner is checked

    def make(self) -> None:
        """Create the directory and prove that it can be written. Raises Problem."""
        try:
            if not self.path.exists():
                self.path.mkdir(parents=True)
                # Root's PostgreSQL runs as another user, who has to pass; the secrets are 600 each.
                others_pass = os.geteuid() == 0 and anyone_may_enter(self.path)
                self.path.chmod(0o711 if others_pass else 0o700)
            for folder in (self.logs, self.path / "mail", self.path / "beat"):
                folder.mkdir(mode=0o700, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.path) as probe:
                probe.write(b"x" * 4096)
        except OSError as error:
            raise from_os_error(error, self.path) from None
        check_free_space(self.path, NEEDED_MB)

    # What has been done once and must not be done again: {"demo": bool, …}.

    def recall(self) -> dict:
        try:
            return json.loads((self.path / "state.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}

    def remember(self, **facts: object) -> None:
        write_whole(self.path / "state.json", json.dumps({**self.recall(), **facts}, indent=1))

    @contextlib.contextmanager
    def held(self, what: str, *, wait: bool = False) -> Iterator[None]:
        """Hold the directory for this process. The kernel lets go even after kill -9.

        Raises Problem("data-in-use") naming the holder, unless `wait` says to stand in line.
        """
        lock = (self.path / "lock").open("a+", encoding="utf-8")
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except OSError as error:
                if error.errno not in {errno.EWOULDBLOCK, errno.EACCES}:
                    raise
                raise Problem("data-in-use", path=self.path, **self.holder()) from None
            lock.seek(0)
            lock.truncate()
            json.dump({"pid": os.getpid(), "what": what}, lock)
            lock.flush()
            yield

    def holder(self) -> dict:
        """Who holds the directory, as told by the holder: {"pid": int, "what": str}."""
        try:
            return json.loads((self.path / "lock").read_text(encoding="utf-8"))
        except ValueError:
            return {"pid": "?", "what": "?"}


def check_free_space(path: Path, needed_mb: int) -> None:
    free = shutil.disk_usage(path).free // 2**20
    if free < needed_mb:
        raise Problem("disk-full", path=path, free=free, needed=needed_mb)


def write_whole(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a small file so that a crash leaves the old one or the new one."""
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def make_socket_folder(path: Path, uid: int, gid: int) -> None:
    """A folder of mode 700 for `uid` only. Below /tmp another user may have been there first."""
    public = path.parent.stat().st_mode & 0o002
    if public and path.exists() and path.lstat().st_uid not in {uid, os.geteuid()}:
        raise Problem("unsafe-socket-dir", path=path)
    path.mkdir(mode=0o700, exist_ok=True)
    path.chmod(0o700)
    if os.geteuid() == 0:
        os.chown(path, uid, gid)
