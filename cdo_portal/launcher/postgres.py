"""The embedded PostgreSQL: made, started and provided with its two roles and one database.

It listens on no network, only on a socket in a folder of mode 700, and asks even there for a
password (scram-sha-256, drawn at random, in <data>/secrets): root's server runs as `nobody`, whose
other processes could pass the folder.
"""

import contextlib
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from .binaries import PostgresBin
from .identity import Identity
from .messages import Problem
from .place import make_socket_folder, write_whole
from .processes import Service, last_line, open_log, spawn, until

DATABASE = "portal"
OWNER, APP = "portal_owner", "portal_app"
PORT = 5432
# Speed instead of safety, for servers that live as long as one test run.
THROW_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")

ROLES = Path(__file__).with_name("roles.sql")


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL data directory and what is needed to run it."""

    data: Path
    sockets: Path
    log: Path
    programs: PostgresBin
    identity: Identity
    passwords: dict[str, str]
    durable: bool = True

    @property
    def socket(self) -> Path:
        return self.sockets / f".s.PGSQL.{PORT}"

    def url(self, role: str) -> str:
        word = {OWNER: "PG_OWNER_PASSWORD", APP: "PG_APP_PASSWORD"}[role]
        host = quote(str(self.sockets), safe="/")
        return f"postgresql://{role}:{self.passwords[word]}@/{DATABASE}?host={host}&port={PORT}"

    def create(self) -> None:
        """initdb, unless the data is there. A half-made directory is never taken for a whole one."""
        if (self.data / "PG_VERSION").exists():
            self.identity.own(self.data)
            return
        unfinished = self.data.with_name(self.data.name + ".new")
        if unfinished.exists():
            shutil.rmtree(unfinished)
        unfinished.mkdir(mode=0o700)
        password = self.data.with_name("initdb-password")
        write_whole(password, self.passwords["PG_SUPERUSER_PASSWORD"])
        try:
            self.identity.own(unfinished)
            self.identity.own(password)
            self.initdb(unfinished, password)
        finally:
            password.unlink()
        unfinished.rename(self.data)

    def initdb(self, into: Path, password: Path) -> None:
        argv = [
            self.programs.path / "initdb",
            f"--pgdata={into}",
            "--username=postgres",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--data-checksums",
            *locale_flags(self.programs.major),
            *([] if self.durable else ["--no-sync"]),
        ]
        with open_log(self.log) as log:
            made = spawn(
                argv,
                env=server_environment(),
                cwd="/",
                output=log,
                identity=self.identity,
                orphan_signal=signal.SIGKILL,
            )
        if made.wait() != 0:
            reason = last_line(self.log, "error", "FATAL", "could not")
            raise Problem("not-ready", label="数据库", name="initdb", reason=reason, log=self.log)

    def service(self) -> Service:
        settings = [
            "listen_addresses=",
            f"port={PORT}",
            f"unix_socket_directories={self.sockets}",
            "unix_socket_permissions=0700",
            "max_connections=60",
            "log_timezone=Asia/Shanghai",
            *(() if self.durable else THROW_AWAY),
        ]
        argv: list[str | Path] = [self.programs.path / "postgres", "-D", self.data]
        for setting in settings:
            argv += ["-c", setting]
        return Service(
            name="postgres",
            label="数据库",
            argv=argv,
            env=server_environment(),
            log=self.log,
            cwd=Path("/"),
            # Fast shutdown; SIGTERM would wait until every client has gone.
            stop_signal=signal.SIGINT,
            orphan_signal=signal.SIGINT,
            grace=60,
            identity=self.identity,
            ready=self.is_ready,
            ready_within=120,  # recovery after a crash reads the log back
            before=self.clear_the_way,
            vital=True,
        )

    def is_ready(self) -> bool:
        """What pg_ctl asks: the eighth line of postmaster.pid."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready"

    def clear_the_way(self) -> None:
        """Wait for what a killed launcher or a killed server left running; then tidy up after it.

        A backend whose server was killed with -9 may still be writing, and PostgreSQL knows of it
        only through postmaster.pid: the file goes when nobody is left, and not before. It does have
        to go then, for PostgreSQL refuses when its number belongs to some other process by now.
        """
        make_socket_folder(self.sockets, self.identity.uid, self.identity.gid)
        for number, seconds in ((signal.SIGINT, 60), (signal.SIGQUIT, 10)):
            for pid in self.left_running():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            if until(lambda: not self.left_running(), seconds):
                break
        else:
            return  # PostgreSQL itself says who is in the way
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for left in self.sockets.glob(".s.PGSQL.*"):
            left.unlink()

    def left_running(self) -> list[int]:
        """Servers and backends that work in the data directory: PostgreSQL's go there first."""
        return [
            int(link.parent.name)
            for link in Path("/proc").glob("[0-9]*/cwd")
            if works_in(link, self.data)
        ]

    def provision(self) -> None:
        """Create or complete the roles and the database. Raises Problem("lost-password")."""
        done = subprocess.run(
            [self.programs.path / "psql", "-X", "-q", "-d", "postgres", "-f", "-"],
            input=ROLES.read_text(encoding="utf-8"),
            env={
                **server_environment(),
                "PGHOST": str(self.sockets),
                "PGPORT": str(PORT),
                "PGUSER": "postgres",
                "PGPASSWORD": self.passwords["PG_SUPERUSER_PASSWORD"],
                "PORTAL_OWNER": OWNER,
                "PORTAL_OWNER_PASSWORD": self.passwords["PG_OWNER_PASSWORD"],
                # Only a throw-away server lets its owner create the databases of a test run.
                "PORTAL_OWNER_RIGHTS": "NOCREATEDB" if self.durable else "CREATEDB",
                "PORTAL_APP": APP,
                "PORTAL_APP_PASSWORD": self.passwords["PG_APP_PASSWORD"],
            },
            cwd="/",
            capture_output=True,
            text=True,
        )
        if done.returncode == 0:
            return
        if "password authentication failed" in done.stderr:
            raise Problem("lost-password", path=self.data.with_name("secrets"))
        lines = done.stderr.strip().splitlines() or ["psql"]
        raise Problem(
            "not-ready", label="数据库", name="PostgreSQL", reason=lines[-1], log=self.log
        )


def works_in(link: Path, folder: Path) -> bool:
    """Whether /proc/<pid>/cwd points to `folder`; other users' processes cannot be asked."""
    try:
        return link.readlink() == folder
    except OSError:
        return False


def locale_flags(major: int) -> list[str]:
    """Byte order everywhere, so that a moved database sorts alike; 15 and 16 have no builtin one."""
    if major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]


def server_environment() -> dict[str, str]:
    """Nothing of the person's own PG… and LC_… settings reaches the server or psql."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
