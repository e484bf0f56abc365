"""One installation from its first start to its last, in the order of the tests.

Starting the whole system takes seconds, so each test goes on where the one before it stopped.
"""

import http.client
import os
import signal
import stat
import time
from pathlib import Path

import psycopg2
import pytest

from cdo_portal.launcher import keys
from cdo_portal.launcher.place import ROOT, Place
from cdo_portal.launcher.postgres import DATABASE, OWNER
from cdo_portal.launcher.processes import until

from .conftest import portal, processes_of

pytestmark = pytest.mark.slow
EVERY = ("postgres", "valkey", "web", "worker", "beat")


def healthz(port):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    line.request("GET", "/healthz")
    return line.getresponse().status


def sql(system, statement):
    """Ask the running database as the owner of the tables."""
    secrets = keys.load_or_draw(system.data / "secrets")
    line = psycopg2.connect(
        host=str(Place(system.data).sockets),
        user=OWNER,
        password=secrets["PG_OWNER_PASSWORD"],
        dbname=DATABASE,
    )
    try:
        with line, line.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone() if cursor.description else None
    finally:
        line.close()


def test_first_start_brings_everything_up(system):
    system.up()
    assert all(system.main_of(service) for service in EVERY)
    assert healthz(system.port) == 200


def test_secrets_are_for_the_owner_only(system):
    for path in (system.data / "secrets", system.data / "accounts.tsv"):
        if path.exists():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((system.data / "run").stat().st_mode) == 0o700


def test_postgres_listens_on_no_network(system):
    folder = Path(f"/proc/{system.main_of('postgres')}/fd")
    opened = {str(link.readlink()) for link in folder.iterdir()}
    lines = (
        Path("/proc/net/tcp").read_text().splitlines()
        + Path("/proc/net/tcp6").read_text().splitlines()
    )
    listening = {f"socket:[{line.split()[9]}]" for line in lines if line.split()[3] == "0A"}
    assert listening
    assert not opened & listening


def test_second_launcher_on_the_same_data_is_refused(system):
    done = portal("up", "--data", system.data, "--port", system.port + 1)
    assert done.returncode == 1
    assert f"pid {system.process.pid}" in done.stderr
    assert done.stderr.count("\n") == 1


def test_taken_port_is_named_before_anything_starts(system, tmp_path):
    done = portal("up", "--data", tmp_path / "other", "--port", system.port)
    assert done.returncode == 1
    assert f"端口 {system.port} 已被占用" in done.stderr
    assert not (tmp_path / "other").exists()


def test_manage_uses_the_running_servers(system):
    postmaster = system.main_of("postgres")
    done = portal("manage", "--data", system.data, "check_servers")
    assert done.returncode == 0, done.stderr
    assert system.main_of("postgres") == postmaster


@pytest.mark.parametrize("service", ["web", "worker", "beat", "valkey", "postgres"])
def test_service_that_dies_is_reported_and_started_again(system, service):
    before = system.main_of(service)
    os.kill(before, signal.SIGKILL)
    system.until(lambda: system.main_of(service) not in {None, before}, 20)
    assert "意外退出（信号 9）" in system.said()
    system.until(lambda: answers(system), 20)


def answers(system):
    try:
        return healthz(system.port) == 200
    except OSError:
        return False


def test_killed_launcher_leaves_no_process(system):
    sql(system, "CREATE TABLE kept AS SELECT 'committed' AS word")
    system.kill()
    until(lambda: not processes_of(system.data), 15)
    assert processes_of(system.data) == {}


def test_next_start_recovers_with_the_committed_row_and_installs_nothing(system):
    markers = {path: path.stat().st_mtime_ns for path in (ROOT / ".venv").glob("portal-*")}
    log = system.data / "logs/pip.log"
    seconds = system.up()
    assert sql(system, "SELECT word FROM kept") == ("committed",)
    assert {path: path.stat().st_mtime_ns for path in markers} == markers
    assert markers
    assert not log.exists()
    assert "更新数据库结构" in system.said()  # `manage` was used in between
    assert seconds < 30  # the promise is 5 on a quiet machine, which a test cannot count on


def test_start_with_nothing_new_is_short(system):
    system.interrupt()
    system.up()
    assert "没有变化" in system.said()
    assert "更新数据库结构" not in system.said()
    assert healthz(system.port) == 200


def test_interrupt_stops_everything(system):
    began = time.monotonic()
    assert system.interrupt() == 0
    assert "已停止" in system.said()
    assert processes_of(system.data) == {}
    assert time.monotonic() - began < 20
    assert not (system.data / "pg/postmaster.pid").exists()


def test_manage_starts_postgres_for_one_command_and_stops_it(system):
    done = portal("manage", "--data", system.data, "check_servers")
    assert done.returncode == 0, done.stderr
    assert processes_of(system.data) == {}
