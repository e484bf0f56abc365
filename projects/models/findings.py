"""发现、制止、纠正: what was found, and what became of it."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import ScopedManager, ScopedQuerySet, Versioned
from core.models.guards import append_only, moves_by_table
from pilots.models import Enrolment, Programme, Unit
from pilots.models.scope import of_enrolments

from ..choices import MOVES, OPEN_FINDINGS, FindingStatus, Nature, Step
from .opinions import REASON, Entry, numbered
from .projects import Project

TITLE = 120


class FindingQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "FindingQuerySet":
        return self.filter(of_enrolments(user, "enrolment__"))

    def open(self) -> "FindingQuerySet":
        return self.filter(status__in=OPEN_FINDINGS)

    def overdue(self, on: date) -> "FindingQuerySet":
        """Those whose correction should be there by now."""
        return self.filter(status=FindingStatus.CORRECTING, due_on__lt=on)

    def for_lists(self) -> "FindingQuerySet":
        return self.select_related(
            "enrolment__unit", "enrolment__programme", "project"
        ).prefetch_related("enrolment__unit__names")


class Finding(Versioned):
    """One act that breaks a rule or may cause a great loss, found in a unit. `measures` is what has
    to be done until `due_on`; `due_version` counts the time limits given. How it went is in its
    steps."""

    number = models.CharField(_("编号"), max_length=20, unique=True)
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="findings", verbose_name=_("单位和方案")
    )
    project = models.ForeignKey(
        Project,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name=_("涉及项目"),
    )
    nature = models.CharField(_("性质"), max_length=20, choices=Nature.choices)
    title = models.CharField(_("标题"), max_length=TITLE)
    what = models.CharField(_("发现的情况"), max_length=REASON)
    basis = models.CharField(_("依据"), max_length=300)
    found_on = models.DateField(_("发现日期"))
    status = models.CharField(
        _("状态"),
        max_length=20,
        choices=FindingStatus.choices,
        default=FindingStatus.FOUND,
    )
    stopped_on = models.DateField(_("制止日期"), null=True, blank=True)
    measures = models.CharField(_("整改要求"), max_length=REASON, blank=True)
    due_on = models.DateField(_("整改期限"), null=True, blank=True)
    due_version = models.PositiveSmallIntegerField(_("期限版本"), default=0, editable=False)
    corrected_on = models.DateField(_("纠正日期"), null=True, blank=True)
    closed_on = models.DateField(_("了结日期"), null=True, blank=True)
    close_reason = models.CharField(_("了结原因"), max_length=REASON, blank=True)
    created_at = models.DateTimeField(_("登记时间"), editable=False)
    updated_at = models.DateTimeField(_("更新时间"), editable=False)

    objects = models.Manager.from_queryset(FindingQuerySet)()
    rows = ScopedManager.from_queryset(FindingQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("发现的问题")
        ordering = ["-number"]
        default_manager_name = "rows"
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(status="correcting"), name="finding_to_correct"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=FindingStatus.values), name="finding_of_a_known_status"
            ),
            models.CheckConstraint(
                condition=~Q(status="stopped") | Q(stopped_on__isnull=False),
                name="finding_stopped_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(status="correcting") | (Q(due_on__isnull=False) & ~Q(measures="")),
                name="finding_corrected_by_a_day",
                violation_error_message=_("要求整改要写明整改要求和期限。"),
            ),
            models.CheckConstraint(
                condition=Q(status="corrected", corrected_on__isnull=False)
                | (~Q(status="corrected") & Q(corrected_on=None)),
                name="finding_corrected_on_a_day",
            ),
            models.CheckConstraint(
                condition=(Q(status="closed", closed_on__isnull=False) & ~Q(close_reason=""))
                | (~Q(status="closed") & Q(closed_on=None, close_reason="")),
                name="finding_closed_with_a_reason",
            ),
            *[
                models.CheckConstraint(
                    condition=Q(**{name: None}) | Q(**{f"{name}__gte": F("found_on")}),
                    name=f"finding_{name}_not_before_it_was_found",
                    violation_error_message=_("日期不能早于发现日期。"),
                )
                for name in ("stopped_on", "due_on", "corrected_on", "closed_on")
            ],
        ]
        triggers = moves_by_table("finding", "status", MOVES)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def unit(self) -> Unit:
        return self.enrolment.unit

    @property
    def programme(self) -> Programme:
        return self.enrolment.programme

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_FINDINGS

    def is_overdue(self, on: date) -> bool:
        return (
            self.status == FindingStatus.CORRECTING and self.due_on is not None and self.due_on < on
        )


class FindingStepQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "FindingStepQuerySet":
        return self.filter(of_enrolments(user, "finding__enrolment__"))


class FindingStep(Entry):
    """One step of a finding's course: a move or a note between two, with its day and its paper.
    `due_on` is the time limit that the step gave."""

    finding = models.ForeignKey(
        Finding, models.PROTECT, related_name="steps", verbose_name=_("发现的问题")
    )
    step = models.CharField(_("步骤"), max_length=20, choices=Step.choices)
    happened_on = models.DateField(_("日期"))
    text = models.CharField(_("内容"), max_length=REASON)
    due_on = models.DateField(_("整改期限"), null=True, blank=True)

    objects = models.Manager.from_queryset(FindingStepQuerySet)()
    rows = ScopedManager.from_queryset(FindingStepQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("办理过程")
        ordering = ["finding_id", "id"]
        default_manager_name = "rows"
        constraints = [
            models.CheckConstraint(
                condition=Q(step__in=Step.values), name="finding_step_of_a_known_kind"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="finding_step_says_something"),
            numbered("finding_step"),
        ]
        triggers = append_only("finding_step")

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.happened_on}"
