"""For tests that start a process of their own on the database of the test."""

from urllib.parse import quote

from django.db import connection


def database_url() -> str:
    """Address of the test database with its password: the servers of `./portal test` ask for one."""
    facts = connection.settings_dict
    login = ":".join(quote(facts[name]) for name in ("USER", "PASSWORD") if facts[name])
    port = f"&port={facts['PORT']}" if facts["PORT"] else ""
    return f"postgresql://{login}@/{facts['NAME']}?host={quote(facts['HOST'], safe='')}{port}"
