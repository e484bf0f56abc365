"""`manage.py create_token --user U --scope read`: a key for another system, shown this once."""

import difflib
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import tokens
from accounts.models import Token, User

LONGEST_DAYS = 366


class Command(BaseCommand):
    help = "为账号生成接口令牌。令牌单独写在最后一行，只显示这一次，库中只存摘要。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", required=True, help="账号")
        parser.add_argument(
            "--scope", choices=Token.Scope.values, default=Token.Scope.READ, help="默认read"
        )
        parser.add_argument("--days", type=int, default=90, help="有效天数，1至366，默认90")
        parser.add_argument("--name", default="接口", help="用途，例如“一网统管平台”")

    def handle(self, *, user: str, scope: str, days: int, name: str, **_options: Any) -> None:
        if not 1 <= days <= LONGEST_DAYS:
            raise CommandError(f"--days写1到{LONGEST_DAYS}之间的整数。")
        token, secret = tokens.create_token(
            user=find_user(user), name=name, scope=scope, days=days, by=None
        )
        self.stdout.write(
            f"令牌{token.pk}：{token.user.audit_label}，{token.get_scope_display()}，"
            f"有效期至{token.expires_on}。撤销：manage revoke_token {token.pk}"
        )
        self.stdout.write(secret)


def find_user(username: str) -> User:
    """The account of that name; raises CommandError with the nearest names."""
    found = User.objects.filter(username=username).first()
    if found is None:
        names = list(User.objects.values_list("username", flat=True)[:5000])
        near = "、".join(difflib.get_close_matches(username, names))
        raise CommandError(f"没有账号“{username}”。" + (f"相近的有：{near}。" if near else ""))
    if not found.is_active:
        raise CommandError(f"账号“{username}”已停用，先启用再生成令牌。")
    return found
