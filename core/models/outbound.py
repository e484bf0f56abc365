"""Places outside that the portal may ask, each approved by the security administrator."""

from ipaddress import ip_network
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SMALLEST = {4: 24, 6: 112}  # a gateway is a machine or a few, never a network of a city


class Purpose(models.TextChoices):
    """What the portal would say there."""

    MESSAGES = "messages", gettext_lazy("发送提醒")
    HEARTBEAT = "heartbeat", gettext_lazy("报告运行状态")


class OutboundGateQuerySet(models.QuerySet):
    def approved(self) -> "OutboundGateQuerySet":
        return self.filter(approved_at__isnull=False, ended_at=None)

    def open(self) -> "OutboundGateQuerySet":
        """Those that let through, and those that wait for approval."""
        return self.filter(ended_at=None)


class OutboundGate(models.Model):
    """One host and port, for one purpose. Who asked for it may not approve it; closing it keeps the
    row, so that it can be read what was open when."""

    host = models.CharField(
        gettext_lazy("主机名"), max_length=253, help_text=gettext_lazy("如oapi.dingtalk.com")
    )
    port = models.PositiveIntegerField(
        gettext_lazy("端口"),
        default=443,
        validators=[MinValueValidator(1), MaxValueValidator(65535)],
    )
    purpose = models.CharField(gettext_lazy("用途"), max_length=20, choices=Purpose.choices)
    networks = models.CharField(
        gettext_lazy("专网地址"),
        max_length=200,
        blank=True,
        help_text=gettext_lazy(
            "政务外网等内部网关才填，写IP或网段，用逗号隔开，如10.20.1.8；互联网上的服务留空。"
        ),
    )
    is_plain = models.BooleanField(
        gettext_lazy("允许http"),
        default=False,
        help_text=gettext_lazy("只用于填了专网地址的网关；互联网上的服务一律https。"),
    )
    reason = models.CharField(gettext_lazy("理由"), max_length=200)
    proposed_at = models.DateTimeField(gettext_lazy("提出时间"))
    proposed_by_id = models.BigIntegerField(gettext_lazy("提出账号编号"), null=True)
    proposed_by = models.CharField(gettext_lazy("提出人"), max_length=200)
    approved_at = models.DateTimeField(gettext_lazy("批准时间"), null=True, blank=True)
    approved_by_id = models.BigIntegerField(gettext_lazy("批准账号编号"), null=True, blank=True)
    approved_by = models.CharField(gettext_lazy("批准人"), max_length=200, blank=True)
    ended_at = models.DateTimeField(gettext_lazy("停用时间"), null=True, blank=True)
    ended_by_id = models.BigIntegerField(gettext_lazy("停用账号编号"), null=True, blank=True)
    ended_by = models.CharField(gettext_lazy("停用人"), max_length=200, blank=True)

    objects = OutboundGateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = gettext_lazy("对外连接地址")
        ordering = ["host", "port", "purpose", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["host", "port", "purpose"],
                condition=Q(ended_at=None),
                name="one_open_gate_for_a_place_and_purpose",
                violation_error_message=gettext_lazy("这个地址已在列表里。"),
            ),
            models.CheckConstraint(
                condition=Q(is_plain=False) | ~Q(networks=""),
                name="gate_without_tls_only_inside",
                violation_error_message=gettext_lazy(
                    "互联网上的服务一律https；内部网关填写专网地址后才能用http。"
                ),
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by="")
                | (Q(approved_at__isnull=False) & ~Q(approved_by="")),
                name="gate_approval_has_moment_and_person",
            ),
            models.CheckConstraint(
                condition=Q(approved_by_id=None)
                | Q(proposed_by_id=None)
                | ~Q(approved_by_id=models.F("proposed_by_id")),
                name="gate_is_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host}:{self.port}（{self.get_purpose_display()}）"

    @property
    def audit_key(self) -> str:
        return f"{self.host}:{self.port}:{self.purpose}"

    @property
    def allowed_networks(self) -> list[str]:
        return [text for text in self.networks.split(",") if text]

    @property
    def is_approved(self) -> bool:
        return self.approved_at is not None and self.ended_at is None

    def clean(self) -> None:
        self.networks = ",".join(map(_network, _pieces(self.networks)))


def _pieces(text: str) -> list[str]:
    return [
        piece.strip()
        for piece in text.replace("，", ",").replace("、", ",").split(",")
        if piece.strip()
    ]


def _network(text: str) -> str:
    """One address or network in its usual way of writing; raises ValidationError."""
    try:
        found: Any = ip_network(text)
    except ValueError:
        message = _("“%(text)s”写成10.20.1.8或10.20.1.0/24这样") % {"text": text[:60]}
        raise ValidationError({"networks": message}) from None
    if found.prefixlen < SMALLEST[found.version]:
        message = _("“%(text)s”范围太大，只写网关自己的地址") % {"text": text}
        raise ValidationError({"networks": message})
    return str(found)
