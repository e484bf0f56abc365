"""P21 设置: what can be set, where, by whom, and what it changes when."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from accounts.roles import Permission
from core import clock, words
from core.models import SiteState
from pilots.access import permissions_of
from reminders.choices import Channel

from .health import CHECKS
from .navigation import address


@dataclass(frozen=True)
class Link:
    """One setting: the page, who may open it, and what it changes."""

    name: str
    label: Any
    permission: str
    says: Any


@dataclass(frozen=True)
class Section:
    key: str
    title: Any
    says: Any
    links: tuple[Link, ...]


OFFICER, SYSTEM = Permission.MANAGE_PROGRAMME, Permission.MANAGE_SYSTEM
SECTIONS = (
    Section(
        "days",
        _("时限规则与节假日"),
        _("文件规定的期限不因节假日顺延；提醒按截止前最后一个工作日算。"),
        (
            Link(
                "settings-calendar",
                _("工作日历"),
                Permission.READ_SETTINGS,
                _("改后当场重算未完成任务的最后工作日，提醒随之调整，截止日期不变。"),
            ),
        ),
    ),
    Section(
        "reminders",
        _("提醒"),
        _("提前几天提醒、提醒谁、走什么渠道。"),
        (
            Link(
                "settings-reminders",
                _("提醒阶段和对象"),
                Permission.READ_SETTINGS,
                _("下次运行（1分钟内）起按新规则；已发的不撤回。"),
            ),
            Link(
                "reminders:simulator", _("提醒预演"), OFFICER, _("看某段日期谁会收到什么，不发送。")
            ),
            Link(
                "settings-channels",
                _("渠道和暂停开关"),
                SYSTEM,
                _("停用、暂停立即生效；暂停期间照常生成，恢复后再发。"),
            ),
            Link(
                "reminders:endpoint-list",
                _("群机器人和回调"),
                Permission.MANAGE_ENDPOINTS,
                _("登记后就开始发提醒，由本单位发一条测试消息试一下；不用的停用。"),
            ),
            Link(
                "accounts:outbound",
                _("对外连接"),
                Permission.PROPOSE_OUTBOUND,
                _("由安全管理员批准后才能连接。"),
            ),
            Link(
                "duties:slip-levels",
                _("提醒单级别名称"),
                OFFICER,
                _("保存后新发的提醒单用新名称，已发的不变。"),
            ),
        ),
    ),
    Section(
        "programme",
        _("单位类型、职责领域和报告期"),
        _("单位类型和职责领域由方案文件规定，随方案包载入，页面不能改。"),
        (
            Link(
                "pilots:programme-list",
                _("方案与文件"),
                OFFICER,
                _("查看职责领域、事项和规定任务；开始或结束跟踪立即生效。"),
            ),
            Link("unit-list", _("单位"), OFFICER, _("更名、合并、补名从所填日期起生效。")),
            Link(
                "reports:period-list",
                _("报告期"),
                OFFICER,
                _("开启后各单位立即各得一项报送任务。"),
            ),
            Link(
                "officers:settings",
                _("备案时限、名录和模板"),
                Permission.MANAGE_OFFICERS,
                _("时限和模板保存后立即使用；名录公开后任何人可见。"),
            ),
        ),
    ),
    Section(
        "people",
        _("角色与账号"),
        _("每种角色能做什么由系统规定，人员的角色按岗位授予。"),
        (
            Link("roles", _("角色说明"), Permission.READ_SETTINGS, _("只供查看。")),
            Link(
                "pilots:member-list",
                _("单位账号"),
                Permission.MANAGE_MEMBERS,
                _("开通、停用、重置立即生效。"),
            ),
        ),
    ),
    Section(
        "state",
        _("品牌、备份和状态"),
        _("名称、联系电话由部署配置给出。"),
        (
            Link(
                "settings-state",
                _("名称和运行状态"),
                Permission.READ_SETTINGS,
                _("只供查看；改配置后重启生效。"),
            ),
            Link("admin:index", _("系统后台"), SYSTEM, _("少用的维护，每次修改记入日志。")),
        ),
    ),
)
WORDS = {
    "redis": _("Redis"),
    "processes": _("后台进程"),
    "deliveries": _("提醒发送"),
    "calendar": _("放假通知"),
    "reminders": _("提醒生成和发送渠道"),
}
FAULTS = {
    "redis": _("连不上，提醒照常发送，可能晚几分钟"),
    "processes": _("没有运行，提醒不会发出"),
    "deliveries": _("有消息等待超过10分钟"),
    "calendar": _("60天内有年份没有录入放假通知"),
}
HELD = _("全部渠道已暂停")


class SettingsIndex(View):
    """/settings/"""

    required_permission = Permission.READ_SETTINGS

    def get(self, request: HttpRequest) -> HttpResponse:
        held = permissions_of(request.user)
        sections = []
        for section in SECTIONS:
            links = [
                {"url": url, "label": link.label, "says": link.says}
                for link in section.links
                if link.permission in held and (url := address(link.name))
            ]
            if links:
                sections.append({"section": section, "links": links})
        return render(request, "pages/settings/index.html", {"sections": sections})


class SettingsState(View):
    """/settings/state/: names, how the installation fares, what is known of backups."""

    required_permission = Permission.READ_SETTINGS

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "names": self.names(),
            "checks": self.checks(),
            "is_demo": SiteState.current().is_demo,
            "now": clock.local(),
        }
        return render(request, "pages/settings/state.html", context)

    def names(self) -> list[tuple[Any, Any, str]]:
        """(what, its value, the name of the setting in the configuration)."""
        phone = f"{settings.HELP_PHONE} {settings.HELP_HOURS}".strip()
        return [
            (_("系统名称"), settings.SITE_NAME, ""),
            (_("牵头单位简称"), settings.LEAD_BUREAU_NAME, "LEAD_BUREAU_NAME"),
            (_("主办单位"), settings.SITE_OWNER, "SITE_OWNER"),
            (_("帮助电话和时间"), phone, _("、").join(("HELP_PHONE", "HELP_HOURS"))),
            (_("访问地址"), settings.PORTAL_URL, "PORTAL_URL"),
            (_("邮件发件地址"), settings.DEFAULT_FROM_EMAIL, "MAIL_FROM"),
        ]

    def checks(self) -> list[dict[str, Any]]:
        """[{"label", "ok", "is_held", "fault"}] of what /healthz looks at. What somebody holds on
        purpose is no fault."""
        found = {name: look() for name, look in CHECKS.items()}
        faults: dict[str, Any] = {**FAULTS, "reminders": words.listed(ailing(found["reminders"]))}
        held = {"reminders": is_only_held(found["reminders"])}
        held["deliveries"] = bool(found["reminders"]["held_by"])
        faults |= {"deliveries": HELD} if held["deliveries"] else {}
        return [
            {
                "label": WORDS[name],
                "ok": fact["ok"] and not held.get(name),
                "is_held": held.get(name, False),
                "fault": faults[name],
            }
            for name, fact in found.items()
        ]


def is_only_held(found: dict[str, Any]) -> bool:
    """Nothing is wrong but that somebody, or the engine itself, lets nothing leave."""
    ailing = (found["channels_failing"], *found["planner"].values())
    return not found["ok"] and not any(ailing)


def ailing(found: dict[str, Any]) -> list[str]:
    """What /healthz found of reminders, in words: held, planned by nobody, not getting through."""
    said = [str(HELD)] if found["held_by"] else []
    lists = (
        (gettext("已暂停：%(names)s"), found["channels_held"]),
        (gettext("发不出去：%(names)s"), found["channels_failing"]),
    )
    for text, channels in lists:
        names = words.listed(str(Channel(name).label) for name in channels)
        said += [text % {"names": names}] if channels else []
    planner = found["planner"]
    said += [gettext("已有3分钟没有生成提醒")] if planner["is_silent"] else []
    return said + ([gettext("有提醒生成时出错")] if planner["failed_types"] else [])
