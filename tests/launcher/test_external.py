"""Servers that the environment names: used as they are, and what they lack is said by name."""

import socket

import psycopg2
import pytest

from cdo_portal.launcher import environment as launcher_environment
from cdo_portal.launcher.place import Place
from cdo_portal.launcher.servers import Servers, throw_away

from .conftest import portal, processes_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def outside():
    """Addresses of servers that are not the launcher's own, and one database in ASCII."""
    with throw_away() as addresses:
        line = psycopg2.connect(addresses["DATABASE_OWNER_URL"])
        line.autocommit = True
        with line.cursor() as cursor:
            cursor.execute(
                "CREATE DATABASE narrow ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0"
            )
        line.close()
        yield {name: value for name, value in addresses.items() if name != "PORTAL_DATA"}


@pytest.fixture(autouse=True)
def _no_route_is_asked_for(monkeypatch):
    monkeypatch.setattr(launcher_environment, "outward_address", lambda: "10.1.2.3")


def check_servers(tmp_path, addresses):
    return portal("manage", "--data", tmp_path / "data", "check_servers", **addresses)


def test_given_servers_are_used_and_none_is_started(tmp_path, outside):
    done = check_servers(tmp_path, outside)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "data/pg").exists()
    assert processes_of(tmp_path / "data") == {}


def test_wrong_encoding_is_named(tmp_path, outside):
    narrow = {name: url.replace("/portal?", "/narrow?") for name, url in outside.items()}
    done = check_servers(tmp_path, narrow)
    assert done.returncode == 1
    assert "编码是 SQL_ASCII，需要 UTF8" in done.stderr


def test_missing_right_is_named(tmp_path, outside):
    swapped = {**outside, "DATABASE_OWNER_URL": outside["DATABASE_URL"]}
    done = check_servers(tmp_path, swapped)
    assert done.returncode == 1
    assert "角色 portal_app 不能建表：GRANT ALL ON SCHEMA public TO portal_app" in done.stderr


def test_unreachable_database_is_named(tmp_path):
    nowhere = {"DATABASE_URL": "postgresql://portal_app@127.0.0.1:1/portal", "REDIS_URL": ""}
    done = check_servers(tmp_path, nowhere)
    assert done.returncode == 1
    assert "连不上数据库，请检查 DATABASE_URL" in done.stderr


def test_demo_is_refused(tmp_path, outside):
    done = portal("demo", "--data", tmp_path / "data", **outside)
    assert done.returncode == 1
    assert "外部数据库上不装载演示数据" in done.stderr


def test_external_database_is_no_trial(tmp_path, monkeypatch):
    for name in ("PORTAL_TRIAL", "PORTAL_TODAY", "SECRET_KEY", "FIELD_KEYS", "DATABASE_OWNER_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/portal")
    monkeypatch.setenv("REDIS_URL", "redis://redis:6379/0")
    place = Place(tmp_path / "data")
    place.make()
    servers = Servers.of(place)
    assert servers.cluster is servers.valkey is None
    env = launcher_environment.of_django(place, servers, today="2022-05-10")
    assert "PORTAL_TRIAL" not in env
    assert "PORTAL_TODAY" not in env
    assert env["DATABASE_OWNER_URL"] == "postgresql://app@db/portal"
    assert len(env["SECRET_KEY"]) >= 50


def test_secret_in_a_file_is_not_shadowed(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", "/run/secrets/secret_key")
    place = Place(tmp_path / "data")
    place.make()
    env = launcher_environment.of_django(place, Servers(None, None, Servers.of(place).secrets))
    assert "SECRET_KEY" not in env
    assert env["SECRET_KEY_FILE"] == "/run/secrets/secret_key"


def test_nothing_of_the_person_reaches_the_tests(monkeypatch):
    monkeypatch.setenv("EMAIL_URL", "smtp://real.example")
    monkeypatch.setenv("SECRET_KEY_FILE", "/run/secrets/secret_key")
    env = launcher_environment.of_throw_away({"DATABASE_URL": "postgresql:///x"})
    assert "EMAIL_URL" not in env
    assert "SECRET_KEY_FILE" not in env
    assert env["DATABASE_URL"] == "postgresql:///x"


def test_listening_everywhere_is_told_as_an_address_for_others():
    url = launcher_environment.address("0.0.0.0", 8000)
    assert url == "http://10.1.2.3:8000/"
    names = launcher_environment.names_of_this_machine(url)
    assert {"127.0.0.1", "10.1.2.3", socket.gethostname()} <= set(names)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://portal.example/", "portal.example"),
        ("http://[::1]:8000/", "[::1]"),
        ("http://localhost:8000/", "localhost"),
    ],
)
def test_host_of_the_address_is_allowed(url, name):
    names = launcher_environment.names_of_this_machine(url)
    assert set(names) == {"127.0.0.1", "localhost", "[::1]", name}
