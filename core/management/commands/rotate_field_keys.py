"""`manage.py rotate_field_keys`: bring encrypted columns under the newest of FIELD_KEYS."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import Refused
from core.sealed import rotation


class Command(BaseCommand):
    help = (
        "把加密字段换用FIELD_KEYS里的第一把密钥，并重写查重摘要。步骤：新密钥放在最前，重启全部进程；"
        "执行本命令；去掉旧密钥，再重启。可以重复执行，也可以同时执行。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="只统计，不改动")

    def handle(self, *_args: Any, check: bool = False, **_options: Any) -> None:
        try:
            outcome = rotation.rotate(is_trial_run=check)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        said = "待换用" if check else "已换用"
        for name, count in outcome.seen.items():
            self.stdout.write(f"{name}：共{count}项，{said}{outcome.renewed[name]}项")
        self.stdout.write(f"{said}新密钥合计{outcome.total}项")
        if outcome.lost:
            raise CommandError(
                f"{outcome.lost}项无法解密：{_places(outcome)}。把原密钥补回后再执行。"
            )


def _places(outcome: rotation.Outcome) -> str:
    """Which rows nobody can read, by primary key, the first twenty of each column."""
    return "；".join(
        f"{name} {'、'.join(str(key) for key in keys[:20])}{'等' if len(keys) > 20 else ''}"
        for name, keys in outcome.unreadable.items()
    )
