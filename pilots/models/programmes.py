"""One jurisdiction's scheme."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.models import ScopedManager, ScopedQuerySet, Versioned
from core.models.guards import moves_by_table

from ..choices import PHASE_MOVES, Phase
from .bases import PackManaged
from .scope import programmes_of_own_units, sees_everything, wide_programmes


class ProgrammeQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "ProgrammeQuerySet":
        if sees_everything(user):
            return self
        return self.filter(
            Q(pk__in=wide_programmes(user)) | Q(pk__in=programmes_of_own_units(user))
        )

    def seen_whole_by(self, user: Any, permission: str = "") -> "ProgrammeQuerySet":
        """Programmes of which the user sees every unit (bureau, superior, auditor); with
        `permission` only those where a role of the user holds it."""
        if sees_everything(user):
            return self.unscoped()
        return self.unscoped().filter(pk__in=wide_programmes(user, permission))


class Programme(PackManaged, Versioned):
    """A CDO scheme of one jurisdiction: its units, areas, obligations and deadlines are data.

    `provisions` holds what the document says beyond them: `powers`, `evaluation_dimensions`,
    `aims`, `milestones`, `expected`, `not_modelled` (lists of objects with `source`).
    """

    code = models.SlugField(_("代码"), max_length=60, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    short_name = models.CharField(_("简称"), max_length=40)
    name_en = models.CharField(_("英文名"), max_length=120, blank=True)
    region_code = models.CharField(_("行政区划代码"), max_length=6)
    region_name = models.CharField(_("地区"), max_length=30)
    phase = models.CharField(_("阶段"), max_length=10, choices=Phase.choices, default=Phase.DRAFT)
    started_on = models.DateField(_("开始跟踪日期"), null=True, blank=True)
    closed_on = models.DateField(_("结束日期"), null=True, blank=True)
    provisions = models.JSONField(_("其他规定"), default=dict, blank=True)
    position = models.PositiveSmallIntegerField(_("排序"), default=0)
    source = models.CharField(_("来源"), max_length=200, blank=True)

    objects = models.Manager.from_queryset(ProgrammeQuerySet)()
    rows = ScopedManager.from_queryset(ProgrammeQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("试点方案")
        ordering = ["position", "code"]
        default_manager_name = "rows"
        constraints = [
            models.CheckConstraint(
                condition=Q(phase=Phase.DRAFT, started_on=None)
                | Q(phase__in=[Phase.RUNNING, Phase.CLOSED], started_on__isnull=False),
                name="programme_runs_from_a_day",
            ),
            models.CheckConstraint(
                condition=Q(phase=Phase.CLOSED, closed_on__isnull=False)
                | Q(~Q(phase=Phase.CLOSED), closed_on=None),
                name="programme_closed_on_a_day",
            ),
        ]
        triggers = moves_by_table("programme", "phase", PHASE_MOVES)

    def __str__(self) -> str:
        return self.short_name

    @property
    def display_name(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.short_name

    @property
    def display_full_name(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name

    @property
    def display_region(self) -> str:
        """The place; in English the programme's own name, for places have none of their own."""
        return self.name_en if get_language() == "en" and self.name_en else self.region_name

    def is_running(self, on: date) -> bool:
        return self.phase == Phase.RUNNING and self.started_on is not None and self.started_on <= on
