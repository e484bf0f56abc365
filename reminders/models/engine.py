"""What the engine of reminders knows of itself: its last tick, its switches, what went missing."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Versioned
from core.sealed import SealedField

from .. import credentials
from ..choices import Channel, HeldBy, OnUncertain


class Engine(Versioned):
    """The one row of the engine. While `held_by` says why, nothing leaves on any channel, and when it
    is not a person who said so nothing is planned either. `home` is the database in which it last
    ticked: another one is a restored copy."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    last_tick_at = models.DateTimeField(_("最近一次运行"), null=True, blank=True)
    last_day_on = models.DateField(_("最近一次运行的日期"), null=True, blank=True)
    home = models.CharField(_("所在数据库"), max_length=100, blank=True)
    held_by = models.CharField(_("暂停原因"), max_length=10, choices=HeldBy.choices, blank=True)
    held_at = models.DateTimeField(_("暂停时间"), null=True, blank=True)
    held_note = models.CharField(_("暂停说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("提醒运行状态")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="engine_is_one_row"),
            models.CheckConstraint(
                condition=Q(held_by="", held_at=None) | (~Q(held_by="") & Q(held_at__isnull=False)),
                name="engine_held_since_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.held_by or "running"

    @classmethod
    def current(cls) -> "Engine":
        """The row as it is; a fresh one, not saved, where it has never run."""
        return cls.objects.filter(id=1).first() or cls()


class ChannelSetting(Versioned):
    """What is set for one channel; a channel without a row is on, not held, and sends again what may
    not have arrived. `config` and `secret` are the account of the portal there (app id, sender).
    While it is held, `held_at`, `held_by` and `held_note` say since when, by whom and why."""

    channel = models.CharField(
        _("渠道"), max_length=20, choices=Channel.choices, primary_key=True, editable=False
    )
    is_enabled = models.BooleanField(_("启用"), default=True)
    is_held = models.BooleanField(
        _("暂停发送"), default=False, help_text=_("暂停时照常生成，恢复后再发。")
    )
    held_at = models.DateTimeField(_("暂停时间"), null=True, blank=True, editable=False)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("暂停人"),
    )
    held_note = models.CharField(_("暂停原因"), max_length=200, blank=True, editable=False)
    is_fallback = models.BooleanField(
        _("只作备用"), default=False, help_text=_("只在别的渠道送不到时才用。")
    )
    on_uncertain = models.CharField(
        _("不确定是否送达时"),
        max_length=10,
        choices=OnUncertain.choices,
        default=OnUncertain.RESEND,
    )
    config = models.JSONField(_("参数"), default=dict, blank=True)
    secret = SealedField(_("密钥"), null=True, blank=True)
    last_ok_at = models.DateTimeField(_("最近一次成功"), null=True, blank=True, editable=False)
    failing_since = models.DateTimeField(_("开始出错"), null=True, blank=True, editable=False)
    last_error = models.CharField(_("最近一次错误"), max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("渠道设置")
        ordering = ["channel"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_held=False, held_at=None, held_by=None, held_note="")
                | Q(is_held=True, held_at__isnull=False),
                name="channel_held_since_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.get_channel_display()

    @classmethod
    def of(cls, channel: str) -> "ChannelSetting":
        """The row of the channel; one with the defaults, not saved, where nobody set anything."""
        return cls.objects.filter(channel=channel).first() or cls.fresh(channel)

    @classmethod
    def fresh(cls, channel: str) -> "ChannelSetting":
        """The defaults, not saved."""
        return cls(channel=channel, is_fallback=channel == Channel.SMS)

    @property
    def missing(self) -> list[str]:
        """What has to be entered before anything can leave by it, in words; [] when nothing is."""
        has_secret = self.secret is not None
        return credentials.missing(self.channel, self.config, has_secret=has_secret)

    def is_failing(self, now: Any, patience: timedelta = timedelta(minutes=3)) -> bool:
        """Nothing got through for so long."""
        return self.failing_since is not None and now - self.failing_since >= patience


class Hole(models.Model):
    """A planned row that was taken out behind the engine's back (a trigger writes this); the next tick
    plans it anew and the audit record says so. `notice_id` and `channel` are of a lost line."""

    key = models.CharField(_("标识"), max_length=200)
    notice_id = models.BigIntegerField(_("提醒编号"), null=True)
    channel = models.CharField(_("渠道"), max_length=20, blank=True)
    lost_at = models.DateTimeField(_("发现时间"))
    filled_at = models.DateTimeField(_("补齐时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("缺失的提醒")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["notice_id"], condition=Q(filled_at=None), name="hole_open"),
        ]

    def __str__(self) -> str:
        return f"{self.channel or 'notice'} {self.key}"
