"""What a clause, the bureau or an ad-hoc order demands."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import deadlines
from core.models import ScopedManager, ScopedQuerySet, Versioned
from pilots.choices import Part, UnitKind
from pilots.models import Clause, Programme, Unit
from pilots.models.bases import PackManaged
from pilots.models.scope import own_units, sees_everything, wide_programmes

from ..choices import Nature, Origin
from .areas import DutyArea, OfProgrammeQuerySet
from .helpers import helped_obligations


class ObligationQuerySet(OfProgrammeQuerySet, ScopedQuerySet):
    def _visible_to(self, user: Any) -> "ObligationQuerySet":
        """What the documents demand is everybody's who takes part; what one order demands is read by
        those whom it names, those who help them, and those who see the programme as a whole."""
        rows = self.filter(programme__in=Programme.objects.visible_to(user))
        if sees_everything(user):
            return rows
        named = Obligation.units.through.objects.filter(unit_id__in=own_units(user))
        told = (
            ~Q(origin=Origin.ORDER)
            | Q(programme_id__in=wide_programmes(user))
            | Q(pk__in=named.values("obligation_id"))
            | Q(pk__in=helped_obligations(user))
        )
        return rows.filter(told)

    def in_force(self) -> "ObligationQuerySet":
        return self.filter(withdrawn_on=None)


class Obligation(PackManaged, Versioned):
    """A demand on certain parts and kinds of bodies. The document's own words stand in `wording`;
    `due_on` is the reading we remind by, `latest_on` the last day that the words allow. Both are
    empty where the document sets no date (文件未定时限)."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="obligations", verbose_name=_("试点方案")
    )
    code = models.CharField(_("代码"), max_length=80, unique=True)
    title = models.CharField(_("规定任务"), max_length=200)
    short_title = models.CharField(_("简称"), max_length=20)
    title_en = models.CharField(_("英文名"), max_length=200, blank=True)
    nature = models.CharField(_("性质"), max_length=20, choices=Nature.choices)
    origin = models.CharField(
        _("出处"), max_length=10, choices=Origin.choices, default=Origin.CLAUSE
    )
    clause = models.ForeignKey(
        Clause,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="obligations",
        verbose_name=_("条款"),
    )
    area = models.ForeignKey(
        DutyArea,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="obligations",
        verbose_name=_("职责"),
    )
    parts = ArrayField(
        models.CharField(max_length=30, choices=Part.choices), verbose_name=_("对哪类参与者")
    )
    kinds = ArrayField(
        models.CharField(max_length=30, choices=UnitKind.choices),
        default=list,
        blank=True,
        verbose_name=_("对哪些单位类型"),
    )
    units = models.ManyToManyField(
        Unit, blank=True, related_name="named_obligations", verbose_name=_("点名的单位")
    )
    quantity = models.PositiveSmallIntegerField(_("应完成数"), default=1)
    wording = models.CharField(_("原文时限"), max_length=120, blank=True)
    due_on = models.DateField(_("截止日期"), null=True, blank=True)
    latest_on = models.DateField(_("最晚日期"), null=True, blank=True)
    due_rule = models.JSONField(_("时限规则"), null=True, blank=True, validators=[deadlines.check])
    basis = models.CharField(_("口径说明"), max_length=500, blank=True)
    received_by = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="received_obligations",
        verbose_name=_("报送对象"),
    )
    source = models.CharField(_("来源"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("排序"), default=0)

    objects = models.Manager.from_queryset(ObligationQuerySet)()
    rows = ScopedManager.from_queryset(ObligationQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("规定任务")
        ordering = ["programme_id", "position", "code"]
        default_manager_name = "rows"
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on=None, latest_on=None)
                | Q(
                    due_on__isnull=False,
                    latest_on__isnull=False,
                    latest_on__gte=models.F("due_on"),
                ),
                name="obligation_latest_is_not_before_due",
                violation_error_message=_("最晚日期不能早于截止日期。"),
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1), name="obligation_asks_for_something"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def display_title(self) -> str:
        return self.title_en if get_language() == "en" and self.title_en else self.title

    @property
    def display_short_title(self) -> str:
        """The short title; in English, where none is kept, the nature of the obligation."""
        if get_language() != "en":
            return self.short_title
        is_other = self.nature == Nature.OTHER
        return self.display_title if is_other else str(Nature(self.nature).label)

    @property
    def is_doubtful(self) -> bool:
        """The words allow two readings and nobody has decided yet."""
        return self.due_on is not None and self.latest_on != self.due_on

    def binds(self, *, part: str, kind: str, unit_id: int, named: Any = ()) -> bool:
        """Whether it binds a body of that part and kind; `named` are ids of the units it names."""
        if part not in self.parts or (self.kinds and kind not in self.kinds):
            return False
        return not named or unit_id in named
