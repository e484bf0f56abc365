"""A message within a provider's limit: whole lines, cut between characters, saying what is left out."""

from django.utils.translation import gettext as _

from .base import Message

LONGEST_TITLE = 120  # characters


def group_text(message: Message, limit: int, *, mark: bool = False) -> str:
    """For a group: title, numbered lines and the page, at most `limit` octets of UTF-8. It greets
    nobody, for everybody in the group reads it. `mark` adds the delivery's number, where the provider
    tells two messages apart by their texts."""
    end = _("查看：%(url)s") % {"url": message.url}
    if mark:
        end += "\n" + _("编号：%(mark)s") % {"mark": message.digest[:8]}
    title = cut(message.title, LONGEST_TITLE * 3)
    items = list(message.lines)
    left_out = message.count - len(items)
    while True:
        text = "\n".join([title, *numbered(items, left_out), end])
        if len(text.encode()) <= limit or not items:
            return text
        # The last line may say itself that there are more; with fewer shown its number is wrong.
        items.pop()
        left_out = message.count - len(items)


def numbered(items: list[str], left_out: int) -> list[str]:
    found = [f"{place}. {item}" for place, item in enumerate(items, 1)]
    more = [_("另有%(count)s件") % {"count": left_out}] if left_out > 0 else []
    return [*found, *more]


def cut(text: str, limit: int) -> str:
    """At most `limit` octets of UTF-8, never half a character, with 「…」 where something went."""
    octets = text.encode()
    if len(octets) <= limit:
        return text
    return octets[: limit - 3].decode(errors="ignore") + "…"
