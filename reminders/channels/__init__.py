"""The channels by which messages leave the portal; each module registers its adapter."""

from . import mail
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

__all__ = [
    "Adapter",
    "DeliveryError",
    "Message",
    "Refused",
    "TryLater",
    "adapter_of",
    "adapters",
    "mail",
    "register",
]
