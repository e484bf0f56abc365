"""Results: the frozen package of an edition, what each body got, and proposals that rest on it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import Permission
from core.models import ScopedManager, ScopedQuerySet
from core.models.guards import append_only, marked_once
from pilots.models.scope import own_units, sees_everything, wide_programmes

from .rounds import Round, Scorecard
from .schemes import POINTS
from .scope import desk_cards

REASON = 500


class EditionQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "EditionQuerySet":
        """The package holds everybody's scores: for those only who read all of them."""
        if sees_everything(user):
            return self
        return self.filter(round__programme_id__in=wide_programmes(user, Permission.READ_SHEETS))


class Edition(models.Model):
    """One result of a round, frozen: `package` alone gives the same scores again (docs: package.py),
    `sha256` is over its canonical text. A correction makes the next edition; `reason` says why.
    Only the day of publication is written later."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="results", verbose_name=_("评价"))
    number = models.PositiveSmallIntegerField(_("结果版次"))
    package = models.JSONField(_("数据包"))
    sha256 = models.CharField(_("摘要"), max_length=64)
    reason = models.CharField(_("更正原因"), max_length=REASON, blank=True)
    made_on = models.DateField(_("定稿日期"))
    made_at = models.DateTimeField(_("定稿时间"), editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("定稿人"),
    )
    published_on = models.DateField(_("公布日期"), null=True, blank=True)

    objects = models.Manager.from_queryset(EditionQuerySet)()
    rows = ScopedManager.from_queryset(EditionQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("评价结果版次")
        ordering = ["round_id", "number"]
        default_manager_name = "rows"
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="edition_once"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""), name="later_edition_says_why"
            ),
        ]
        triggers = marked_once("edition", "published", "published_on")

    def __str__(self) -> str:
        return f"{self.round.number}-{self.number}"


class ResultQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "ResultQuerySet":
        """A unit reads its own once it was published; the bureau its programme's; who reads results
        only (an interface), the published ones."""
        if sees_everything(user):
            return self
        out = Q(edition__published_on__isnull=False)
        mine = Q(scorecard__enrolment__unit_id__in=own_units(user))
        wide = wide_programmes(user, Permission.READ_RESULTS)
        told = Q(scorecard__round__programme_id__in=wide)
        return self.filter((out & (mine | told)) | desk_cards(user, "scorecard__"))

    def for_lists(self) -> "ResultQuerySet":
        return self.select_related("edition__round", "scorecard__enrolment__unit").prefetch_related(
            "scorecard__enrolment__unit__names"
        )


class Result(models.Model):
    """What one body got in one edition. `roots` maps the key of each first-level indicator to its
    score, `leaves` the key of each leaf to {"points", "weight", "by", "reason"}; numbers as text.
    `place` is for the bureau: no unit reads it, its own or another's."""

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="results", verbose_name=_("结果版次")
    )
    scorecard = models.ForeignKey(
        Scorecard, models.PROTECT, related_name="results", verbose_name=_("评分表")
    )
    total = models.DecimalField(_("总分"), **POINTS)
    bonus = models.DecimalField(_("加分"), **POINTS)
    deduction = models.DecimalField(_("减分"), **POINTS)
    roots = models.JSONField(_("一级指标得分"))
    leaves = models.JSONField(_("指标得分"))
    grade = models.CharField(_("等次"), max_length=20, blank=True)
    place = models.PositiveIntegerField(_("位次"))

    objects = models.Manager.from_queryset(ResultQuerySet)()
    rows = ScopedManager.from_queryset(ResultQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("评价结果")
        ordering = ["edition_id", "scorecard__enrolment__position", "id"]
        default_manager_name = "rows"
        constraints = [models.UniqueConstraint(fields=["edition", "scorecard"], name="result_once")]
        triggers = append_only("result")

    def __str__(self) -> str:
        return f"{self.edition} {self.scorecard.enrolment.unit}"


class BonusProposalQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "BonusProposalQuerySet":
        if sees_everything(user):
            return self
        return self.filter(desk_cards(user, "result__scorecard__"))


class BonusProposal(models.Model):
    """「视情况在有关数字政府建设绩效评估工作中给予加分鼓励」 (深府办函〔2021〕71号四(三)): the bureau proposes
    an outstanding unit for a bonus in another assessment. People decide that, never the portal."""

    result = models.ForeignKey(
        Result, models.PROTECT, related_name="proposals", verbose_name=_("评价结果")
    )
    assessment = models.CharField(_("建议加分的评估"), max_length=120)
    proposal = models.CharField(_("建议"), max_length=200)
    reason = models.CharField(_("理由"), max_length=REASON)
    proposed_on = models.DateField(_("提出日期"))
    proposed_at = models.DateTimeField(_("提出时间"), editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("提出人"),
    )
    withdrawn_on = models.DateField(_("撤回日期"), null=True, blank=True)

    objects = models.Manager.from_queryset(BonusProposalQuerySet)()
    rows = ScopedManager.from_queryset(BonusProposalQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("加分建议")
        ordering = ["-proposed_on", "-id"]
        default_manager_name = "rows"
        constraints = [
            models.UniqueConstraint(
                fields=["result", "assessment"],
                condition=Q(withdrawn_on=None),
                name="bonus_proposed_once",
                violation_error_message=_("已对这个单位提出过同样的加分建议。"),
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(proposal="") & ~Q(assessment=""),
                name="bonus_proposal_says_why",
            ),
        ]
        triggers = marked_once("bonus_proposal", "withdrawn", "withdrawn_on")

    def __str__(self) -> str:
        return f"{self.assessment} {self.proposal}"
