"""The receivers of the fault suite, a process of its own: a mail server, a group robot, an application
that drops what it has had, and a log of what each of them took, one line of JSON a message.

    python -m tests.faults.sinks LOG SECONDS

Each answers after SECONDS. A message whose token ends in B finds its receiver busy the first time. The
first line of standard output names the ports. Knows nothing of the portal but the tokens in its texts.
"""

import asyncio
import json
import re
import sys
import time
from email import message_from_bytes, policy
from pathlib import Path

from aiosmtpd.smtp import SMTP

TOKEN = re.compile(r"N\d{7}[A-Z]*")
BUSY = {"dingtalk_robot": {"errcode": -1}, "feishu_app": {"code": 99991400}}
TAKEN = {
    "dingtalk_robot": {"errcode": 0},
    "feishu_app": {"code": 0, "data": {"message_id": "om_1"}},
}


class Log:
    """What was taken; `dropped` is what the receiver knew already, so that nobody saw it twice. A message
    is taken in the middle of the time until the answer: what is killed before has sent nothing, what is
    killed after does not know that it has sent."""

    def __init__(self, path: str, delay: float) -> None:
        self.file = Path(path).open("a", buffering=1, encoding="utf-8")  # noqa: SIM115 - as long as we live
        self.delay = delay
        self.keys: set[str] = set()
        self.were_busy: set[tuple[str, str]] = set()

    def is_busy(self, channel: str, text: str) -> bool:
        token = self.token(text)
        if not token.endswith("B") or (channel, token) in self.were_busy:
            return False
        self.were_busy.add((channel, token))
        return True

    def take(self, channel: str, text: str, key: str, *, once: bool = False) -> None:
        dropped = once and key in self.keys
        self.keys.add(key)
        said = {"at": time.time(), "channel": channel, "token": self.token(text), "key": key}
        self.file.write(json.dumps({**said, "dropped": dropped}) + "\n")

    @staticmethod
    def token(text: str) -> str:
        found = TOKEN.search(text)
        return found.group() if found else ""


class Mails:
    """Of aiosmtpd."""

    def __init__(self, log: Log) -> None:
        self.log = log

    async def handle_DATA(self, _server, _session, envelope):
        mail = message_from_bytes(envelope.content, policy=policy.default)
        text = mail.get_content()
        if self.log.is_busy("email", text):
            return "451 busy"
        await asyncio.sleep(self.log.delay / 2)
        self.log.take("email", text, mail["Message-ID"])
        await asyncio.sleep(self.log.delay / 2)
        return "250 OK"


class Providers:
    """The two providers, as far as a message and a token need them."""

    def __init__(self, log: Log) -> None:
        self.log = log

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                found = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
                body = await reader.readexactly(int(found.group(1))) if found else b""
                said = json.dumps(await self.answer(head.split()[1].decode(), body)).encode()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
                writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(said), said))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # a worker that was killed, or that has said all
        finally:
            writer.close()

    async def answer(self, path: str, body: bytes) -> dict[str, object]:
        if "tenant_access_token" in path:
            return {"code": 0, "tenant_access_token": "t", "expire": 7200}
        channel = "dingtalk_robot" if path.startswith("/robot") else "feishu_app"
        said = json.loads(body)
        text = said["text"]["content"] if channel == "dingtalk_robot" else said["content"]
        if self.log.is_busy(channel, text):
            return BUSY[channel]
        await asyncio.sleep(self.log.delay / 2)
        self.log.take(channel, text, said.get("uuid", ""), once=channel == "feishu_app")
        await asyncio.sleep(self.log.delay / 2)
        return TAKEN[channel]


async def main(path: str, delay: str) -> None:
    log = Log(path, float(delay))
    loop = asyncio.get_running_loop()
    mails = await loop.create_server(lambda: SMTP(Mails(log), hostname="sink"), "127.0.0.1", 0)
    providers = await asyncio.start_server(Providers(log).serve, "127.0.0.1", 0)
    ports = {"smtp": mails, "http": providers}
    print(json.dumps({name: one.sockets[0].getsockname()[1] for name, one in ports.items()}))
    sys.stdout.flush()
    # Until whoever started us shuts our standard input: no sink outlives its test.
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
