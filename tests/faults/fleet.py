"""The processes of the fault suite: receivers, and the nursery from which workers come."""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from cdo_portal.launcher.binaries import find_valkey
from cdo_portal.launcher.processes import until
from tests.second_process import database_url, offset

ROOT = Path(__file__).resolve().parents[2]
LEASE_SECONDS = 2


class Talker:
    """A process that answers a line of JSON with a line of JSON."""

    def __init__(self, *words: str, env: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def heard(self) -> Any:
        return json.loads(self.process.stdout.readline())

    def ask(self, **command: Any) -> Any:
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        return self.heard()

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()


class Redis:
    """A Valkey that comes and goes; where nobody started it, it is away."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "valkey.sock"
        self.url = f"unix://{self.socket}?db=0"
        self.process: subprocess.Popen | None = None

    def start(self, **options: str) -> None:
        words = [find_valkey(), "--port", "0", "--unixsocket", self.socket, "--save", ""]
        words += [part for name, value in options.items() for part in (f"--{name}", value)]
        self.process = subprocess.Popen(
            words, cwd=self.socket.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        assert until(lambda: self.say("PING") == b"+PONG\r\n", 60)

    def say(self, *words: str) -> bytes:
        """What it answers; nothing when it is not there."""
        with socket.socket(socket.AF_UNIX) as line, suppress(OSError):
            line.connect(str(self.socket))
            line.sendall(" ".join(words).encode() + b"\r\n")
            return line.recv(100)
        return b""

    def kill(self, number: int = signal.SIGKILL) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(timeout=30)
            self.process = None
            self.socket.unlink(missing_ok=True)


class Fleet:
    """Receivers with their log, a nursery, and the workers that live."""

    def __init__(self, folder: Path, delay: float) -> None:
        self.log = folder / "heard.jsonl"
        self.log.touch()
        self.redis = Redis(folder)
        self.sinks = Talker("tests.faults.sinks", str(self.log), str(delay))
        self.ports = self.sinks.heard()
        self.nursery = Talker("tests.faults.nursery", env=self._environment())
        self.living: list[int] = []

    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "cdo_portal.settings.base",
            "DATABASE_URL": database_url(),
            "EMAIL_URL": f"smtp://127.0.0.1:{self.ports['smtp']}",
            "REMINDER_LEASE_SECONDS": str(LEASE_SECONDS),
            "LOG_LEVEL": "CRITICAL",
            "PORTAL_TRIAL": "1",
            "PORTAL_TODAY": "2022-04-15",
            "REDIS_URL": self.redis.url,
        }

    # --- workers ---------------------------------------------------------------------------------

    def start(self, work: str, *, control: str = "", **arm: int) -> int:
        pid = self.nursery.ask(start=work, arm=arm, control=control, offset=offset())
        self.living.append(pid)
        return pid

    def wait(self, pid: int) -> int:
        """Its exit status; negative for the signal that killed it."""
        self.living.remove(pid)
        return self.nursery.ask(wait=pid)

    def do(self, work: str, *, control: str = "", **arm: int) -> int:
        return self.wait(self.start(work, control=control, **arm))

    def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        assert self.wait(pid) == -signal.SIGKILL

    def kill_all(self) -> None:
        for pid in list(self.living):
            self.kill(pid)

    # --- what was heard --------------------------------------------------------------------------

    def judge(self, expected: int) -> dict[str, dict[str, int]]:
        """What tests/faults/checker.py says."""
        words = [sys.executable, "tests/faults/checker.py", database_url(), str(self.log)]
        done = subprocess.run(
            [*words, str(expected)], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.stdout, done.stderr
        report = json.loads(done.stdout)
        bad = any(one["lost"] or one["unmarked"] or one["limbo"] for one in report.values())
        assert done.returncode == int(bad)
        return report

    def forget(self) -> None:
        """The next test begins with an empty log."""
        self.kill_all()
        self.redis.kill()
        self.log.write_text("")

    def close(self) -> None:
        for pid in list(self.living):
            with suppress(ProcessLookupError):
                self.kill(pid)
        self.nursery.close()
        self.sinks.close()
        self.redis.kill()
