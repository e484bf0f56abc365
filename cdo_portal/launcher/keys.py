"""The trial's secrets: drawn at random on the first start, kept in <data>/secrets (mode 600)."""

import base64
import secrets as random
from pathlib import Path

from .place import write_whole


def field_key() -> str:
    """A Fernet key: 32 random bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(random.token_bytes(32)).decode("ascii")


DRAW = {
    "SECRET_KEY": lambda: random.token_urlsafe(50),
    "FIELD_KEYS": field_key,
    "PG_SUPERUSER_PASSWORD": lambda: random.token_urlsafe(24),
    "PG_OWNER_PASSWORD": lambda: random.token_urlsafe(24),
    "PG_APP_PASSWORD": lambda: random.token_urlsafe(24),
}


def load_or_draw(path: Path) -> dict[str, str]:
    """Read NAME=value lines; what is missing is drawn and written back."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    known = dict(line.split("=", 1) for line in lines if "=" in line)
    missing = {name: draw() for name, draw in DRAW.items() if name not in known}
    if missing:
        known |= missing
        write_whole(path, "".join(f"{name}={value}\n" for name, value in known.items()))
    return known
