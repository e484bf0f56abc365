"""Every test rolls back what it wrote, and leaves dead rows in the tables. With autovacuum, which comes
at some moment while a test runs, one story once took 280 seconds in a whole run that takes 40 by itself;
without it, never. So it is off in the database of the tests, and the tables are swept between two files,
when nothing lives in them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

MANY = 1000  # dead rows of a table
OFF = """
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('ALTER TABLE %I SET (autovacuum_enabled = off)', name);
    END LOOP;
END $$
"""
DIRTY = "SELECT relname FROM pg_stat_user_tables WHERE n_dead_tup > %s"


_blocker: Any = None  # pytest-django's, once there is a database


def begin(blocker: Any) -> None:
    """To be called when the database of the tests is there."""
    global _blocker  # noqa: PLW0603 - one database a process
    _blocker = blocker
    with connection.cursor() as cursor:
        cursor.execute(OFF)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """After the last test of a file, and all that it kept."""
    yield
    if _blocker is not None and (nextitem is None or nextitem.path != item.path):
        with _blocker.unblock():
            _sweep()


def _sweep() -> None:
    with connection.cursor() as cursor:
        cursor.execute(DIRTY, [MANY])
        for (name,) in cursor.fetchall():
            cursor.execute(f'VACUUM "{name}"')
