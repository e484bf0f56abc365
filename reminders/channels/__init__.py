"""The channels by which messages leave the portal; each module registers its adapter."""

from . import applications, mail, robots, sms, webhooks
from .base import (
    Adapter,
    DeliveryError,
    Message,
    Refused,
    TryLater,
    adapter_of,
    adapters,
    register,
)
from .http import Unclear

__all__ = [
    "Adapter",
    "DeliveryError",
    "Message",
    "Refused",
    "TryLater",
    "Unclear",
    "adapter_of",
    "adapters",
    "applications",
    "mail",
    "register",
    "robots",
    "sms",
    "webhooks",
]
