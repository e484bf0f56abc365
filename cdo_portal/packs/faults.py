"""What is wrong with a pack: file, line, place, and what to do about it, in Chinese."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

Place = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Fault:
    """One mistake. `where` is a path such as `obligations[2].due_on`; line numbers begin with 1."""

    file: str
    line: int
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.where}: {self.message}"


class PackBroken(Exception):
    """A pack that cannot be loaded. Nothing was written; `faults` lists everything at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


def spelled(place: Place) -> str:
    """`("obligations", 2, "due_on")` as `obligations[2].due_on`; the file itself is 「整个文件」."""
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.lstrip(".") or _("整个文件")


def nearest(word: str, choices: Iterable[str]) -> str:
    """「，是否想写“…”」 when one of the choices resembles the word, else nothing."""
    close = difflib.get_close_matches(word, list(choices), n=1, cutoff=0.6)
    return _("，是否想写“%(guess)s”") % {"guess": close[0]} if close else ""
