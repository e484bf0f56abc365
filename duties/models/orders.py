"""专项通知: what the bureau asks of several units at once, outside the plan."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core import clock, deadlines, document_numbers
from core.models import ScopedManager, ScopedQuerySet, StoredFile, Versioned
from core.models.guards import moves_by_table
from pilots.models import Enrolment, Membership, Programme, Unit
from pilots.models.scope import sees_everything, wide_programmes

from ..choices import ORDER_MOVES, Level, OrderState
from .areas import DutyArea
from .assignments import Assignment
from .obligations import Obligation

WANTED = 2000
ACCEPTANCE = 500
BUREAU_PEOPLE = (Role.BUREAU_OFFICER, Role.BUREAU_HEAD)


class OrderQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "OrderQuerySet":
        """The issuing bureau's own people see every one. What was issued is seen by all who see the
        programme, by the units it names and by those that help them."""
        if sees_everything(user):
            return self
        live = Membership.rows.live(clock.today()).filter(user=user, role__in=BUREAU_PEOPLE)
        asked = Assignment.objects.readable_by(user).order_by().values("obligation_id")
        wide = Q(obligation__isnull=False, programme_id__in=wide_programmes(user))
        own = Q(issuer_id__in=live.values("unit_id"))
        return self.filter(own | wide | Q(obligation_id__in=asked))

    def for_lists(self) -> "OrderQuerySet":
        return self.select_related("programme", "issuer", "area", "created_by").prefetch_related(
            "issuer__names"
        )


class Order(Versioned):
    """通知: one demand of the bureau on many units. Drafted by an officer, signed by the bureau's own
    chain, issued at the last signature: then it is an `Obligation` of its own and an assignment for
    every unit that leads. Withdrawn with a reason, never deleted."""

    number = models.CharField(_("通知编号"), max_length=20, unique=True)
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="orders", verbose_name=_("试点方案")
    )
    issuer = models.ForeignKey(
        Unit, models.PROTECT, related_name="issued_orders", verbose_name=_("发出单位")
    )
    title = models.CharField(_("通知标题"), max_length=120)
    short_title = models.CharField(_("任务简称"), max_length=20, blank=True)
    level = models.CharField(_("级别"), max_length=20, choices=Level.choices, default=Level.NORMAL)
    document_number = models.CharField(
        _("发文字号"),
        max_length=document_numbers.LONGEST,
        blank=True,
        validators=[document_numbers.validate],
    )
    source_title = models.CharField(_("来源文件"), max_length=200, blank=True)
    source_number = models.CharField(
        _("来源文件的发文字号"),
        max_length=document_numbers.LONGEST,
        blank=True,
        validators=[document_numbers.validate],
    )
    area = models.ForeignKey(
        DutyArea,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("职责"),
    )
    wanted = models.TextField(_("工作要求"), max_length=WANTED, blank=True)
    acceptance = models.TextField(_("验收要求"), max_length=ACCEPTANCE, blank=True)
    template = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("填报模板"),
    )
    template_name = models.CharField(_("文件名"), max_length=200, blank=True)
    due_on = models.DateField(_("截止日期"), null=True, blank=True)
    due_rule = models.JSONField(_("时限规则"), null=True, blank=True, validators=[deadlines.check])
    state = models.CharField(
        _("状态"), max_length=20, choices=OrderState.choices, default=OrderState.DRAFT
    )
    obligation = models.OneToOneField(
        Obligation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="order",
        editable=False,
        verbose_name=_("规定任务"),
    )
    created_at = models.DateTimeField(_("拟稿时间"), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("拟稿人"),
    )
    updated_at = models.DateTimeField(_("更新时间"), editable=False)
    issued_on = models.DateField(_("发出日期"), null=True, blank=True, editable=False)
    issued_at = models.DateTimeField(_("发出时间"), null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("撤销时间"), null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("撤销人"),
    )
    withdraw_reason = models.CharField(_("撤销原因"), max_length=500, blank=True)

    objects = models.Manager.from_queryset(OrderQuerySet)()
    rows = ScopedManager.from_queryset(OrderQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("专项通知")
        ordering = ["-number"]
        default_manager_name = "rows"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=OrderState.values), name="order_of_a_known_state"
            ),
            models.CheckConstraint(
                condition=Q(level__in=Level.values), name="order_of_a_known_level"
            ),
            models.CheckConstraint(
                condition=(
                    Q(obligation__isnull=False, issued_at__isnull=False, issued_on__isnull=False)
                    & Q(state__in=["issued", "withdrawn"])
                )
                | (Q(obligation=None, issued_at=None, issued_on=None) & ~Q(state="issued")),
                name="order_issued_with_its_demand",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"])
                | (Q(due_on__isnull=False) & ~Q(wanted="")),
                name="order_put_up_says_what_and_when",
                violation_error_message=_("提交审签前要写明工作要求和截止日期。"),
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="withdrawn", withdrawn_at__isnull=False) & ~Q(withdraw_reason="")
                )
                | (~Q(state="withdrawn") & Q(withdrawn_at=None, withdrawn_by=None)),
                name="order_withdrawn_with_a_reason",
                violation_error_message=_("写明撤销原因，单位会看到。"),
            ),
            *[
                models.CheckConstraint(
                    condition=Q(**{name: ""}) | Q(**{f"{name}__regex": document_numbers.PATTERN}),
                    name=f"order_{name}",
                    violation_error_message=document_numbers.HOW,
                )
                for name in ("document_number", "source_number")
            ],
        ]
        triggers = moves_by_table("order", "state", ORDER_MOVES)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_draft(self) -> bool:
        return self.state == OrderState.DRAFT


class OrderLead(models.Model):
    """A unit named in an order as the one that leads (主办): it gets the assignment. The choice of a
    draft, replaced as a whole while it is one."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="leads", verbose_name=_("通知"))
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="+", verbose_name=_("主办单位")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("主办单位")
        ordering = ["order_id", "enrolment__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "enrolment"], name="order_lead_once")
        ]

    def __str__(self) -> str:
        return str(self.enrolment.unit)


class OrderHelper(models.Model):
    """A unit that is to help one of an order's leads (协办), and with what."""

    lead = models.ForeignKey(
        OrderLead, models.PROTECT, related_name="helpers", verbose_name=_("主办单位")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("协办单位"))
    note = models.CharField(_("协办内容"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("拟定的协办单位")
        ordering = ["lead_id", "id"]
        constraints = [models.UniqueConstraint(fields=["lead", "unit"], name="order_helper_once")]

    def __str__(self) -> str:
        return f"{self.lead} {self.unit}"
