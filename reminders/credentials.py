"""The portal's own account at a provider: what has to be entered before anything can leave, and how each
part of it is written.

A part is refused only where the provider's pages are clear about how it is written: an enterprise's
id in 企业微信 is ww or wx and sixteen signs, an application's number there has digits only, an
application's id in 飞书 begins with cli_. A private installation gives ids of its own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import words

from .choices import Channel

BASE, SECRET = "base", "secret"
SECRET_WRITTEN = re.compile(r"[\x21-\x7e]{8,200}", re.ASCII)


@dataclass(frozen=True)
class Part:
    """One value of an account. `fault` says how it is written to who wrote it otherwise; `choices` are
    the values it may have, where they are few."""

    name: str
    label: Any
    help: Any
    written: re.Pattern[str]
    fault: Any = ""
    is_required: bool = True
    private: re.Pattern[str] | None = None  # how a private installation writes it
    choices: tuple[tuple[str, Any], ...] = ()

    def fits(self, value: str, *, is_private: bool) -> bool:
        rule = self.private if is_private and self.private else self.written
        return rule.fullmatch(value) is not None


ID_TYPES = (
    ("user_id", _("用户ID（user_id）")),
    ("open_id", _("应用内ID（open_id）")),
    ("union_id", _("同一开发商内ID（union_id）")),
    ("email", _("飞书邮箱")),
)
BASE_LABEL = _("私有部署的接口地址")
_BASE = Part(
    BASE,
    BASE_LABEL,
    _("用官方服务的不填；私有部署写成https://qyapi.example.gov.cn这样，先批准对外连接。"),
    re.compile(r".{1,200}"),
    is_required=False,
)
PARTS: dict[str, tuple[Part, ...]] = {
    Channel.WECOM_APP: (
        Part(
            "corp_id",
            _("企业ID（corp_id）"),
            _("在企业微信管理后台“我的企业—企业信息”最下面，以ww或wx开头，共18位。"),
            re.compile(r"w[wx][0-9A-Za-z]{16}", re.ASCII),
            _("“企业ID”以ww或wx开头，共18位，从企业微信管理后台“我的企业”完整复制"),
            private=re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII),
        ),
        Part(
            "agent_id",
            _("应用编号（agent_id）"),
            _("在管理后台“应用管理”里点开自建应用查看，只有数字，如1000002。"),
            re.compile(r"[1-9][0-9]{0,9}", re.ASCII),
            _("“应用编号”只写数字，如1000002，在企业微信管理后台的应用页面查看"),
        ),
        _BASE,
    ),
    Channel.FEISHU_APP: (
        Part(
            "app_id",
            _("应用ID（app_id）"),
            _("在飞书开发者后台应用的“凭证与基础信息”里，以cli_开头。"),
            re.compile(r"cli_[0-9A-Za-z]{1,60}", re.ASCII),
            _("“应用ID”以cli_开头，从飞书开发者后台“凭证与基础信息”完整复制"),
            private=re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII),
        ),
        Part(
            "id_type",
            _("个人登记的账号类型"),
            _("每个人在“本人接收地址”里填的是哪一种。"),
            re.compile("|".join(value for value, _label in ID_TYPES)),
            _("“个人登记的账号类型”不在可选范围内，重新选择"),
            is_required=False,
            choices=ID_TYPES,
        ),
        _BASE,
    ),
}
SECRETS: dict[str, tuple[Any, Any]] = {
    Channel.WECOM_APP: (
        _("应用密钥（Secret）"),
        _("在企业微信管理后台的应用页面查看。加密保存，以后不再显示。"),
    ),
    Channel.FEISHU_APP: (
        _("应用密钥（App Secret）"),
        _("在飞书开发者后台“凭证与基础信息”里查看。加密保存，以后不再显示。"),
    ),
}
STANDARD_BASES: dict[str, str] = {
    Channel.WECOM_APP: "https://qyapi.weixin.qq.com",
    Channel.FEISHU_APP: "https://open.feishu.cn",
}


def missing(channel: str, config: Mapping[str, Any], *, has_secret: bool) -> list[str]:
    """Labels of what has to be entered yet before the channel can send; [] when nothing is missing."""
    if channel == Channel.SMS:
        return _missing_of_sms()
    parts = PARTS.get(channel, ())
    found = [str(part.label) for part in parts if part.is_required and not config.get(part.name)]
    if channel in SECRETS and not has_secret:
        found.append(str(SECRETS[channel][0]))
    return found


def _missing_of_sms() -> list[str]:
    """What the supplier's class says of itself: `missing()` is optional."""
    says = getattr(import_string(settings.SMS_BACKEND), "missing", None)
    return [str(each) for each in says()] if says else []


def unready(channel: str, lacking: list[str]) -> str:
    """Why nothing can leave by the channel and who can mend it, for who looks after it."""
    facts = {"channel": Channel(channel).label, "parts": words.listed(lacking)}
    return (
        gettext("%(channel)s未配置：缺少%(parts)s，由系统管理员在“渠道和暂停开关”里填写。") % facts
    )


def unready_for_own(channels: list[str]) -> str:
    """The same for a person who would enter an own address."""
    names = words.listed(str(Channel(channel).label) for channel in channels)
    text = gettext(
        "%(channels)s未配置，不能登记。请系统管理员在“渠道和暂停开关”里填写账号后再登记。"
    )
    return text % {"channels": names}
