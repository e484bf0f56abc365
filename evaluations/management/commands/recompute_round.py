"""recompute_round PJ-2022-0001 [--edition 1] [--package file.json] [--write file.json]: the scores of a
result again, from its package alone. With --package nothing is asked of the database."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evaluations import package
from evaluations.models import Edition


class Command(BaseCommand):
    help = "按数据包重新计算一次评价的得分，与当时的结果逐位核对。"
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", nargs="?", help="评价编号，如PJ-2022-0001")
        parser.add_argument("--edition", type=int, help="结果版次，不写取最新")
        parser.add_argument("--package", type=Path, help="数据包文件，只用它，不读数据库")
        parser.add_argument("--write", type=Path, help="把数据包另存为文件")

    def handle(self, *_args: Any, **options: Any) -> None:
        packed = self._packed(options)
        try:
            package.verify(packed)
            found = package.recompute(packed)
        except (package.Broken, KeyError, TypeError, ValueError, ArithmeticError) as error:
            raise CommandError(f"不能重算：{error}") from error
        if options["number"] and packed["round"]["number"] != options["number"]:
            raise CommandError(
                f"数据包是{packed['round']['number']}的，不是{options['number']}的。"
            )
        if options["write"]:
            options["write"].write_text(package.canonical(packed), encoding="utf-8")
        self._report(packed, found)

    def _packed(self, options: dict[str, Any]) -> Any:
        if options["package"]:
            try:
                return json.loads(options["package"].read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                raise CommandError(f"读不出{options['package']}：{error}") from error
        rows = Edition.rows.filter(round__number=options["number"] or "")
        if options["edition"]:
            rows = rows.filter(number=options["edition"])
        edition = rows.order_by("-number").first()
        if edition is None:
            raise CommandError(f"没有评价{options['number'] or ''}的结果。")
        if package.digest(edition.package) != edition.sha256:
            raise CommandError("数据包与登记的摘要不符，内容被改动过。")
        return edition.package

    def _report(self, packed: Any, found: dict[str, Any]) -> None:
        different = [unit for unit, result in found.items() if packed["results"][unit] != result]
        for subject in packed["subjects"]:
            result = found[subject["unit"]]
            self.stdout.write(f"{subject['unit']}\t{result['total']}\t{subject['name']}")
        if different or packed["results"].keys() != found.keys():
            raise CommandError(f"重算结果与当时不同：{'、'.join(different)}")
        self.stdout.write(f"{len(found)}个单位，与当时的结果逐位相同。")
