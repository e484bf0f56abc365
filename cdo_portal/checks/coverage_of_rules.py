"""Every line of services, models, queries and notices was run by the tests just now.

python -m cdo_portal.checks.coverage_of_rules

The whole project has its own floor in pyproject.toml; where the rules stand there is no slack.
"""

import io
import json
import re
import sys
import tempfile
from pathlib import Path

from coverage import Coverage

RULES = re.compile(
    r"^(core|accounts|pilots|reminders|approvals|duties|reports|projects|officers|trainings|evaluations)/(services|models|queries|notices)(/|\.py)"
)


def missing() -> dict[str, list[int]]:
    """Lines without a test, by file, from the data that `./portal test` left in `.coverage`."""
    data = Coverage()
    data.load()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        data.json_report(outfile=str(report), ignore_errors=True)
        files = json.loads(report.read_text(encoding="utf-8"))["files"]
    return {
        name: found["missing_lines"]
        for name, found in sorted(files.items())
        if RULES.match(name) and found["missing_lines"]
    }


def main() -> int:
    found = missing()
    said = io.StringIO()
    for name, lines in found.items():
        said.write(f"{name}: {', '.join(map(str, lines))}\n")
    if found:
        sys.stderr.write(f"规则代码有没测到的行：\n{said.getvalue()}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
