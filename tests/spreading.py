"""How `pytest -n 2` spreads the tests over its processes."""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# Tests that start real servers or a browser: each wants most of the machine, so no two at once.
TAKE_TURNS = ("tests/browser/", "tests/launcher/")


class Spreading(LoadScopeScheduling):
    """Whole files, for many make something dear once and keep it for all their tests.

    The files that take turns go to one process together. They are the largest lot by far, and the
    largest goes first, so that the other processes are busy meanwhile.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "in turn" if nodeid.startswith(TAKE_TURNS) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Spreading:
    """Whatever --dist says: any other way would start servers beside each other."""
    return Spreading(config, log)
