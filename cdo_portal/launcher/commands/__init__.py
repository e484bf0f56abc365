"""The sub-commands of ./portal, a module each."""

import errno
import os
import signal
import sys
from collections.abc import Callable

from ..messages import Problem, complain, from_os_error
from . import bench, check, demo, manage, test, up

COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "up": up.run,
    "test": test.run,
    "check": check.run,
    "manage": manage.run,
    "demo": demo.run,
    "bench": bench.run,
}
HELP = """./portal up [--host H] [--port N] [--data DIR] [--today D] [--no-demo]
                     启动整个系统（Ctrl-C 停止）
./portal test [...]  在临时服务器上运行测试，参数交给 pytest
./portal test --faults [A1 A5 ...]
                     故障测试的完整规模（十几分钟到一小时），不带行号为全部
./portal check       代码检查：格式、类型、依赖方向、迁移、接口文档、翻译、部署设置
./portal manage ...  管理命令，例如 ./portal manage load_pack packs/shenzhen-2021.yaml
./portal demo        装载演示数据
./portal bench ...   性能对比

PORTAL_DATA 或 --data 指定数据目录（默认 .portal/）。/ README.md says the rest."""


STORAGE_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}


def main(argv: list[str]) -> int:
    """Run one sub-command; returns the exit code. Problems become one line on stderr."""
    if not argv or argv[0] in {"-h", "--help", "help"}:
        print(HELP)
        return 0
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, interrupt)
    try:
        if argv[0] not in COMMANDS:
            raise Problem("no-command", command=argv[0], known="、".join(COMMANDS))
        return COMMANDS[argv[0]](argv[1:])
    except Problem as problem:
        complain(problem)
    except OSError as error:
        if error.filename is None or error.errno not in STORAGE_ERRORS:
            raise
        complain(from_os_error(error, os.fspath(error.filename)))
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    return 1


def interrupt(number: int, frame: object) -> None:
    """SIGTERM and a closed terminal end things as Ctrl-C does."""
    raise KeyboardInterrupt
