"""`manage.py purge`: what the nightly task does, by hand."""

from typing import Any

from django.core.management.base import BaseCommand

from cdo_portal import purging


class Command(BaseCommand):
    help = (
        "清理过期会话、一天前的去重键、30天前的试用邮件、没有传完的文件、"
        "90天前的预览和3年前的发送记录。审计记录不清理。"
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        for name, count in purging.purge().items():
            self.stdout.write(f"{name} {count}")
