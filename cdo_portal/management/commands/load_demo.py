"""`manage.py load_demo`: tell the demonstration story, only in a trial or where nobody works yet."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from cdo_portal.demo import telling


class Command(BaseCommand):
    help = "装载演示数据（深圳市2021年8月至2022年5月10日）。真实数据库中已有账号时拒绝。"

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.TRIAL and User.objects.exists():
            raise CommandError(
                "这个数据库里已有账号，不能装载演示数据。换一个空数据库，或用试用模式./portal up。"
            )
        try:
            counts = telling.tell()
        except telling.Unready as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write(f"演示数据：{counts['scenes']}件事，{counts['notices']}条提醒")
