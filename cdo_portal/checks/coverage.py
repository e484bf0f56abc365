"""What the tests just ran: all of the rules, and nearly all of the rest.

python -m cdo_portal.checks.coverage [--all]

Where the rules stand (services, models, queries, notices) no line goes untested; the whole has a floor.
Says nothing when that holds, for the last line to read is that of pytest; `--all` names every line that was
not run.
"""

import json
import re
import sys
from collections.abc import Iterable

from cdo_portal.launcher.commands.test import MEASURED
from cdo_portal.launcher.place import ROOT

FLOOR = 95  # per cent of all lines
RULES = re.compile(
    r"^(core|accounts|pilots|reminders|approvals|duties|reports|projects|officers|trainings|evaluations)/(services|models|queries|notices)(/|\.py)"
)


def main() -> int:
    measured = json.loads((ROOT / MEASURED).read_text(encoding="utf-8"))
    missing = {
        name: found["missing_lines"]
        for name, found in sorted(measured["files"].items())
        if found["missing_lines"]
    }
    share = measured["summary"]["percent_covered"]
    untested = [name for name in missing if RULES.match(name)]
    if "--all" in sys.argv or share < FLOOR:
        say(missing, missing)
    if "--all" in sys.argv or share < FLOOR or untested:
        sys.stdout.write(f"测到{share:.1f}%的行，至少要{FLOOR}%。\n")
    if untested:
        sys.stdout.write("规则代码有没测到的行：\n")
        say(missing, untested)
    return 1 if untested or share < FLOOR else 0


def say(missing: dict[str, list[int]], names: Iterable[str]) -> None:
    for name in names:
        sys.stdout.write(f"{name}: {', '.join(map(str, missing[name]))}\n")


if __name__ == "__main__":
    sys.exit(main())
