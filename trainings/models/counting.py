"""What of an event counts: how a programme reads its demands, and the marks that its events set."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import ScopedManager, ScopedQuerySet, Versioned
from core.models.guards import append_only
from duties.models import Assignment, Fulfilment
from pilots.models import Programme
from pilots.models.scope import programmes_of_own_units, sees_everything, wide_programmes

from ..choices import TRAINS, EventKind, Reading
from .events import Event


class CountingRuleQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "CountingRuleQuerySet":
        if sees_everything(user):
            return self
        return self.filter(
            Q(programme_id__in=wide_programmes(user))
            | Q(programme_id__in=programmes_of_own_units(user))
        )


class CountingRule(Versioned):
    """How one programme counts its events. `exchange_reading`: whether 「2次交流会」 is asked of each
    organiser or of all together (domain.md E2), with the note that says why. `trains`: whom the
    demanded trainings train, business staff or, as in Shaoxing, the CDOs themselves. Without a row
    each organiser owes its own, of business staff."""

    programme = models.OneToOneField(
        Programme, models.PROTECT, related_name="counting_rule", verbose_name=_("试点方案")
    )
    exchange_reading = models.CharField(
        _("交流会次数的读法"), max_length=10, choices=Reading.choices, default=Reading.EACH
    )
    note = models.CharField(_("读法说明"), max_length=500, blank=True)
    trains = models.CharField(
        _("计入培训任务的类别"),
        max_length=20,
        choices=[(kind.value, kind.label) for kind in TRAINS],
        default=EventKind.TRAINING,
    )
    updated_at = models.DateTimeField(_("更新时间"), editable=False)

    objects = models.Manager.from_queryset(CountingRuleQuerySet)()
    rows = ScopedManager.from_queryset(CountingRuleQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("计数口径")
        ordering = ["programme_id"]
        default_manager_name = "rows"
        constraints = [
            models.CheckConstraint(
                condition=Q(exchange_reading__in=Reading.values), name="counting_in_a_known_way"
            ),
            models.CheckConstraint(
                condition=Q(trains__in=[str(kind) for kind in TRAINS]),
                name="counting_known_trainings",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.get_exchange_reading_display()}"

    @property
    def audit_key(self) -> str:
        return self.programme.code


class Credit(models.Model):
    """An event that counts, or once counted, towards one unit's assignment; it counts while `mark`
    is not voided."""

    event = models.ForeignKey(
        Event, models.PROTECT, related_name="credits", verbose_name=_("培训和会议")
    )
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="event_credits", verbose_name=_("任务")
    )
    mark = models.OneToOneField(
        Fulfilment, models.PROTECT, related_name="event_credit", verbose_name=_("完成记录")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("计入任务")
        ordering = ["event_id", "assignment_id", "id"]
        triggers = append_only("credit")

    def __str__(self) -> str:
        return f"{self.event.number} {self.assignment.number}"
