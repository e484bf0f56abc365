"""复核申请: what a unit contests, item by item, and what came of it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import ScopedManager, ScopedQuerySet, Versioned
from core.models.guards import moves_by_table, never_deleted
from pilots.models import Programme, Unit
from pilots.models.scope import sees_everything
from reports.models import Evidence

from ..choices import OBJECTION_MOVES, ObjectionState
from .rounds import Scorecard
from .schemes import POINTS, Indicator
from .scope import desk_cards, own_cards
from .scores import REASON, Correction


class ObjectionQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "ObjectionQuerySet":
        if sees_everything(user):
            return self
        return self.filter(own_cards(user, "scorecard__") | desk_cards(user, "scorecard__"))

    def open(self) -> "ObjectionQuerySet":
        return self.filter(state=ObjectionState.ASKED)

    def for_lists(self) -> "ObjectionQuerySet":
        return self.select_related(
            "scorecard__round", "scorecard__enrolment__unit", "indicator"
        ).prefetch_related("scorecard__enrolment__unit__names")


class Objection(Versioned):
    """One item of one sheet that its unit asks to be looked at again, with the reason; `points` is what
    it thinks right, if it says so, and `points_before` what it had been told. Somebody who did not
    score the sheet decides; an item upheld changes the score by a `Correction`."""

    number = models.CharField(_("编号"), max_length=20, unique=True)
    scorecard = models.ForeignKey(
        Scorecard, models.PROTECT, related_name="objections", verbose_name=_("评分表")
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="objections", verbose_name=_("指标")
    )
    reason = models.CharField(_("申请理由"), max_length=REASON)
    points = models.DecimalField(_("申请得分"), null=True, blank=True, **POINTS)
    points_before = models.DecimalField(_("告知得分"), null=True, blank=True, **POINTS)
    state = models.CharField(
        _("状态"), max_length=10, choices=ObjectionState.choices, default=ObjectionState.ASKED
    )
    raised_on = models.DateField(_("申请日期"))
    raised_at = models.DateTimeField(_("申请时间"), editable=False)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("申请人"),
    )
    decision = models.CharField(_("处理意见"), max_length=REASON, blank=True)
    correction = models.OneToOneField(
        Correction,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="objection",
        verbose_name=_("得分更正"),
    )
    decided_on = models.DateField(_("处理日期"), null=True, blank=True)
    decided_at = models.DateTimeField(_("处理时间"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("处理人"),
    )
    updated_at = models.DateTimeField(_("更新时间"), editable=False)

    objects = models.Manager.from_queryset(ObjectionQuerySet)()
    rows = ScopedManager.from_queryset(ObjectionQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("复核申请")
        ordering = ["-number"]
        default_manager_name = "rows"
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "indicator"],
                condition=Q(state="asked"),
                name="objection_open_once",
                violation_error_message=_("这项指标已有一件复核申请在处理。"),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="objection_says_why"),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "withdrawn"], decided_on=None, correction=None)
                | (
                    Q(
                        state__in=["upheld", "partly", "refused"],
                        decided_on__isnull=False,
                        decided_at__isnull=False,
                    )
                    & ~Q(decision="")
                ),
                name="objection_decided_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["upheld", "partly"], correction__isnull=False)
                | (~Q(state__in=["upheld", "partly"]) & Q(correction=None)),
                name="objection_upheld_changes_the_score",
            ),
        ]
        triggers = moves_by_table("objection", "state", OBJECTION_MOVES)

    def __str__(self) -> str:
        return f"{self.number} {self.indicator}"

    @property
    def unit(self) -> Unit:
        return self.scorecard.unit

    @property
    def programme(self) -> Programme:
        return self.scorecard.programme


class ObjectionEvidence(models.Model):
    """A file of the unit's library that comes with an objection."""

    objection = models.ForeignKey(
        Objection, models.PROTECT, related_name="evidence", verbose_name=_("复核申请")
    )
    evidence = models.ForeignKey(
        Evidence, models.PROTECT, related_name="in_objections", verbose_name=_("佐证材料")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("复核申请佐证材料")
        ordering = ["objection_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["objection", "evidence"], name="objection_evidence_once"
            )
        ]
        triggers = never_deleted("objection_evidence")

    def __str__(self) -> str:
        return str(self.evidence)
