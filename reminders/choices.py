"""Channels, states of a delivery, manners, and what people may switch off."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    """By what a person or a group is reached. The order is that of falling back: what cannot be
    delivered by one tries the first of these that nothing of it went by."""

    INBOX = "inbox", _("站内提醒")
    EMAIL = "email", _("电子邮件")
    WECOM_APP = "wecom_app", _("企业微信应用消息")
    FEISHU_APP = "feishu_app", _("飞书应用消息")
    WECOM_ROBOT = "wecom_robot", _("企业微信群机器人")
    DINGTALK_ROBOT = "dingtalk_robot", _("钉钉群机器人")
    FEISHU_ROBOT = "feishu_robot", _("飞书群机器人")
    WEBHOOK = "webhook", _("签名回调")
    SMS = "sms", _("短信")


# Whom a channel reaches: a group that a body enters, or a person, by an account elsewhere.
GROUP_CHANNELS = (
    Channel.WECOM_ROBOT,
    Channel.DINGTALK_ROBOT,
    Channel.FEISHU_ROBOT,
    Channel.WEBHOOK,
)
OWN_CHANNELS = (Channel.WECOM_APP, Channel.FEISHU_APP, Channel.SMS)


class DeliveryState(TextChoices):
    PLANNED = "planned", _("待发送")
    SENDING = "sending", _("发送中")
    SENT = "sent", _("已发送")
    RETRY = "retry", _("等待重试")
    FAILED = "failed", _("未送达")
    CANCELLED = "cancelled", _("已取消")
    HELD = "held", _("暂停发送")


WAITING = frozenset({DeliveryState.PLANNED, DeliveryState.RETRY})
FINAL = frozenset({DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.CANCELLED})


class Reason(TextChoices):
    """Why a message, or one line of it, was not sent."""

    MOVED = "moved", _("期限已调整")
    OVERTAKEN = "overtaken", _("已有更新的提醒")
    SETTLED = "settled", _("已办理或不再需要")
    NOTHING_TO_DO = "nothing_to_do", _("没有需要办理的事项")
    NOT_WANTED = "not_wanted", _("本人已关闭这类提醒")
    MERGED = "merged", _("并入另一封汇总")
    NO_ADDRESS = "no_address", _("接收地址已停用")
    GIVEN_UP = "given_up", _("人工取消")


class Manner(TextChoices):
    """How a type of notice comes to people (ux.md §8)."""

    IMMEDIATE = "immediate", _("即时")
    DIGEST = "digest", _("每日汇总")
    INBOX = "inbox", _("只在站内")


class Topic(TextChoices):
    """What one person may switch off outside the portal; the inbox always has everything."""

    DEADLINES = "deadlines", _("时限临近和逾期")
    TASKS = "tasks", _("新任务、报告期和协办")
    SIGNING = "signing", _("待审签")
    RETURNS = "returns", _("退回修改、退回补正")
    SLIPS = "slips", _("提醒单")
    REMARKS = "remarks", _("批示")
    DECISIONS = "decisions", _("审批和审核结果")
    DESK = "desk", _("等待本人受理的事项")


ALWAYS_TOLD = frozenset({Topic.RETURNS, Topic.SLIPS})  # nobody can switch these off


class OnUncertain(TextChoices):
    """What becomes of a message that the peer may or may not have had."""

    RESEND = "resend", _("再发一次")
    HOLD = "hold", _("等人工决定")


class HeldBy(TextChoices):
    """Why nothing leaves."""

    HAND = "hand", _("人工暂停")
    CLOCK = "clock", _("系统时间跳变")
    RESTORED = "restored", _("数据库由备份恢复")


class Reading(TextChoices):
    """Which of the two readings of a date in doubt a stage counts towards (house.md §6.3)."""

    DUE = "due", _("按截止日期")
    LATEST = "latest", _("按最晚日期")


class FeedbackState(TextChoices):
    OPEN = "open", _("待答复")
    ANSWERED = "answered", _("已答复")
