"""The container installation names nothing that the project does not have.

No container engine runs where this is developed; this is how Dockerfile and docker-compose.yml are
checked (README.md says so).
"""

import importlib
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands
from django.urls import resolve

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "cdo-portal"}
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
READERS = [
    *(ROOT / "cdo_portal/settings").glob("*.py"),
    ROOT / "cdo_portal/gunicorn.py",
    ROOT / "manage.py",
]


def instructions(word):
    return [line.partition(" ")[2] for line in DOCKERFILE if line.startswith(word + " ")]


def command_of(service):
    return service.get("command") or yaml.safe_load(instructions("CMD")[-1])


def known_variables():
    text = "\n".join(path.read_text(encoding="utf-8") for path in READERS)
    return set(re.findall(r'"([A-Z][A-Z_]{3,})"', text))


def test_every_service_of_a_real_installation_is_there():
    assert set(SERVICES) == {
        "migrate", "web", "worker", "beat", "deliver", "db", "redis", "proxy"
    }  # fmt: skip
    assert SERVICES["web"]["deploy"]["replicas"] == 2
    assert SERVICES["worker"]["deploy"]["replicas"] == 2


@pytest.mark.parametrize("name", OURS)
def test_command_exists(name):
    command = command_of(OURS[name])
    program = command[0]
    if program == "python":
        assert command[1] == "manage.py"
        assert command[2] in get_commands()
    elif program == "celery":
        assert importlib.import_module(command[command.index("-A") + 1]).app
    else:
        assert program == "gunicorn"
        assert (ROOT / command[2].removeprefix("file:")).is_file()


@pytest.mark.parametrize("name", OURS)
def test_variables_are_read_by_the_settings(name):
    for variable in OURS[name]["environment"]:
        assert variable.removesuffix("_FILE") in known_variables(), variable


@pytest.mark.parametrize("name", SERVICES)
def test_secrets_volumes_and_files_are_declared(name):
    service = SERVICES[name]
    assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
    for variable, value in service.get("environment", {}).items():
        if variable.endswith("_FILE"):
            assert value.rpartition("/")[2] in service["secrets"]
    for volume in service.get("volumes", []):
        source = volume.split(":")[0]
        if source.startswith("./") and source != "./deploy/tls":
            assert (ROOT / source).is_file(), source
        elif not source.startswith("./"):
            assert source in COMPOSE["volumes"]


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_waits_for_can_be_waited_for(name):
    for other, wish in SERVICES[name].get("depends_on", {}).items():
        if wish["condition"] == "service_healthy":
            assert SERVICES[other]["healthcheck"]["test"]
        else:
            assert wish["condition"] == "service_completed_successfully"
            assert SERVICES[other]["restart"] != "unless-stopped"


def test_health_check_of_the_web_is_a_page_of_ours():
    code = SERVICES["web"]["healthcheck"]["test"][-1]
    path = re.search(r"http://127\.0\.0\.1:8000(/[^']*)'", code)[1]
    assert resolve(path)
    compile(code, "healthcheck", "exec")
    assert "127.0.0.1" in SERVICES["web"]["environment"]["ALLOWED_HOSTS"]


def test_proxy_speaks_to_the_port_gunicorn_listens_on():
    bind = re.search(r"PORTAL_BIND=\S+:(\d+)", " ".join(instructions("ENV")))[1]
    caddyfile = (ROOT / "deploy/Caddyfile").read_text(encoding="utf-8")
    assert f"dynamic a web {bind}" in caddyfile
    assert set(re.findall(r"{\$(\w+)", caddyfile)) == set(SERVICES["proxy"]["environment"])


def test_image_holds_every_app_and_only_what_exists():
    sources = [
        word
        for line in instructions("COPY")
        if not line.startswith("--from")
        for word in shlex.split(line)[:-1]
    ]
    assert all((ROOT / source).exists() for source in sources)
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert apps <= set(sources)


def test_image_variables_are_read():
    names = set(re.findall(r"(\w+)=", " ".join(instructions("ENV"))))
    names -= {"PATH", "PYTHONUNBUFFERED", "PIP_DISABLE_PIP_VERSION_CHECK", "PIP_NO_CACHE_DIR"}
    assert names <= known_variables()


def test_secrets_are_drawn_for_every_declared_one(tmp_path):
    (tmp_path / "deploy").mkdir()
    script = tmp_path / "deploy/make-secrets"
    script.write_bytes((ROOT / "deploy/make-secrets").read_bytes())
    argv = [sys.executable, script, "portal.example"]
    subprocess.run(argv, check=True, capture_output=True)
    folder = tmp_path / "deploy/secrets"
    drawn = {path.name: path.read_text() for path in folder.iterdir()}
    assert set(drawn) == set(COMPOSE["secrets"])
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (tmp_path / ".env").read_text() == "PORTAL_HOST=portal.example\n"
    subprocess.run(argv, check=True, capture_output=True)
    assert drawn == {path.name: path.read_text() for path in folder.iterdir()}


def test_readme_explains_every_variable():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    settings = "\n".join(path.read_text(encoding="utf-8") for path in READERS[:-2])
    names = set(re.findall(r'\benv(?:_\w+)?\(\s*"([A-Z_]+)"', settings))
    assert len(names) > 15
    assert {name for name in names if f"`{name}`" not in readme} == set()
    assert {"`./portal up`", "`./portal test`"} <= set(re.findall(r"`[^`\n]+`", readme))


def test_ci_script_is_sound():
    assert subprocess.run(["bash", "-n", ROOT / ".ci/run"]).returncode == 0
    assert os.access(ROOT / ".ci/run", os.X_OK)
