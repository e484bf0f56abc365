"""Which servers a command works with: its own embedded ones, or those the environment names."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import keys
from .binaries import find_postgres, find_valkey
from .identity import for_postgres
from .place import Place
from .postgres import APP, OWNER, Cluster
from .supervisor import Supervisor
from .valkey import Valkey


def given(name: str) -> bool:
    """Whether the environment sets NAME, or NAME_FILE for a secret in a file."""
    return name in os.environ or f"{name}_FILE" in os.environ


@dataclass(frozen=True)
class Servers:
    """The servers of one place; an external one is None here and stands in the environment."""

    cluster: Cluster | None
    valkey: Valkey | None
    secrets: dict[str, str]

    @classmethod
    def of(cls, place: Place, *, durable: bool = True, embedded: bool = False) -> "Servers":
        """Servers of `place`. `embedded`: never those of the environment (tests, checks)."""
        secrets = keys.load_or_draw(place.secrets)
        cluster = valkey = None
        if embedded or not given("DATABASE_URL"):
            data = place.path / "pg"
            programs = find_postgres(data)
            cluster = Cluster(
                data=data,
                sockets=place.sockets,
                log=place.logs / "postgres.log",
                programs=programs,
                identity=for_postgres(programs.path, place.path),
                passwords=secrets,
                durable=durable,
            )
        if embedded or not given("REDIS_URL"):
            valkey = Valkey(
                program=find_valkey(),
                data=place.path / "valkey",
                sockets=place.sockets,
                log=place.logs / "valkey.log",
                durable=durable,
            )
        return cls(cluster, valkey, secrets)

    def start_postgres(self, supervisor: Supervisor) -> None:
        if self.cluster is not None:
            self.cluster.create()
            supervisor.start(self.cluster.service())
            self.cluster.provision()

    def start_valkey(self, supervisor: Supervisor) -> None:
        if self.valkey is not None:
            supervisor.start(self.valkey.service())

    def forget_sockets(self) -> None:
        """Remove the socket folders, which for a deep data directory lie below /tmp."""
        for part in (self.cluster, self.valkey):
            if part is not None:
                shutil.rmtree(part.socket.parent, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        """DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL as far as the servers are our own."""
        found = {}
        if self.cluster is not None:
            found["DATABASE_URL"] = self.cluster.url(APP)
            found["DATABASE_OWNER_URL"] = self.cluster.url(OWNER)
        if self.valkey is not None:
            found["REDIS_URL"] = self.valkey.url
        return found


@contextlib.contextmanager
def throw_away(*, valkey: bool = True) -> Iterator[dict[str, str]]:
    """Servers for one test run or check; yields their addresses as environment variables."""
    with tempfile.TemporaryDirectory(prefix="portal-") as folder:
        place = Place(Path(folder, "data"))
        place_open_to_server(Path(folder))
        place.make()
        servers = Servers.of(place, durable=False, embedded=True)
        supervisor = Supervisor()
        try:
            servers.start_postgres(supervisor)
            if valkey:
                servers.start_valkey(supervisor)
            addresses = {**servers.environment(), "PORTAL_DATA": str(place.path)}
            yield addresses if valkey else {**addresses, "REDIS_URL": ""}
        finally:
            supervisor.stop()
            servers.forget_sockets()


def place_open_to_server(folder: Path) -> None:
    """mkdtemp makes mode 700; root's PostgreSQL runs as another user, who has to pass."""
    if os.geteuid() == 0:
        folder.chmod(0o711)
