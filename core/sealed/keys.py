"""The field keys: sealing, opening, and keyed hashes for unique columns.

`settings.FIELD_KEYS` lists Fernet keys, newest first. The newest seals and hashes; the others only
open what was sealed before, until `manage.py rotate_field_keys` has rewritten it.
"""

import base64
import hashlib
import hmac
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from ..errors import Refused


class SealBroken(Refused):
    """No known key opens the value: the key that sealed it was taken out before a rotation, or the
    column was altered (409)."""

    code = "seal_broken"
    default_message: Any = _(
        "这项内容无法解密，原来的密钥不在FIELD_KEYS里。请系统管理员把原密钥补回去，再执行rotate_field_keys。"
    )


def keys() -> tuple[str, ...]:
    """The field keys, newest first; raises ImproperlyConfigured when there is none."""
    if not settings.FIELD_KEYS:
        raise ImproperlyConfigured("没有设置FIELD_KEYS，加密字段不能读写。")
    return tuple(settings.FIELD_KEYS)


def seal(text: str) -> str:
    """The Fernet token of a text, under the newest key."""
    return _fernet(keys()).encrypt(text.encode()).decode()


def unseal(token: str) -> str:
    """The text of a token, whichever known key sealed it; raises SealBroken."""
    return _opened(_fernet(keys()), token)


def is_under_newest(token: str) -> bool:
    """Whether the newest key opens the token, so that the older ones are not needed for it."""
    try:
        _opened(_fernet(keys()[:1]), token)
    except SealBroken:
        return False
    return True


def digest(value: str, *, purpose: str) -> str:
    """Keyed hash of a normalised value, 64 hexadecimal digits, for a unique column. Without the key
    nobody can try all numbers; `purpose` keeps the hashes of two columns from being compared."""
    return _digest(keys()[0], value, purpose)


def digests(value: str, *, purpose: str) -> list[str]:
    """The hash of a value under every known key, newest first: what a lookup compares with, because
    rows keep the hash of an older key until the next rotation."""
    return [_digest(key, value, purpose) for key in keys()]


def _opened(fernet: MultiFernet, token: str) -> str:
    try:
        return fernet.decrypt(token.encode()).decode()
    except InvalidToken:
        raise SealBroken from None


@lru_cache(maxsize=8)
def _fernet(known: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in known])


@lru_cache(maxsize=64)
def _hash_key(key: str, purpose: str) -> bytes:
    """A key of its own for each purpose, so that the sealing key signs nothing (RFC 5869)."""
    info = f"portal.digest:{purpose}".encode()
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info)
    return derived.derive(base64.urlsafe_b64decode(key))


def _digest(key: str, value: str, purpose: str) -> str:
    return hmac.new(_hash_key(key, purpose), value.encode(), hashlib.sha256).hexdigest()
