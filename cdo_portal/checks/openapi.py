"""docs/openapi.json is what the code says: python -m cdo_portal.checks.openapi [--update]"""

import difflib
import sys
import tempfile
from pathlib import Path

import django
from django.core.management import call_command

KEPT = Path(__file__).resolve().parents[2] / "docs/openapi.json"
ADVICE = (
    "docs/openapi.json differs from the code. After reading the difference: ./portal check --update"
)


def generated() -> str:
    """The OpenAPI document of the code as it stands; a warning of the generator is an error."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "openapi.json")
        options = ["--validate", "--fail-on-warn", "--format", "openapi-json", "--file", path]
        call_command("spectacular", *map(str, options))
        return path.read_text(encoding="utf-8").rstrip() + "\n"


def main(argv: list[str]) -> int:
    django.setup()
    wanted = generated()
    if "--update" in argv:
        KEPT.write_text(wanted, encoding="utf-8")
    present = KEPT.read_text(encoding="utf-8") if KEPT.exists() else ""
    if present == wanted:
        return 0
    changes = difflib.unified_diff(
        present.splitlines(), wanted.splitlines(), "docs/openapi.json", "code", lineterm="", n=1
    )
    print("\n".join(list(changes)[:60]), ADVICE, sep="\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
