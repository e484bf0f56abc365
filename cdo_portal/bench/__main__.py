"""`./portal bench [--units N] [--seconds S] [--rounds R] [--json FILE]`."""

import argparse
import json
import os
import statistics
import sys
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cdo_portal.settings.base")
os.environ.setdefault("PORTAL_TRIAL", "1")  # static files without a collected manifest
django.setup()

from django.conf import settings  # noqa: E402 - only after setup()
from django.core.management import call_command  # noqa: E402 - only after setup()

from cdo_portal.bench import facts, mails, measure, planning, servers, world  # noqa: E402 - only after setup()


@dataclass(frozen=True)
class Scenario:
    """The same kind of work on both sides; `aim` is the ratio that docs/bench.md sets."""

    name: str
    ours: str
    limit: str
    aim: float
    is_page: bool = False


def scenarios(made: world.World) -> list[Scenario]:
    programme, text = f"programme={made.programme}", quote("数据")
    tasks = f"/api/v1/assignments/?{programme}"
    return [
        Scenario("接口列表50条", tasks, f"/rows/?{programme}", 0.70),
        Scenario(
            "接口筛选", f"{tasks}&status=assigned", f"/rows/?{programme}&status=assigned", 0.70
        ),
        Scenario(
            "接口搜索两字",
            f"/api/v1/units/?{programme}&q={text}",
            f"/rows/?{programme}&q={text}",
            2.0,
        ),
        Scenario("接口详情", f"/api/v1/assignments/{made.number}/", f"/rows/{made.number}/", 0.65),
        Scenario(
            "网页列表50条", f"/tasks/?{programme}&page_size=50", f"/page/?{programme}", 0.35, True
        ),
        Scenario("履职总览64家", f"/overview/?{programme}", f"/overview/?{programme}", 0.60, True),
    ]


def run(options: argparse.Namespace) -> dict:
    """Measure everything once; returns what is printed and written as JSON."""
    call_command("migrate", database="owner", verbosity=0)
    call_command("grant_rights")
    made = world.make(options.units)
    world.settle()
    rows, memory = _rounds(made, options)
    return {
        "units": made.units,
        "assignments": made.assignments,
        "scenarios": rows,
        "planning": planning.measure(),
        "mails": mails.measure(),
        "facts": facts.measure(),
        "memory_mb": memory,
    }


def _rounds(made: world.World, options: argparse.Namespace) -> tuple[list[dict], dict[str, float]]:
    with ExitStack() as stack:
        portal, master = stack.enter_context(
            servers.served("cdo_portal.wsgi:application", "/healthz")
        )
        limit, limit_master = stack.enter_context(
            servers.served("cdo_portal.bench.limit:application", "/page/?programme=x")
        )
        rows = [_compare(scenario, made, portal, limit, options) for scenario in scenarios(made)]
        memory = {"ours": servers.memory_of(master), "limit": servers.memory_of(limit_master)}
    return rows, memory


def _compare(
    scenario: Scenario, made: world.World, portal: int, limit: int, options: argparse.Namespace
) -> dict:
    """The two sides in turn, round by round; the ratio is the median of the rounds' ratios."""
    bearer = {"Authorization": f"Bearer {made.token}"}
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={made.session}"}
    ours, limits = [], []
    for _round in range(options.rounds):
        headers = cookie if scenario.is_page else bearer
        ours.append(measure.ask(portal, scenario.ours, headers, seconds=options.seconds))
        limits.append(
            measure.ask(
                limit, scenario.limit, {"Authorization": "Bearer limit"}, seconds=options.seconds
            )
        )
    ratio = statistics.median(a.rps / b.rps for a, b in zip(ours, limits, strict=True))
    middle = sorted(ours, key=lambda result: result.rps)[len(ours) // 2]
    bare = sorted(limits, key=lambda result: result.rps)[len(limits) // 2]
    return {
        "name": scenario.name,
        "ours": asdict(middle),
        "limit": asdict(bare),
        "ratio": ratio,
        "aim": scenario.aim,
    }


def table(found: dict) -> str:
    lines = [
        f"单位{found['units']}家，任务{found['assignments']}件",
        f"{'':14s}{'本系统':>8s}{'极限':>9s}{'比值':>7s}{'目标':>6s}{'p50':>8s}{'p95':>8s}{'字节':>9s}",
    ]
    for row in found["scenarios"]:
        ours, bare = row["ours"], row["limit"]
        lines.append(
            f"{row['name']:\u3000<10s}{ours['rps']:9.0f}{bare['rps']:10.0f}{row['ratio']:9.2f}"
            f"{row['aim']:8.2f}{ours['p50']:8.1f}{ours['p95']:8.1f}{ours['size']:10d}"
        )
    planned, memory = found["planning"], found["memory_mb"]
    lines.append(
        f"生成提醒{planned['notices']}条 {planned['seconds']:.2f}秒，再次{planned['again_seconds']:.2f}秒"
    )
    sent = found["mails"]
    rates, ratios = sent["rps"], sent["ratio"]
    lines.append(
        f"邮件每秒：1个进程{rates['one']:.0f}封（比值{ratios['one']:.2f}），"
        f"2个进程{rates['two']:.0f}封（{ratios['two']:.2f}），极限{rates['bare']:.0f}封，"
        f"内存增加{sent['grown_mb']:.0f} MB"
    )
    read = found["facts"]
    lines.append(
        f"评价取数{read['units']}家{read['values']}项 {read['seconds']:.2f}秒，再次{read['again_seconds']:.2f}秒"
    )
    lines.append(f"内存（PSS，2个进程）{memory['ours']:.0f} MB，极限{memory['limit']:.0f} MB")
    return "\n".join(lines)


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./portal bench", description=__doc__)
    parser.add_argument("--units", type=int, default=1000, help="单位总数，每64家一个城市")
    parser.add_argument("--seconds", type=float, default=3.0, help="每轮每个场景的秒数")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="结果另存为JSON")
    options = parser.parse_args(words)
    found = run(options)
    sys.stdout.write(table(found) + "\n")
    if options.json:
        options.json.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
