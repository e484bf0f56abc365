"""Reading what a client sends: JSON of a sane size and depth, or a refusal."""

import json
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import parsers
from rest_framework.exceptions import ParseError

from ..errors import Refused

LARGEST = 2**20  # bytes; the largest input of the portal is a small part of it
DEEPEST = 20  # levels of lists and objects


class TooLarge(Refused):
    status = 413
    code = "too_large"
    default_message = _("请求内容超过1MB。分几次提交。")


class JSONParser(parsers.JSONParser):
    """The framework's reads a request of any size into memory, and a few thousand opening brackets
    end it with a crash. Raises ParseError (400), TooLarge (413)."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        body = stream.read(LARGEST + 1)
        if len(body) > LARGEST:
            raise TooLarge
        try:
            data = json.loads(body.decode("utf-8"), parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise ParseError from error
        if _is_deep(data):
            raise ParseError
        return data


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON.")


def _is_deep(data: Any) -> bool:
    level = [data]
    for _depth in range(DEEPEST):
        level = [each for value in level for each in _within(value)]
        if not level:
            return False
    return True


def _within(value: Any) -> Any:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
