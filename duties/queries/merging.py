"""The words of a slip: a template with fields such as 「{{任务}}」, filled for one task."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from core import words
from pilots.models import Unit

from ..choices import SlipLevel
from ..models import Assignment

FIELD = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
LONE = re.compile(r"\{\{|\}\}")
# What may be written into a template, with what it becomes. Placeholders are Chinese, whoever reads.
FIELDS: dict[str, Any] = {
    "单位": gettext_lazy("收单单位的简称"),
    "任务": gettext_lazy("任务名称"),
    "截止日期": gettext_lazy("例如2022年4月30日"),
    "逾期天数": gettext_lazy("例如“逾期3天”，没有逾期的写“还剩5天”"),
    "编号": gettext_lazy("任务编号"),
    "联系人": gettext_lazy("牵头单位的对口联系人，没有指定的写拟稿人"),
}
# What each level says unless somebody writes something else; kept in Chinese.
TEMPLATES: dict[str, str] = {
    SlipLevel.HINT: "你单位“{{任务}}”（{{编号}}）截止日期为{{截止日期}}，{{逾期天数}}。请及时办理，并反馈进展。\n"
    "联系人：{{联系人}}。",
    SlipLevel.CHASE: "你单位承担的“{{任务}}”（{{编号}}）截止日期为{{截止日期}}，现{{逾期天数}}，尚未完成。"
    "请抓紧办理，书面说明目前进展、存在困难和完成时间。\n联系人：{{联系人}}。",
    SlipLevel.SUPERVISE: "你单位承担的“{{任务}}”（{{编号}}）截止日期为{{截止日期}}，现{{逾期天数}}，尚未完成。"
    "请由首席数据官牵头研究，明确完成时间和责任人，并书面反馈办理情况。确需延期的，按程序申请。\n"
    "联系人：{{联系人}}。",
}


def faults_of(template: str) -> list[str]:
    """What is wrong with a template, in sentences; nothing when it can be filled."""
    known = _("、").join(f"{{{{{name}}}}}" for name in FIELDS)
    unknown = [name for name in FIELD.findall(template) if name not in FIELDS]
    faults = [
        _("没有“{{%(name)s}}”这一项。能用的是：%(known)s") % {"name": name, "known": known}
        for name in dict.fromkeys(unknown)
    ]
    if LONE.search(FIELD.sub("", template)):
        faults.append(_("大括号没有配对。能用的是：%(known)s") % {"known": known})
    return faults


def merged(template: str, task: Assignment, *, contact: str, on: date) -> str:
    """The template filled for one task on one day; a slip is Chinese, whoever writes it."""
    facts = _facts(task, contact, on)
    return FIELD.sub(lambda found: facts.get(found[1], found[0]), template).strip()


def _facts(task: Assignment, contact: str, on: date) -> dict[str, str]:
    day = task.latest_on
    with override(settings.LANGUAGE_CODE):
        return {
            "单位": short_name(task.unit),
            "任务": task.obligation.title,
            "截止日期": f"{day.year}年{day.month}月{day.day}日" if day else _("文件未定时限"),
            "逾期天数": words.relation(day, on) if day else _("文件未定时限"),
            "编号": task.number,
            "联系人": contact,
        }


def short_name(unit: Unit) -> str:
    return str(unit.display_name)


def listed_fields() -> Iterable[tuple[str, Any]]:
    """(「{{单位}}」, what it becomes), for the page."""
    return [(f"{{{{{name}}}}}", said) for name, said in FIELDS.items()]
