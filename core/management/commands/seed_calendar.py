"""`manage.py seed_calendar`: enter the working days that chinesecalendar knows, where missing."""

from typing import Any

from django.core.management.base import BaseCommand

from core import workdays


class Command(BaseCommand):
    help = "登记工作日历中缺少的日期；已登记或改过的不动。"

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"新登记{workdays.seed()}天")
