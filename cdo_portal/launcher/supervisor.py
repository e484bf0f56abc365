"""Keeps services alive: start in order, restart with back-off, stop in reverse order."""

import subprocess
import time
from dataclasses import dataclass

from .messages import Problem, say
from .processes import Service, has_ended, kill_group, last_line, stop, until

TELLING = ("FATAL", "PANIC", "Error", "error", "ERROR", "[CRITICAL]")
STEADY_SECONDS = 60  # a life of that length wipes the count of failures
LONGEST_PAUSE = 30
VITAL_FAILURES = 5


@dataclass
class Kept:
    """A service under supervision."""

    service: Service
    process: subprocess.Popen
    began: float
    failures: int = 0
    next_try: float | None = None

    def pause(self) -> float:
        """Seconds until the next try: 1, 2, 4 … 30."""
        return min(2 ** (self.failures - 1), LONGEST_PAUSE)


class Supervisor:
    """The services of one `./portal up`, in the order of their start."""

    def __init__(self) -> None:
        self.kept: list[Kept] = []

    def start(self, service: Service) -> None:
        """Launch it and wait until it is ready. Raises Problem("not-ready")."""
        kept = Kept(service, service.launch(), time.monotonic())
        self.kept.append(kept)

        def settled() -> bool:
            return has_ended(kept.process) or service.ready()

        if not until(settled, service.ready_within) or has_ended(kept.process):
            raise Problem(
                "not-ready",
                label=service.label,
                name=service.name,
                reason=last_line(service.log, *TELLING),
                log=service.log,
            )

    def watch(self) -> None:
        """Look after the services until interrupted. Raises Problem("gives-up")."""
        while True:
            for kept in self.kept:
                self.look_after(kept)
            time.sleep(0.2)

    def look_after(self, kept: Kept) -> None:
        now = time.monotonic()
        if kept.next_try is not None:
            if now >= kept.next_try:
                kept.process, kept.began, kept.next_try = kept.service.launch(), now, None
        elif has_ended(kept.process):
            kill_group(kept.process)
            self.plan_restart(kept, now)

    def plan_restart(self, kept: Kept, now: float) -> None:
        service = kept.service
        kept.failures = 1 if now - kept.began > STEADY_SECONDS else kept.failures + 1
        if service.vital and kept.failures > VITAL_FAILURES:
            raise Problem(
                "gives-up",
                label=service.label,
                name=service.name,
                times=kept.failures,
                reason=last_line(service.log, *TELLING),
                log=service.log,
            )
        kept.next_try = now + kept.pause()
        say(
            f"⚠ {service.label}意外退出（{ending(kept.process.returncode)}），"
            f"{kept.pause()} 秒后重新启动。日志：{service.log}"
        )

    def stop(self) -> None:
        """Stop everything, last started first."""
        while self.kept:
            kept = self.kept.pop()
            if not stop(kept.process, kept.service.stop_signal, kept.service.grace):
                say(f"⚠ {kept.service.label}在 {kept.service.grace:.0f} 秒内没有停止，已强制结束。")


def ending(code: int) -> str:
    return f"信号 {-code}" if code < 0 else f"返回码 {code}"
