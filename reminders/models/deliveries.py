"""Where messages go, and the messages: a delivery is one message to one address."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import Permission
from core.models import ScopedManager, ScopedQuerySet, Versioned
from core.sealed import SealedField
from pilots.choices import Part
from pilots.models import Enrolment, Unit
from pilots.models.scope import own_units, sees_everything, wide_programmes

from ..choices import Channel, DeliveryState, Manner, Reason
from .notices import Notice

# Nobody but the purge deletes here, and it takes only what is settled.
LINE_LOST = """
INSERT INTO reminders_hole (key, notice_id, channel, lost_at)
SELECT delivery.key, OLD.notice_id, OLD.channel, portal_now()
FROM reminders_delivery AS delivery
WHERE delivery.id = OLD.delivery_id AND delivery.state IN ('planned', 'retry', 'held');
RETURN OLD;
"""
CHANNEL_OF_ADDRESS = """
NEW.channel := (SELECT channel FROM reminders_endpoint WHERE id = NEW.endpoint_id);
RETURN NEW;
"""


class EndpointQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "EndpointQuerySet":
        """The own, those of the own unit, and those of the bodies of a programme that the user's
        bureau leads."""
        if sees_everything(user):
            return self
        led = Enrolment.rows.filter(
            programme_id__in=wide_programmes(user, Permission.MANAGE_ENDPOINTS), withdrawn_on=None
        ).exclude(part=Part.SUPERIOR)
        groups = Q(unit_id__in=own_units(user)) | Q(unit_id__in=led.values("unit_id"))
        return self.filter(Q(user=user) | groups)


class Endpoint(Versioned):
    """An address of a channel: of a person, or of a group (`user` empty) that hears what is told to the
    people of `unit`. Mail goes to the address that the account holds. `secret` is what the address
    alone must not show (key of a robot, signing key); `config` is the channel's own."""

    channel = models.CharField(_("渠道"), max_length=20, choices=Channel.choices)
    address = models.CharField(_("地址"), max_length=254)
    name = models.CharField(_("名称"), max_length=60, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="endpoints",
        verbose_name=_("账号"),
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="endpoints",
        verbose_name=_("单位"),
        help_text=_("群里收到本单位各角色的提醒；牵头单位的群收到其受理的提醒。"),
    )
    secret = SealedField(_("密钥"), null=True, blank=True)
    config = models.JSONField(_("参数"), default=dict, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    last_error = models.CharField(_("最近一次错误"), max_length=300, blank=True)
    # Where the provider counts: the moments at which a message was handed to it within what it counts.
    recent_sends = ArrayField(
        models.DateTimeField(), default=list, db_default=[], editable=False, verbose_name=_("发送")
    )
    # With a default of the database too: planning enters addresses of mail by SQL.
    version = models.PositiveIntegerField(_("版本"), default=1, db_default=1, editable=False)

    objects = models.Manager.from_queryset(EndpointQuerySet)()
    rows = ScopedManager.from_queryset(EndpointQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("接收地址")
        ordering = ["channel", "address"]
        default_manager_name = "rows"
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "address", "user"],
                name="endpoint_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(user=None) | Q(unit=None),
                name="endpoint_of_a_person_or_of_a_group",
                violation_error_message=_("个人的地址不填单位，群的地址不填账号。"),
            ),
            # Which of two would get the message is left to chance: their deliveries have one key. Mail
            # keeps the addresses that the account had before; only the present one is written to.
            models.UniqueConstraint(
                fields=["user", "channel"],
                condition=Q(user__isnull=False, is_active=True) & ~Q(channel=Channel.EMAIL),
                name="endpoint_one_active_a_person",
                violation_error_message=_("本人在这个渠道已经启用一个地址，先停用那一个。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.name or self.address_shown}"

    @property
    def address_shown(self) -> str:
        """Without the mark by which two addresses differ of which only place or mask is kept."""
        place = self.address.rpartition("#")[0]
        return place if place and self.channel != Channel.EMAIL else self.address

    @property
    def audit_key(self) -> str:
        return f"{self.channel}:{self.pk}"


class DeliveryQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "DeliveryQuerySet":
        """The bureau sees the messages that carry its programmes' notices, everybody the own."""
        if sees_everything(user):
            return self
        programmes = wide_programmes(user, Permission.READ_DELIVERIES)
        carried = DeliveryLine.objects.filter(
            delivery=models.OuterRef("pk"), notice__programme_id__in=programmes
        )
        return self.filter(Q(endpoint__user=user) | Q(models.Exists(carried)))


class Delivery(models.Model):
    """One message to one endpoint. Retries are `next_at` on this row; `owner` and `lease_until`
    fence it against a second worker; `is_uncertain` says that the peer may have had it already.
    `for_on` is the day on which it should arrive; `fallback_of` the one that could not. What is urgent
    does not wait for the hours at which messages reach people."""

    key = models.CharField(_("标识"), max_length=200, unique=True)
    endpoint = models.ForeignKey(
        Endpoint, models.PROTECT, related_name="deliveries", verbose_name=_("接收地址")
    )
    # That of the address, by a trigger where nobody gives it: a claim asks for one channel's rows.
    channel = models.CharField(
        _("渠道"), max_length=20, choices=Channel.choices, blank=True, editable=False
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.PLANNED
    )
    manner = models.CharField(
        _("方式"), max_length=10, choices=Manner.choices, default=Manner.IMMEDIATE
    )
    is_urgent = models.BooleanField(_("不受时段限制"), default=False, db_default=False)
    for_on = models.DateField(_("应送达日期"), null=True, blank=True)
    next_at = models.DateTimeField(_("下次发送时间"))
    lease_until = models.DateTimeField(_("占用至"), null=True, blank=True)
    owner = models.CharField(_("占用者"), max_length=80, blank=True)
    tries = models.PositiveSmallIntegerField(_("已试次数"), default=0)
    is_uncertain = models.BooleanField(_("可能已送达"), default=False)
    last_error = models.CharField(_("错误"), max_length=300, blank=True)
    reason = models.CharField(_("未发原因"), max_length=20, choices=Reason.choices, blank=True)
    started_at = models.DateTimeField(_("最近一次发送开始"), null=True, blank=True)
    peer_ref = models.CharField(_("对方回执"), max_length=200, blank=True)
    fallback_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="fallbacks",
        verbose_name=_("代替"),
    )
    created_at = models.DateTimeField(_("生成时间"))
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True)
    notices = models.ManyToManyField(Notice, through="DeliveryLine", related_name="deliveries")

    objects = models.Manager.from_queryset(DeliveryQuerySet)()
    rows = ScopedManager.from_queryset(DeliveryQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("发送")
        ordering = ["-id"]
        default_manager_name = "rows"
        indexes = [
            models.Index(
                fields=["channel", "next_at", "id"],
                condition=Q(state__in=["planned", "retry"]),
                name="delivery_waiting",
            ),
            models.Index(
                fields=["endpoint", "next_at", "id"],
                condition=Q(state__in=["planned", "retry"]),
                name="delivery_waiting_there",
            ),
            models.Index(
                fields=["lease_until"], condition=Q(state="sending"), name="delivery_sending"
            ),
            models.Index(fields=["endpoint"], condition=~Q(owner=""), name="delivery_in_hand"),
            models.Index(fields=["endpoint", "for_on"], name="delivery_of_a_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent"),
                name="delivery_sent_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="sending", lease_until__isnull=False) | ~Q(state="sending"),
                name="delivery_sending_under_a_lease",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="delivery_goes_by_the_channel_of_its_address",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.channel = ''"),
                func=CHANNEL_OF_ADDRESS,
            )
        ]

    def __str__(self) -> str:
        return self.key


class DeliveryLine(models.Model):
    """Which notices a delivery carries: a digest of seven is one delivery with seven lines. A line that
    was cancelled, for its `reason`, is left out of the message."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="lines")
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="lines")
    channel = models.CharField(_("渠道"), max_length=20, choices=Channel.choices)
    cancelled_at = models.DateTimeField(_("取消时间"), null=True, blank=True)
    reason = models.CharField(_("取消原因"), max_length=20, choices=Reason.choices, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("发送内容")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="notice_once_a_channel"),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, reason="")
                | (Q(cancelled_at__isnull=False) & ~Q(reason="")),
                name="line_cancelled_for_a_reason",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="planned_line_goes_missing",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.cancelled_at IS NULL"),
                func=LINE_LOST,
            )
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.notice_id}"
