"""审签: one round of signing of one thing, and its steps."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import UNIT_ROLES, Role
from core import clock
from core.models import ScopedManager, ScopedQuerySet, StoredFile, Versioned
from core.models.guards import marked_once, moves_by_table
from pilots.models import Membership, Programme, Unit
from pilots.models.scope import sees_everything, wide_programmes

from ..choices import MOVES, Decision, Purpose, Route, State, StepKind

SIGNING_ROLES = (*UNIT_ROLES, Role.BUREAU_OFFICER, Role.BUREAU_HEAD)
# What is written on a step when it is signed. For whom it is reserved may change only until then.
SIGNING = (
    *("decision", "remark", "route", "signed_name", "on_behalf_of", "signed_on"),
    *("decided_at", "decided_by", "scan", "scan_name", "signer"),
)


class ApprovalQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "ApprovalQuerySet":
        """A unit's own rounds; of others only what was signed: a draft is its unit's matter."""
        if sees_everything(user):
            return self
        signed = Q(state=State.SIGNED, programme_id__in=wide_programmes(user))
        return self.filter(Q(unit_id__in=_acts_for(user)) | signed)

    def open(self) -> "ApprovalQuerySet":
        return self.filter(state=State.OPEN)

    def of(self, subject: str) -> "ApprovalQuerySet":
        """All rounds of the thing with that number, the first one first."""
        return self.filter(subject=subject).order_by("round")

    def searched(self, text: str) -> "ApprovalQuerySet":
        """By the number of the round or of its subject, or by the title."""
        named = Q(number__icontains=text) | Q(subject__icontains=text) | Q(title__icontains=text)
        return self.filter(named)

    def with_steps(self) -> "ApprovalQuerySet":
        steps = ApprovalStep.objects.select_related("signer", "scan", "decided_by")
        return self.prefetch_related(models.Prefetch("steps", steps))

    def for_lists(self) -> "ApprovalQuerySet":
        rows = self.select_related("unit", "programme", "opened_by").with_steps()
        return rows.prefetch_related("unit__names")


def _acts_for(user: Any) -> Any:
    """Ids of the bodies for which the user writes or decides, units and bureaus alike."""
    live = Membership.rows.live(clock.today()).filter(user=user, role__in=SIGNING_ROLES)
    return live.values("unit_id")


class Approval(Versioned):
    """One round of signing: put up by whoever drafted it, signed step by step, or sent back with the
    reason. A new round is a new row, so that no earlier reason is ever overwritten.

    `subject` is the number of the thing itself (BG-2022-0001); the app that owns it says in
    `signing_doors.py` where it is read.
    """

    number = models.CharField(_("审签单编号"), max_length=20, unique=True)
    purpose = models.CharField(_("审签事项"), max_length=20, choices=Purpose.choices)
    subject = models.CharField(_("编号"), max_length=40)
    title = models.CharField(_("标题"), max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="approvals", verbose_name=_("单位"))
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="approvals", verbose_name=_("试点方案")
    )
    round = models.PositiveSmallIntegerField(_("第几次"), default=1)
    length = models.PositiveIntegerField(_("字数"), default=0)
    due_on = models.DateField(_("截止日期"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=20, choices=State.choices, default=State.OPEN)
    opened_on = models.DateField(_("提交审签日期"))
    opened_at = models.DateTimeField(_("提交审签时间"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("拟稿人"),
    )
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    objects = models.Manager.from_queryset(ApprovalQuerySet)()
    rows = ScopedManager.from_queryset(ApprovalQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("审签单")
        ordering = ["-opened_at", "-id"]
        default_manager_name = "rows"
        indexes = [
            models.Index(
                fields=["unit", "opened_at"], condition=Q(state="open"), name="approval_open"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["subject", "round"], name="approval_round_once"),
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(state="open"),
                name="approval_open_once",
                violation_error_message=_("这件已在审签中。"),
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None)
                | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="approval_closed_at_a_moment",
            ),
        ]
        triggers = moves_by_table("approval", "state", MOVES)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def course(self) -> "list[ApprovalStep]":
        """Its steps in their order."""
        return list(self.steps.all())

    @property
    def current(self) -> "ApprovalStep | None":
        """The step that waits; None when the round is over."""
        if self.state != State.OPEN:
            return None
        return next((step for step in self.steps.all() if not step.decision), None)

    @property
    def waiting_since(self) -> date:
        """The day on which the step that waits became somebody's turn."""
        return max(
            [self.opened_on, *(step.signed_on for step in self.steps.all() if step.signed_on)]
        )

    @property
    def minutes(self) -> int:
        return minutes_of(self.length)


def minutes_of(length: int) -> int:
    """How long reading takes, at 400 characters a minute, rounded up."""
    return max(1, -(-length // 400))


class ApprovalStep(models.Model):
    """One step of one round: who signed, when, on which way, with which remark."""

    approval = models.ForeignKey(
        Approval, models.PROTECT, related_name="steps", verbose_name=_("审签单")
    )
    position = models.PositiveSmallIntegerField(_("顺序"))
    kind = models.CharField(_("步骤"), max_length=20, choices=StepKind.choices)
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("指定的签署人"),
    )
    decision = models.CharField(
        _("意见"), max_length=20, choices=Decision.choices, blank=True, default=""
    )
    remark = models.CharField(_("审签意见"), max_length=500, blank=True)
    route = models.CharField(_("审签方式"), max_length=10, choices=Route.choices, blank=True)
    signed_name = models.CharField(_("签署人"), max_length=60, blank=True)
    on_behalf_of = models.CharField(_("受谁授权"), max_length=60, blank=True)
    signed_on = models.DateField(_("签署日期"), null=True, blank=True)
    decided_at = models.DateTimeField(_("登记时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("登记人"),
    )
    scan = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("审签单扫描件"),
    )
    scan_name = models.CharField(_("文件名"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("审签记录")
        ordering = ["approval_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["approval", "position"], name="approval_step_once"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None, signed_on=None, route="", signed_name="")
                | (
                    ~Q(decision="")
                    & ~Q(route="")
                    & ~Q(signed_name="")
                    & Q(decided_at__isnull=False, signed_on__isnull=False)
                ),
                name="approval_step_decided_as_a_whole",
            ),
            models.CheckConstraint(
                condition=~Q(decision="sent_back") | ~Q(remark=""),
                name="approval_step_sent_back_with_a_reason",
                violation_error_message=_("写明要改什么，拟稿人会看到。"),
            ),
            models.CheckConstraint(
                condition=~Q(route="paper") | Q(scan__isnull=False),
                name="approval_step_on_paper_with_its_scan",
                violation_error_message=_("纸质审签要上传审签单扫描件。"),
            ),
        ]
        triggers = marked_once("approval_step", "signed", *SIGNING, empty="")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.signed_name}".strip()
