"""Pages of notices, messages and feedback."""

from .deliveries import DeliveryList, PortalOnlyList, ResendView
from .feedback import AnswerView, FeedbackView
from .inbox import InboxView, NoticeView, ReadAllView
from .mails import MailList, MailView

__all__ = [
    "AnswerView",
    "DeliveryList",
    "FeedbackView",
    "InboxView",
    "MailList",
    "MailView",
    "NoticeView",
    "PortalOnlyList",
    "ReadAllView",
    "ResendView",
]
