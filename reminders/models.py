"""A notice is a row before it is a message; a delivery is one message to one address."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import Permission, SiteRoleKind
from core.models import ScopedManager, ScopedQuerySet
from pilots.models import Membership, Programme, Unit
from pilots.models.scope import sees_everything, wide_programmes

from .choices import Channel, DeliveryState, FeedbackState, Reading


class NoticeQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "NoticeQuerySet":
        """The bureau sees its programmes', everybody sees the own inbox."""
        if sees_everything(user):
            return self
        return self.filter(Q(recipient=user) | Q(programme_id__in=wide_programmes(user)))

    def inbox_of(self, user: Any) -> "NoticeQuerySet":
        return self.unscoped().filter(recipient=user)

    def overseen_by(self, user: Any) -> "NoticeQuerySet":
        """Those whose messages the user may look after: of programmes where a role of the user
        reads 发送记录, and the own."""
        if sees_everything(user):
            return self.unscoped()
        programmes = wide_programmes(user, Permission.READ_DELIVERIES)
        return self.unscoped().filter(Q(recipient=user) | Q(programme_id__in=programmes))

    def unread(self) -> "NoticeQuerySet":
        return self.filter(opened_at=None)


class Notice(models.Model):
    """One thing told to one person. Its key makes it impossible to tell it twice:
    type:subject:deadline_version:stage:recipient."""

    key = models.CharField(_("标识"), max_length=200, unique=True)
    type = models.CharField(_("类型"), max_length=60)
    subject = models.CharField(_("对象"), max_length=80)
    stage = models.CharField(_("阶段"), max_length=20, blank=True)
    reading = models.CharField(_("口径"), max_length=10, choices=Reading.choices, blank=True)
    deadline_version = models.PositiveIntegerField(_("时限版本"), default=1)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", verbose_name=_("收件人")
    )
    programme = models.ForeignKey(
        Programme,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("试点方案"),
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("单位"),
    )
    for_on = models.DateField(_("提醒日期"))
    facts = models.JSONField(_("内容"), default=dict)
    created_at = models.DateTimeField(
        _("生成时间"),
        db_default=models.Func(function="portal_now", output_field=models.DateTimeField()),
    )
    opened_at = models.DateTimeField(_("打开时间"), null=True, blank=True)

    objects = models.Manager.from_queryset(NoticeQuerySet)()
    rows = ScopedManager.from_queryset(NoticeQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("提醒")
        ordering = ["-for_on", "-id"]
        default_manager_name = "rows"
        indexes = [
            models.Index(fields=["recipient", "-for_on", "-id"], name="notice_inbox"),
            models.Index(fields=["subject"], name="notice_by_subject"),
            models.Index(fields=["programme", "-for_on"], name="notice_by_programme"),
            # Every minute's run asks for the notices of the last days that no mail carries yet.
            models.Index(
                fields=["for_on"], condition=Q(opened_at=None), name="notice_unread_by_day"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Endpoint(models.Model):
    """An address of a channel. Mail goes to the address that the account holds."""

    channel = models.CharField(_("渠道"), max_length=20, choices=Channel.choices)
    address = models.CharField(_("地址"), max_length=254)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="endpoints",
        verbose_name=_("账号"),
    )
    is_active = models.BooleanField(_("启用"), default=True)
    last_error = models.CharField(_("最近一次错误"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("接收地址")
        ordering = ["channel", "address"]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "address", "user"],
                name="endpoint_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.address}"


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
    fence it against a second worker; `uncertain` says that the peer may have had it already."""

    key = models.CharField(_("标识"), max_length=200, unique=True)
    endpoint = models.ForeignKey(
        Endpoint, models.PROTECT, related_name="deliveries", verbose_name=_("接收地址")
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.PLANNED
    )
    next_at = models.DateTimeField(_("下次发送时间"))
    lease_until = models.DateTimeField(_("占用至"), null=True, blank=True)
    owner = models.CharField(_("占用者"), max_length=80, blank=True)
    tries = models.PositiveSmallIntegerField(_("已试次数"), default=0)
    is_uncertain = models.BooleanField(_("可能已送达"), default=False)
    last_error = models.CharField(_("错误"), max_length=300, blank=True)
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
                fields=["next_at"],
                condition=Q(state__in=["planned", "retry"]),
                name="delivery_waiting",
            ),
            models.Index(
                fields=["lease_until"], condition=Q(state="sending"), name="delivery_sending"
            ),
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

    def __str__(self) -> str:
        return self.key


class DeliveryLine(models.Model):
    """Which notices a delivery carries: a digest of seven is one delivery with seven lines."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="lines")
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="lines")
    channel = models.CharField(_("渠道"), max_length=20, choices=Channel.choices)

    class Meta:
        verbose_name = verbose_name_plural = _("发送内容")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="notice_once_a_channel")
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.notice_id}"


class FeedbackQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "FeedbackQuerySet":
        """The own; a bureau officer also what people of the programmes' bodies said, and the system
        administrator what anybody said: they answer it."""
        if getattr(user, "site_role_kind", "") == SiteRoleKind.SYSTEM_ADMIN:
            return self
        programmes = wide_programmes(user, Permission.ANSWER_FEEDBACK)
        asked = Membership.rows.filter(
            user=models.OuterRef("user"), unit__enrolments__programme_id__in=programmes
        )
        return self.filter(Q(user=user) | Q(models.Exists(asked)))


class Feedback(models.Model):
    """意见反馈: what somebody told the operators from a page; the answer comes as a notice."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="feedback", verbose_name=_("提出人")
    )
    page = models.CharField(_("页面"), max_length=500, blank=True)
    text = models.TextField(_("意见"))
    state = models.CharField(
        _("状态"), max_length=10, choices=FeedbackState.choices, default=FeedbackState.OPEN
    )
    created_at = models.DateTimeField(_("提出时间"))
    answer = models.TextField(_("答复"), blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("答复人"),
    )

    objects = models.Manager.from_queryset(FeedbackQuerySet)()
    rows = ScopedManager.from_queryset(FeedbackQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("意见反馈")
        ordering = ["-id"]
        default_manager_name = "rows"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None, answered_by=None)
                | Q(state="answered", answered_at__isnull=False, answered_by__isnull=False),
                name="feedback_answered_at_and_by_go_together",
            )
        ]

    def __str__(self) -> str:
        return self.text[:40]
