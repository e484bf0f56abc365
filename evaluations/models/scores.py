"""What people entered into the cells of a sheet, every save of it, and corrections by new rows."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import ScopedManager, ScopedQuerySet, Versioned
from core.models.guards import append_only, never_deleted
from pilots.models.scope import sees_everything
from reports.models import Evidence

from ..choices import REVIEWERS, WRITTEN_IN, Hand, Saving, State
from .guards import score_fits
from .rounds import ReviewSeat, Scorecard
from .schemes import POINTS, Indicator
from .scope import desk_cards, own_cards, seated_cards, told_cards

REASON = 500
OWN_HANDS = (Hand.SELF, Hand.UNIT)


class ScoreQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "ScoreQuerySet":
        """A unit reads its own two hands; a reviewer the sheet, but not the other reviewer's cells
        before both are through; the bureau its programme."""
        if sees_everything(user):
            return self
        seats = ReviewSeat.objects.filter(user_id=user.pk, ended_at=None)
        waiting = ReviewSeat.objects.filter(ended_at=None, done_at=None, hand__in=REVIEWERS)
        blind = seats.filter(hand__in=REVIEWERS, scorecard__in=waiting.values("scorecard"))
        mine = blind.filter(scorecard=models.OuterRef("scorecard"), hand=models.OuterRef("hand"))
        hidden = Q(scorecard__in=blind.values("scorecard"), hand__in=REVIEWERS) & ~models.Exists(
            mine
        )
        seated = Scorecard.rows.filter(seated_cards(user)).values("pk")
        readable = (
            (own_cards(user, "scorecard__") & Q(hand__in=OWN_HANDS))
            | desk_cards(user, "scorecard__")
            | Q(scorecard__in=seated)
        )
        return self.filter(readable).exclude(hidden)


class Score(Versioned):
    """One cell of one hand: points, or the answer from which they follow, and the reason. Empty
    `points` is a cell that was cleared. Only this row counts; every save is a `ScoreRevision`."""

    scorecard = models.ForeignKey(
        Scorecard, models.PROTECT, related_name="scores", verbose_name=_("评分表")
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="scores", verbose_name=_("指标")
    )
    hand = models.CharField(_("评分方"), max_length=20, choices=Hand.choices)
    points = models.DecimalField(_("得分"), null=True, blank=True, **POINTS)
    answer = models.JSONField(_("选项"), null=True, blank=True)
    reason = models.CharField(_("说明"), max_length=REASON, blank=True)
    saved_at = models.DateTimeField(_("保存时间"), editable=False)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("保存人"),
    )

    objects = models.Manager.from_queryset(ScoreQuerySet)()
    rows = ScopedManager.from_queryset(ScoreQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("评分")
        ordering = ["scorecard_id", "indicator_id", "hand"]
        default_manager_name = "rows"
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "indicator", "hand"], name="score_once_a_hand"
            ),
            models.CheckConstraint(
                condition=Q(points=None) | Q(points__gte=0), name="score_is_not_negative"
            ),
            models.CheckConstraint(condition=Q(hand__in=Hand.values), name="score_of_a_known_hand"),
        ]
        triggers = [
            score_fits("NEW.hand", [f"{step}:{hand}" for hand, step in WRITTEN_IN.items()]),
            *never_deleted("score"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.points}"


class ScoreRevision(models.Model):
    """One save of one cell as it was. `conflict` was saved from a page that had not seen the newest."""

    score = models.ForeignKey(
        Score, models.PROTECT, related_name="revisions", verbose_name=_("评分")
    )
    version = models.PositiveIntegerField(_("版本"))
    kind = models.CharField(_("保存方式"), max_length=10, choices=Saving.choices)
    points = models.DecimalField(_("得分"), null=True, blank=True, **POINTS)
    answer = models.JSONField(_("选项"), null=True, blank=True)
    reason = models.CharField(_("说明"), max_length=REASON, blank=True)
    saved_at = models.DateTimeField(_("保存时间"))
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("保存人"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("评分记录")
        ordering = ["score_id", "id"]
        triggers = append_only("score_revision")

    def __str__(self) -> str:
        return f"{self.points} {self.saved_at:%Y-%m-%d %H:%M}"


class ScoreEvidence(models.Model):
    """A file of the unit's library put beside a cell of its own hands; taken away it stays, with
    `removed_at`."""

    scorecard = models.ForeignKey(
        Scorecard, models.PROTECT, related_name="evidence", verbose_name=_("评分表")
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="evidence", verbose_name=_("指标")
    )
    evidence = models.ForeignKey(
        Evidence, models.PROTECT, related_name="in_scorecards", verbose_name=_("佐证材料")
    )
    added_at = models.DateTimeField(_("加入时间"), editable=False)
    removed_at = models.DateTimeField(_("移除时间"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("评分佐证材料")
        ordering = ["scorecard_id", "indicator_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "indicator", "evidence"],
                condition=Q(removed_at=None),
                name="score_evidence_once",
            )
        ]
        triggers = never_deleted("score_evidence")

    def __str__(self) -> str:
        return str(self.evidence)


class CorrectionQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "CorrectionQuerySet":
        if sees_everything(user):
            return self
        return self.filter(told_cards(user, "scorecard__") | desk_cards(user, "scorecard__"))


class Correction(models.Model):
    """A score changed after it was told: by a decided objection, or because something was found wrong.
    A new row each time; the newest counts."""

    scorecard = models.ForeignKey(
        Scorecard, models.PROTECT, related_name="corrections", verbose_name=_("评分表")
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="corrections", verbose_name=_("指标")
    )
    points = models.DecimalField(_("更正后得分"), **POINTS)
    before = models.DecimalField(_("更正前得分"), null=True, blank=True, **POINTS)
    reason = models.CharField(_("理由"), max_length=REASON)
    made_on = models.DateField(_("更正日期"))
    made_at = models.DateTimeField(_("更正时间"), editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("更正人"),
    )

    objects = models.Manager.from_queryset(CorrectionQuerySet)()
    rows = ScopedManager.from_queryset(CorrectionQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("得分更正")
        ordering = ["scorecard_id", "indicator_id", "id"]
        default_manager_name = "rows"
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gte=0) & ~Q(reason="") & ~Q(points=F("before")),
                name="correction_changes_a_score_with_a_reason",
                violation_error_message=_("更正后的得分要与原来不同，并写明理由。"),
            )
        ]
        triggers = [
            score_fits("'corrected'::text", [f"{State.OBJECTIONS}:corrected"]),
            *append_only("correction"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.points}"
