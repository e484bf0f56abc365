"""提醒单: the bureau reminds one unit of one task in writing, and the unit answers."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import Permission
from core.models import ScopedManager, ScopedQuerySet, StoredFile, Versioned
from core.models.guards import append_only, moves_by_table
from pilots.models import Programme, Unit
from pilots.models.scope import own_units, sees_everything, wide_programmes

from ..choices import SENT_SLIPS, SLIP_MOVES, SlipLevel, SlipState
from .areas import OfProgrammeQuerySet
from .assignments import Assignment


class SlipLabel(models.Model):
    """What a programme calls one of the three levels: 提示, 催办 and 督导 unless it says otherwise."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="slip_labels", verbose_name=_("试点方案")
    )
    level = models.CharField(_("级别"), max_length=20, choices=SlipLevel.choices)
    label = models.CharField(_("名称"), max_length=10)

    objects = models.Manager.from_queryset(OfProgrammeQuerySet)()
    rows = ScopedManager.from_queryset(OfProgrammeQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("提醒单级别名称")
        ordering = ["programme_id", "level"]
        default_manager_name = "rows"
        constraints = [
            models.UniqueConstraint(fields=["programme", "level"], name="slip_label_once"),
            # Government supervision (督查) is for bodies that were named for it (domain.md C.1).
            models.CheckConstraint(
                condition=~Q(label="") & ~Q(label__contains="督查") & ~Q(label__contains="督办"),
                name="slip_label_is_no_supervision_order",
                violation_error_message=_("政府督查一类的名称只由有职权的机构使用，换一个名称。"),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class SlipQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "SlipQuerySet":
        """The unit and other readers see what was sent; what is not yet, only the bureau."""
        if sees_everything(user):
            return self
        sent, where = Q(state__in=SENT_SLIPS), "assignment__enrolment__"
        issuing = wide_programmes(user, Permission.SIGN_DOCUMENTS)
        return self.filter(
            Q(**{f"{where}programme_id__in": issuing})
            | sent & Q(**{f"{where}unit_id__in": own_units(user)})
            | sent & Q(**{f"{where}programme_id__in": wide_programmes(user)})
        )

    def sent(self) -> "SlipQuerySet":
        return self.filter(state__in=SENT_SLIPS)

    def unanswered(self) -> "SlipQuerySet":
        return self.filter(state=SlipState.SENT)

    def overdue(self, on: date) -> "SlipQuerySet":
        """逾期未回复: the day by which an answer was wanted is over."""
        return self.filter(state=SlipState.SENT, reply_by__lt=on)

    def for_lists(self) -> "SlipQuerySet":
        return self.select_related(
            "assignment__obligation", "assignment__enrolment__unit", "issuer", "drafted_by"
        ).prefetch_related(
            "assignment__enrolment__programme",
            "assignment__enrolment__unit__names",
            "issuer__names",
        )


class Slip(Versioned):
    """One slip: one task of one unit (一事一单). Its words are merged when it is drafted and stay.

    The strongest level goes through the bureau's chain first; the others are sent at once. `label`
    is what its level was called then, 提醒函 for the strongest one to a district. Only the strongest
    may be `is_at_once`: it reaches people at night and on days off too (ux.md §8).
    """

    number = models.CharField(_("提醒单编号"), max_length=20, unique=True)
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="slips", verbose_name=_("任务")
    )
    issuer = models.ForeignKey(
        Unit, models.PROTECT, related_name="slips_issued", verbose_name=_("发出单位")
    )
    level = models.CharField(_("级别"), max_length=20, choices=SlipLevel.choices)
    label = models.CharField(_("名称"), max_length=10)
    text = models.CharField(_("正文"), max_length=2000)
    template = models.CharField(_("正文模板"), max_length=2000, editable=False)
    due_on = models.DateField(_("截止日期"), null=True, blank=True)
    reply_by = models.DateField(_("回复期限"), null=True, blank=True)
    is_at_once = models.BooleanField(
        _("即时发送"), default=False, help_text=_("工作时间以外也发。")
    )
    state = models.CharField(_("状态"), max_length=20, choices=SlipState.choices)
    state_note = models.CharField(_("退回或不发的说明"), max_length=500, blank=True)
    drafted_on = models.DateField(_("拟稿日期"))
    drafted_at = models.DateTimeField(_("拟稿时间"), editable=False)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("拟稿人"),
    )
    sent_on = models.DateField(_("发出日期"), null=True, blank=True)
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True, editable=False)
    replied_on = models.DateField(_("回复日期"), null=True, blank=True)
    updated_at = models.DateTimeField(_("更新时间"), editable=False)

    objects = models.Manager.from_queryset(SlipQuerySet)()
    rows = ScopedManager.from_queryset(SlipQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("提醒单")
        ordering = ["-drafted_on", "-number"]
        default_manager_name = "rows"
        indexes = [models.Index(fields=["state", "reply_by"], name="slip_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=["sent", "replied"], sent_at__isnull=False, sent_on__isnull=False
                )
                | Q(
                    state__in=["to_approve", "returned", "cancelled"],
                    sent_at=None,
                    sent_on=None,
                    replied_on=None,
                ),
                name="slip_sent_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="replied", replied_on__isnull=False)
                | (~Q(state="replied") & Q(replied_on=None)),
                name="slip_replied_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["to_approve", "returned"]) | Q(level="supervise"),
                name="slip_approved_only_at_the_strongest_level",
            ),
            models.CheckConstraint(
                condition=Q(is_at_once=False) | Q(level="supervise"),
                name="slip_at_once_only_at_the_strongest_level",
            ),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(label=""), name="slip_says_something"
            ),
        ]
        triggers = moves_by_table("slip", "state", SLIP_MOVES)

    def __str__(self) -> str:
        return f"{self.number} {self.label}"

    @property
    def unit(self) -> Unit:
        return self.assignment.unit

    @property
    def programme(self) -> Programme:
        return self.assignment.programme

    @property
    def is_sent(self) -> bool:
        return self.state in SENT_SLIPS

    @property
    def is_strongest(self) -> bool:
        return self.level == SlipLevel.SUPERVISE

    def is_overdue(self, on: date) -> bool:
        """逾期未回复."""
        return self.state == SlipState.SENT and self.reply_by is not None and self.reply_by < on


class SlipReply(models.Model):
    """What the unit answered; the first answer counts, later ones add to it."""

    slip = models.ForeignKey(Slip, models.PROTECT, related_name="replies", verbose_name=_("提醒单"))
    text = models.CharField(_("回复"), max_length=1000)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("附件")
    )
    file_name = models.CharField(_("文件名"), max_length=200, blank=True)
    replied_on = models.DateField(_("回复日期"))
    replied_at = models.DateTimeField(_("回复时间"), editable=False)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("回复人"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("提醒单回复")
        ordering = ["slip_id", "id"]
        triggers = append_only("slip_reply")

    def __str__(self) -> str:
        return f"{self.slip} {self.replied_on}"
