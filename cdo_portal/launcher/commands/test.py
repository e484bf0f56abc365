"""./portal test: pytest on throw-away servers."""

import os

from .. import environment, venv
from ..messages import Problem
from ..place import ROOT, Place
from ..servers import throw_away
from .manage import wait_for

# What the whole run reached; a part of it is not measured.
MEASURED = ".coverage.json"
# The dearest tests are named, for the suite grows and CI has its limit.
WHOLE = ["--durations=40", "--durations-min=2"]
# Each process has a database of its own, with a dozen connections where tests race each other.
MOST = 4
FAULTS = ROOT / "tests/faults"


def run(argv: list[str]) -> int:
    whole = argv[:1] == ["--faults"]
    if whole:
        argv = rows(argv[1:])
    python = venv.ensure("dev", Place.of(None).path / "logs/pip.log")
    with throw_away() as addresses:
        env = environment.of_throw_away(addresses)
        env["DJANGO_SETTINGS_MODULE"] = "cdo_portal.settings.test"
        if whole:
            env["PORTAL_FAULTS"] = "full"
        tests = ["-m", "pytest", *spread(argv), *(argv or WHOLE)]
        if argv:
            return wait_for([str(python), *tests], env, ROOT)
        measuring = ["-m", "slipcover", "--json", "--out", MEASURED]
        code = wait_for([str(python), *measuring, *tests], env, ROOT)
        return code or wait_for([str(python), "-m", "cdo_portal.checks.coverage"], env, ROOT)


def rows(names: list[str]) -> list[str]:
    """The files of the fault suite's rows («A1», «A5»), all of them for none, one process for all.
    Raises Problem for a row that it has not."""
    found = sorted(FAULTS.glob("test_a[0-9][0-9]_*.py"))
    known = {f"A{int(path.name[6:8])}": str(path) for path in found}
    if unknown := [name for name in names if name.upper() not in known]:
        raise Problem("no-row", row="、".join(unknown), known="、".join(known))
    return ["-v", *([known[name.upper()] for name in names] or known.values())]


def spread(argv: list[str]) -> list[str]:
    """Whole folders run in several processes; for a file or a few tests they cost more than they save.

    How the tests are dealt out stands in tests/spreading.py.
    """
    cores = len(os.sched_getaffinity(0))
    # One more than cores: the process with the browser waits for it a fifth of the time.
    processes = min(cores + 1, MOST)
    if cores < 2 or not all((ROOT / word).is_dir() for word in argv):
        return []
    return ["-n", str(processes)]
