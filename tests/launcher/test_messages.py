"""Each accident has one line that says what to do."""

import re
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from cdo_portal.launcher import identity, messages, venv
from cdo_portal.launcher.binaries import examine, find_postgres
from cdo_portal.launcher.messages import PROBLEMS, Problem
from cdo_portal.launcher.place import ROOT, Place

from .conftest import free_port, portal

DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@pytest.mark.parametrize("key", PROBLEMS)
def test_every_sentence_is_one_line_with_advice(key):
    names = set(re.findall(r"{(\w+)}", "".join(PROBLEMS[key])))
    text = str(Problem(key, **{name: f"<{name}>" for name in names}))
    assert "\n" not in text
    assert all(f"<{name}>" in text for name in names)
    assert PROBLEMS[key][0].endswith("。")


def one_line(done, words):
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert words in done.stderr


def test_unwritable_data_directory():
    one_line(portal("up", "--data", "/proc/portal", "--port", free_port()), "不可写")


def test_data_of_another_major(tmp_path):
    (tmp_path / "pg").mkdir()
    (tmp_path / "pg/PG_VERSION").write_text("13\n")
    done = portal("up", "--data", tmp_path, "--port", free_port())
    one_line(done, "是 PostgreSQL 13 的数据")
    assert "PORTAL_PG_BIN" in done.stderr


def test_named_programs_that_are_none(tmp_path):
    done = portal("up", "--data", tmp_path, "--port", free_port(), PORTAL_PG_BIN="/usr/bin")
    one_line(done, "PORTAL_PG_BIN=/usr/bin")


def test_programs_of_the_data_are_preferred(tmp_path, monkeypatch):
    """Data of an older major is opened with that major's programs where they are installed."""
    monkeypatch.delenv("PORTAL_PG_BIN", raising=False)
    older = [found for found in map(examine, DEBIAN) if found and found.major < 18]
    if not older:
        pytest.skip("no PostgreSQL 15 to 17 from the system's packages")
    (tmp_path / "PG_VERSION").write_text(f"{older[0].major}\n")
    assert find_postgres(tmp_path).major == older[0].major


def test_port_that_is_not_ours(tmp_path):
    one_line(portal("up", "--data", tmp_path, "--host", "192.0.2.1"), "不能在 192.0.2.1")


def test_unknown_command():
    one_line(portal("start"), "没有“start”这个命令")


def test_help_needs_nothing():
    done = portal("--help")
    assert done.returncode == 0
    assert "./portal up" in done.stdout
    assert "./portal test" in done.stdout


def test_full_disk_is_foreseen(tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10, 10, 5 * 2**20))
    with pytest.raises(Problem, match=r"磁盘空间不足.*只剩 5 MB"):
        Place(tmp_path / "data").make()


@pytest.mark.slow
def test_full_disk_for_real(tmp_path):
    """On a file system of 8 MB, in a mount namespace of its own."""
    script = f"mount -t tmpfs -o size=8m none {tmp_path} && exec {sys.executable} {ROOT}/portal up --data {tmp_path}/d"
    try:
        subprocess.run(["unshare", "--mount", "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("mounting needs root and the right to unshare")
    argv = ["unshare", "--mount", "sh", "-c", f"{script} --port {free_port()}"]
    one_line(subprocess.run(argv, capture_output=True, text=True, timeout=60), "磁盘空间不足")


@pytest.mark.parametrize("version", ["(3, 10, 4)", "(3, 14, 0)"])
def test_wrong_python(version):
    code = (
        f"import sys, runpy; sys.version_info = {version}; sys.argv = ['portal', 'up'];"
        f" runpy.run_path({str(ROOT / 'portal')!r}, run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PATH": "/nonexistent"}, capture_output=True, text=True
    )
    one_line(done, "需要 Python 3.11 至 3.13")


def test_portal_itself_can_be_read_by_an_old_python():
    compile((ROOT / "portal").read_text(), "portal", "exec", flags=0)
    assert not re.search(r"\bf\"|:=|match ", (ROOT / "portal").read_text())


def test_python_without_venv(tmp_path, monkeypatch):
    monkeypatch.setattr(venv.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Problem, match=r"apt install python3-venv"):
        venv.make(tmp_path / "pip.log")


@pytest.mark.slow
def test_failing_pip_says_what_to_do(tmp_path, monkeypatch):
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements/run.txt").write_text(f"no-such-thing==1 --hash=sha256:{'0' * 64}\n")
    (tmp_path / "wheels").mkdir()
    monkeypatch.setattr(venv, "ROOT", tmp_path)
    with pytest.raises(Problem, match=r"安装依赖失败.*no-such-thing.*wheels/"):
        venv.install("run", tmp_path / "pip.log")


def test_root_where_unshare_is_forbidden(tmp_path, monkeypatch):
    monkeypatch.setattr(identity.os, "geteuid", lambda: 0)
    monkeypatch.setattr(identity, "anyone_may_enter", lambda path: False)
    monkeypatch.setattr(identity, "can_become", lambda who: False)
    with pytest.raises(Problem, match=r"不允许 unshare"):
        identity.for_postgres(tmp_path)


def test_errors_of_the_file_system_become_sentences():
    assert messages.from_os_error(OSError(28, "full"), "/d").key == "disk-full"
    assert messages.from_os_error(OSError(30, "read-only"), "/d").key == "data-not-writable"
