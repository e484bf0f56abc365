"""单位申报: what a unit says of its own people's attendance, until the bureau confirms it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import ScopedManager, ScopedQuerySet, Versioned
from core.models.guards import moves_by_table
from pilots.models import Enrolment, Unit
from pilots.models.scope import of_enrolments

from ..choices import DECLARATION_MOVES, DeclarationState
from .events import Event
from .parties import of_one_programme


class DeclarationQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "DeclarationQuerySet":
        return self.filter(of_enrolments(user, "enrolment__"))

    def waiting(self) -> "DeclarationQuerySet":
        return self.filter(state=DeclarationState.WAITING)

    def live(self) -> "DeclarationQuerySet":
        return self.exclude(state=DeclarationState.WITHDRAWN)

    def for_lists(self) -> "DeclarationQuerySet":
        return self.select_related(
            "event__programme", "enrolment__unit", "enrolment__programme", "declared_by"
        ).prefetch_related("enrolment__unit__names")


class Declaration(Versioned):
    """One unit's word on who of it attended one event: how many, and by name those who are listed.
    One a unit and event, unless it was withdrawn. Confirmed, it stands for a sign-in sheet."""

    event = models.ForeignKey(
        Event, models.PROTECT, related_name="declarations", verbose_name=_("培训和会议")
    )
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="declarations", verbose_name=_("申报单位")
    )
    headcount = models.PositiveIntegerField(_("参加人数"))
    note = models.CharField(_("情况说明"), max_length=500, blank=True)
    state = models.CharField(
        _("状态"),
        max_length=20,
        choices=DeclarationState.choices,
        default=DeclarationState.WAITING,
    )
    declared_at = models.DateTimeField(_("申报时间"), editable=False)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("申报人"),
    )
    declared_on = models.DateField(_("申报日期"), editable=False)
    decided_at = models.DateTimeField(_("确认或退回时间"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("确认或退回人"),
    )
    decided_on = models.DateField(_("确认或退回日期"), null=True, blank=True, editable=False)
    reason = models.CharField(_("退回原因"), max_length=300, blank=True)

    objects = models.Manager.from_queryset(DeclarationQuerySet)()
    rows = ScopedManager.from_queryset(DeclarationQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("单位申报")
        ordering = ["-declared_at", "-id"]
        default_manager_name = "rows"
        constraints = [
            models.UniqueConstraint(
                fields=["event", "enrolment"],
                condition=~Q(state="withdrawn"),
                name="declaration_once_a_unit",
                violation_error_message=_("该单位已经申报过。"),
            ),
            models.CheckConstraint(
                condition=Q(headcount__gte=1),
                name="declaration_of_somebody",
                violation_error_message=_("参加人数至少1人。"),
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["confirmed", "returned"],
                    decided_at__isnull=False,
                    decided_on__isnull=False,
                )
                | Q(
                    state__in=["waiting", "withdrawn"],
                    decided_at=None,
                    decided_on=None,
                    decided_by=None,
                ),
                name="declaration_decided_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(reason=""),
                name="declaration_returned_with_a_reason",
                violation_error_message=_("写明退回原因，单位会看到。"),
            ),
        ]
        triggers = [
            *moves_by_table("declaration", "state", DECLARATION_MOVES),
            *of_one_programme("declaration"),
        ]

    def __str__(self) -> str:
        return f"{self.event.number} {self.enrolment.unit}"

    @property
    def audit_key(self) -> str:
        return str(self.pk)

    @property
    def unit(self) -> Unit:
        return self.enrolment.unit
