"""Where a message that waits is to go by now, and what an address was told last."""

from ..choices import Channel
from ..models import Delivery, Endpoint


def follow(row: Delivery) -> bool:
    """Where the reader is reached now: mail at the address that the account holds, what waited for an
    address that was closed at the one that took its place. False when there is none."""
    old, user = row.endpoint, row.endpoint.user
    if user is not None and old.channel == Channel.EMAIL:
        if not user.email:
            return False
        if user.email != old.address:
            row.endpoint, _created = Endpoint.rows.get_or_create(
                channel=Channel.EMAIL, address=user.email, user=user
            )
    elif user is not None and not old.is_active:
        others = Endpoint.rows.filter(user=user, channel=old.channel, is_active=True)
        row.endpoint = others.order_by("-pk").first() or old
    if row.endpoint != old:
        row.save(update_fields=["endpoint"])
    return row.endpoint.is_active


def note_error(endpoint: Endpoint, text: str) -> None:
    if endpoint.last_error != text[:300]:
        endpoint.last_error = text[:300]
        endpoint.save(update_fields=["last_error"])
