"""Where the portal may connect to: how an address is written, and which machines it may mean.

No host is judged by its name alone. What a name means is looked up once, every address that comes
back is tested here, and the connection goes to exactly that address (ASVS 5.0 1.3.6, 15.3.2).
"""

import re
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from queue import Empty, SimpleQueue
from typing import Any

from django.utils.translation import gettext as _

from .errors import Blocked, Unreachable

Address = IPv4Address | IPv6Address
Resolver = Callable[..., list[Any]]  # as socket.getaddrinfo
LONGEST_URL = 1000
WRITTEN = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::(?P<port>\d{1,5}))?"
    r"(?P<path>/[A-Za-z0-9/._~%!$&'()*+,;=:@-]*)?(?P<query>\?[A-Za-z0-9/._~%!$&'()*+,;=:@?-]*)?",
    re.ASCII,
)
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)", re.ASCII)
NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.ASCII)
PORTS = {"http": 80, "https": 443}
SECONDS_TO_LOOK_UP = 5.0

# Never, whatever an administrator approves: machines' own identities, groups of machines, and
# addresses that hide another one inside.
NEVER = [
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "100.100.100.200/32",  # metadata of Alibaba Cloud: is_private says no
        "168.63.129.16/32",  # of Azure
        "169.254.0.0/16",  # link-local, with the metadata of most clouds
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",  # unspecified and IPv4-compatible; the loopback is asked before
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "fd00:ec2::254/128",  # metadata of Amazon
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
]
LOOPBACK = IPv6Network("::1/128")
# Not reachable from the world, so only by a gateway that is approved with its address; the standard
# library does not call shared addresses (100.64/10) private.
INSIDE = [ip_network("100.64.0.0/10")]


@dataclass(frozen=True)
class Target:
    """An address taken apart: `host` in lower case without brackets, `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def place(self) -> str:
        """`host:port`, fit to be shown: what follows may be a secret."""
        return f"{self.written_host}:{self.port}"

    @property
    def written_host(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def host_header(self) -> str:
        """RFC 9110 §7.2: the port only where it is not the scheme's own."""
        return self.written_host if self.port == PORTS[self.scheme] else self.place


def read(url: str) -> Target:
    """Take an address apart; raises Blocked for any but the plainest way of writing one.

    Names and passwords before the host, spaces, control signs, backslashes, percent signs in the
    host, letters beyond ASCII, and numbers that libraries read as addresses (2130706433, 0x7f.1,
    0177.0.0.1) are refused: two programs must not read two hosts out of one text.
    """
    found = WRITTEN.fullmatch(url[:1].lower() + url[1:]) if len(url) <= LONGEST_URL else None
    if found is None:
        raise Blocked(_("地址写成https://主机名/路径这样，不带账号、空格和中文。"))
    scheme, host = found["scheme"], found["host"].lower()
    port = int(found["port"] or PORTS[scheme])
    if not 0 < port < 65536:
        raise Blocked(_("端口写1至65535之间的数字。"))
    return Target(scheme, read_host(host), port, (found["path"] or "/") + (found["query"] or ""))


def read_host(host: str) -> str:
    """The host in one way of writing, without brackets; raises Blocked."""
    if host.startswith("["):
        return str(_literal(host[1:-1]))
    labels = host.split(".")
    if NUMBER.fullmatch(labels[-1]):
        return str(_literal(host))
    if not all(LABEL.fullmatch(label) for label in labels):
        raise Blocked(_("主机名“%(host)s”写法不对。") % {"host": host})
    return host


def _literal(text: str) -> Address:
    try:
        address = ip_address(text)
    except ValueError:
        raise Blocked(_("数字地址写成10.1.2.3这样的四段十进制。")) from None
    return address


def is_never(address: Address) -> bool:
    """Whether no approval opens this address."""
    if address in LOOPBACK:
        return False
    return any(address in network for network in NEVER if network.version == address.version)


def is_public(address: Address) -> bool:
    """Whether the address is one of the world's, which needs no approval of its own."""
    if any(address in network for network in INSIDE if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast and not is_never(address)


def lookup(
    host: str,
    port: int,
    resolver: Resolver = socket.getaddrinfo,
    *,
    seconds: float = SECONDS_TO_LOOK_UP,
) -> list[Address]:
    """Every address that the name means now, asked once; raises Unreachable, also when no answer has
    come after so many seconds."""
    found = _answer(lambda: resolver(host, port, type=socket.SOCK_STREAM), seconds)
    if found is None:
        raise Unreachable(_("查不到主机“%(host)s”的地址。") % {"host": host})
    # A scope (`fe80::1%eth0`) is a way of writing that no approved gateway needs.
    texts = dict.fromkeys(str(entry[4][0]) for entry in found)
    return [ip_address(text.partition("%")[0]) for text in texts]


def _answer(ask: Callable[[], list[Any]], seconds: float) -> list[Any] | None:
    """None when nothing is known. The system's look-up takes no limit of time: so another thread waits
    for it, which is left alone when it is late."""
    answers: SimpleQueue[list[Any] | None] = SimpleQueue()

    def wait() -> None:
        found = None
        try:
            found = ask()
        except (OSError, UnicodeError):
            pass
        finally:
            answers.put(found)

    threading.Thread(target=wait, daemon=True).start()
    try:
        return answers.get(timeout=seconds)
    except Empty:
        return None
