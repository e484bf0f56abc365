"""Load the product's own packs: at every start, those that changed since they were last loaded."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cdo_portal.packs.faults import PackBroken
from cdo_portal.packs.loader import load_all


class Command(BaseCommand):
    """All packs in one transaction, in the order in which they need each other."""

    help = "装载packs/中内容有变化的方案包；--all不论有无变化都装载。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="不论有无变化都装载")
        parser.add_argument("--dry-run", action="store_true", help="只显示差异，不写入")

    def handle(self, *, dry_run: bool, **options: bool) -> None:
        try:
            differences = load_all(only_changed=not options["all"], dry_run=dry_run)
        except PackBroken as broken:
            message = f"{broken}\n共{len(broken.faults)}处错误，什么都没有写入。"
            raise CommandError(message) from broken
        for difference in differences:
            for line in difference.lines():
                self.stdout.write(line)
        if not differences:
            self.stdout.write("方案包没有变化。")
        if dry_run:
            self.stdout.write("试运行，没有写入。")
