"""The two applications under the same gunicorn, and what they weigh."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WORKERS = 2
READY_SECONDS = 60


@contextmanager
def served(application: str, probe: str) -> Iterator[tuple[int, int]]:
    """Run `application` under gunicorn; gives (port, process id of the master) once it answers."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", application, "-c", "cdo_portal/gunicorn.py"]
    env = {**os.environ, "PORTAL_BIND": f"127.0.0.1:{port}", "WEB_WORKERS": str(WORKERS)}
    process = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, probe, process)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def memory_of(master: int) -> float:
    """Megabytes of the master and its workers, shared pages counted once (PSS)."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()
    total = 0
    for pid in [str(master), *children]:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
        total += int(found.group(1)) if found else 0
    return total / 1024


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(port: int, probe: str, process: subprocess.Popen) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"gunicorn ended with {process.returncode}")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}{probe}", timeout=5)
        except urllib.error.HTTPError:
            return  # it answers, which is all we wait for
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"gunicorn did not answer within {READY_SECONDS} s")
