"""The one way out: every request that the portal makes of another machine (reliability.md §3.11).

An approved gate, one look-up, a connection to exactly the address that was tested, the certificate
checked against the name, no redirect followed, no proxy but the configured one, limits of time and
size. Built on the standard library, whose `HTTPConnection.connect` is meant to be replaced; nothing
else in the portal may open a connection by HTTP (held by a lint rule).
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from .addresses import Address, Resolver, Target, lookup, read
from .checks import checked
from .errors import OutboundError, Unreachable, Untrusted
from .gates import gate_of

log = structlog.get_logger("portal.outbound")
MOST_BYTES = 64 * 1024


@dataclass(frozen=True)
class Limits:
    """Seconds to connect and for the whole call, bytes of the answer."""

    connect: float = field(default_factory=lambda: settings.OUTBOUND_CONNECT_SECONDS)
    total: float = field(default_factory=lambda: settings.OUTBOUND_TOTAL_SECONDS)
    answer: int = MOST_BYTES


@dataclass(frozen=True)
class Answer:
    """What the peer said. A redirect is an answer like any other: its address is not followed."""

    status: int
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


def call(
    url: str,
    *,
    purpose: str,
    method: str = "POST",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    limits: Limits | None = None,
    resolver: Resolver = socket.getaddrinfo,
) -> Answer:
    """Ask `url` for something; at most one attempt, over a connection of its own.

    Raises Blocked when no gate of this purpose is approved or the name means a machine inside,
    Untrusted for a wrong certificate, Unreachable for everything that the network does. An error
    that is `is_uncertain` came after the request had begun to leave.
    """
    limits = limits or Limits()
    ends = time.monotonic() + limits.total
    target = read(url)
    gate = gate_of(target, purpose)
    addresses = checked(target, gate.allowed_networks, resolver, seconds=limits.connect)
    connection = _Pinned(target, addresses, limits)
    # Peers that send one byte now and then never run into a socket's own limit.
    watch = threading.Timer(ends - time.monotonic(), connection.cut)
    watch.daemon = True
    if watch.interval > 0:
        watch.start()
    else:
        connection.cut()
    try:
        answer = connection.ask(method, body, dict(headers or {}))
    except OutboundError as error:
        log.warning("outbound_failed", place=target.place, purpose=purpose, error=str(error))
        raise
    finally:
        watch.cancel()
        connection.end()
    log.info("outbound", place=target.place, purpose=purpose, status=answer.status)
    return answer


class _Pinned(http.client.HTTPConnection):
    """A connection to one of the addresses that were tested, and to no other.

    Whoever cuts it does so at any moment, so every socket is named as `wire` before it is used, and
    after that it is asked whether the cut came before.
    """

    def __init__(self, target: Target, addresses: list[Address], limits: Limits) -> None:
        super().__init__(target.host, target.port, timeout=limits.total)
        self.target, self.addresses, self.limits = target, addresses, limits
        self.is_cut = False
        self.wire: Any = None  # kept, for the response takes `sock` over

    @property
    def facts(self) -> dict[str, Any]:
        place, most = self.target.place, self.limits.answer // 1024
        return {"place": place, "seconds": self.limits.total, "most": most}

    @property
    def late(self) -> str:
        return _("“%(place)s”没有在%(seconds)s秒内答完。") % self.facts

    def ask(self, method: str, body: bytes, headers: dict[str, str]) -> Answer:
        """One request and its answer; raises what `call` raises."""
        self.connect()
        headers |= {"Host": self.target.host_header, "Connection": "close"}
        self._in_time()
        try:
            self.request(method, self.target.path, body=body or None, headers=headers)
            response = self.getresponse()
            content = response.read(self.limits.answer + 1)
            if response.length and len(content) <= self.limits.answer:
                raise http.client.IncompleteRead(content, response.length)
        except (OSError, http.client.HTTPException):
            words = self.late if self.is_cut else _("“%(place)s”的连接断了。") % self.facts
            raise Unreachable(words, is_uncertain=True) from None
        if self.is_cut:  # an answer without a length ends where the line was cut
            raise Unreachable(self.late, is_uncertain=True)
        if len(content) > self.limits.answer:
            words = _("“%(place)s”的答复超过%(most)sKB。") % self.facts
            raise Unreachable(words, is_uncertain=True)
        return Answer(response.status, content, dict(response.getheaders()))

    def connect(self) -> None:
        self._reach()
        if self.target.scheme == "https":
            self._prove()
        self.wire.settimeout(self.limits.total)
        self.sock = self.wire

    def cut(self) -> None:
        """End it from outside: whoever reads or writes gets an error at once."""
        self.is_cut = True
        wire = self.wire
        if wire is not None:
            with suppress(OSError):  # over already
                # The socket itself, past TLS, which another thread is using.
                socket.socket.shutdown(wire, socket.SHUT_RDWR)

    def end(self) -> None:
        self.close()
        self._drop()

    def _drop(self) -> None:
        if self.wire is not None:
            self.wire.close()

    def _in_time(self) -> None:
        """Raises Unreachable after the cut: nothing of the request has left."""
        if self.is_cut:
            raise Unreachable(self.late)

    def _reach(self) -> None:
        """Open the line, through the proxy where there is one."""
        proxy = urlsplit(settings.OUTBOUND_PROXY) if settings.OUTBOUND_PROXY else None
        for address in self.addresses:
            try:
                if proxy is None:
                    self._open(address, self.target.port)
                else:
                    self._open_to(proxy.hostname or "", proxy.port or 3128)
                    self._through(address)
            except OSError:
                self._drop()
                continue
            return
        self._in_time()
        raise Unreachable(_("连不上“%(place)s”。") % self.facts)

    def _open_to(self, host: str, port: int) -> None:
        """Raises OSError when none of the addresses of the name answers."""
        for address in lookup(host, port, seconds=self.limits.connect):
            with suppress(OSError):
                return self._open(address, port)
            self._drop()
        raise OSError("nobody at the proxy")

    def _open(self, address: Address, port: int) -> None:
        family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
        self.wire = socket.socket(family, socket.SOCK_STREAM)
        self._in_time()
        self.wire.settimeout(self.limits.connect)
        self.wire.connect((str(address), port))

    def _through(self, address: Address) -> None:
        """Ask the configured proxy for the tested address, so that it looks up no name either."""
        written = f"[{address}]" if address.version == 6 else str(address)
        place = f"{written}:{self.target.port}"
        self.wire.sendall(f"CONNECT {place} HTTP/1.1\r\nHost: {written}\r\n\r\n".encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            sign = self.wire.recv(1)
            if not sign or len(head) > 8192:
                break
            head += sign
        if head.split(b" ")[1:2] != [b"200"]:
            raise OSError("refused by proxy")

    def _prove(self) -> None:
        """TLS over the open line; the certificate has to be of the name, not of the address."""
        try:
            self.wire = trust(settings.OUTBOUND_CA_FILE).wrap_socket(
                self.wire, server_hostname=self.target.host, do_handshake_on_connect=False
            )
            self._in_time()
            self.wire.do_handshake()
        except ssl.SSLCertVerificationError:
            words = _("“%(place)s”的证书不可信，没有发送任何内容。") % self.facts
            raise Untrusted(words) from None
        except OSError:
            raise Unreachable(_("连不上“%(place)s”。") % self.facts) from None


@lru_cache(maxsize=8)
def trust(own_authorities: str) -> ssl.SSLContext:
    """TLS 1.2 or later, certificate and name checked; with the authorities of a private network
    beside the system's."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if own_authorities:
        context.load_verify_locations(cafile=own_authorities)
    return context
