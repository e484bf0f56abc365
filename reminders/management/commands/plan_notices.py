"""`manage.py plan_notices --on D`: write the reminders that are due by that day and not yet told."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from reminders import services


class Command(BaseCommand):
    help = "生成到期应发而未发的提醒。重复运行不会重复生成；漏跑几天后只补最近一个阶段。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", help="日期，YYYY-MM-DD；不写为今天")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            on = date.fromisoformat(options["on"]) if options["on"] else clock.today()
        except ValueError:
            raise CommandError("--on要写成YYYY-MM-DD，例如2022-04-15") from None
        planned = services.plan(on)
        for name, count in planned.items():
            if count:
                self.stdout.write(f"{name} {count}")
        self.stdout.write(f"新提醒{sum(planned.values())}条（{on}）")
