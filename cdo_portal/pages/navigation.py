"""Who sees which entries: at most seven, in one order, absent when a person may not use them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Permission
from pilots.access import permissions_of


@dataclass(frozen=True)
class Entry:
    """One entry: `key` is its letter after 「g」, `count` what waits behind it."""

    label: Any
    url: str
    is_current: bool
    key: str = ""
    count: int = 0
    is_hot: bool = False


@dataclass(frozen=True)
class Door:
    """A page of the navigation, and the permission that opens it ('' = everybody). `near` are
    addresses that belong to it; `instead` is the permission whose holders get another door for the
    same; `query` opens all that its number counts; `fold` says that another page or the person
    menu leads there too, so it gives way where there would be more than seven, the lowest number
    first (0: never)."""

    name: str
    label: Any
    key: str = ""
    permission: str = ""
    near: tuple[str, ...] = ()
    instead: str = ""
    query: str = ""
    fold: int = 0


MOST = 7  # entries of the bar (ux.md §4)
HOME = Door("home", _("待办"), "d")
DESK = Door("home", _("工作台"), "d")
DOORS = (
    Door("overview", _("总览"), "z", Permission.READ_OVERVIEW),
    Door(
        "duties:assignment-list",
        pgettext_lazy("list", "任务"),
        "r",
        Permission.READ_UNITS,
        near=("/orders/", "/extensions/", "/slips/", "/support/"),
    ),
    Door(
        "duties:deadlines",
        pgettext_lazy("list", "时限"),
        "s",
        Permission.READ_UNITS,
        fold=1,
    ),
    Door(
        "reports:review-queue",
        pgettext_lazy("list", "审核"),
        "h",
        Permission.REVIEW_REPORTS,
        near=("/reports/", "/periods/", "/overall/", "/evidence/", "/papers/"),
        query="?programme=",
    ),
    Door(
        "reports:report-list",
        pgettext_lazy("list", "报告"),
        "b",
        Permission.READ_REPORTS,
        near=("/periods/", "/overall/", "/evidence/", "/papers/"),
        instead=Permission.REVIEW_REPORTS,
    ),
    Door(
        "unit-list",
        pgettext_lazy("list", "单位"),
        "u",
        Permission.READ_UNITS,
        near=("/projects/", "/findings/"),
    ),
    Door(
        "officers:appointment-list",
        pgettext_lazy("list", "人员"),
        "p",
        Permission.READ_OFFICERS,
        near=("/filings/", "/teams/", "/handover/", "/handovers/"),
    ),
    Door(
        "trainings:event-list",
        pgettext_lazy("list", "培训"),
        "x",
        Permission.READ_EVENTS,
        fold=5,
    ),
    Door(
        "evaluations:round-list",
        pgettext_lazy("list", "评价"),
        "e",
        Permission.READ_ROUNDS,
        near=("/objections/",),
        fold=4,
    ),
    Door(
        "pilots:programme-list",
        pgettext_lazy("list", "方案与文件"),
        "f",
        Permission.READ_PROGRAMME,
        fold=3,
    ),
    Door("audit-log", _("操作日志"), "l", Permission.READ_AUDIT, fold=2),
)

PERSON_MENU = (
    Door("accounts:preferences", _("外观与语言")),
    Door("reminders:notify", _("通知设置")),
    Door("accounts:password", _("修改密码")),
    Door("approvals:lent", _("授权代签"), permission=Permission.READ_REPORTS),
    Door("pilots:programme-list", _("方案与文件"), permission=Permission.READ_PROGRAMME),
    Door("evaluations:round-list", _("履职评价"), permission=Permission.READ_ROUNDS),
    Door("audit-log", _("操作日志"), permission=Permission.READ_AUDIT),
    Door("pilots:member-list", _("单位账号"), permission=Permission.MANAGE_MEMBERS),
    Door("settings", _("设置"), permission=Permission.READ_SETTINGS),
    Door("admin:index", _("系统后台"), permission=Permission.MANAGE_SYSTEM),
    Door("admin:index", _("账号与令牌"), permission=Permission.MANAGE_ACCOUNTS),
    Door(
        "reminders:endpoint-list",
        _("群机器人和回调"),
        permission=Permission.MANAGE_ENDPOINTS,
    ),
    Door("reminders:channels", _("发送渠道"), permission=Permission.HOLD_REMINDERS),
    Door("accounts:outbound", _("对外连接"), permission=Permission.PROPOSE_OUTBOUND),
    Door("roles", _("角色说明")),
)
FOOTER = (
    Door("help", _("帮助")),
    Door("reminders:feedback", _("意见反馈")),
    Door("accessibility", _("无障碍说明")),
)


def address(name: str) -> str:
    """The address of a named page, or '' while the installation has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def entries(request: HttpRequest, counts: Mapping[str, int] | None = None) -> list[Entry]:
    """The entries that this person may use, with the current one marked; `counts` by name of the
    page is what waits behind it."""
    may = permissions_of(request.user)
    home = DESK if Permission.MANAGE_ASSIGNMENTS in may else HOME
    mine = [door for door in DOORS if door.permission in may and door.instead not in may]
    found = _folded([(door, url) for door in (home, *mine) if (url := address(door.name))])
    waiting = counts or {}
    return [
        Entry(
            door.label,
            url + door.query,
            _is_current(request.path, url, *door.near),
            door.key,
            waiting.get(door.name, 0),
        )
        for door, url in found
    ]


def _folded(found: list[tuple[Door, str]]) -> list[tuple[Door, str]]:
    """At most MOST of them: those that may give way go first, the lowest `fold` before the others."""
    kept = list(found)
    for pair in sorted((pair for pair in found if pair[0].fold), key=lambda pair: pair[0].fold):
        if len(kept) > MOST:
            kept.remove(pair)
    return kept


def links(doors: tuple[Door, ...], user: Any) -> list[Entry]:
    """Plain links of the menu or the footer: those that exist and that the person may open."""
    may = permissions_of(user)
    found = [(door, address(door.name)) for door in doors if door.permission in {"", *may}]
    return [Entry(door.label, url, is_current=False) for door, url in found if url]


def _is_current(path: str, *urls: str) -> bool:
    return any(path == url or (url != "/" and path.startswith(url)) for url in urls)


def minds_the_calendar(user: Any) -> bool:
    """Whether the person is told that the working days of a year are only a guess."""
    may = permissions_of(user)
    return Permission.MANAGE_SYSTEM in may or Permission.MANAGE_ASSIGNMENTS in may
