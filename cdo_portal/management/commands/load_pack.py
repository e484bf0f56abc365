"""Load one pack, or show what loading it would change."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from cdo_portal.packs.faults import PackBroken
from cdo_portal.packs.loader import load


class Command(BaseCommand):
    """Prints the difference; a broken pack prints every fault with its line, and nothing is written."""

    help = "装载一个方案包（YAML），显示新增、变更、撤回和冲突。写法见docs/packs.md。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="方案包文件，例如packs/shenzhen-2021.yaml")
        parser.add_argument("--dry-run", action="store_true", help="只显示差异，不写入")
        parser.add_argument("--user", help="记入操作日志的用户名；不写则记为系统")

    def handle(self, *, file: Path, dry_run: bool, user: str | None, **options: object) -> None:
        try:
            difference = load(file, by=_person(user), dry_run=dry_run)
        except PackBroken as broken:
            raise CommandError(_refusal(broken)) from broken
        for line in difference.lines():
            self.stdout.write(line)
        if dry_run:
            self.stdout.write("试运行，没有写入。")


def _person(username: str | None) -> User | None:
    if username is None:
        return None
    person = User.objects.filter(username=username).first()
    if person is None:
        raise CommandError(f"没有用户名为“{username}”的账号。")
    return person


def _refusal(broken: PackBroken) -> str:
    return f"{broken}\n共{len(broken.faults)}处错误，什么都没有写入。"
