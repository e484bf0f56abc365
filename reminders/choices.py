"""Channels, states of a delivery, and what may follow what."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    INBOX = "inbox", _("站内提醒")
    EMAIL = "email", _("电子邮件")


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


class Reading(TextChoices):
    """Which of the two readings of a date in doubt a stage counts towards (house.md §6.3)."""

    DUE = "due", _("按截止日期")
    LATEST = "latest", _("按最晚日期")


class FeedbackState(TextChoices):
    OPEN = "open", _("待答复")
    ANSWERED = "answered", _("已答复")
