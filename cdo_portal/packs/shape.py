"""From a tree to the schema's objects; pydantic's complaints become faults in Chinese."""

from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from .faults import Place, nearest
from .reading import Tree
from .schema import FORMATS, Entry

LISTED = 12


def shaped(tree: Tree) -> Entry | None:
    """The validated content, or None after adding every fault to the tree."""
    if not isinstance(tree.data, dict):
        tree.fault((), _("文件是空的，或者最外层不是“名称: 内容”的形式。"))
        return None
    name = tree.data.get("format")
    model = FORMATS.get(name) if isinstance(name, str) else None
    if model is None:
        message = _("format要写成下列之一：%(names)s。")
        tree.fault(("format",), message % {"names": "、".join(FORMATS)})
        return None
    try:
        return model.model_validate(_without_nothing(tree.data))
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            place = _place(tree.data, detail["loc"])
            tree.fault(place, _said(model, place, detail))
        return None


def _without_nothing(value: Any) -> Any:
    """An entry written with nothing behind the colon counts as not written."""
    if isinstance(value, dict):
        return {key: _without_nothing(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nothing(item) for item in value]
    return value


def _place(data: Any, loc: tuple[str | int, ...]) -> Place:
    """pydantic's location, without the steps that are not in the file (members of a union)."""
    place: list[str | int] = []
    for step in loc:
        inside = isinstance(data, dict) and step in data
        at_index = isinstance(data, list) and isinstance(step, int)
        if inside or at_index:
            data = data[step]
        elif not isinstance(data, dict):
            continue
        else:
            data = None
        place.append(step)
    return tuple(place)


def _said(model: type[BaseModel], place: Place, detail: Any) -> str:
    kind, context, value = detail["type"], detail.get("ctx", {}), detail.get("input")
    facts = {"n": next(iter(context.values()), ""), "m": len(str(value)), "value": value}
    match kind:
        case "extra_forbidden":
            message = _unknown_key(model, place)
        case "enum" | "literal_error":
            message = _not_a_choice(str(value), context["expected"])
        case "value_error":
            message = str(context["error"])
        case _ if kind.startswith("date"):
            message = _("没有这一天：“%(value)s”。") % facts
        case _:
            message = _plainly(kind) % facts
    return message


def _plainly(kind: str) -> str:
    said = {
        "missing": _("缺少这一项。"),
        "string_type": _("这里应是一段文字。"),
        "list_type": _("这里应是列表，每行以“- ”开头。"),
        "dict_type": _("这里应是“名称: 内容”的形式。"),
        "model_type": _("这里应是“名称: 内容”的形式。"),
        "int_parsing": _("这里应是整数，不能是“%(value)s”。"),
        "too_short": _("至少要写一项。"),
        "string_too_short": _("不能为空。"),
        "string_too_long": _("太长，最多%(n)s个字，现有%(m)s个字。"),
        "greater_than_equal": _("不能小于%(n)s。"),
        "less_than_equal": _("不能大于%(n)s。"),
    }
    return said.get(kind, _("写法不对。"))


def _unknown_key(model: type[BaseModel], place: Place) -> str:
    owner = _model_at(model, place[:-1])
    known = [field.alias or name for name, field in owner.model_fields.items()] if owner else []
    word = str(place[-1])
    message = _("不认识“%(word)s”%(guess)s。这里可以写：%(known)s。")
    return message % {"word": word, "guess": nearest(word, known), "known": "、".join(known)}


def _not_a_choice(value: str, expected: str) -> str:
    choices = [word.strip("' ") for word in expected.replace(" or ", ", ").split(",")]
    listed = "、".join(choices[:LISTED]) + ("……" if len(choices) > LISTED else "")
    message = _("“%(value)s”不在可选范围%(guess)s。可选：%(listed)s。")
    return message % {"value": value, "guess": nearest(value, choices), "listed": listed}


def _model_at(model: type[BaseModel] | None, place: Place) -> type[BaseModel] | None:
    for step in place:
        if isinstance(step, int):
            continue
        fields = model.model_fields if model else {}
        field = next((f for name, f in fields.items() if step in {name, f.alias}), None)
        model = _model_in(field.annotation) if field else None
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model inside `list[X]`, `X | None`, `Annotated[list[X], …]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in {list, Annotated, Union, UnionType}:
        return next(filter(None, map(_model_in, get_args(annotation))), None)
    return None
