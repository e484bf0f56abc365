"""Schemes: trees of indicators in versions, of which a round uses one that stands still."""

from decimal import Decimal
from typing import Any

import pgtrigger
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import ScopedManager, ScopedQuerySet, Versioned
from core.models.guards import never_deleted
from pilots.models import Programme
from pilots.models.scope import programmes_of_own_units, sees_everything, wide_programmes

from ..choices import LEVELS, Fact, IndicatorKind, Rule, Source
from .guards import levels_count, tree_is_frozen

POINTS: dict[str, Any] = {"max_digits": 7, "decimal_places": 2}


class SchemeQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "SchemeQuerySet":
        """Schemes of the programmes in which the user's units take part, and the examples."""
        if sees_everything(user):
            return self
        return self.filter(
            Q(programme=None)
            | Q(programme_id__in=wide_programmes(user))
            | Q(programme_id__in=programmes_of_own_units(user))
        )

    def live(self) -> "SchemeQuerySet":
        return self.filter(withdrawn_on=None)


class Scheme(Versioned):
    """指标体系 of a programme, or (without one) an example that every city may copy. `note` says what
    its reader has to know, for an example that it is incomplete; `loaded` is what a pack said of it,
    empty where people made it."""

    code = models.SlugField(_("代码"), max_length=80, unique=True)
    programme = models.ForeignKey(
        Programme,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="schemes",
        verbose_name=_("试点方案"),
    )
    title = models.CharField(_("名称"), max_length=120)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    is_example = models.BooleanField(_("示例"), default=False)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    loaded = models.JSONField(_("预置内容"), default=dict, blank=True, editable=False)
    withdrawn_on = models.DateField(_("停用日期"), null=True, blank=True)
    created_at = models.DateTimeField(_("建立时间"), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("建立人"),
    )

    objects = models.Manager.from_queryset(SchemeQuerySet)()
    rows = ScopedManager.from_queryset(SchemeQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("指标体系")
        ordering = ["is_example", "title", "id"]
        default_manager_name = "rows"
        triggers = never_deleted("scheme")

    def __str__(self) -> str:
        return self.title


class OfSchemeQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "OfSchemeQuerySet":
        return self.filter(scheme__in=Scheme.objects.visible_to(user).values("pk"))


class SchemeVersion(Versioned):
    """One version of a scheme. A draft (`frozen_at` empty) is built; a round freezes it, and from then
    on neither it nor its tree changes: the next change is a new version.

    `full` is the full mark that weights add up to; `bonus_limit` and `deduction_limit` cap what such
    items give together (empty: no cap); `step` is the unit of scores by hand; `tolerance` is the
    difference of two reviewers in per cent of a leaf's full mark beyond which a third entry settles
    it; `objection_workdays` is the term for objections (empty: as long as the round takes them);
    `grades` are names with the total from which they hold: [{"name": "优秀", "from": "90"}, …].
    """

    scheme = models.ForeignKey(
        Scheme, models.PROTECT, related_name="versions", verbose_name=_("指标体系")
    )
    number = models.PositiveSmallIntegerField(_("版次"), default=1)
    full = models.DecimalField(
        _("满分"), default=Decimal(100), validators=[MinValueValidator(Decimal(1))], **POINTS
    )
    bonus_limit = models.DecimalField(_("加分上限"), null=True, blank=True, **POINTS)
    deduction_limit = models.DecimalField(_("减分上限"), null=True, blank=True, **POINTS)
    step = models.DecimalField(_("打分单位"), default=Decimal("0.5"), **POINTS)
    tolerance = models.DecimalField(_("允许差异（%）"), default=Decimal(20), **POINTS)
    objection_workdays = models.PositiveSmallIntegerField(
        _("复核申请期限（工作日）"), null=True, blank=True
    )
    grades = models.JSONField(_("等次"), default=list, blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    frozen_at = models.DateTimeField(_("启用时间"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("建立时间"), editable=False)
    updated_at = models.DateTimeField(_("更新时间"), editable=False)

    objects = models.Manager.from_queryset(OfSchemeQuerySet)()
    rows = ScopedManager.from_queryset(OfSchemeQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("指标体系版次")
        ordering = ["scheme_id", "number"]
        default_manager_name = "rows"
        constraints = [
            models.UniqueConstraint(fields=["scheme", "number"], name="scheme_version_once"),
            models.UniqueConstraint(
                fields=["scheme"],
                condition=Q(frozen_at=None),
                name="scheme_one_draft",
                violation_error_message=_("这套指标体系已有一份正在编辑的版次。"),
            ),
            models.CheckConstraint(
                condition=Q(full__gt=0, step__gt=0, tolerance__gte=0),
                name="scheme_version_counts_in_points",
            ),
        ]
        triggers = [
            *never_deleted("scheme_version"),
            pgtrigger.Protect(
                name="scheme_version_is_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__frozen_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme.title} V{self.number}"

    @property
    def audit_key(self) -> str:
        return f"{self.scheme.code}.{self.number}"

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None


class IndicatorQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "IndicatorQuerySet":
        schemes = Scheme.objects.visible_to(user).values("pk")
        return self.filter(scheme_version__scheme__in=schemes)

    def standing(self) -> "IndicatorQuerySet":
        return self.filter(withdrawn_on=None)


class Indicator(Versioned):
    """One place of a tree: a heading, or (with a `source`) a leaf that is scored.

    `weight` is its full mark, empty until somebody sets it; `key` stays the same from version to
    version, so that two rounds can be compared. `criteria` belong to `rule`: {"states": [{"text",
    "points"}]}, {"elements": [text]}, {"bands": [{"from", "to", "points"}]} with numbers as text and
    null for an open end. `text` is the rule in words, as the sheet prints it. A draft's indicator
    that was taken out stays with `withdrawn_on`.
    """

    scheme_version = models.ForeignKey(
        SchemeVersion, models.PROTECT, related_name="indicators", verbose_name=_("版次")
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级指标"),
    )
    level = models.PositiveSmallIntegerField(_("级"), default=1, editable=False)
    key = models.SlugField(_("代码"), max_length=40)
    position = models.PositiveSmallIntegerField(_("排序"), default=0)
    name = models.CharField(_("指标"), max_length=80)
    weight = models.DecimalField(_("分值"), null=True, blank=True, **POINTS)
    kind = models.CharField(
        _("类别"),
        max_length=10,
        choices=IndicatorKind.choices,
        default=IndicatorKind.NORMAL,
    )
    source = models.CharField(_("数据来源"), max_length=20, choices=Source.choices, blank=True)
    rule = models.CharField(_("评分方式"), max_length=10, choices=Rule.choices, blank=True)
    criteria = models.JSONField(_("评分标准"), default=dict, blank=True)
    fact = models.CharField(_("自动取数"), max_length=20, choices=Fact.choices, blank=True)
    text = models.CharField(_("评分规则"), max_length=500, blank=True)
    needs_evidence = models.BooleanField(_("要有佐证材料"), default=False)
    evidence_note = models.CharField(_("佐证材料要求"), max_length=200, blank=True)
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    withdrawn_on = models.DateField(_("删除日期"), null=True, blank=True, editable=False)

    objects = models.Manager.from_queryset(IndicatorQuerySet)()
    rows = ScopedManager.from_queryset(IndicatorQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("指标")
        ordering = ["scheme_version_id", "level", "position", "id"]
        default_manager_name = "rows"
        constraints = [
            models.UniqueConstraint(fields=["scheme_version", "key"], name="indicator_key_once"),
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=LEVELS), name="indicator_on_three_levels"
            ),
            models.CheckConstraint(
                condition=Q(weight=None) | Q(weight__gte=0),
                name="indicator_weight_is_not_negative",
                violation_error_message=_("分值不能小于0。"),
            ),
            models.CheckConstraint(
                condition=Q(source="", rule="", fact="")
                | (Q(source="auto") & ~Q(rule="") & ~Q(fact=""))
                | (~Q(source="") & ~Q(source="auto") & ~Q(rule="") & Q(fact="")),
                name="indicator_source_rule_and_fact_go_together",
                violation_error_message=_(
                    "要打分的指标写明数据来源和评分方式；自动取数的还要选取什么数。"
                ),
            ),
        ]
        triggers = [levels_count(), tree_is_frozen(), *never_deleted("indicator")]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_key(self) -> str:
        return f"{self.scheme_version.audit_key}.{self.key}"

    @property
    def is_leaf(self) -> bool:
        return bool(self.source)
