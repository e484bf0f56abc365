"""延期申请: a unit asks for a later day for one task, and the bureau answers."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import document_numbers
from core.models import ScopedManager, ScopedQuerySet, StoredFile, Versioned
from core.models.guards import moves_by_table
from pilots.models import Programme, Unit
from pilots.models.scope import own_units, sees_everything, wide_programmes

from ..choices import (
    DECIDED_EXTENSIONS,
    EXTENSION_MOVES,
    OPEN_EXTENSIONS,
    ExtensionState,
    Verdict,
)
from .assignments import Assignment

UNDO_WITHIN = timedelta(minutes=10)


class ExtensionQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "ExtensionQuerySet":
        """The unit sees all of its own; others what its CDO has signed: a draft is its own matter."""
        if sees_everything(user):
            return self
        signed = Q(
            assignment__enrolment__programme_id__in=wide_programmes(user), signed_at__isnull=False
        )
        return self.filter(Q(assignment__enrolment__unit_id__in=own_units(user)) | signed)

    def open(self) -> "ExtensionQuerySet":
        return self.filter(state__in=OPEN_EXTENSIONS)

    def granted(self) -> "ExtensionQuerySet":
        return self.filter(state__in=[ExtensionState.GRANTED, ExtensionState.PARTLY])

    def for_lists(self) -> "ExtensionQuerySet":
        return self.select_related(
            "assignment__obligation", "assignment__enrolment__unit", "asked_by", "decided_by"
        ).prefetch_related("assignment__enrolment__programme", "assignment__enrolment__unit__names")


class Extension(Versioned):
    """One request: the day wanted, why, and what was done so far. The unit's CDO signs it, then the
    bureau grants it, grants an earlier day, or refuses with a reason (domain.md C.2).

    `due_on` and `latest_on` are the deadline that it asks to move. The assignment keeps its first
    day in `original_due_on`, however often it is extended.
    """

    number = models.CharField(_("延期申请编号"), max_length=20, unique=True)
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="extensions", verbose_name=_("任务")
    )
    place = models.PositiveSmallIntegerField(_("第几次"), default=1)
    due_on = models.DateField(_("申请时的截止日期"))
    latest_on = models.DateField(_("申请时的最晚日期"))
    wanted_on = models.DateField(_("申请延至"))
    reason = models.CharField(_("延期理由"), max_length=1000)
    done_so_far = models.CharField(_("已做工作"), max_length=1000, blank=True)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("附件")
    )
    file_name = models.CharField(_("文件名"), max_length=200, blank=True)
    # Of one that came to the bureau as a letter; its scan is the `file`.
    letter_from = models.CharField(_("来文单位"), max_length=100, blank=True)
    letter_number = models.CharField(
        _("来文文号"),
        max_length=document_numbers.LONGEST,
        blank=True,
        validators=[document_numbers.validate],
    )
    letter_on = models.DateField(_("来文日期"), null=True, blank=True)
    state = models.CharField(
        _("状态"), max_length=20, choices=ExtensionState.choices, default=ExtensionState.TO_SIGN
    )
    state_note = models.CharField(_("退回或撤回的说明"), max_length=500, blank=True)
    asked_on = models.DateField(_("申请日期"))
    asked_at = models.DateTimeField(_("申请时间"), editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("申请人"),
    )
    signed_at = models.DateTimeField(_("本单位审签时间"), null=True, blank=True, editable=False)
    verdict = models.CharField(_("审批意见"), max_length=10, choices=Verdict.choices, blank=True)
    granted_on = models.DateField(_("同意延至"), null=True, blank=True)
    answer = models.CharField(_("审批说明"), max_length=500, blank=True)
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("审批人"),
    )
    closed_on = models.DateField(_("结束日期"), null=True, blank=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True, editable=False)
    # The deadline that granting it made; a later one means that something was built on it.
    deadline_version = models.PositiveIntegerField(_("时限版本"), null=True, editable=False)
    updated_at = models.DateTimeField(_("更新时间"), editable=False)

    objects = models.Manager.from_queryset(ExtensionQuerySet)()
    rows = ScopedManager.from_queryset(ExtensionQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("延期申请")
        ordering = ["-asked_on", "-number"]
        default_manager_name = "rows"
        indexes = [models.Index(fields=["state", "asked_on"], name="extension_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "place"], name="extension_place_once"),
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(state__in=["to_sign", "returned", "asked", "to_approve"]),
                name="extension_open_once",
                violation_error_message=_("这项任务已有一件延期申请在办。"),
            ),
            models.CheckConstraint(
                condition=Q(latest_on__gte=F("due_on"), wanted_on__gt=F("latest_on")),
                name="extension_asks_for_a_later_day",
                violation_error_message=_("延期日期要晚于原定的日期。"),
            ),
            models.CheckConstraint(
                condition=Q(letter_from="", letter_number="", letter_on=None)
                | (Q(letter_on=F("asked_on"), file__isnull=False) & ~Q(letter_from="")),
                name="extension_letter_has_its_day_and_scan",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["to_sign", "returned", "withdrawn"])
                | Q(signed_at__isnull=False),
                name="extension_signed_before_it_is_asked",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["to_sign", "returned", "asked", "withdrawn"],
                    verdict="",
                    granted_on=None,
                    decided_at=None,
                    decided_by=None,
                )
                | (Q(state="to_approve", decided_at__isnull=False) & ~Q(verdict=""))
                | Q(state="granted", verdict="grant", decided_at__isnull=False)
                | Q(state="partly", verdict="partly", decided_at__isnull=False)
                | Q(state="refused", verdict="refuse", decided_at__isnull=False),
                name="extension_state_says_its_verdict",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", granted_on=None)
                | Q(verdict="grant", granted_on=F("wanted_on"))
                | Q(
                    verdict="partly",
                    granted_on__isnull=False,
                    granted_on__gt=F("latest_on"),
                    granted_on__lt=F("wanted_on"),
                )
                | (Q(verdict="refuse", granted_on=None) & ~Q(answer="")),
                name="extension_verdict_has_its_day_or_reason",
                violation_error_message=_("部分同意的日期要在原定日期之后、申请日期之前。"),
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["to_sign", "returned", "asked", "to_approve"],
                    closed_at=None,
                    closed_on=None,
                )
                | Q(
                    state__in=["granted", "partly", "refused", "withdrawn"],
                    closed_at__isnull=False,
                    closed_on__isnull=False,
                ),
                name="extension_closed_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["granted", "partly"], deadline_version__isnull=False)
                | (~Q(state__in=["granted", "partly"]) & Q(deadline_version=None)),
                name="extension_granted_makes_a_deadline",
            ),
        ]
        triggers = moves_by_table("extension", "state", EXTENSION_MOVES)

    def __str__(self) -> str:
        return f"{self.number} {self.assignment.obligation.short_title}"

    @property
    def unit(self) -> Unit:
        return self.assignment.unit

    @property
    def programme(self) -> Programme:
        return self.assignment.programme

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_EXTENSIONS

    @property
    def is_decided(self) -> bool:
        return self.state in DECIDED_EXTENSIONS

    @property
    def is_late(self) -> bool:
        """逾期后申请: asked when the deadline was over already."""
        return self.asked_on > self.latest_on

    @property
    def short_reason(self) -> str:
        """What a list has room for: forty characters."""
        return self.reason if len(self.reason) <= 40 else f"{self.reason[:39]}…"
