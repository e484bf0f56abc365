"""./portal test: pytest on throw-away servers."""

from .. import environment, venv
from ..place import ROOT, Place
from ..servers import throw_away
from .manage import wait_for

# The whole run has to reach the coverage that pyproject.toml demands; a part of it cannot.
WHOLE = ["--cov", "--cov-report=term:skip-covered"]


def run(argv: list[str]) -> int:
    python = venv.ensure("dev", Place.of(None).path / "logs/pip.log")
    with throw_away() as addresses:
        env = environment.of_throw_away(addresses)
        env["DJANGO_SETTINGS_MODULE"] = "cdo_portal.settings.test"
        code = wait_for([str(python), "-m", "pytest", *(argv or WHOLE)], env, ROOT)
        if code or argv:
            return code
        # Where the rules stand (services, models, queries, notices) no line goes untested.
        return wait_for([str(python), "-m", "cdo_portal.checks.coverage_of_rules"], env, ROOT)
