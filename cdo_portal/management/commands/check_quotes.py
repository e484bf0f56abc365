"""Prove that every quoted clause is an exact part of its source."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cdo_portal.packs.faults import PackBroken
from cdo_portal.packs.loader import own_packs
from cdo_portal.packs.quotes import prove


class Command(BaseCommand):
    """Exit code 0 only when each quote was found; the sources are no part of the product."""

    help = "核对方案包中逐字引用的条款与来源原文（去掉HTML标记后）完全一致。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seeds", type=Path, required=True, help="来源原文所在目录")
        parser.add_argument("files", nargs="*", type=Path, help="方案包文件；不写则核对全部")

    def handle(self, *, seeds: Path, files: list[Path], **options: object) -> None:
        if not seeds.is_dir():
            raise CommandError(f"没有目录{seeds}。")
        try:
            proof = prove(files or own_packs(), seeds)
        except PackBroken as broken:
            raise CommandError(str(broken)) from broken
        counts = "，".join(f"{tag} {n}条" for tag, n in sorted(proof.found.items()))
        self.stdout.write(f"与原文一致的引文{proof.found.total()}条（{counts}）。")
        if proof.faults:
            faults = "\n".join(str(fault) for fault in proof.faults)
            raise CommandError(f"{faults}\n共{len(proof.faults)}处与原文不符。")
