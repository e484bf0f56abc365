"""Which database connection does what."""

from typing import Any


class OwnerOnlyMigrates:
    """Everything runs as the application's role; only the owner's connection may change the schema.

    Both are the same PostgreSQL database: `migrate --database=owner` is the one way to migrate.
    """

    def allow_relation(self, *_objects: Any, **_hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, *_args: Any, **_hints: Any) -> bool:
        return db == "owner"
