"""What the tests just ran: all of the rules, and nearly all of the rest.

python -m cdo_portal.checks.coverage

Where the rules stand (services, models, queries, notices) no line goes untested; the whole has a floor.
"""

import json
import re
import sys

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
    for name, lines in missing.items():
        sys.stdout.write(f"{name}: {', '.join(map(str, lines))}\n")
    share = measured["summary"]["percent_covered"]
    untested = [name for name in missing if RULES.match(name)]
    said = f"测到{share:.1f}%的行（至少{FLOOR}%），规则代码有{len(untested)}个文件没有全测到。"
    sys.stdout.write(said + "\n" + "".join(f"  {name}\n" for name in untested))
    return 1 if untested or share < FLOOR else 0


if __name__ == "__main__":
    sys.exit(main())
