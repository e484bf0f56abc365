"""Which addresses are connected to: none inside without approval, and never our own services."""

import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from .addresses import (
    PORTS,
    SECONDS_TO_LOOK_UP,
    Address,
    Resolver,
    Target,
    is_never,
    is_public,
    lookup,
)
from .errors import Blocked, Unreachable

STANDARD = PORTS | {"redis": 6379, "rediss": 6379}
LOCAL = {"", "localhost", "127.0.0.1", "::1", "0.0.0.0", "::"}  # noqa: S104 - compared, not bound
KEPT = 60  # seconds for which what our own services are called is not asked again


def checked(
    target: Target,
    networks: Iterable[Any],
    resolver: Resolver = socket.getaddrinfo,
    *,
    seconds: float = SECONDS_TO_LOOK_UP,
) -> list[Address]:
    """The addresses to connect to; raises Blocked when a single one of them may not be, Unreachable when
    nothing is known of the name, or of where our own database is."""
    addresses = lookup(target.host, target.port, resolver, seconds=seconds)
    allowed = [ip_network(str(network)) for network in networks]
    own = own_services(resolver)
    for address in addresses:
        inside = any(address in each for each in allowed if each.version == address.version)
        if is_never(address) or not (is_public(address) or inside):
            raise Blocked(_("“%(place)s”指向内部地址，没有连接。") % {"place": target.place})
        if own.has(address, target.port):
            raise Blocked(_("“%(place)s”是本系统自己的服务，没有连接。") % {"place": target.place})
    return addresses


@dataclass(frozen=True)
class Own:
    """Our own database, Redis and pages. `here`: ports of those on this machine, which answer at every
    address that it has; `there`: addresses and ports of the others."""

    here: frozenset[int]
    there: frozenset[tuple[Address, int]]

    def has(self, address: Address, port: int) -> bool:
        return (address, port) in self.there or (port in self.here and is_here(address))


def is_here(address: Address) -> bool:
    """Whether this machine has the address: all of 127.0.0.0/8, and what a socket may be bound to."""
    if address.is_loopback:
        return True
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(address), 0))
    except OSError:
        return False
    return True


def own_services(resolver: Resolver = socket.getaddrinfo) -> Own:
    """What no gateway ever is. Raises Unreachable when the name of the database or of Redis tells no
    address: then nobody knows whether the gateway is it. Our pages may have a name that only the people
    outside know; whoever has no address cannot be reached under another name either."""
    return _found(_own_places(), resolver, int(time.monotonic() // KEPT))


@lru_cache(maxsize=4)
def _found(places: frozenset[tuple[str, int, bool]], resolver: Resolver, _minute: int) -> Own:
    here, there = set(), set()
    for host, port, is_needed in places:
        if host in LOCAL:
            here.add(port)
            continue
        try:
            addresses = lookup(host, port, resolver)
        except Unreachable:
            if is_needed:
                raise
            continue
        there |= {(address, port) for address in addresses}
        here |= {port for address in addresses if is_here(address)}
    return Own(frozenset(here), frozenset(there))


def _own_places() -> frozenset[tuple[str, int, bool]]:
    """(host, port, does the portal stand still without it) of what the settings name; a socket in the
    file system has neither host nor port."""
    database = settings.DATABASES["default"]
    host = database["HOST"]
    places = {("" if host.startswith("/") else host, int(database["PORT"] or 5432), True)}
    urls = {settings.REDIS_URL: True, settings.PORTAL_URL: False}
    for url, is_needed in (urls | {f"http://{settings.PORTAL_BIND}": False}).items():
        parts = urlsplit(url)
        port = parts.port or STANDARD.get(parts.scheme, 0)
        places.add((parts.hostname or "", port, is_needed))
    return frozenset(places)
