"""Starting and stopping one process so that it never outlives the launcher."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .identity import Identity, libc, present_user

PR_SET_PDEATHSIG = 1
LOG_LIMIT = 10 * 2**20


@dataclass
class Service:
    """One server the launcher keeps alive.

    `stop_signal` ends it politely and `grace` seconds later it is killed; `orphan_signal` is what
    the kernel sends it when the launcher itself dies. `ready` answers whether it can be used;
    `before` clears what a crash left behind. `vital`: without it nothing else can work.
    """

    name: str
    label: str
    argv: Sequence[str | Path]
    env: Mapping[str, str]
    log: Path
    cwd: Path
    stop_signal: int = signal.SIGTERM
    orphan_signal: int = signal.SIGTERM
    grace: float = 20
    identity: Identity = field(default_factory=present_user)
    ready: Callable[[], bool] = lambda: True
    ready_within: float = 30
    before: Callable[[], None] = lambda: None
    vital: bool = False

    def launch(self) -> subprocess.Popen:
        self.before()
        with open_log(self.log) as log:
            return spawn(
                self.argv,
                env=self.env,
                cwd=self.cwd,
                output=log,
                identity=self.identity,
                orphan_signal=self.orphan_signal,
            )


def spawn(
    argv, *, env, cwd, output, errors=subprocess.STDOUT, identity=None, orphan_signal=signal.SIGTERM
):
    """Start `argv` in a session of its own, tied to the life of this process; returns the Popen.

    A session of its own keeps the terminal's Ctrl-C away, so that we can stop in our order.
    """
    parent = os.getpid()

    def in_child() -> None:
        if identity is not None:
            identity.become()
        # Last, because a change of user clears it.
        libc.prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(orphan_signal))
        if os.getppid() != parent:
            os._exit(1)  # the launcher died in between

    return subprocess.Popen(
        [str(part) for part in argv],
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        start_new_session=True,
        preexec_fn=in_child,  # noqa: PLW1509 - the launcher has one thread
    )


def has_ended(process: subprocess.Popen) -> bool:
    """Whether the process is dead, leaving its number taken so that its group can be killed."""
    if process.returncode is not None:
        return True
    flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
    return os.waitid(os.P_PID, process.pid, flags) is not None


def wait(process: subprocess.Popen, seconds: float) -> bool:
    """Wait until it has ended; False when `seconds` were not enough."""
    return until(lambda: has_ended(process), seconds, every=0.02)


def until(answer: Callable[[], bool], seconds: float, *, every: float = 0.05) -> bool:
    """Ask again and again until True or until `seconds` have passed."""
    deadline = time.monotonic() + seconds
    while not answer():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def stop(process: subprocess.Popen, stop_signal: int, grace: float) -> bool:
    """End a process and all of its group; False when it had to be killed."""
    if not has_ended(process):
        process.send_signal(stop_signal)
    polite = wait(process, grace)
    kill_group(process)
    return polite


def kill_group(process: subprocess.Popen) -> None:
    """Kill what is left of the process's group, then collect it."""
    if process.returncode is None:
        # Nobody may be left, or only the dead leader itself.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def is_running(pid: int) -> bool:
    """Whether the process exists and is not merely waiting to be collected."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] not in {"Z", "X"}


def open_log(path: Path):
    """Append to a log; past 10 MB the old one is put aside once."""
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


def last_line(path: Path, *wanted: str) -> str:
    """The last line of a log, or the last that holds one of `wanted`; for a one-line message."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()[-200:]
    except OSError:
        return ""
    lines = [line.strip() for line in lines if line.strip()]
    telling = [line for line in lines if any(word in line for word in wanted)]
    return (telling or lines or [""])[-1][:300]
