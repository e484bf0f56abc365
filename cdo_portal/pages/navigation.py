"""Who sees which entries: at most seven, in one order, absent when a person may not use them."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

PERSON_MENU = (
    ("accounts:preferences", _("外观与语言")),
    ("accounts:password", _("修改密码")),
    ("accounts:roles", _("角色说明")),
    ("help", _("帮助")),
)
FOOTER = (
    ("help", _("帮助")),
    ("feedback", _("意见反馈")),
    ("accessibility", _("无障碍说明")),
)


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
    """A page of the navigation, and who may open it (any of `permissions`; none = everybody)."""

    name: str
    label: Any
    key: str = ""
    permissions: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()


DOORS = (
    Door("home", _("待办"), "d"),
    Door("overview", _("总览"), "z", ("read_overview",)),
    Door("duties:assignment-list", _("任务"), "r", ("read_units",)),
    Door("duties:deadlines", _("时限"), "s", ("read_units",)),
    Door("pilots:unit-list", _("单位"), "u", ("read_units",)),
    Door("pilots:programme-list", _("方案与文件"), "f", ("read_programme",)),
    Door("audit-log", _("操作日志"), "l", ("read_audit",)),
)


def entries(request: HttpRequest) -> list[Entry]:
    """The entries that this person may use, with the current one marked."""
    may = permissions_of(request)
    found = []
    for door in DOORS:
        if door.permissions and not may.intersection(door.permissions):
            continue
        try:
            url = reverse(door.name)
        except NoReverseMatch:
            continue
        is_current = request.path == url or (url != "/" and request.path.startswith(url))
        found.append(Entry(door.label, url, is_current, door.key))
    return found


def permissions_of(request: HttpRequest) -> set[str]:
    """Values of accounts.roles.Permission that the person has somewhere."""
    return set(getattr(request, "permissions", ()) or ())


def place_of(user: Any) -> str:
    """Short name of the body a person acts for, for the menu."""
    return str(getattr(user, "place", "") or "")


def unread(user: Any) -> int:
    """Notices not yet opened."""
    return 0
