"""./portal up: everything on one machine, until Ctrl-C."""

import argparse
import contextlib
import datetime
import errno
import signal
import socket
import subprocess
import time
from collections.abc import Iterator

from .. import environment, fingerprint, venv
from ..environment import DEMO_TODAY, shown
from ..messages import Problem, say
from ..place import ROOT, Place
from ..processes import last_line, open_log, spawn, stop
from ..servers import Servers, given
from ..services import background, web
from ..supervisor import Supervisor


def run(argv: list[str]) -> int:
    options = parse(argv)
    place = Place.of(options.data)
    check_port(options.host, options.port)
    place.make()
    with place.held("up"):
        began = time.monotonic()
        python = venv.ensure("run", place.logs / "pip.log")
        supervisor = Supervisor()
        first = not place.accounts.exists()
        with stopped_at_the_end(supervisor):
            env = start(supervisor, place, options, python)
            if first:
                show_accounts(place)
            greet(place, env, time.monotonic() - began)
            supervisor.watch()
    return 0


def parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./portal up", description="启动整个系统，Ctrl-C 停止。")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址（默认 127.0.0.1）")
    parser.add_argument("--port", type=int, default=8000, help="端口（默认 8000）")
    parser.add_argument("--data", metavar="DIR", help="数据目录（默认 PORTAL_DATA 或 .portal/）")
    parser.add_argument(
        "--today",
        metavar="D",
        type=day,
        help="把试用系统的“今天”设为该日（YYYY-MM-DD）",
    )
    parser.add_argument("--no-demo", action="store_true", help="首次启动时不装载演示数据")
    return parser.parse_args(argv)


def day(text: str) -> str:
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"日期写成 {DEMO_TODAY} 的样子，不是 {text}") from None


def check_port(host: str, port: int) -> None:
    """Say so before anything is started. Raises Problem: port-taken, port-refused."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does
        try:
            line.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Problem("port-taken", port=port, other=port + 1) from None
            raise Problem("port-refused", host=host, port=port, reason=error.strerror) from None
        except OverflowError:
            raise Problem("port-refused", host=host, port=port, reason="0-65535") from None


@contextlib.contextmanager
def stopped_at_the_end(supervisor: Supervisor) -> Iterator[None]:
    """However the block ends, every service is stopped; Ctrl-C is the ordinary way and no error."""
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if supervisor.kept:
            say("\n正在停止……")
        supervisor.stop()
    say("已停止。")


def start(supervisor: Supervisor, place: Place, options, python) -> dict[str, str]:
    """Start every service in order; returns the environment they run in."""
    servers = Servers.of(place)
    servers.start_postgres(supervisor)
    servers.start_valkey(supervisor)
    state = place.recall()
    with_demo = state.get("demo", not options.no_demo)
    today = options.today or (DEMO_TODAY if with_demo else "")
    url = environment.address(options.host, options.port)
    place.remember(url=url, today=today)
    env = environment.of_django(place, servers, url=url, today=today)
    env["PORTAL_BIND"] = f"{environment.bracketed(options.host)}:{options.port}"
    bring_up_to_date(place, servers, env, python, with_demo)
    supervisor.start(web(place, env, python, options.host, options.port))
    for service in background(place, env, python):
        supervisor.start(service)
    return env


def bring_up_to_date(place: Place, servers: Servers, env, python, with_demo: bool) -> None:
    """Migrate, load packs and the rest, unless nothing can have changed since the last time.

    An external database is always looked at: other machines work on it too.
    """
    own = servers.cluster is not None
    options = start_up_options(place, servers, with_demo)
    if own and not options and fingerprint.is_prepared(place):
        say("  数据库结构和方案没有变化")
        return
    prepare(place, env, python, options)
    if own:
        place.remember(demo=with_demo)
        fingerprint.remember(place)


def start_up_options(place: Place, servers: Servers, with_demo: bool) -> list[str]:
    """What only the first start of a trial does; nothing of it on somebody's own database."""
    if servers.cluster is None:
        return ["--external"]
    options = []
    if not place.accounts.exists():
        options.append("--accounts")
    if with_demo and "demo" not in place.recall():
        options.append("--demo")
    return options


def prepare(place: Place, env: dict[str, str], python, options: list[str]) -> None:
    """`manage.py start_up`: its step names go to the screen, all else to logs/startup.log."""
    log = place.logs / "startup.log"
    argv = [python, "manage.py", "start_up", *options]
    step = "start_up"
    with open_log(log) as output:
        process = spawn(argv, env=env, cwd=ROOT, output=subprocess.PIPE, errors=output)
        try:
            for line in process.stdout:
                step = line.decode("utf-8", "replace").strip()
                say(f"  {step}")
            code = process.wait()
        finally:
            stop(process, signal.SIGTERM, grace=5)
    if code != 0:
        raise Problem("step-failed", step=step, reason=last_line(log), log=log)


def greet(place: Place, env: dict[str, str], seconds: float) -> None:
    say(f"首席数据官履职管理平台已启动（{seconds:.1f} 秒）")
    say(f"  地址  {env['PORTAL_URL']}")
    if given("DATABASE_URL"):
        say("  账号  ./portal manage create_first_account 生成一次性登录链接")
    elif place.accounts.exists():
        say(f"  账号  {shown(place.accounts)}（角色、用户名、密码）")
    if env.get("PORTAL_TODAY"):
        say(f"  今天  {env['PORTAL_TODAY']}（试用系统的日期，--today 可改）")
    say(f"  数据  {shown(place.path)}，日志在其中的 logs/")
    say("  停止  Ctrl-C")


def show_accounts(place: Place) -> None:
    """The passwords, once; afterwards they are in the file."""
    if place.accounts.exists():
        say("试用账号：")
        for line in place.accounts.read_text(encoding="utf-8").splitlines():
            say("  " + "  ".join(f"{cell:<18}" for cell in line.split("\t")).rstrip())
