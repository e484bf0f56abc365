"""What people and providers show at the door: tokens of applications, and secret calendar addresses."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.sealed import SealedField

from ..choices import Channel


class ChannelToken(models.Model):
    """The token that the portal's application holds at a provider, shared by all workers."""

    channel = models.CharField(
        _("渠道"), max_length=20, choices=Channel.choices, primary_key=True, editable=False
    )
    token = SealedField(_("令牌"))
    until = models.DateTimeField(_("有效至"))

    class Meta:
        verbose_name = verbose_name_plural = _("渠道令牌")
        ordering = ["channel"]

    def __str__(self) -> str:
        return self.get_channel_display()

    @classmethod
    def good(cls, channel: str, now: datetime) -> str | None:
        """The token kept for the channel, None when there is none that is good yet."""
        row = cls.objects.filter(channel=channel, until__gt=now).first()
        return row.token.reveal() if row else None  # type: ignore[attr-defined]

    @classmethod
    def keep(cls, channel: str, token: str, until: datetime) -> None:
        """Put it in the place of the old one. Two workers may buy one each: the later one stays."""
        facts = {"token": token, "until": until}
        cls.objects.update_or_create(channel=channel, defaults=facts)


class CalendarFeed(models.Model):
    """The secret address of one person's calendar of deadlines; of the secret only the hash is kept."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="calendar_feed",
        verbose_name=_("账号"),
    )
    digest = models.CharField(_("校验值"), max_length=64, unique=True)
    made_at = models.DateTimeField(_("生成时间"))
    fetched_at = models.DateTimeField(_("最近一次读取"), null=True, blank=True)
    fetches: Any = models.PositiveIntegerField(_("本分钟读取次数"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("日历订阅")
        ordering = ["user"]

    def __str__(self) -> str:
        return str(self.user)
