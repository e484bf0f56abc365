"""`manage.py grant_rights`: what the application's role may do, set by the owner after migrating."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections
from psycopg2 import sql

from core.models import AuditEntry


class Command(BaseCommand):
    help = (
        "Give the application's database role its rights; on the audit record only to add and read."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        role = settings.DATABASES["default"]["USER"]
        owner = settings.DATABASES.get("owner", {}).get("USER", role)
        if role == owner:
            self.stderr.write(
                "DATABASE_OWNER_URL 与 DATABASE_URL 是同一角色：审计表只由触发器保护。"
            )
            return
        with connections["owner"].cursor() as cursor:
            for statement in STATEMENTS:
                names = {
                    "database": sql.Identifier(settings.DATABASES["default"]["NAME"]),
                    "role": sql.Identifier(role),
                    "audit": sql.Identifier(AuditEntry._meta.db_table),
                }
                cursor.execute(sql.SQL(statement).format(**names))


# pgtrigger leaves a side door: a session that sets `pgtrigger.ignore` passes every trigger by. Each
# migration that makes a trigger opens it again; migrating is the owner's, and this comes after it.
SIDE_DOOR = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
LANGUAGE sql IMMUTABLE AS 'SELECT false'
"""
# The simulator of reminders plans on temporary tables. PostgreSQL gives everybody that right; where it
# was taken away and the owner of the tables is not that of the database, this only warns.
STATEMENTS = (
    SIDE_DOOR,
    "GRANT TEMPORARY ON DATABASE {database} TO {role}",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "REVOKE ALL ON {audit} FROM {role}",
    "GRANT SELECT, INSERT ON {audit} TO {role}",
)
