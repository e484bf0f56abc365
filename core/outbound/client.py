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

from .addresses import Address, Resolver, Target, checked, read
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
    addresses = checked(target, gate.allowed_networks, resolver)
    connection = _Pinned(target, addresses, limits)
    # Peers that send one byte now and then never run into a socket's own limit.
    watch = threading.Timer(max(ends - time.monotonic(), 0), connection.cut)
    watch.daemon = True
    watch.start()
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
    """A connection to one of the addresses that were tested, and to no other."""

    def __init__(self, target: Target, addresses: list[Address], limits: Limits) -> None:
        super().__init__(target.host, target.port, timeout=limits.total)
        self.target, self.addresses, self.limits = target, addresses, limits
        self.is_cut = False
        self.wire: Any = None  # kept, for the response takes `sock` over

    def ask(self, method: str, body: bytes, headers: dict[str, str]) -> Answer:
        """One request and its answer; raises what `call` raises."""
        self.connect()
        facts = {
            "place": self.target.place,
            "seconds": self.limits.total,
            "most": self.limits.answer // 1024,
        }
        late = _("“%(place)s”没有在%(seconds)s秒内答完。") % facts
        headers |= {"Host": self.target.host_header, "Connection": "close"}
        try:
            self.request(method, self.target.path, body=body or None, headers=headers)
            response = self.getresponse()
            content = response.read(self.limits.answer + 1)
            if response.length and len(content) <= self.limits.answer:
                raise http.client.IncompleteRead(content, response.length)
        except (OSError, http.client.HTTPException):
            words = late if self.is_cut else _("“%(place)s”的连接断了。") % facts
            raise Unreachable(words, is_uncertain=True) from None
        if self.is_cut:  # an answer without a length ends where the line was cut
            raise Unreachable(late, is_uncertain=True)
        if len(content) > self.limits.answer:
            words = _("“%(place)s”的答复超过%(most)sKB。") % facts
            raise Unreachable(words, is_uncertain=True)
        return Answer(response.status, content, dict(response.getheaders()))

    def connect(self) -> None:
        self.wire = self._connected()
        if self.target.scheme == "https":
            self._prove()
        self.wire.settimeout(self.limits.total)
        self.sock = self.wire

    def cut(self) -> None:
        """End it from outside: whoever reads or writes gets an error at once."""
        self.is_cut = True
        with suppress(OSError, AttributeError):  # not connected yet, or over already
            # The socket itself, past TLS, which another thread is using.
            socket.socket.shutdown(self.wire, socket.SHUT_RDWR)

    def end(self) -> None:
        self.close()
        if self.wire is not None:
            self.wire.close()

    def _connected(self) -> socket.socket:
        proxy = urlsplit(settings.OUTBOUND_PROXY) if settings.OUTBOUND_PROXY else None
        for address in self.addresses:
            if self.is_cut:
                break
            try:
                place = (proxy.hostname, proxy.port or 3128) if proxy else (str(address), self.port)
                plain = socket.create_connection(place, timeout=self.limits.connect)
                return self._through(plain, address) if proxy else plain
            except OSError:
                continue
        raise Unreachable(_("连不上“%(place)s”。") % {"place": self.target.place})

    def _through(self, plain: socket.socket, address: Address) -> socket.socket:
        """Ask the configured proxy for the tested address, so that it looks up no name either."""
        written = f"[{address}]" if address.version == 6 else str(address)
        plain.sendall(f"CONNECT {written}:{self.port} HTTP/1.1\r\nHost: {written}\r\n\r\n".encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            sign = plain.recv(1)
            if not sign or len(head) > 8192:
                break
            head += sign
        if head.split(b" ")[1:2] != [b"200"]:
            plain.close()
            raise OSError("refused by proxy")
        return plain

    def _prove(self) -> None:
        """TLS over the open line; the certificate has to be of the name, not of the address."""
        try:
            self.wire = trust(settings.OUTBOUND_CA_FILE).wrap_socket(
                self.wire, server_hostname=self.target.host, do_handshake_on_connect=False
            )
            self.wire.do_handshake()
        except ssl.SSLCertVerificationError:
            words = _("“%(place)s”的证书不可信，没有发送任何内容。") % {"place": self.target.place}
            raise Untrusted(words) from None
        except OSError:
            raise Unreachable(_("连不上“%(place)s”。") % {"place": self.target.place}) from None


@lru_cache(maxsize=8)
def trust(own_authorities: str) -> ssl.SSLContext:
    """TLS 1.2 or later, certificate and name checked; with the authorities of a private network
    beside the system's."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if own_authorities:
        context.load_verify_locations(cafile=own_authorities)
    return context
