"""`./portal test` uses all cores where that pays, and never starts two lots of servers at once."""

import os
import re
from collections import defaultdict

import pytest

from cdo_portal.launcher.commands.test import MOST, rows, spread
from cdo_portal.launcher.messages import Problem
from cdo_portal.launcher.place import ROOT

pytest_plugins = ["pytester"]


@pytest.fixture
def cores(monkeypatch):
    def there_are(count):
        monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(count)))

    return there_are


@pytest.mark.parametrize("words", [[], ["tests"], ["tests/duties", "tests/pilots/"]])
def test_everything_and_whole_folders_run_on_all_cores(cores, words):
    cores(2)
    assert spread(words) == ["-n", "3"]
    cores(64)
    assert spread(words) == ["-n", str(MOST)]
    cores(1)
    assert spread(words) == []


@pytest.mark.parametrize(
    "words",
    [
        ["tests/duties", "-k", "late"],
        ["tests/test_english.py"],
        ["tests/launcher/test_life.py::test_first_start_brings_everything_up"],
        ["tests", "-n0"],
        ["--last-failed"],
    ],
    ids=" ".join,
)
def test_anything_narrower_runs_as_it_is_asked_for(cores, words):
    cores(2)
    assert spread(words) == []


def test_the_rows_of_the_fault_suite_are_named_as_in_its_table():
    (first, second) = rows(["A5", "a1"])[1:]
    assert re.search(r"/test_a05_\w+\.py$", first)
    assert re.search(r"/test_a01_\w+\.py$", second)
    assert len(rows([])[1:]) == 16
    with pytest.raises(Problem, match="A99"):
        rows(["A99"])


FIVE = """
import pytest

@pytest.mark.parametrize("number", range(5))
def test_it(number):
    pass
"""


def test_a_file_stays_whole_and_servers_take_turns(pytester, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("SLIPCOVER_ENABLED", raising=False)  # this run is not what is measured
    pytester.makeini("[pytest]")
    pytester.makeconftest("from tests.spreading import pytest_xdist_make_scheduler")
    for folder in ("browser", "launcher", "duties", "pilots"):
        path = pytester.path / f"tests/{folder}/test_{folder}.py"
        path.parent.mkdir(parents=True)
        path.write_text(FIVE)
    done = pytester.runpytest_subprocess("-n2", "-v", "-p", "no:django", "-p", "no:cacheprovider")
    done.assert_outcomes(passed=20)
    ran = {tuple(re.findall(r"^\[(gw\d)\].*PASSED tests/(\w+)/", line)) for line in done.outlines}
    processes = defaultdict(set)
    for process, folder in (pair for found in ran for pair in found):
        processes[folder].add(process)
    assert all(len(of_one) == 1 for of_one in processes.values()), processes
    assert processes["browser"] == processes["launcher"] != processes["duties"]
