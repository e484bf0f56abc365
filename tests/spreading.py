"""How `pytest -n 2` spreads the tests over its processes."""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# Tests that start real servers or a browser: each wants most of the machine, so no two at once.
TAKE_TURNS = ("tests/browser/", "tests/launcher/")


# Few tests that take long: a lot of its own, or they would come last and leave the other processes idle.
DEAR = (
    "tests/demo/",
    "tests/faults/",
    "tests/security/test_duty_cycle_privacy.py",
    "tests/security/test_register_privacy.py",
    "tests/test_english.py",
)


class Spreading(LoadScopeScheduling):
    """Whole files, for many make something dear once and keep it for all their tests.

    The files that take turns go to one process together. They are the largest lot by far, and the
    largest goes first, so that the other processes are busy meanwhile.
    """

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(TAKE_TURNS):
            return "in turn"
        return "dear" if nodeid.startswith(DEAR) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Spreading:
    """Whatever --dist says: any other way would start servers beside each other."""
    return Spreading(config, log)
