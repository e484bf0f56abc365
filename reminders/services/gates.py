"""Whether messages may go to a place at all, asked when its address is entered."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.models import OutboundGate


def require_gate(target: Any) -> OutboundGate:
    """The approved gate for messages to a place (core.outbound.Target); raises ValidationError."""
    gates = OutboundGate.objects.approved()
    gate = gates.filter(host=target.host, port=target.port, purpose="messages").first()
    if gate is None:
        text = _("“%(place)s”还没有批准对外连接，先请系统管理员提出、安全管理员批准。")
        raise ValidationError(text % {"place": target.place})
    return gate
