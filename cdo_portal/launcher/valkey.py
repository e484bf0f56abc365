"""The embedded Valkey: wake-ups and cache only, PostgreSQL holds the truth."""

import os
import signal
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from .identity import present_user
from .place import make_socket_folder
from .processes import Service


@dataclass(frozen=True)
class Valkey:
    """One Valkey on a socket that only the present user can reach."""

    program: Path
    data: Path
    sockets: Path
    log: Path
    durable: bool = True

    @property
    def socket(self) -> Path:
        # A folder of its own: PostgreSQL's belongs to another user when root starts it.
        return self.sockets.with_name(self.sockets.name + "-v") / "valkey.sock"

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.socket), safe='/')}?db=0"

    def service(self) -> Service:
        options = {
            "port": "0",
            "unixsocket": self.socket,
            "unixsocketperm": "700",
            "dir": self.data,
            "appendonly": "yes" if self.durable else "no",
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        argv: list[str | Path] = [self.program]
        for name, value in options.items():
            argv += [f"--{name}", str(value)]
        return Service(
            name="valkey",
            label="Valkey",
            argv=argv,
            env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8"},
            log=self.log,
            cwd=Path("/"),
            orphan_signal=signal.SIGTERM,
            ready=self.is_ready,
            before=self.clear_the_way,
            vital=True,
        )

    def clear_the_way(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)
        user = present_user()
        make_socket_folder(self.socket.parent, user.uid, user.gid)
        self.socket.unlink(missing_ok=True)

    def is_ready(self) -> bool:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            try:
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(64).startswith(b"+PONG")
            except OSError:
                return False
