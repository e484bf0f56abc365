"""Hand-overs: what was open when somebody left, and to whom it went."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import ScopedManager, ScopedQuerySet
from core.models.guards import append_only
from pilots.models import Unit
from pilots.models.scope import managed_units, own_units, sees_everything

from .appointments import Appointment
from .people import Person


class HandoverQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "HandoverQuerySet":
        if sees_everything(user):
            return self
        return self.filter(Q(unit_id__in=own_units(user)) | Q(unit_id__in=managed_units(user)))


class Handover(models.Model):
    """One 交接: who left which unit on which day, who took over, and what was open then. `items`
    is the list as it stood: [{part, title, detail, fate}]. Never changed afterwards."""

    number = models.CharField(_("交接编号"), max_length=20, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="handovers", verbose_name=_("单位"))
    leaver = models.ForeignKey(
        Person, models.PROTECT, related_name="handovers_given", verbose_name=_("移交人")
    )
    taker = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="handovers_taken",
        verbose_name=_("接收人"),
    )
    appointment = models.ForeignKey(
        Appointment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="handovers",
        verbose_name=_("任命"),
    )
    on = models.DateField(_("交接日期"))
    note = models.CharField(_("说明"), max_length=500, blank=True)
    items = models.JSONField(_("交接事项"), default=list)
    created_at = models.DateTimeField(_("办理时间"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("经办人"),
    )

    objects = models.Manager.from_queryset(HandoverQuerySet)()
    rows = ScopedManager.from_queryset(HandoverQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("交接")
        ordering = ["-on", "-number"]
        default_manager_name = "rows"
        triggers = append_only("handover")

    def __str__(self) -> str:
        return f"{self.number} {self.leaver}"
