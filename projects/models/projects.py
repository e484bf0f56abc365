"""信息化项目: a light register of a unit's IT projects."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import ScopedManager, ScopedQuerySet, Versioned
from pilots.models import Enrolment, Programme, Unit
from pilots.models.scope import of_enrolments

from ..choices import ProjectKind


class ProjectQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "ProjectQuerySet":
        return self.filter(of_enrolments(user, "enrolment__"))

    def live(self) -> "ProjectQuerySet":
        return self.filter(withdrawn_on=None)

    def for_lists(self) -> "ProjectQuerySet":
        return self.select_related("enrolment__unit", "enrolment__programme").prefetch_related(
            "enrolment__unit__names"
        )


class Project(Versioned):
    """One IT project of one unit, as far as the CDO's powers need it: the portal approves no
    projects and keeps none of their files. `budget` is in 万元. Entered by mistake it is withdrawn,
    never deleted; opinions, records and checks count as changes of it.
    """

    number = models.CharField(_("项目编号"), max_length=20, unique=True)
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="projects", verbose_name=_("单位和方案")
    )
    name = models.CharField(_("项目名称"), max_length=200)
    city_code = models.CharField(_("全市项目代码"), max_length=60, blank=True)
    kind = models.CharField(_("类别"), max_length=20, choices=ProjectKind.choices, blank=True)
    summary = models.CharField(_("建设内容"), max_length=500, blank=True)
    budget = models.DecimalField(
        _("投资额（万元）"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    responsible = models.CharField(_("项目负责人"), max_length=80, blank=True)
    started_on = models.DateField(_("启动日期"), null=True, blank=True)
    closed_on = models.DateField(_("结束日期"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    withdrawn_on = models.DateField(_("撤销登记日期"), null=True, blank=True, editable=False)
    withdraw_reason = models.CharField(_("撤销登记原因"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("登记时间"), editable=False)
    updated_at = models.DateTimeField(_("更新时间"), editable=False)

    objects = models.Manager.from_queryset(ProjectQuerySet)()
    rows = ScopedManager.from_queryset(ProjectQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("信息化项目")
        ordering = ["-number"]
        default_manager_name = "rows"
        constraints = [
            models.CheckConstraint(
                condition=Q(started_on=None)
                | Q(closed_on=None)
                | Q(closed_on__gte=F("started_on")),
                name="project_closed_after_it_started",
                violation_error_message=_("结束日期不能早于启动日期。"),
            ),
            models.CheckConstraint(
                condition=Q(budget=None) | Q(budget__gte=0),
                name="project_budget_is_no_debt",
                violation_error_message=_("投资额不能是负数。"),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None, withdraw_reason="")
                | (Q(withdrawn_on__isnull=False) & ~Q(withdraw_reason="")),
                name="project_withdrawn_with_a_reason",
            ),
            models.UniqueConstraint(
                fields=["enrolment", "name"],
                condition=Q(withdrawn_on=None),
                name="project_name_once_a_unit",
                violation_error_message=_("该单位已登记同名的项目。"),
            ),
            models.UniqueConstraint(
                fields=["enrolment", "city_code"],
                condition=Q(withdrawn_on=None) & ~Q(city_code=""),
                name="project_code_once_a_unit",
                violation_error_message=_("该单位已登记同一代码的项目。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def unit(self) -> Unit:
        return self.enrolment.unit

    @property
    def programme(self) -> Programme:
        return self.enrolment.programme
