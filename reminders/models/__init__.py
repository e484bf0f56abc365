"""Notices, where they go, how they got there, and what people and programmes wish of them."""

from .deliveries import Delivery, DeliveryLine, DeliveryQuerySet, Endpoint
from .engine import ChannelSetting, Engine, Hole
from .feedback import Feedback, FeedbackQuerySet
from .feeds import CalendarFeed, ChannelToken
from .notices import Notice, NoticeQuerySet
from .wishes import DEFAULT_STAGES, Preference, ReminderRule

__all__ = [
    "DEFAULT_STAGES",
    "CalendarFeed",
    "ChannelSetting",
    "ChannelToken",
    "Delivery",
    "DeliveryLine",
    "DeliveryQuerySet",
    "Endpoint",
    "Engine",
    "Feedback",
    "FeedbackQuerySet",
    "Hole",
    "Notice",
    "NoticeQuerySet",
    "Preference",
    "ReminderRule",
]
