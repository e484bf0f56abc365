"""Duty areas and their items: data of a programme, never a constant (Shenzhen six, Shenyang four)."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.models import ScopedManager, ScopedQuerySet
from pilots.choices import UnitKind
from pilots.models import Clause, Enrolment, Programme, Unit
from pilots.models.bases import PackManaged
from pilots.models.scope import of_enrolments

from .records import CountedOnce, voided_by_only_with_its_moment, voided_once


class OfProgrammeQuerySet(ScopedQuerySet):
    """Rows that everybody who takes part in the programme may see."""

    def _visible_to(self, user: Any) -> "OfProgrammeQuerySet":
        return self.filter(programme__in=Programme.objects.visible_to(user))


class DutyArea(PackManaged):
    """One group of a CDO's duties, with a full, a medium and a two-character label."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="areas", verbose_name=_("试点方案")
    )
    code = models.SlugField(_("代码"), max_length=80, unique=True)
    name = models.CharField(_("职责"), max_length=80)
    medium_name = models.CharField(_("表头名称"), max_length=20)
    short_name = models.CharField(_("两字名称"), max_length=4)
    name_en = models.CharField(_("英文名"), max_length=120, blank=True)
    clause = models.ForeignKey(
        Clause, models.PROTECT, null=True, blank=True, related_name="areas", verbose_name=_("条款")
    )
    source = models.CharField(_("来源"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("排序"), default=0)

    objects = models.Manager.from_queryset(OfProgrammeQuerySet)()
    rows = ScopedManager.from_queryset(OfProgrammeQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("职责")
        ordering = ["programme_id", "position", "id"]
        default_manager_name = "rows"

    def __str__(self) -> str:
        return self.name

    @property
    def display_name(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name

    @property
    def display_medium_name(self) -> str:
        """What stands above a column; English has one name only."""
        return self.name_en if get_language() == "en" and self.name_en else self.medium_name


class DutyItemQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "DutyItemQuerySet":
        return self.filter(area__in=DutyArea.objects.visible_to(user))

    def applying_to(self, enrolment: Enrolment) -> "DutyItemQuerySet":
        """Items that bind that body: by its kind, or because the item names it."""
        named = DutyItem.units.through.objects.filter(dutyitem_id=OuterRef("pk"))
        mine = Exists(named.filter(unit_id=enrolment.unit_id))
        kind = enrolment.kind or enrolment.unit.kind
        by_kind = Q(kinds=[]) | Q(kinds__contains=[kind])
        return self.filter(mine | (~Exists(named) & by_kind), withdrawn_on=None)


class DutyItem(PackManaged):
    """One matter of an area (事项): for every body, for some kinds, or for the bodies it names."""

    area = models.ForeignKey(DutyArea, models.PROTECT, related_name="items", verbose_name=_("职责"))
    code = models.SlugField(_("代码"), max_length=80, unique=True)
    name = models.CharField(_("事项"), max_length=200)
    name_en = models.CharField(_("英文名"), max_length=200, blank=True)
    kinds = ArrayField(
        models.CharField(max_length=30, choices=UnitKind.choices),
        default=list,
        blank=True,
        verbose_name=_("适用的单位类型"),
    )
    units = models.ManyToManyField(
        Unit, blank=True, related_name="named_items", verbose_name=_("点名的单位")
    )
    clause = models.ForeignKey(
        Clause, models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("条款")
    )
    source = models.CharField(_("来源"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("排序"), default=0)

    objects = models.Manager.from_queryset(DutyItemQuerySet)()
    rows = ScopedManager.from_queryset(DutyItemQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("事项")
        ordering = ["area_id", "position", "id"]
        default_manager_name = "rows"

    def __str__(self) -> str:
        return self.name


class ItemProgressQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "ItemProgressQuerySet":
        return self.filter(of_enrolments(user, "enrolment__"))

    def live(self) -> "ItemProgressQuerySet":
        return self.filter(voided_at=None)


class ItemProgress(CountedOnce):
    """Accepted progress of one body in one item: what the matrix counts as k of m. Written through
    `duties.services.record_progress`, never changed, only voided."""

    item = models.ForeignKey(
        DutyItem, models.PROTECT, related_name="progress", verbose_name=_("事项")
    )
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="progress", verbose_name=_("参与")
    )
    summary = models.CharField(_("进展"), max_length=500)

    objects = models.Manager.from_queryset(ItemProgressQuerySet)()
    rows = ScopedManager.from_queryset(ItemProgressQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("事项进展")
        ordering = ["-happened_on", "-id"]
        default_manager_name = "rows"
        indexes = [models.Index(fields=["enrolment", "item"], name="progress_by_enrolment")]
        constraints = [voided_by_only_with_its_moment("progress")]
        triggers = voided_once("progress")

    def __str__(self) -> str:
        return f"{self.item} {self.happened_on}"
