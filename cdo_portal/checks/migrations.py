"""Migrations are named, can be undone, and their SQL locks no full table (squawk).

python -m cdo_portal.checks.migrations
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import django
from django.apps import apps
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).resolve().parents[2]


def own_migrations(loader: MigrationLoader) -> list[Migration]:
    own = {app.label for app in apps.get_app_configs() if ROOT in Path(app.path).parents}
    own = {label for label in own if ".venv" not in Path(apps.get_app_config(label).path).parts}
    return [loader.graph.nodes[key] for key in sorted(loader.graph.nodes) if key[0] in own]


def faults(migration: Migration) -> list[str]:
    """What a reader of this one migration would send back."""
    found = []
    if "auto" in migration.name.split("_"):
        found.append("needs a name that says what it does")
    found += [
        f"cannot be undone: {operation.describe()}"
        for operation in migration.operations
        if not operation.reversible
    ]
    return [f"{migration}: {fault}" for fault in found]


def main() -> int:
    django.setup()
    loader = MigrationLoader(connection, replace_migrations=False)
    migrations = own_migrations(loader)
    found = [fault for migration in migrations for fault in faults(migration)]
    print("\n".join(found))
    with tempfile.TemporaryDirectory() as folder:
        for migration in migrations:
            sql = "\n".join(loader.collect_sql([(migration, False)]))
            Path(folder, f"{migration}.sql").write_text(sql, encoding="utf-8")
        files = sorted(str(path) for path in Path(folder).iterdir())
        squawk = Path(sys.executable).with_name("squawk")
        done = subprocess.run([squawk, "--config", ROOT / ".squawk.toml", *files])
    return 1 if found else done.returncode


if __name__ == "__main__":
    sys.exit(main())
