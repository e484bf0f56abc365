"""The Django side of `./portal up`: web server, worker, beat."""

import http.client
import signal
from pathlib import Path

from .place import ROOT, Place
from .processes import Service

Environment = dict[str, str]


def web(place: Place, env: Environment, python: Path, host: str, port: int) -> Service:
    """gunicorn; its settings are in cdo_portal/gunicorn.py."""
    return Service(
        name="web",
        label="网页服务",
        argv=[python, "-m", "gunicorn", "-c", "file:cdo_portal/gunicorn.py"],
        env=env,
        log=place.logs / "web.log",
        cwd=ROOT,
        ready=lambda: answers(host, port),
        ready_within=60,
    )


def background(place: Place, env: Environment, python: Path) -> list[Service]:
    """Worker and beat; without Redis the loop that finds due work in PostgreSQL by itself."""
    if not env["REDIS_URL"]:
        return [loop(place, env, python)]
    celery: list[str | Path] = [python, "-m", "celery", "-A", "cdo_portal.celery"]
    worker = Service(
        name="worker",
        label="后台任务",
        argv=[*celery, "worker", "--concurrency=2", "--without-gossip", "--without-mingle"],
        env=env,
        log=place.logs / "worker.log",
        cwd=ROOT,
        # An orphan whose Valkey dies with it waits for it for ever, whatever the polite signal. Its
        # pool dies with it, and unfinished tasks are taken up again.
        orphan_signal=signal.SIGKILL,
    )
    beat = Service(
        name="beat",
        label="定时器",
        argv=[*celery, "beat", f"--schedule={place.path}/beat/schedule", "--pidfile="],
        env=env,
        log=place.logs / "beat.log",
        cwd=ROOT,
        orphan_signal=signal.SIGKILL,  # for the same reason
    )
    return [worker, beat]


def loop(place: Place, env: Environment, python: Path) -> Service:
    return Service(
        name="deliver",
        label="发送循环",
        argv=[python, "manage.py", "deliver_notices", "--loop"],
        env=env,
        log=place.logs / "deliver.log",
        cwd=ROOT,
    )


def answers(host: str, port: int) -> bool:
    """Whether the web server speaks HTTP; 503 from /healthz is an answer too."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - looked up
    line = http.client.HTTPConnection(target, port, timeout=10)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()
