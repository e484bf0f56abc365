"""The environment variables of the programs we start (README.md lists them all)."""

import os
import socket
from pathlib import Path
from urllib.parse import urlsplit

from . import keys
from .place import ROOT, Place
from .servers import Servers, given

# The story of the demonstration ends on this day; the trial world stands still there.
DEMO_TODAY = "2022-05-10"
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - recognised, not bound
ADDRESSES = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
KEYS = ("SECRET_KEY", "FIELD_KEYS")
LEAKS = (
    *ADDRESSES,
    *KEYS,
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "DEBUG",
    "EMAIL_URL",
    "PORTAL_DATA",
    "PORTAL_TODAY",
    "PORTAL_TRIAL",
    "PORTAL_URL",
    "TRUSTED_PROXIES",
)


def of_django(place: Place, servers: Servers, *, url: str = "", today: str = "") -> dict[str, str]:
    """Everything the settings read, for `place` and `servers`. What the person set, wins.

    Without `url` and `today` those of the last `./portal up` are taken.
    """
    state = place.recall()
    own = servers.environment()
    if servers.cluster is not None:
        own |= {"PORTAL_TRIAL": "1", "PORTAL_TODAY": today or state.get("today", "")}
    elif not given("DATABASE_OWNER_URL"):
        own["DATABASE_OWNER_URL"] = os.environ.get("DATABASE_URL", "")
    url = os.environ.get("PORTAL_URL") or url or state.get("url", "http://127.0.0.1:8000/")
    wishes = {
        "DJANGO_SETTINGS_MODULE": "cdo_portal.settings.base",
        "PORTAL_URL": url,
        "ALLOWED_HOSTS": ",".join(names_of_this_machine(url)),
        "REDIS_URL": "",
        **{key: servers.secrets[key] for key in KEYS},
    }
    defaults = {name: value for name, value in wishes.items() if not given(name)}
    return {**plain(), **defaults, "PORTAL_DATA": str(place.path), **own}


def plain(*, without: tuple[str, ...] = ()) -> dict[str, str]:
    """The person's environment with quick output, less the variables named in `without`."""
    dropped = {*without, *(f"{name}_FILE" for name in without)}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}


def of_throw_away(addresses: dict[str, str]) -> dict[str, str]:
    """For tests and checks: nothing of a real installation leaks in from the person's shell."""
    return {**plain(without=LEAKS), **addresses}


def drawn_keys() -> dict[str, str]:
    """Secrets for programs that need some and keep nothing."""
    return {key: keys.DRAW[key]() for key in KEYS}


def names_of_this_machine(url: str) -> list[str]:
    """Host names under which a browser may ask for `url`."""
    named = urlsplit(url).netloc.rpartition("@")[2]
    host = named.rpartition(":")[0] if named.rpartition(":")[2].isdigit() else named
    names = ["127.0.0.1", "localhost", "[::1]", host]
    if host == outward_address():
        names.append(socket.gethostname())
    return list(dict.fromkeys(names))


def address(host: str, port: int) -> str:
    """The address to type into a browser, and to put into mails, for a server that listens there."""
    if host in EVERYWHERE:
        host = outward_address()
    return f"http://{bracketed(host)}:{port}/"


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def outward_address() -> str:
    """The address other machines see, by asking for a route; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        try:
            line.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(line.getsockname()[0])


def shown(path: Path) -> str:
    """A path as the person would type it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
