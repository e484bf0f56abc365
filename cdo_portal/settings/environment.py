"""Reading the environment: small functions, and a missing value fails with advice."""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def env(name: str, default: str | None = None) -> str:
    """Value of NAME, or of the file that NAME_FILE names (secrets of containers)."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    value = os.environ.get(name, default)
    if value is None:
        message = f"{name} is not set. Give {name} or {name}_FILE; README.md lists every variable."
        raise ImproperlyConfigured(message)
    return value


def env_bool(name: str, *, default: bool = False) -> bool:
    return env(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def env_int(name: str, default: int) -> int:
    value = env(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {value!r}; a whole number is needed.") from None


def env_list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in env(name, default).split(",") if part.strip()]


def database(url: str, *, application: str) -> dict:
    """Django's settings for `postgresql://user:password@host:port/name?host=/socket/dir&sslmode=…`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL must begin with postgresql://, not {parts.scheme}://"
        )
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    host = query.pop("host", parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": application, **query},
    }


def email(url: str) -> dict:
    """Django's mail settings for `smtp://user:password@host:port?tls=1`, `smtps://…`, `file:///dir`."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return {"EMAIL_BACKEND": "core.mail.EmlBackend", "EMAIL_FILE_PATH": parts.path}
    if parts.scheme not in {"smtp", "smtps"}:
        raise ImproperlyConfigured("EMAIL_URL must begin with smtp://, smtps:// or file:///")
    query = parse_qs(parts.query)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": query.get("tls", ["0"])[-1] == "1",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


def redis_urls(url: str) -> tuple[str, str]:
    """REDIS_URL in the dialects of Django's cache and of Celery: a socket is named differently."""
    if url.startswith("unix://"):
        path, _, query = url.removeprefix("unix://").partition("?")
        number = parse_qs(query).get("db", ["0"])[-1]
        return f"unix://{path}?db={number}", f"redis+socket://{path}?virtual_host={number}"
    return url, url
