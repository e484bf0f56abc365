"""The project's own `.venv`, filled with exactly the pinned wheels."""

import hashlib
import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path

from .messages import Problem, say
from .place import ROOT, check_free_space
from .processes import last_line

VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
# dev.txt holds everything of run.txt, so it satisfies both.
SETS = {"run": ("run",), "dev": ("dev", "run")}
INSTALL_NEEDS_MB = 1000
TELLING = ("ERROR", "error:", "No space left")


def ensure(kind: str, log: Path) -> Path:
    """Make `.venv` hold requirements/<kind>.txt; returns its Python. Installs nothing twice.

    Raises Problem: no-venv, venv-failed, pip-failed, disk-full.
    """
    if PYTHON.exists() and marker(kind).is_file() and marker(kind).read_text() == digest(kind):
        return PYTHON
    check_free_space(ROOT, INSTALL_NEEDS_MB)
    say(f"正在安装依赖（requirements/{kind}.txt），首次约需一分钟……")
    began = time.monotonic()
    log.parent.mkdir(parents=True, exist_ok=True)
    if not PYTHON.exists():
        make(log)
    install(kind, log)
    for satisfied in SETS[kind]:
        marker(satisfied).write_text(digest(satisfied))
    say(f"依赖已就绪，用时 {time.monotonic() - began:.0f} 秒。")
    return PYTHON


def digest(kind: str) -> str:
    return hashlib.sha256((ROOT / f"requirements/{kind}.txt").read_bytes()).hexdigest()


def marker(kind: str) -> Path:
    """Holds the hash of the requirements that are installed."""
    return VENV / f"portal-{kind}.installed"


def make(log: Path) -> None:
    """python3 -m venv, with the sentence for Debian, which ships half of it."""
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        raise Problem("no-venv")
    # --clear: a folder whose interpreter has gone is of no use.
    argv = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    with log.open("ab") as output:
        if subprocess.run(argv, stdout=output, stderr=output).returncode != 0:
            reason = last_line(log, *TELLING)
            raise Problem("venv-failed", path=VENV, reason=reason, log=log)


def install(kind: str, log: Path) -> None:
    """pip, which honours the mirror the machine is set up with; wheels/ when there is no network."""
    argv = [PYTHON, "-m", "pip", "install", "--require-hashes", "--only-binary", ":all:"]
    argv += ["--no-input", "--quiet", "-r", ROOT / f"requirements/{kind}.txt"]
    if (ROOT / "wheels").is_dir():
        argv += ["--no-index", "--find-links", ROOT / "wheels"]
    env = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONNOUSERSITE": "1"}
    with log.open("ab") as output:
        done = subprocess.run([str(part) for part in argv], env=env, stdout=output, stderr=output)
    if done.returncode != 0:
        raise Problem("pip-failed", reason=last_line(log, *TELLING), log=log)
