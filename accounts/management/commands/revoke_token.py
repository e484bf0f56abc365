"""`manage.py revoke_token 12` or `--user U`: refuse tokens from the next request on."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import tokens
from accounts.models import Token


class Command(BaseCommand):
    help = "撤销接口令牌：按编号一个一个撤，或用--user撤销一个账号的全部令牌。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "ids", nargs="*", type=int, metavar="编号", help="create_token给出的编号"
        )
        parser.add_argument("--user", help="账号：撤销它的全部令牌")

    def handle(self, *, ids: list[int], user: str | None, **_options: Any) -> None:
        if bool(ids) == bool(user):
            raise CommandError("写令牌编号，或写--user账号，二者取一。")
        rows = (
            Token.objects.filter(user__username=user) if user else Token.objects.filter(pk__in=ids)
        )
        found = list(rows.select_related("user").order_by("pk"))
        if missing := sorted(set(ids) - {row.pk for row in found}):
            raise CommandError(f"没有编号{'、'.join(map(str, missing))}的令牌，一个也没有撤销。")
        live = [row for row in found if row.revoked_at is None]
        for row in live:
            tokens.revoke_token(row, by=None)
            self.stdout.write(f"已撤销令牌{row.pk}：{row}")
        self.stdout.write(f"共撤销{len(live)}个令牌。")
