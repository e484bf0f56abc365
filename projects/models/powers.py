"""What a programme's document lets its CDOs do about IT projects."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import ScopedManager
from duties.models.areas import OfProgrammeQuerySet
from pilots.models import Clause, Programme
from pilots.models.bases import PackManaged

from ..choices import Condition, Gate, PowerKind


class PowerQuerySet(OfProgrammeQuerySet):
    def standing(self) -> "PowerQuerySet":
        return self.filter(withdrawn_on=None)


class Power(PackManaged):
    """One power that a document grants: 一票否决权 at two gates, a precondition of the gates, to stop
    and correct, to coordinate, to guide. `text` is what the portal says of it, the clause is quoted
    beside it; `conditions` is what has to be done before the gates in `moments`.
    """

    code = models.SlugField(_("代码"), max_length=80, unique=True)
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="powers", verbose_name=_("试点方案")
    )
    kind = models.CharField(_("职权"), max_length=20, choices=PowerKind.choices)
    name = models.CharField(_("名称"), max_length=60)
    text = models.CharField(_("内容"), max_length=500)
    moments = ArrayField(
        models.CharField(max_length=20, choices=Gate.choices),
        default=list,
        blank=True,
        verbose_name=_("环节"),
    )
    conditions = ArrayField(
        models.CharField(max_length=20, choices=Condition.choices),
        default=list,
        blank=True,
        verbose_name=_("审批要件"),
    )
    clause = models.ForeignKey(
        Clause,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="powers",
        verbose_name=_("条款"),
    )
    note = models.CharField(_("说明"), max_length=500, blank=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("排序"), default=0)

    objects = models.Manager.from_queryset(PowerQuerySet)()
    rows = ScopedManager.from_queryset(PowerQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("职权")
        ordering = ["programme_id", "position", "code"]
        default_manager_name = "rows"

    def __str__(self) -> str:
        return self.name

    def covers(self, gate: Any) -> bool:
        return gate in self.moments
