"""./portal check: everything that can be known without running the tests, a line a step."""

import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from .. import environment, venv
from ..messages import say
from ..place import ROOT, Place
from ..servers import throw_away

TYPED = ("services", "queries", "models", "moves", "roles", "choices")
# What a real installation sets; `check --deploy` has to be content with it.
PRODUCTION = {
    "PORTAL_URL": "https://portal.example.gov.cn/",
    "ALLOWED_HOSTS": "portal.example.gov.cn",
    "TRUSTED_PROXIES": "1",
    "EMAIL_URL": "smtps://portal:word@mail.example.gov.cn",
}
AT_ONCE = 2


@dataclass(frozen=True)
class Step:
    """One check: `argv` runs in `env` and says no by its exit code."""

    label: str
    argv: list[str]
    env: dict[str, str]


class Running:
    """A step under way; its output waits in a file until it is known whether anybody wants it."""

    def __init__(self, step: Step, output: Path) -> None:
        self.step, self.output, self.began = step, output, time.monotonic()
        with output.open("wb") as file:
            self.process = subprocess.Popen(
                step.argv, env=step.env, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT
            )

    def finish(self) -> bool:
        """Print the step's line, and its output where it failed; True when all is well."""
        passed = self.process.returncode == 0
        seconds = time.monotonic() - self.began
        say(f"{'✓' if passed else '✗'} {self.step.label}  {seconds:.1f} 秒")
        if not passed:
            text = self.output.read_text(encoding="utf-8", errors="replace")
            say("\n".join(f"    {line}" for line in text.splitlines()))
        return passed


def run(argv: list[str]) -> int:
    """Run all steps even after a failure; words in `argv` choose steps by part of their label.

    `--update` first writes what is generated: docs/openapi.json and the translation files.
    """
    update = [word for word in argv if word == "--update"]
    argv = [word for word in argv if word != "--update"]
    python = venv.ensure("dev", Place.of(None).path / "logs/pip.log")
    with throw_away(valkey=False) as addresses, tempfile.TemporaryDirectory() as folder:
        wanted = [
            step
            for step in steps(python, addresses, update)
            if not argv or any(word in step.label for word in argv)
        ]
        failed = run_all(wanted, Path(folder))
    say(f"{len(wanted) - failed} 项通过，{failed} 项未通过。")
    return 1 if failed else 0


def steps(python: Path, addresses: dict[str, str], update: list[str]) -> list[Step]:
    env = environment.of_throw_away(addresses) | environment.drawn_keys()
    env["DJANGO_SETTINGS_MODULE"] = "cdo_portal.settings.base"
    tool = str(python.parent) + os.sep
    manage = [str(python), "manage.py"]
    own = [str(python), "-m"]
    return [
        Step("mypy", [tool + "mypy", *typed_files()], env),
        Step("ruff check", [tool + "ruff", "check", "."], env),
        Step("ruff format", [tool + "ruff", "format", "--check", "."], env),
        Step("import-linter", [tool + "lint-imports"], env),
        Step("makemigrations", [*manage, "makemigrations", "--check", "--dry-run"], env),
        Step("openapi", [*own, "cdo_portal.checks.openapi", *update], env),
        Step("translations", [*own, "cdo_portal.checks.translations", *update], env),
        Step("migrations sql", [*own, "cdo_portal.checks.migrations"], env),
        Step(
            "check --deploy",
            [*manage, "check", "--deploy", "--fail-level", "WARNING"],
            {**env, **PRODUCTION},
        ),
        Step("copy lint", [*own, "cdo_portal.lint"], env),
    ]


def typed_files() -> list[str]:
    """The files that hold rules: services, queries, models and their like, of every app."""
    found = []
    for app in sorted(ROOT.glob("*/apps.py")):
        for name in TYPED:
            found += [app.parent / name, app.parent / f"{name}.py"]
    found.append(ROOT / "cdo_portal/launcher")
    return [str(path.relative_to(ROOT)) for path in found if path.exists()]


def run_all(steps: list[Step], folder: Path) -> int:
    """Run the steps two at a time; returns how many failed."""
    waiting, failed = list(steps), 0
    running: list[Running] = []
    try:
        while waiting or running:
            while waiting and len(running) < AT_ONCE:
                running.append(Running(waiting.pop(0), folder / f"{len(waiting)}.log"))
            for step in [step for step in running if step.process.poll() is not None]:
                running.remove(step)
                failed += not step.finish()
            time.sleep(0.05)
    finally:
        for step in running:
            step.process.kill()
    return failed
