"""Asking over HTTP: a handful of kept connections, as many requests as fit into a while."""

import http.client
import statistics
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Result:
    """Requests per second, milliseconds at the middle and at the slow end, bytes of one answer."""

    rps: float
    p50: float
    p95: float
    size: int


@dataclass
class _Tally:
    times: list[float] = field(default_factory=list)
    size: int = 0
    error: str = ""


def ask(
    port: int, path: str, headers: Mapping[str, str], *, seconds: float, connections: int = 8
) -> Result:
    """Ask `path` for `seconds` over `connections` kept connections.

    Raises RuntimeError at the first answer that is not 200: a fast error is no speed.
    """
    tallies = [_Tally() for _place in range(connections)]
    began = time.monotonic()
    threads = [
        threading.Thread(target=_run, args=(port, path, headers, began + seconds, tally))
        for tally in tallies
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - began
    if errors := [tally.error for tally in tallies if tally.error]:
        raise RuntimeError(f"{path}: {errors[0]}")
    times = sorted(span for tally in tallies for span in tally.times)
    return Result(
        len(times) / took,
        statistics.median(times) * 1000,
        times[int(len(times) * 0.95)] * 1000,
        tallies[0].size,
    )


def _run(port: int, path: str, headers: Mapping[str, str], until: float, tally: _Tally) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        while not tally.times or time.monotonic() < until:
            began = time.monotonic()
            connection.request("GET", path, headers=dict(headers))
            answer = connection.getresponse()
            body = answer.read()
            tally.times.append(time.monotonic() - began)
            tally.size = len(body)
            if answer.status != http.client.OK:
                tally.error = f"{answer.status} {body[:200]!r}"
                return
    except OSError as error:
        tally.error = f"{type(error).__name__}: {error}"
    finally:
        connection.close()
