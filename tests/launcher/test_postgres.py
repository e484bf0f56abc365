"""The embedded PostgreSQL: any of the supported builds, as any user, after any accident."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import psycopg2
import pytest

from cdo_portal.launcher import keys
from cdo_portal.launcher.binaries import WHEELS, examine, find_postgres, site_packages
from cdo_portal.launcher.identity import Namespace, can_become, for_postgres
from cdo_portal.launcher.messages import Problem
from cdo_portal.launcher.place import Place
from cdo_portal.launcher.postgres import APP, OWNER, Cluster
from cdo_portal.launcher.processes import is_running, until
from cdo_portal.launcher.supervisor import Supervisor

pytestmark = pytest.mark.slow
DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@pytest.fixture
def place():
    """Not pytest's tmp_path: that is mode 700, and root's PostgreSQL has to pass."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        place = Place(Path(folder, "data"))
        place.make()
        yield place


@pytest.fixture(scope="module")
def template():
    """A cluster made once; copying its files is quicker than initdb."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        place = Place(Path(folder, "data"))
        place.make()
        with started(cluster_of(place)):
            pass
        yield place.path


@pytest.fixture
def made(place, template):
    """A place that has been started before."""
    shutil.copytree(template / "pg", place.path / "pg")
    shutil.copy2(template / "secrets", place.secrets)
    return place


def cluster_of(place, programs=None):
    programs = programs or find_postgres(place.path / "pg")
    return Cluster(
        data=place.path / "pg",
        sockets=place.sockets,
        log=place.logs / "postgres.log",
        programs=programs,
        identity=for_postgres(programs.path, place.path),
        passwords=keys.load_or_draw(place.secrets),
        durable=False,
    )


class started:  # noqa: N801 - reads as a context manager
    def __init__(self, cluster):
        self.cluster, self.supervisor = cluster, Supervisor()

    def __enter__(self):
        self.cluster.create()
        self.supervisor.start(self.cluster.service())
        self.cluster.provision()
        return self.supervisor.kept[0].process

    def __exit__(self, *error):
        self.supervisor.stop()


def ask(cluster, question, role=APP):
    line = psycopg2.connect(cluster.url(role))
    try:
        with line, line.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone() if cursor.description else None
    finally:
        line.close()


@pytest.mark.parametrize(
    "folder", [*(site_packages() / wheel for wheel in WHEELS), *DEBIAN], ids=str
)
def test_every_build_gives_the_same_database(place, folder):
    programs = examine(folder)
    if programs is None:
        pytest.skip(f"no PostgreSQL 15 to 18 in {folder}")
    cluster = cluster_of(place, programs)
    with started(cluster):
        assert ask(cluster, "SELECT current_user, current_database()") == (APP, "portal")
        assert ask(cluster, "SHOW server_encoding") == ("UTF8",)
        assert ask(cluster, "SHOW data_checksums") == ("on",)
        assert ask(cluster, "SELECT datcollate FROM pg_database LIMIT 1") == ("C.UTF-8",)
        assert ask(cluster, "SELECT count(*) FROM pg_available_extensions")[0] >= 1
        ask(cluster, "CREATE TABLE thing (name text)", OWNER)
        ask(cluster, "INSERT INTO thing VALUES ('首席数据官')")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(cluster, "CREATE TABLE other (name text)")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(cluster, "TRUNCATE thing")


def test_a_password_is_needed(made):
    cluster = cluster_of(made)
    with started(cluster):
        stranger = replace(cluster, passwords={**cluster.passwords, "PG_APP_PASSWORD": "guess"})
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            ask(stranger, "SELECT 1")


def test_lost_secrets_are_named(made):
    made.secrets.unlink()
    with pytest.raises(Problem) as caught, started(cluster_of(made)):
        pass
    assert caught.value.key == "lost-password"


def test_stale_pid_file_with_a_number_taken_by_another_process(made):
    cluster = cluster_of(made)
    cluster.sockets.mkdir()
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        stale = f"{stranger.pid}\n{cluster.data}\n1\n5432\n{cluster.sockets}\n\n\nready\n"
        (cluster.data / "postmaster.pid").write_text(stale)
        (cluster.sockets / ".s.PGSQL.5432.lock").write_text(stale)
        with started(cluster):
            assert ask(cluster, "SELECT 1") == (1,)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_backend_of_a_killed_server_is_waited_for(made):
    """Two servers on one directory would ruin it: the orphan ends first."""
    cluster = cluster_of(made)
    cluster.create()
    first = cluster.service().launch()
    assert until(cluster.is_ready, 20)
    line = psycopg2.connect(cluster.url(OWNER))
    backend = line.info.backend_pid
    os.kill(backend, signal.SIGSTOP)  # as if it were deep in a query
    first.kill()
    first.wait()
    assert backend in cluster.left_running()
    waker = subprocess.Popen(["sh", "-c", f"sleep 1; kill -CONT {backend}"])
    with started(cluster):
        assert not is_running(backend)
        assert ask(cluster, "SELECT 1") == (1,)
    waker.wait()
    line.close()


def test_first_start_that_was_cut_short_is_begun_again(place):
    cluster = cluster_of(place)
    unfinished = place.path / "pg.new"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18")
    with started(cluster):
        assert ask(cluster, "SELECT 1") == (1,)
    assert not unfinished.exists()


def test_deep_data_directory_has_its_socket_below_tmp(made):
    deep = Place(made.path / ("很长的目录名" * 8) / "data")
    deep.path.parent.mkdir(parents=True)
    deep.path.parent.chmod(0o711)
    deep.make()
    (made.path / "pg").rename(deep.path / "pg")
    made.secrets.rename(deep.secrets)
    cluster = cluster_of(deep)
    assert cluster.sockets.parent == Path("/tmp")
    try:
        with started(cluster):
            assert ask(cluster, "SELECT 1") == (1,)
            assert cluster.sockets.stat().st_mode & 0o777 == 0o700
    finally:
        cluster.sockets.rmdir()


def test_root_below_a_closed_home(made):
    """Root cannot hand a folder of mode 700 to `nobody`; a user namespace needs no such thing.

    The data was made while the folder was open, so it also has to change hands.
    """
    if os.geteuid() != 0:
        pytest.skip("only root needs another identity for PostgreSQL")
    open_to_all = cluster_of(made)
    open_to_all.create()
    assert open_to_all.data.stat().st_uid == open_to_all.identity.uid != 0
    made.path.chmod(0o700)
    closed = cluster_of(made)
    assert isinstance(closed.identity, Namespace)
    if not can_become(closed.identity):
        pytest.skip("this container forbids unshare")
    with started(closed):
        assert ask(closed, "SELECT 1") == (1,)
        assert closed.data.stat().st_uid == 0


def test_container_script_makes_the_same_roles(place, tmp_path):
    """deploy/postgres/10-roles.sh run on a real server, with secrets as files."""
    cluster = cluster_of(place)
    root = Path(__file__).parents[2]
    (tmp_path / "database_url").write_text(cluster.url(APP) + "\n")
    (tmp_path / "database_owner_url").write_text(cluster.url(OWNER) + "\n")
    cluster.create()
    supervisor = Supervisor()
    try:
        supervisor.start(cluster.service())
        done = subprocess.run(
            ["bash", root / "deploy/postgres/10-roles.sh"],
            env={
                "PATH": f"{cluster.programs.path}:{os.environ['PATH']}",
                "PGHOST": str(cluster.sockets),
                "PGPASSWORD": cluster.passwords["PG_SUPERUSER_PASSWORD"],
                "SECRETS": str(tmp_path),
                "ROLES": str(root / "cdo_portal/launcher/roles.sql"),
            },
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        assert ask(cluster, "SELECT current_user", OWNER) == (OWNER,)
        ask(cluster, "CREATE TABLE thing ()", OWNER)
        assert ask(cluster, "SELECT count(*) FROM thing") == (0,)
    finally:
        supervisor.stop()
