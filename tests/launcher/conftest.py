"""Driving ./portal from outside, as a person does."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cdo_portal.launcher.place import ROOT

NOT_OURS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "PORTAL_DATA", "PORTAL_TODAY")
NOT_OURS += ("PORTAL_TRIAL", "SECRET_KEY", "FIELD_KEYS", "ALLOWED_HOSTS", "DJANGO_SETTINGS_MODULE")


def environment(**more):
    """The shell of a newcomer: nothing of the test run's own servers."""
    kept = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    kept = {name: value for name, value in kept.items() if not name.startswith(("COV_", "PYTEST"))}
    return {**kept, **more}


def portal(*words, **more):
    """Run ./portal to its end; the result has returncode, stdout and stderr."""
    return subprocess.run(
        [sys.executable, ROOT / "portal", *map(str, words)],
        env=environment(**more),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def free_port():
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


def processes_of(data):
    """Every living process that has to do with the data directory: {pid: command}."""
    mark, found = os.fsencode(data), {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
            surroundings = (folder / "environ").read_bytes()
            where = os.fsencode((folder / "cwd").readlink())
        except OSError:
            continue
        about_it = mark in words or b"PORTAL_DATA=" + mark in surroundings or where.startswith(mark)
        if words and about_it:
            found[int(folder.name)] = words.decode(errors="replace").strip()
    return found


class System:
    """One `./portal up` on a data directory of its own."""

    def __init__(self, data, output):
        self.data, self.output, self.port = data, output, free_port()
        self.process = None

    def up(self, *words):
        argv = ["up", "--port", self.port, "--data", self.data, "--no-demo", *words]
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, ROOT / "portal", *map(str, argv)],
                env=environment(),
                cwd=ROOT,
                stdout=output,
                stderr=output,
            )
        began = time.monotonic()
        self.until(lambda: "Ctrl-C" in self.said() or self.process.poll() is not None, 90)
        assert self.process.poll() is None, self.said()
        return time.monotonic() - began

    def said(self):
        return self.output.read_text(encoding="utf-8")

    def until(self, answer, seconds):
        deadline = time.monotonic() + seconds
        while not answer():
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)

    def find(self, pattern):
        """Numbers of its processes whose command matches."""
        return {pid for pid, words in processes_of(self.data).items() if re.search(pattern, words)}

    def main_of(self, service):
        """The process that the launcher itself started for a service."""
        for pid in self.find(PATTERNS[service]):
            status = Path(f"/proc/{pid}/status").read_text()
            if f"PPid:\t{self.process.pid}\n" in status:
                return pid
        return None

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def kill(self):
        self.process.kill()
        self.process.wait()


PATTERNS = {
    "postgres": r"bin/postgres -D",
    "valkey": r"valkey-server",
    "web": r"-m gunicorn",
    "worker": r"celery.* worker",
    "beat": r"celery.* beat",
}


@pytest.fixture(scope="module")
def system(tmp_path_factory):
    folder = tmp_path_factory.mktemp("system")
    folder.chmod(0o711)
    running = System(folder / "data", folder / "output")
    yield running
    if running.process is not None and running.process.poll() is None:
        running.interrupt()
