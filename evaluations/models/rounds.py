"""Rounds of evaluation, the sheet of each body evaluated, who reviews it, and what the portal knows."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import ScopedManager, ScopedQuerySet, Versioned
from core.models.guards import moves_by_table, never_deleted
from pilots.models import Enrolment, Programme, Unit
from pilots.models.scope import programmes_of_own_units, sees_everything, wide_programmes

from ..choices import MOVES, TOLD, Fact, Hand, State
from .schemes import SchemeVersion
from .scope import HIDDEN, readable_cards, seated_cards

SEATS = [Hand.FIRST, Hand.SECOND, Hand.THIRD_PARTY]


class RoundQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "RoundQuerySet":
        """That there is a round, and where it stands, is known to all who take part once it begins."""
        if sees_everything(user):
            return self
        mine = Q(programme_id__in=programmes_of_own_units(user)) & ~Q(state__in=HIDDEN)
        return self.filter(mine | Q(programme_id__in=wide_programmes(user)))

    def for_lists(self) -> "RoundQuerySet":
        return self.select_related("programme", "scheme_version__scheme")


class Round(Versioned):
    """一次评价. `starts_on` to `ends_on` is what is evaluated; `facts_on` the day for which the portal's
    own records were read. `self_by`, `unit_by` and `review_by` are the days by which each step is
    asked; `objections_until` the last day for objections where the scheme sets a term. `editions`
    counts the results made: after a correction there is another one."""

    number = models.CharField(_("编号"), max_length=20, unique=True)
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="rounds", verbose_name=_("试点方案")
    )
    scheme_version = models.ForeignKey(
        SchemeVersion, models.PROTECT, related_name="rounds", verbose_name=_("指标体系")
    )
    title = models.CharField(_("名称"), max_length=120)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    starts_on = models.DateField(_("评价期间自"))
    ends_on = models.DateField(_("评价期间至"))
    facts_on = models.DateField(_("取数日期"), null=True, blank=True)
    self_by = models.DateField(_("自评截止"))
    unit_by = models.DateField(_("本单位评价截止"))
    review_by = models.DateField(_("复核截止"))
    state = models.CharField(
        _("进度"), max_length=20, choices=State.choices, default=State.PREPARING
    )
    moved_on = models.DateField(_("进入当前步骤"))
    objections_on = models.DateField(_("告知得分"), null=True, blank=True)
    objections_until = models.DateField(_("复核申请截止"), null=True, blank=True)
    finalised_on = models.DateField(_("定稿日期"), null=True, blank=True)
    published_on = models.DateField(_("公布日期"), null=True, blank=True)
    withdrawn_on = models.DateField(_("撤销日期"), null=True, blank=True)
    reason = models.CharField(_("撤销或更正的原因"), max_length=500, blank=True)
    editions = models.PositiveSmallIntegerField(_("结果版次"), default=0)
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
    updated_at = models.DateTimeField(_("更新时间"), editable=False)

    objects = models.Manager.from_queryset(RoundQuerySet)()
    rows = ScopedManager.from_queryset(RoundQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("评价")
        ordering = ["-number"]
        default_manager_name = "rows"
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")),
                name="round_ends_after_it_starts",
                violation_error_message=_("评价期间的结束日期不能早于开始日期。"),
            ),
            models.CheckConstraint(
                condition=Q(self_by__lte=F("unit_by"), unit_by__lte=F("review_by")),
                name="round_steps_follow_each_other",
                violation_error_message=_("三个截止日期要依次排列：自评、本单位评价、复核。"),
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["final", "published"], finalised_on__isnull=False, editions__gte=1
                )
                | ~Q(state__in=["final", "published"]),
                name="round_final_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state="published", published_on__isnull=False) | ~Q(state="published"),
                name="round_published_on_a_day",
            ),
            models.CheckConstraint(
                condition=(Q(state="withdrawn", withdrawn_on__isnull=False) & ~Q(reason=""))
                | (~Q(state="withdrawn") & Q(withdrawn_on=None)),
                name="round_withdrawn_with_a_reason",
            ),
        ]
        triggers = moves_by_table("round", "state", MOVES)

    def __str__(self) -> str:
        return self.title

    @property
    def is_told(self) -> bool:
        """Whether the units read their own detail."""
        return self.state in TOLD

    def takes_objections(self, on: date) -> bool:
        """Whether a unit may object on that day; without a term as long as the step lasts."""
        until = self.objections_until
        return self.state == State.OBJECTIONS and (until is None or on <= until)


class ScorecardQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "ScorecardQuerySet":
        if sees_everything(user):
            return self
        seated = Scorecard.rows.filter(seated_cards(user)).values("pk")
        return self.filter(readable_cards(user) | Q(pk__in=seated))

    def standing(self) -> "ScorecardQuerySet":
        return self.filter(dropped_on=None)

    def for_lists(self) -> "ScorecardQuerySet":
        return self.select_related(
            "round__scheme_version", "enrolment__unit", "enrolment__programme"
        ).prefetch_related("enrolment__unit__names")


class Scorecard(Versioned):
    """评分表: what the CDO of one body gets in one round. `cdo_name` is who held the post at the end of
    the period, as text. `self_done_on` and `unit_done_on` are the days on which the unit handed in
    its own two parts. One that was taken out of the round stays, with `dropped_on`."""

    round = models.ForeignKey(
        Round, models.PROTECT, related_name="scorecards", verbose_name=_("评价")
    )
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="scorecards", verbose_name=_("单位和方案")
    )
    cdo_name = models.CharField(_("首席数据官"), max_length=40, blank=True)
    self_done_on = models.DateField(_("自评提交日期"), null=True, blank=True)
    self_done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("自评提交人"),
    )
    unit_done_on = models.DateField(_("本单位评价提交日期"), null=True, blank=True)
    unit_done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("本单位评价提交人"),
    )
    dropped_on = models.DateField(_("移出日期"), null=True, blank=True)
    drop_reason = models.CharField(_("移出原因"), max_length=200, blank=True)
    updated_at = models.DateTimeField(_("更新时间"), editable=False)

    objects = models.Manager.from_queryset(ScorecardQuerySet)()
    rows = ScopedManager.from_queryset(ScorecardQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("评分表")
        ordering = ["round_id", "enrolment__position", "id"]
        default_manager_name = "rows"
        constraints = [
            models.UniqueConstraint(fields=["round", "enrolment"], name="scorecard_once"),
            models.CheckConstraint(
                condition=Q(dropped_on=None, drop_reason="")
                | (Q(dropped_on__isnull=False) & ~Q(drop_reason="")),
                name="scorecard_dropped_with_a_reason",
            ),
        ]
        triggers = never_deleted("scorecard")

    def __str__(self) -> str:
        return f"{self.round.number} {self.enrolment.unit}"

    @property
    def audit_key(self) -> str:
        return f"{self.round.number}.{self.enrolment.unit.code}"

    @property
    def unit(self) -> Unit:
        return self.enrolment.unit

    @property
    def programme(self) -> Programme:
        return self.enrolment.programme


class ReviewSeat(models.Model):
    """Who scores one sheet: two reviewers who do not read each other before both are through, and
    where the scheme asks for one, a third party. A seat that was given to somebody else stays."""

    scorecard = models.ForeignKey(
        Scorecard, models.PROTECT, related_name="seats", verbose_name=_("评分表")
    )
    hand = models.CharField(_("席位"), max_length=20, choices=Hand.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("评分人")
    )
    given_on = models.DateField(_("指定日期"))
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("改派时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("评分席位")
        ordering = ["scorecard_id", "hand", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "hand"],
                condition=Q(ended_at=None),
                name="review_seat_once",
            ),
            models.UniqueConstraint(
                fields=["scorecard", "user"],
                condition=Q(ended_at=None),
                name="reviewer_sits_once",
                violation_error_message=_("同一张评分表的两个评分人不能是同一人。"),
            ),
            models.CheckConstraint(
                condition=Q(hand__in=SEATS), name="review_seat_of_a_reviewing_hand"
            ),
            models.CheckConstraint(
                condition=Q(done_on=None, done_at=None)
                | Q(done_on__isnull=False, done_at__isnull=False),
                name="review_seat_done_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["user"], condition=Q(ended_at=None), name="review_seat_by_user")
        ]
        triggers = never_deleted("review_seat")

    def __str__(self) -> str:
        return f"{self.get_hand_display()} {self.user}"


class FactValue(models.Model):
    """What the portal's own records say of one body for one round: `value` as the rules take it (a
    rate of at most 1 to six places, a number, days), empty where it does not apply; `part` of
    `whole` is what it was counted from."""

    scorecard = models.ForeignKey(
        Scorecard, models.PROTECT, related_name="facts", verbose_name=_("评分表")
    )
    fact = models.CharField(_("取数项目"), max_length=20, choices=Fact.choices)
    value = models.DecimalField(_("数值"), max_digits=14, decimal_places=6, null=True, blank=True)
    part = models.DecimalField(_("分子"), max_digits=14, decimal_places=2)
    whole = models.DecimalField(_("分母"), max_digits=14, decimal_places=2)
    read_on = models.DateField(_("取数日期"))

    class Meta:
        verbose_name = verbose_name_plural = _("系统数据")
        ordering = ["scorecard_id", "fact"]
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "fact"], name="fact_value_once")
        ]
        triggers = never_deleted("fact_value")

    def __str__(self) -> str:
        return f"{self.get_fact_display()} {self.value}"
