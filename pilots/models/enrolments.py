"""Which body takes which part in which programme, and how many were expected."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import ScopedManager, ScopedQuerySet, Versioned

from ..choices import Certainty, Part, UnitKind
from .bases import PERIOD, PackManaged, Period, ends_after_it_starts, holding, single, single_text
from .programmes import Programme
from .scope import of_enrolments
from .units import Unit


class Cohort(PackManaged):
    """A batch (首批), or a set counted by a source, with the count it should have per kind."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="cohorts", verbose_name=_("试点方案")
    )
    code = models.SlugField(_("代码"), max_length=80, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    expected = models.JSONField(_("应有数"), default=dict, help_text=_("单位类型到数目的对照"))
    total = models.PositiveIntegerField(_("合计"), null=True, blank=True)
    as_of = models.DateField(_("数据时点"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("排序"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("批次")
        ordering = ["programme_id", "position", "id"]

    def __str__(self) -> str:
        return self.name


class EnrolmentQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "EnrolmentQuerySet":
        return self.filter(of_enrolments(user))

    def standing(self, on: date) -> "EnrolmentQuerySet":
        """Those that hold on that day and were not withdrawn by then."""
        return self.filter(holding(on), Q(withdrawn_on=None) | Q(withdrawn_on__gt=on))

    def pilots(self) -> "EnrolmentQuerySet":
        return self.filter(part=Part.PILOT)

    def in_document_order(self) -> "EnrolmentQuerySet":
        return self.order_by("position", "id")


class Enrolment(PackManaged, Period, Versioned):
    """A body's part in a programme. `starts_on` may be unknown: then earlier days say so."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="enrolments", verbose_name=_("试点方案")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="enrolments", verbose_name=_("单位")
    )
    part = models.CharField(_("参与方式"), max_length=30, choices=Part.choices)
    kind = models.CharField(_("方案中的类型"), max_length=30, choices=UnitKind.choices, blank=True)
    cohort = models.ForeignKey(
        Cohort,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="enrolments",
        verbose_name=_("批次"),
    )
    handled_by = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="handled_enrolments",
        verbose_name=_("承办机构"),
    )
    liaison = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="liaised_enrolments",
        verbose_name=_("对口联系人"),
    )
    position = models.PositiveSmallIntegerField(_("文件顺序"), default=0)
    certainty = models.CharField(
        _("依据程度"), max_length=10, choices=Certainty.choices, default=Certainty.STATED
    )
    source = models.CharField(_("来源"), max_length=200, blank=True)

    objects = models.Manager.from_queryset(EnrolmentQuerySet)()
    rows = ScopedManager.from_queryset(EnrolmentQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("参与")
        ordering = ["programme_id", "position", "id"]
        default_manager_name = "rows"
        indexes = [models.Index(fields=["programme", "part"], name="enrolment_by_part")]
        constraints = [
            ends_after_it_starts("enrolment"),
            ExclusionConstraint(
                name="enrolment_one_at_a_time",
                expressions=[
                    (single("programme"), RangeOperators.OVERLAPS),
                    (single("unit"), RangeOperators.OVERLAPS),
                    (single_text("part"), RangeOperators.OVERLAPS),
                    (PERIOD, RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("这段时间该单位在方案中已有同样的参与记录。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_part_display()}"
