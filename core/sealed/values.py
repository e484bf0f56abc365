"""The value of a sealed column, and what of it may be seen."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from .keys import SealBroken, seal, unseal

Mask = Callable[[str], str]
STARS = "****"


def mask_all(_text: str) -> str:
    """Nothing of it, not even its length."""
    return STARS


def mask_mobile(text: str) -> str:
    """`138****1234`: the first three and the last four of at least eleven digits."""
    return f"{text[:3]}{STARS}{text[-4:]}" if len(text) >= 11 else STARS


def mask_email(text: str) -> str:
    """`l***@example.gov.cn`: the first letter and the domain."""
    name, at, domain = text.rpartition("@")
    if not at or not domain:
        return STARS
    return f"{name[:1] if len(name) > 1 else ''}***@{domain}"


class Sealed:
    """An encrypted text. It holds the token alone, so copies, pickles and tracebacks hold no more;
    written in any way it is its masked form; two are equal when their plain texts are."""

    __slots__ = ("_mask", "token")

    def __init__(self, token: str, mask: Mask = mask_all) -> None:
        self.token, self._mask = token, mask

    @classmethod
    def of(cls, text: str, mask: Mask = mask_all) -> "Sealed":
        """Seal a plain text under the newest key."""
        return cls(seal(text), mask)

    def reveal(self) -> str:
        """The plain text; raises SealBroken. Whoever calls it answers for an entry in the record."""
        return unseal(self.token)

    @property
    def masked(self) -> str:
        """What may be shown; 「（无法解密）」 when no key opens it, so that a page still stands."""
        try:
            return self._mask(self.reveal())
        except SealBroken:
            return _("（无法解密）")

    @property
    def is_broken(self) -> bool:
        return self._plain() is None

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"<Sealed {self.masked}>"

    def __format__(self, spec: str) -> str:
        return format(self.masked, spec)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            return self._plain() == other
        if not isinstance(other, Sealed):
            return NotImplemented
        mine, theirs = self._plain(), other._plain()
        return self.token == other.token if mine is None or theirs is None else mine == theirs

    def __hash__(self) -> int:
        return hash(self._plain() or self.token)

    def __reduce__(self) -> tuple[Any, ...]:
        return Sealed, (self.token, self._mask)

    def _plain(self) -> str | None:
        try:
            return self.reveal()
        except SealBroken:
            return None
