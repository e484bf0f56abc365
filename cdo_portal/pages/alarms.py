"""What of the engine of reminders is wrong, in words, with what to do: for the strips above every page
of those who can do something about it or look after the messages (reliability.md §2 A16)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core import words
from pilots.access import permissions_of
from reminders.choices import Channel, HeldBy
from reminders.registry import types
from reminders.signs import Signs

from . import health
from .navigation import address, minds_the_calendar

STOPS = "。.； ;"


@dataclass(frozen=True)
class Alarm:
    """`text` says what is wrong, `remedy` what to do; `url` leads there, where the reader may."""

    text: str
    remedy: str
    url: str = ""


def hears(user: Any) -> bool:
    """Administrators, the bureaus' officers, and who else reads 发送记录."""
    return minds_the_calendar(user) or Permission.READ_DELIVERIES in permissions_of(user)


def alarms_for(signs: Signs, user: Any) -> list[Alarm]:
    """What is wrong now, the worst first; nothing when all is well."""
    may_hold = Permission.HOLD_REMINDERS in permissions_of(user)
    url = address("reminders:channels") if may_hold else ""
    engine = [*_processes(signs), *_planner(signs), *_holds(signs, url)]
    return [*engine, *_channels(signs, url), *_late(signs)]


def _processes(signs: Signs) -> list[Alarm]:
    if not signs.delivers:
        text = _("后台进程已有3分钟没有动静，提醒发不出去。")
        return [Alarm(text, _("在服务器上检查beat、worker和deliver，恢复后自动补发。"))]
    if signs.has_bell or not settings.REDIS_URL:
        return []
    if not health.bell()["ok"]:
        text = _("Redis连不上，提醒由备用进程继续发送。")
        return [Alarm(text, _("在服务器上检查Redis，恢复后自动接续。"))]
    text = _("beat或worker已有3分钟没有动静，提醒由备用进程继续发送。")
    return [Alarm(text, _("在服务器上检查beat和worker，恢复后自动接续。"))]


def _planner(signs: Signs) -> list[Alarm]:
    found = []
    if signs.unplanned and signs.delivers:
        text = _("已有3分钟没有生成提醒，新的提醒发不出去。")
        found.append(Alarm(text, _("在服务器上查看beat、worker和deliver的日志，恢复后自动补发。")))
    if signs.broken:
        labels = {one.name: str(one.label) for one in types()}
        names = words.listed(labels.get(name, name) for name in signs.broken)
        text = _("这些提醒生成时出错，没有发出：%(names)s。") % {"names": names}
        found.append(Alarm(text, _("在服务器上查看日志，修好后自动补发。")))
    return found


def _holds(signs: Signs, url: str) -> list[Alarm]:
    said = {
        HeldBy.HAND: (_("提醒已人工暂停。"), _("处理完后恢复发送。")),
        HeldBy.CLOCK: (_("系统时间跳变，提醒已自动暂停。"), _("核对服务器时间，正确后恢复发送。")),
        HeldBy.RESTORED: (
            _("数据库由备份恢复，提醒已自动暂停。"),
            _("核对哪些已经发过，确认后恢复发送。"),
        ),
    }
    if signs.held_by not in said:
        return []
    text, remedy = said[HeldBy(signs.held_by)]
    return [Alarm(text + _sentence(signs.held_note), remedy, url)]


def _sentence(text: str) -> str:
    """What somebody wrote, as a sentence of its own: with one full stop, typed or not."""
    said = text.strip().rstrip(STOPS)
    return _("%(text)s。") % {"text": said} if said else ""


def _channels(signs: Signs, url: str) -> list[Alarm]:
    found = [
        Alarm(_held(name, at, note), _("处理完后恢复。"), url)
        for name, (at, note) in signs.held.items()
    ]
    for name, error in signs.failing.items():
        facts = {"channel": Channel(name).label, "error": error.rstrip(STOPS)}
        text = _("%(channel)s发不出去：%(error)s。") % facts
        found.append(Alarm(text, _("检查这个渠道的服务和设置，恢复后自动补发。"), url))
    return found


def _held(channel: str, at: datetime, note: str) -> str:
    """Since when and why, and nobody's name: officers of several bureaus may read it."""
    facts = {"channel": Channel(channel).label, "at": f"{timezone.localtime(at):%Y-%m-%d %H:%M}"}
    if not note:
        return _("%(channel)s自%(at)s起暂停发送。") % facts
    facts["note"] = note.rstrip(STOPS)
    return _("%(channel)s自%(at)s起暂停发送：%(note)s。") % facts


def _late(signs: Signs) -> list[Alarm]:
    if not signs.late or not signs.delivers or signs.failing:
        return []
    text = _("有消息应发出已超过10分钟。")
    return [Alarm(text, _("在发送记录里查看待发送的消息。"), address("reminders:delivery-list"))]
