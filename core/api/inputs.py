"""What clients send: declared fields that say in Chinese what is wrong, and nothing undeclared."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError as ModelError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from .. import clock
from .lists import unknown_name

SHOWN = 60  # characters of an input that an answer repeats
MISSING = {
    "required": gettext_lazy("这一项必须填写。"),
    "null": gettext_lazy("这一项不能是null。"),
}


class InputSerializer(serializers.Serializer):
    """The content of one write request. A field that is not declared is refused by name: a machine
    that misspells one must not believe that it was stored. `validated_data` are clean values."""

    default_error_messages = {
        **MISSING,
        "invalid": gettext_lazy("写成JSON对象，字段和值放在花括号里。"),
    }

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            known = [name for name, field in self.fields.items() if not field.read_only]
            unknown = [str(name) for name in data if name not in known][:10]
            if unknown:
                faults = {
                    name[:SHOWN]: [unknown_name(name[:SHOWN], known, _("字段"))] for name in unknown
                }
                raise serializers.ValidationError(faults)
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """A text, without spaces around it; a number or a truth value is none."""

    default_error_messages = {
        **MISSING,
        "invalid": gettext_lazy("写成文字，用双引号括起来。"),
        "blank": gettext_lazy("这一项必须填写。"),
        "max_length": gettext_lazy("不超过{max_length}个字符。"),
    }

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        text = super().to_internal_value(data)
        if not text.replace("\n", " ").replace("\r", " ").replace("\t", " ").isprintable():
            raise serializers.ValidationError(_("含有无法保存的字符，删去后再提交。"))
        return text


class Choice(serializers.ChoiceField):
    default_error_messages = {**MISSING, "invalid_choice": gettext_lazy("只能是{allowed}。")}

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, str) and (data in self.choices or (data == "" and self.allow_blank)):
            return data
        allowed = [str(key) for key in self.choices if key]
        return self.fail("invalid_choice", allowed=_("、").join(allowed))


class Choices(serializers.ListField):
    """A list of choices, each once."""

    default_error_messages = {
        **MISSING,
        "not_a_list": gettext_lazy('写成列表，如["值"]。'),
        "max_length": gettext_lazy("不超过{max_length}个。"),
    }

    def to_internal_value(self, data: Any) -> list[str]:
        return list(dict.fromkeys(super().to_internal_value(data)))


class Day(serializers.DateField):
    """A calendar day, YYYY-MM-DD, from 1949 to 2199."""

    default_error_messages = {
        **MISSING,
        "invalid": gettext_lazy("写成2022-04-15这样的日期，1949年至2199年。"),
    }

    def to_internal_value(self, value: Any) -> date:
        day = clock.read_day(value) if isinstance(value, str) else None
        return day or self.fail("invalid")


class Whole(serializers.IntegerField):
    """A whole number, as JSON writes one."""

    default_error_messages = {
        **MISSING,
        "invalid": gettext_lazy("写成整数。"),
        "max_value": gettext_lazy("不大于{max_value}。"),
        "min_value": gettext_lazy("不小于{min_value}。"),
    }

    def to_internal_value(self, data: Any) -> int:
        return data if type(data) is int else self.fail("invalid")


class Flag(serializers.BooleanField):
    """true or false, and no other word for either."""

    default_error_messages = {**MISSING, "invalid": gettext_lazy("写成true或false。")}

    def to_internal_value(self, data: Any) -> bool:
        return data if isinstance(data, bool) else self.fail("invalid")


class Seen(Text):
    """The `id` of a row that the caller sees; gives the row. One that is not there and one that the
    caller does not see are refused in the same words."""

    def __init__(self, model: type[models.Model], key: str = "code", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.model, self.key = model, key
        self.validators = []  # those of a text; what comes out is a row

    def rows(self) -> Any:
        return self.model.objects.visible_to(self.context["request"].user)  # type: ignore[attr-defined]

    def to_internal_value(self, data: Any) -> Any:
        typed = super().to_internal_value(data)
        try:
            found = self.rows().filter(**{self.key: typed}).first()
        except ModelError:  # no UUID
            found = None
        if found is None:
            facts = {"typed": typed[:SHOWN], "what": self.model._meta.verbose_name}
            message = _("没有“%(typed)s”这样的%(what)s，或当前账号看不到。")
            raise serializers.ValidationError(message % facts)
        return found


class Listed(Seen):
    """The same of a list that is everybody's."""

    def rows(self) -> Any:
        return self.model._default_manager.all()
