"""./portal manage: Django's commands, with the servers they need."""

import signal
import subprocess
from pathlib import Path

from .. import environment, fingerprint, venv
from ..messages import Problem
from ..place import ROOT, Place
from ..processes import until
from ..servers import Servers
from ..supervisor import Supervisor
from .arguments import take_data


def run(argv: list[str]) -> int:
    data, words = take_data(argv)
    return manage(Place.of(data), words or ["help"])


def manage(place: Place, words: list[str]) -> int:
    """Run `manage.py words…` on the servers of `place`; returns its exit code.

    Those of a running `./portal up` are used; else PostgreSQL is started for this command alone.
    Redis is only a bell, so no command needs one started for it.
    """
    place.make()
    python = venv.ensure("run", place.logs / "pip.log")
    servers = Servers.of(place)
    fingerprint.forget(place)
    if servers.cluster is None:
        return foreground(python, words, environment.of_django(place, servers))
    try:
        with place.held("manage"):
            return with_own_servers(place, servers, python, words)
    except Problem as problem:
        if problem.key != "data-in-use":
            raise
    if place.holder()["what"] == "up":
        until(servers.cluster.is_ready, 60)
        return foreground(python, words, environment.of_django(place, servers))
    with place.held("manage", wait=True):
        return with_own_servers(place, servers, python, words)


def with_own_servers(place: Place, servers: Servers, python: Path, words: list[str]) -> int:
    supervisor = Supervisor()
    first = not (place.path / "pg").exists()
    try:
        servers.start_postgres(supervisor)
        env = {**environment.of_django(place, servers), "REDIS_URL": ""}
        if first:
            foreground(python, ["start_up"], env)
        return foreground(python, words, env)
    finally:
        supervisor.stop()


def foreground(python: Path, words: list[str], env: dict[str, str]) -> int:
    """Run manage.py on this terminal. Ctrl-C goes to the command, we only wait for it."""
    return wait_for([str(python), str(ROOT / "manage.py"), *words], env, Path.cwd())


def wait_for(argv: list[str], env: dict[str, str], cwd: Path) -> int:
    process = subprocess.Popen(argv, env=env, cwd=cwd)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        code = process.wait()
    except KeyboardInterrupt:  # SIGTERM or a closed terminal: pass it on
        process.terminate()
        code = process.wait()
    finally:
        signal.signal(signal.SIGINT, before)
    return 128 - code if code < 0 else code
