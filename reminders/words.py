"""The record of reminders in words: verbs, fields and stored values."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from .choices import Channel, HeldBy, OnUncertain
from .credentials import ID_TYPES, PARTS

VERBS: dict[str, Any] = {
    "delivery.resend": _("重新发送提醒"),
    "delivery.give_up": _("取消发送"),
    "reminders.hold": _("暂停全部提醒"),
    "reminders.release": _("恢复提醒"),
    "reminders.refill": _("补齐缺失的提醒"),
    "channel.set": _("修改渠道设置"),
    "channel.hold": _("暂停渠道"),
    "channel.release": _("恢复渠道"),
    "preference.set": _("修改通知设置"),
    "reminder_rule.set": _("修改提醒规则"),
}
FIELDS: dict[str, Any] = {
    "engine.note": _("原因"),
    "channelsetting.note": _("原因"),
    "engine.count": _("条数"),
    "engine.rows": _("明细"),
    "engine.held_by": _("暂停原因"),
    "engine.held_note": _("暂停说明"),
    "endpoint.channel": _("渠道"),
    "endpoint.name": _("名称"),
    "endpoint.secret_changed": _("换了密钥"),
    "channelsetting.is_enabled": _("启用"),
    "channelsetting.is_held": _("暂停发送"),
    "channelsetting.is_fallback": _("只作备用"),
    "channelsetting.on_uncertain": _("不确定是否送达时"),
    "channelsetting.config": _("参数"),
    "channelsetting.secret_changed": _("换了密钥"),
    **{f"channelsetting.{part.name}": part.label for parts in PARTS.values() for part in parts},
    "preference.muted": _("不接收"),
    "reminderrule.stages": _("提前几个工作日提醒"),
    "reminderrule.cdo_from": _("从提前几个工作日起同时提醒首席数据官"),
    "reminderrule.desk_from_week": _("逾期几周起同时提醒市政数局经办"),
}
VALUES: dict[str, dict[str, Any]] = {
    "engine.held_by": {item.value: item.label for item in HeldBy},
    "endpoint.channel": dict(Channel.choices),
    "channelsetting.id_type": dict(ID_TYPES),
    "channelsetting.on_uncertain": {item.value: item.label for item in OnUncertain},
}
