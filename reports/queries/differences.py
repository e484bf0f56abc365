"""What changed between two texts, phrase by phrase, as a reader of Chinese would mark it."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, NEW = "same", "gone", "new"
# Numbers and Latin words are one; everything else goes by the character, in long texts by the phrase.
WORDS = re.compile(r"[0-9A-Za-z.%]+|\s+|.", re.DOTALL)
PHRASES = re.compile(r"[^，。；：、！？\n]*[，。；：、！？\n]|[^，。；：、！？\n]+")
LONG = 1500  # characters; comparing grows with the square of the parts
ISLAND = 3  # characters that stayed by chance between two changes are read as changed
ALIKE = 0.35  # below, marks would only be noise


@dataclass(frozen=True)
class Piece:
    """A stretch of text; `kind` is SAME, GONE (only in the earlier text) or NEW."""

    kind: str
    text: str


def differences(before: str, after: str) -> list[Piece]:
    """The pieces in their order: those that are not GONE make `after`, those not NEW `before`."""
    pattern = PHRASES if max(len(before), len(after)) > LONG else WORDS
    old, new = pattern.findall(before), pattern.findall(after)
    found: list[tuple[str, str]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[i1:i2]), "".join(new[j1:j2])
        if tag == "equal":
            found.append((gone, gone))
        else:
            found.append((gone, come))
    return _pieces(_without_islands(found))


def are_alike(before: str, after: str) -> bool:
    """Whether marking the differences helps more than showing both texts."""
    kept = sum(len(piece.text) for piece in differences(before, after) if piece.kind == SAME)
    return kept >= ALIKE * max(len(before), len(after), 1)


def _without_islands(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Join changes that only a few unchanged characters keep apart."""
    joined: list[tuple[str, str]] = []
    for place, (old, new) in enumerate(found):
        is_island = old == new and 0 < place < len(found) - 1 and len(old.strip()) < ISLAND
        is_after = bool(joined) and joined[-1][0] != joined[-1][1]
        if is_after and (is_island or old != new):
            joined[-1] = (joined[-1][0] + old, joined[-1][1] + new)
        else:
            joined.append((old, new))
    return joined


def _pieces(found: list[tuple[str, str]]) -> list[Piece]:
    pieces = []
    for old, new in found:
        if old == new:
            pieces.append(Piece(SAME, old))
            continue
        if old:
            pieces.append(Piece(GONE, old))
        if new:
            pieces.append(Piece(NEW, new))
    return pieces
