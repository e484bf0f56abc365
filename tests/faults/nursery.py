"""Where workers come from: a process that has the portal loaded and forks one at each command, so that a
hundred of them may be killed without minutes of imports.

    python -m tests.faults.nursery

Reads commands from standard input, one line of JSON each, and answers with one line. {"start": work,
"arm": {point: nth}, "control": name, "offset": seconds} gives the process id of a worker, whose clock is
that far off the real one; {"wait": pid} its exit status, negative for the signal that killed it.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import django


def main() -> None:
    django.setup()
    # All that a worker loads at its first message; models may be imported only after setup.
    from tests.faults import works

    works.warm_up()
    for line in sys.stdin:
        command = json.loads(line)
        answer = wait(command["wait"]) if "wait" in command else start(works.do, command)
        print(json.dumps(answer), flush=True)


def wait(pid: int) -> int:
    _pid, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def start(do: Callable[..., None], command: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    os.dup2(2, 1)  # standard output belongs to the conversation with whoever commands
    try:
        do(command["start"], command["arm"], command["control"], command["offset"])
        code = 0
    except Exception as error:  # noqa: BLE001 - said, and then this process is no more
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
