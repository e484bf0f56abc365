"""The fault suite (reliability.md §2 A): small in every run of the tests, whole by `./portal test --faults`.

Its parts are those of Jepsen: workloads (laying.py), a nemesis (a signal, a switch, a clock), a history
(what the receivers heard), a checker that shares no code with the portal, and a control: the same run
with the mechanism off must be found guilty.
"""

import json
import os

import pytest

from tests.reminders.conftest import smtp, ten_o_clock, waiting  # noqa: F401 - pytest finds them here

from .fleet import Fleet

FULL = os.environ.get("PORTAL_FAULTS") == "full"
_figures: list[str] = []


@pytest.fixture
def scale():
    """`scale(200, 20_000)`: the small figure, or that of the promise."""
    return lambda small, whole: whole if FULL else small


@pytest.fixture
def figure():
    """`figure("A1", kills=100, lost=0)`: what was measured, told at the end of the run."""

    def note(row: str, **facts: object) -> None:
        _figures.append(f"{row}  " + json.dumps(facts, ensure_ascii=False))

    return note


def pytest_terminal_summary(terminalreporter):
    if FULL and _figures:
        terminalreporter.section("figures")
        for line in _figures:
            terminalreporter.write_line(line)


@pytest.fixture(scope="package")
def _fleet(django_db_setup, tmp_path_factory):
    fleet = Fleet(tmp_path_factory.mktemp("faults"), delay=0.02 if FULL else 0.005)
    yield fleet
    fleet.close()


@pytest.fixture
def fleet(_fleet, transactional_db):
    """Receivers that have heard nothing, and no worker yet."""
    _fleet.forget()
    yield _fleet
    _fleet.kill_all()


@pytest.fixture
def redis(fleet):
    """A Valkey for the workers, which otherwise find none."""
    fleet.redis.start()
    return fleet.redis
