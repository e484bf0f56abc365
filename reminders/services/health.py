"""How a channel fares: since when nothing gets through, and what it said."""

from datetime import timedelta

from core import clock

from ..models import ChannelSetting
from . import claiming

FRESH = timedelta(minutes=1)  # a success is written down once a minute, not a message


def went_through(setting: ChannelSetting) -> None:
    setting.last_ok_at, setting.failing_since = clock.now(), None


def failed(setting: ChannelSetting, error: Exception) -> None:
    setting.failing_since = setting.failing_since or clock.now()
    setting.last_error = f"{error}"[:300] or type(error).__name__


def note(setting: ChannelSetting) -> None:
    """Write what a batch has shown, where it says something new. Only these facts: what people set
    meanwhile stays."""
    known = ChannelSetting.of(setting.channel)
    if (known.failing_since, known.last_error) == (setting.failing_since, setting.last_error):
        before, after = known.last_ok_at, setting.last_ok_at
        if after is None or (before is not None and after - before < FRESH):
            return
    facts = {name: getattr(setting, name) for name in ("last_ok_at", "failing_since", "last_error")}
    ChannelSetting.objects.update_or_create(
        channel=setting.channel,
        defaults=facts,
        create_defaults={**facts, "is_fallback": setting.is_fallback},
    )
    if known.failing_since and not setting.failing_since:
        claiming.wake(setting.channel, known.failing_since)
