"""./portal bench: the portal beside a bare application, on throw-away servers."""

from .. import environment, venv
from ..place import ROOT, Place
from ..servers import throw_away
from .manage import wait_for


def run(argv: list[str]) -> int:
    python = venv.ensure("dev", Place.of(None).path / "logs/pip.log")
    with throw_away() as addresses:
        env = environment.of_throw_away(addresses) | environment.drawn_keys()
        return wait_for([str(python), "-m", "cdo_portal.bench", *argv], env, ROOT)
