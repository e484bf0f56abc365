"""`manage.py check_servers`: what the PostgreSQL and Redis of this installation lack, by name."""

from typing import Any

import redis
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections

OLDEST, NEWEST = 15, 18


class Command(BaseCommand):
    help = "检查 PostgreSQL 版本、编码、角色权限和 Redis 是否可用。"
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        faults = [
            fault for alias in settings.DATABASES for fault in self.connection_faults(alias)
        ] or database_faults()
        if faults:
            raise CommandError("；".join(faults))
        for warning in warnings():
            self.stderr.write(warning)

    def connection_faults(self, alias: str) -> list[str]:
        """Without a connection there is nothing more to ask."""
        try:
            connections[alias].ensure_connection()
        except DatabaseError as error:
            variable = "DATABASE_OWNER_URL" if alias == "owner" else "DATABASE_URL"
            return [f"连不上数据库，请检查 {variable}（{first_line(error)}）"]
        return []


def first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def ask(alias: str, question: str, *values: Any) -> tuple:
    with connections[alias].cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone()


def database_faults() -> list[str]:
    """What makes work impossible: version, encoding, the owner's and the application's rights."""
    faults = []
    major = connections["default"].pg_version // 10_000
    if not OLDEST <= major <= NEWEST:
        faults.append(f"PostgreSQL 是 {major} 版，需要 {OLDEST} 至 {NEWEST} 版")
    (encoding,) = ask("default", "SHOW server_encoding")
    if encoding != "UTF8":
        faults.append(f"数据库编码是 {encoding}，需要 UTF8（CREATE DATABASE … ENCODING 'UTF8'）")
    owner = "owner" if "owner" in connections else "default"
    role, may_create, may_use = ask(
        owner,
        """SELECT current_user, has_schema_privilege('public', 'CREATE'),
                  has_schema_privilege('public', 'USAGE')""",
    )
    if not (may_create and may_use):
        faults.append(f"角色 {role} 不能建表：GRANT ALL ON SCHEMA public TO {role}")
    names = {alias: ask(alias, "SELECT current_database()")[0] for alias in settings.DATABASES}
    if len(set(names.values())) > 1:
        faults.append(f"DATABASE_URL 与 DATABASE_OWNER_URL 不是同一个数据库：{names}")
    return faults


def warnings() -> list[str]:
    """What works but should be known."""
    found = []
    role, is_superuser = ask(
        "default", "SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user"
    )
    if is_superuser:
        found.append(f"角色 {role} 是超级用户，审计表不受权限保护：请为应用另建普通角色。")
    if settings.REDIS_URL:
        try:
            redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2).ping()
        except redis.RedisError as error:
            found.append(f"连不上 Redis（{first_line(error)}）：提醒会晚一些，但不会丢失。")
    return found
