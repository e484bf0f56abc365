"""Pages of notices, messages and feedback."""

from .deliveries import DeliveryList, GiveUpView, ResendView
from .feedback import AnswerView, FeedbackView
from .inbox import InboxView, NoticeView, ReadAllView
from .mails import MailList, MailView
from .portal_only import PortalOnlyList

__all__ = [
    "AnswerView",
    "DeliveryList",
    "FeedbackView",
    "GiveUpView",
    "InboxView",
    "MailList",
    "MailView",
    "NoticeView",
    "PortalOnlyList",
    "ReadAllView",
    "ResendView",
]
