"""`manage.py deliver_notices [--loop]`: send what is waiting, also without Redis and Celery."""

import signal
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, close_old_connections

from reminders import services

PAUSE_SECONDS = 10
log = structlog.get_logger("portal.reminders")


class Command(BaseCommand):
    help = "发送待发的提醒。--loop持续运行，每10秒生成并发送一次，不依赖Redis。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="持续运行，收到停止信号后退出")
        parser.add_argument("--now", action="store_true", help="等到工作日早上才发的汇总也立即发送")
        parser.add_argument(
            "--pause", type=float, default=PAUSE_SECONDS, help="两次之间等几秒（默认10）"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["loop"]:
            return self._loop(options["pause"])
        if options["now"]:
            services.hasten()
        total = asdict(services.deliver())
        while any((outcome := asdict(services.deliver())).values()):
            total = {name: total[name] + count for name, count in outcome.items()}
        words = (
            "已发{sent}封，稍后重试{retried}封，未送达{failed}封，取消{cancelled}封，"
            "等人工决定{held}封，接管{recovered}封"
        )
        self.stdout.write(words.format(**total))
        return None

    def _loop(self, pause: float) -> None:
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_signal: stopped.set())
        while not stopped.is_set():
            _survive(services.tick)
            until = time.monotonic() + pause
            is_busy = _survive(partial(self._deliver, stopped, until))
            if not is_busy:
                stopped.wait(pause)

    def _deliver(self, stopped: threading.Event, until: float) -> bool:
        """Send until nothing is left or the time has come to plan anew; True when there is more."""
        services.beat("deliver")
        while services.deliver().settled:
            services.beat("deliver")
            if stopped.is_set() or time.monotonic() >= until:
                return True
        return False


def _survive(work: Callable[[], Any]) -> Any:
    """What `work` gives; None when it fails. Neither an outage nor a mistake ends the loop, and what fails
    in planning keeps back nothing that is due."""
    try:
        close_old_connections()
        return work()
    except Error as error:
        log.error("deliver_loop_waits_for_database", error=f"{type(error).__name__}: {error}")
    except Exception as error:
        log.exception("deliver_loop_goes_on", error=f"{type(error).__name__}: {error}")
    return None
