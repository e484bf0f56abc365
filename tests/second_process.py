"""For tests that start a process of their own on the database of the test.

    python -m tests.second_process OFFSET COMMAND [WORD ...]

runs a command of the portal as manage.py does, by a clock that is so many seconds off the real one.
"""

import sys
from datetime import timedelta
from urllib.parse import quote

import django
from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import connection
from django.db.backends.signals import connection_created
from django.utils import timezone

from core import clock


def database_url() -> str:
    """Address of the test database with its password: the servers of `./portal test` ask for one."""
    facts = connection.settings_dict
    login = ":".join(quote(facts[name]) for name in ("USER", "PASSWORD") if facts[name])
    port = f"&port={facts['PORT']}" if facts["PORT"] else ""
    return f"postgresql://{login}@/{facts['NAME']}?host={quote(facts['HOST'], safe='')}{port}"


def offset() -> float:
    """By how many seconds the clock of the test is off the real one."""
    return (clock.now() - timezone.now()).total_seconds()


def live_at(seconds: float) -> None:
    """Let this process live at the hour of the test: in the evening nothing may reach anybody, so by the
    real clock a run would be left unfinished after six."""
    settings.TEST_CLOCK_OFFSET = True
    connection_created.connect(clock.follow)
    clock.shift(timedelta(seconds=seconds))


if __name__ == "__main__":
    django.setup()
    live_at(float(sys.argv[1]))
    execute_from_command_line(["manage.py", *sys.argv[2:]])
