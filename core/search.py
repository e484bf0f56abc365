"""Search in Chinese names by one character, two, many, or by pinyin initials.

An immutable SQL function `portal_bigrams(text)` turns a text into the set of its characters and
pairs of characters; a generated column holds it under a GIN index. A query asks for all of its
pairs, then `ILIKE` rechecks their order. No extension, no dependence on the database's locale
(stack.md §0).
"""

import re
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import models

SPACES = re.compile(r"\s+")
LONGEST = 60


class Bigrams(models.Func):
    """`portal_bigrams(a || ' ' || b)`; use in a GeneratedField."""

    function = "portal_bigrams"
    output_field = SearchVectorField()


@SearchVectorField.register_lookup
class HasBigrams(models.Lookup):
    """`vector__bigrams=[...]`: every token is in the vector."""

    lookup_name = "bigrams"
    prepare_rhs = False

    def get_prep_lookup(self) -> list[str]:
        return list(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, params = self.process_lhs(compiler, connection)
        tokens = " & ".join("'" + token.replace("'", "''") + "'" for token in self.rhs)
        return f"{left} @@ %s::tsquery", [*params, tokens]


def tokens(text: str) -> list[str]:
    """The tokens a query asks for: its pairs of characters, or the single character."""
    text = normalise(text).replace("\\", "")
    if len(text) == 1:
        return [text]
    return list(dict.fromkeys(text[i : i + 2] for i in range(len(text) - 1)))


def normalise(text: str) -> str:
    """Lower case, no white space, at most 60 characters: what the index holds."""
    return SPACES.sub("", text).lower()[:LONGEST]


def matching(text: str, *, vector: str, columns: tuple[str, ...]) -> models.Q:
    """Condition that the row's names contain `text`; a blank text matches nothing."""
    wanted = normalise(text)
    if not wanted or not tokens(wanted):
        return models.Q(pk__in=[])
    recheck = models.Q()
    for column in columns:
        recheck |= models.Q(**{f"{column}__icontains": wanted})
    return models.Q(**{f"{vector}__bigrams": tokens(wanted)}) & recheck


def pinyin(text: str) -> str:
    """Sort key: the text in pinyin without tones, as one lower-case word a character."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - its dictionaries are half of a web process

    return " ".join(lazy_pinyin(text)).lower()


def initials(text: str) -> str:
    """First letters of the pinyin of each character: 市教育局 gives `sjyj`."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - as above; only a new name needs them

    letters = lazy_pinyin(text, style=Style.FIRST_LETTER)
    return "".join(letter[0] for letter in letters if letter).lower()
