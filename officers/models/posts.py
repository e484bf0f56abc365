"""The list of posts, and what each programme rules about them."""

from collections.abc import Collection

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.models import ScopedManager, Versioned
from duties.models.areas import OfProgrammeQuerySet
from pilots.choices import Part, UnitKind
from pilots.models import Clause, Programme, Unit
from pilots.models.bases import PackManaged

from ..choices import LEVELS, PostLevel

CDO = "cdo"


class Post(PackManaged):
    """A post of the trade, in one list for all programmes: 首席数据官, 首席数据执行官 …

    `is_single` says that a unit has one holder at a time; of the others it may have several.
    """

    code = models.SlugField(_("代码"), max_length=30, unique=True)
    name = models.CharField(_("岗位"), max_length=40)
    name_en = models.CharField(_("英文名"), max_length=80, blank=True)
    is_single = models.BooleanField(_("同一单位同时只有一名"), default=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("排序"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("岗位")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name


class PostRuleQuerySet(OfProgrammeQuerySet):
    def in_force(self) -> "PostRuleQuerySet":
        return self.filter(withdrawn_on=None)


class PostRule(PackManaged, Versioned):
    """What a programme says about a post in certain units: how many, held by whom, who appoints and
    removes, where it is filed, within how many days.

    An empty authority means that no source says. `vacancy_days` and `filing_days` come from the
    document (Shenzhen sets none: 文件未定时限); the bureau's own expectation stands beside them.
    """

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="post_rule_rows", verbose_name=_("试点方案")
    )
    code = models.CharField(_("代码"), max_length=80, unique=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="rules", verbose_name=_("岗位"))
    title = models.CharField(_("名称"), max_length=60)
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
        Unit, blank=True, related_name="named_post_rules", verbose_name=_("点名的单位")
    )
    count = models.PositiveSmallIntegerField(_("人数"), null=True, blank=True)
    is_encouraged = models.BooleanField(_("鼓励设立"), default=False)
    holder = models.CharField(_("由谁担任"), max_length=200, blank=True)
    minimum_level = models.CharField(
        _("最低职务"), max_length=10, choices=PostLevel.choices, blank=True
    )
    asks_in_charge = models.BooleanField(_("须分管数字政府建设"), default=False)
    is_in_principle = models.BooleanField(_("原则上"), default=False)
    is_concurrent = models.BooleanField(_("兼任"), default=False)
    is_self_appointed = models.BooleanField(_("由本单位任命"), default=False)
    appointed_by = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appoints",
        verbose_name=_("任命机关"),
    )
    is_self_removed = models.BooleanField(_("由本单位免职"), default=False)
    removed_by = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="removes",
        verbose_name=_("免职机关"),
    )
    filed_at = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="post_rules_filed_here",
        verbose_name=_("备案机关"),
    )
    vacancy_days = models.PositiveSmallIntegerField(_("空缺时限（天）"), null=True, blank=True)
    filing_days = models.PositiveSmallIntegerField(_("备案时限（天）"), null=True, blank=True)
    own_vacancy_days = models.PositiveSmallIntegerField(
        _("市政数局期望的补缺天数"), null=True, blank=True
    )
    own_filing_days = models.PositiveSmallIntegerField(
        _("市政数局期望的备案天数"), null=True, blank=True
    )
    own_basis = models.CharField(_("自定时限的说明"), max_length=200, blank=True)
    clause = models.ForeignKey(
        Clause,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="post_rules",
        verbose_name=_("条款"),
    )
    note = models.CharField(_("说明"), max_length=500, blank=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("排序"), default=0)

    objects = models.Manager.from_queryset(PostRuleQuerySet)()
    rows = ScopedManager.from_queryset(PostRuleQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("岗位设置")
        ordering = ["programme_id", "position", "code"]
        default_manager_name = "rows"
        constraints = [
            models.CheckConstraint(
                condition=Q(is_self_appointed=False) | Q(appointed_by=None),
                name="post_rule_one_who_appoints",
            ),
            models.CheckConstraint(
                condition=Q(is_self_removed=False) | Q(removed_by=None),
                name="post_rule_one_who_removes",
            ),
            models.CheckConstraint(
                condition=Q(own_vacancy_days=None, own_filing_days=None) | ~Q(own_basis=""),
                name="post_rule_own_days_say_why",
                violation_error_message=_("自定时限要写明依据或说明。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def needs_filing(self) -> bool:
        return self.filed_at_id is not None

    def binds(self, *, part: str, kind: str, unit_id: int, named: Collection[int] = ()) -> bool:
        """Whether it speaks of a body of that part and kind; `named` are ids of units it names."""
        if part not in self.parts or (self.kinds and kind not in self.kinds):
            return False
        return not named or unit_id in named

    def authority(self, unit: Unit) -> Unit | None:
        """Who appoints in that unit; None where no source says."""
        return unit if self.is_self_appointed else self.appointed_by

    def remover(self, unit: Unit) -> Unit | None:
        return unit if self.is_self_removed else self.removed_by

    def days_for_vacancy(self) -> tuple[int | None, bool]:
        """Days that a seat may stay empty, and whether that is only the bureau's expectation."""
        return _days(self.vacancy_days, self.own_vacancy_days)

    def days_for_filing(self) -> tuple[int | None, bool]:
        """Days from the appointment to its filing, and whether only the bureau expects them."""
        return _days(self.filing_days, self.own_filing_days)

    def misfit(self, level: str, *, is_in_charge: bool) -> list[str]:
        """What the rank rule asks and this holder is not; empty when he or she fits."""
        found = []
        if self.minimum_level and level:
            allowed = LEVELS[: LEVELS.index(PostLevel(self.minimum_level)) + 1]
            if level not in allowed:
                found.append("level")
        if self.asks_in_charge and not is_in_charge:
            found.append("in_charge")
        return found


def _days(stated: int | None, own: int | None) -> tuple[int | None, bool]:
    return (stated, False) if stated is not None else (own, own is not None)
