"""The first account of a real installation: no default password, a one-time link instead."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse

from accounts import services as accounts
from accounts.models import User
from accounts.roles import Role, SiteRoleKind
from core import clock
from core.errors import Refused
from pilots import services
from pilots.models import Unit


class Command(BaseCommand):
    """Prints the link alone on the last line. Run again for somebody who never used the link, it
    prints a new one; it never touches an account whose password was set."""

    help = "开通第一个账号（站点角色，或某单位的一个身份），最后一行打印设置密码的一次性链接，三天内有效。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", required=True, help="账号")
        parser.add_argument("--name", required=True, help="姓名")
        parser.add_argument("--email", default="", help="电子邮箱")
        kind = parser.add_mutually_exclusive_group(required=True)
        kind.add_argument("--site-role", choices=SiteRoleKind.values, help="站点角色")
        kind.add_argument("--role", choices=Role.values, help="单位身份，与--unit同用")
        parser.add_argument("--unit", help="单位代码，与--role同用")

    def handle(self, **options: Any) -> None:
        if bool(options["role"]) != bool(options["unit"]):
            raise CommandError(
                "--role和--unit要一起写，例如--role bureau_officer --unit 440300-zsj。"
            )
        try:
            with transaction.atomic():
                user = self._account(options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        except ValidationError as error:
            raise CommandError("；".join(error.messages)) from None
        uid, token, _end = accounts.one_time_path(user).split("/")
        link = reverse("accounts:first-password", args=[uid, token]).lstrip("/")
        self.stdout.write(
            f"账号{user.username}已开通，用下面的链接设置密码（只能用一次，三天内有效）："
        )
        self.stdout.write(f"{settings.PORTAL_URL}{link}")

    def _account(self, options: dict[str, Any]) -> User:
        user = User.objects.filter(username=options["username"]).first()
        if user is not None:
            if user.has_usable_password():
                raise CommandError(
                    f"账号{user.username}已设过密码。忘记密码的，由安全管理员在管理后台重置。"
                )
            return user
        user = accounts.create_account(
            username=options["username"],
            display_name=options["name"],
            email=options["email"],
            by=None,
            must_change_password=False,
        )
        if options["site_role"]:
            accounts.grant_site_role(user, options["site_role"], by=None)
        else:
            self._membership(user, options)
        return user

    def _membership(self, user: User, options: dict[str, Any]) -> None:
        unit = Unit.rows.filter(code=options["unit"]).first()
        if unit is None:
            raise CommandError(f"没有代码为{options['unit']}的单位。单位代码见packs/bodies.yaml。")
        services.add_membership(
            user, unit, options["role"], by=None, starts_on=clock.today(), origin="首个账号"
        )
