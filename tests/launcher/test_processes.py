"""Services end when they should, and nothing of them outlives the launcher."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cdo_portal.launcher import supervisor as supervising
from cdo_portal.launcher.messages import Problem
from cdo_portal.launcher.place import ROOT
from cdo_portal.launcher.processes import LOG_LIMIT, Service, is_running, last_line, open_log, until
from cdo_portal.launcher.supervisor import Supervisor

SLEEP = "import time; time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True); {}"


@pytest.fixture
def supervisor(monkeypatch):
    monkeypatch.setattr(supervising.Kept, "pause", lambda self: 0)
    running = Supervisor()
    yield running
    running.stop()


@pytest.fixture
def service(tmp_path):
    def make(name, code, **more):
        argv = [sys.executable, "-S", "-c", code]
        log = tmp_path / f"{name}.log"
        return Service(name, name, argv, {"PATH": ""}, log, tmp_path, **more)

    return make


def test_last_started_is_stopped_first(supervisor, service, tmp_path):
    code = (
        "import signal, sys, time\n"
        "def end(*_): open(sys.argv[1], 'a').write(sys.argv[2]); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end); print('on', flush=True); time.sleep(60)"
    )
    order = tmp_path / "order"
    for name in "abc":
        made = service(name, code)
        made.argv += [str(order), name]
        made.ready = lambda log=made.log: log.exists() and "on" in log.read_text()
        supervisor.start(made)
    supervisor.stop()
    assert order.read_text() == "cba"


def test_one_that_ignores_the_signal_is_killed(supervisor, service, capsys):
    made = service("deaf", STUBBORN.format("time.sleep(60)"), grace=0.2)
    made.ready = lambda: made.log.exists() and "on" in made.log.read_text()
    supervisor.start(made)
    process = supervisor.kept[0].process
    supervisor.stop()
    assert process.returncode == -signal.SIGKILL
    assert "已强制结束" in capsys.readouterr().out


def test_failing_start_tells_the_last_line_of_the_log(supervisor, service):
    made = service("broken", "raise SystemExit('FATAL: no such table')", ready=lambda: False)
    with pytest.raises(Problem, match="FATAL: no such table"):
        supervisor.start(made)


def test_dead_service_is_started_again(supervisor, service, capsys):
    supervisor.start(service("web", SLEEP))
    kept = supervisor.kept[0]
    first = kept.process.pid
    os.kill(first, signal.SIGKILL)
    assert until(lambda: supervisor.look_after(kept) or kept.process.pid != first, 5)
    assert "意外退出（信号 9）" in capsys.readouterr().out
    assert is_running(kept.process.pid)


# Not at once: it is ready first, or its start has failed.
SOON = "import time; time.sleep(0.2);"


def test_vital_service_that_keeps_dying_ends_everything(supervisor, service):
    made = service("postgres", f"{SOON} raise SystemExit('FATAL: lock file')", vital=True)
    supervisor.start(made)
    kept = supervisor.kept[0]
    with pytest.raises(Problem, match=r"连续 6 次启动失败.*FATAL: lock file"):
        until(lambda: supervisor.look_after(kept), 10)


def test_other_services_are_tried_for_ever(supervisor, service):
    supervisor.start(service("worker", f"{SOON} raise SystemExit(3)"))
    kept = supervisor.kept[0]
    assert until(lambda: supervisor.look_after(kept) or kept.failures > 7, 10)


def test_pauses_grow_to_half_a_minute():
    kept = supervising.Kept(None, None, 0)
    pauses = []
    for kept.failures in range(1, 8):
        pauses.append(kept.pause())
    assert pauses == [1, 2, 4, 8, 16, 30, 30]


def test_long_life_wipes_the_count(supervisor, service):
    supervisor.start(service("web", SLEEP))
    kept = supervisor.kept[0]
    kept.failures = 5
    kept.process.kill()
    kept.process.wait()
    supervisor.plan_restart(kept, kept.began + 61)
    assert kept.failures == 1


def test_orphan_dies_with_its_launcher(tmp_path):
    """A parent that is killed with -9 can tell nobody; the kernel tells its children."""
    code = (
        f"import sys, time; sys.path.insert(0, {str(ROOT)!r})\n"
        "from cdo_portal.launcher.processes import spawn\n"
        f"child = spawn([sys.executable, '-c', {SLEEP!r}], env={{}}, cwd='/', output=None)\n"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    assert is_running(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert until(lambda: not is_running(child), 5)


def test_big_log_is_put_aside(tmp_path):
    log = tmp_path / "web.log"
    log.write_bytes(b"x" * (LOG_LIMIT + 1))
    with open_log(log) as file:
        file.write(b"new\n")
    assert log.read_text() == "new\n"
    assert Path(tmp_path, "web.log.1").stat().st_size == LOG_LIMIT + 1


def test_telling_line_is_preferred(tmp_path):
    log = tmp_path / "a.log"
    log.write_text("FATAL: port\nhint: try again\n\n")
    assert last_line(log, "FATAL") == "FATAL: port"
    assert last_line(log) == "hint: try again"
    assert last_line(tmp_path / "none") == ""


def test_no_start_takes_longer_than_it_may(supervisor, service):
    began = time.monotonic()
    with pytest.raises(Problem):
        supervisor.start(service("slow", SLEEP, ready=lambda: False, ready_within=0.2))
    assert time.monotonic() - began < 5
