"""A message within a provider's limit: whole lines, cut between characters, saying what is left out."""

from django.utils import translation
from django.utils.translation import gettext as _

from .base import Message

LONGEST_TITLE = 120  # characters


def group_text(message: Message, limit: int, *, mark: bool = False) -> str:
    """For a group: title, numbered lines and the page, at most `limit` octets of UTF-8. It greets
    nobody, for everybody in the group reads it. `mark` adds the delivery's number, where the provider
    tells two messages apart by their texts."""
    with translation.override(message.language):
        return _fitted(message, limit, mark=mark)


def _fitted(message: Message, limit: int, *, mark: bool) -> str:
    end = _("查看：%(url)s") % {"url": message.url}
    if mark:
        end += "\n" + _("编号：%(mark)s") % {"mark": message.digest[:8]}
    title = cut(message.title, LONGEST_TITLE * 3)
    items = list(message.lines)
    # The last line may say itself how many more there are; with fewer shown its number is wrong.
    if items and items[-1:] == rest(message.count - len(items) + 1):
        items.pop()
    while True:
        numbered = [f"{place}. {item}" for place, item in enumerate(items, 1)]
        text = "\n".join([title, *numbered, *rest(message.count - len(items)), end])
        if len(text.encode()) <= limit or not items:
            return text
        items.pop()


def rest(count: int) -> list[str]:
    """The line that says how many more there are; none for none."""
    return [_("另有%(count)s件") % {"count": count}] if count > 0 else []


def cut(text: str, limit: int) -> str:
    """At most `limit` octets of UTF-8, never half a character, with 「…」 where something went."""
    octets = text.encode()
    if len(octets) <= limit:
        return text
    return octets[: limit - 3].decode(errors="ignore") + "…"
