"""./portal bench: the portal beside a bare application, on throw-away servers."""

from .. import environment, venv
from ..messages import Problem
from ..place import ROOT, Place
from ..servers import throw_away
from .manage import wait_for


def run(argv: list[str]) -> int:
    if not (ROOT / "cdo_portal/bench").is_dir():
        raise Problem("no-bench")
    python = venv.ensure("dev", Place.of(None).path / "logs/pip.log")
    with throw_away() as addresses:
        env = environment.of_throw_away(addresses)
        return wait_for([str(python), "-m", "cdo_portal.bench", *argv], env, ROOT)
