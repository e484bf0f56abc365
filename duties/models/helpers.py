"""协办: units that help the one which leads; and who first opened a task."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models.guards import append_only, marked_once
from pilots.models import Unit
from pilots.models.scope import own_units


class HelperQuerySet(models.QuerySet):
    def live(self) -> "HelperQuerySet":
        return self.filter(removed_at=None)


class Helper(models.Model):
    """A unit that helps with another unit's assignment (协办). Its people read the task and do not
    sign, finish or hand in anything for it; no number counts it: only the lead counts."""

    assignment = models.ForeignKey(
        "duties.Assignment", models.PROTECT, related_name="helpers", verbose_name=_("任务")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="helped", verbose_name=_("协办单位")
    )
    note = models.CharField(_("协办内容"), max_length=200, blank=True)
    added_at = models.DateTimeField(_("指定时间"), editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("指定人"),
    )
    removed_at = models.DateTimeField(_("取消时间"), null=True, blank=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("取消人"),
    )

    objects = HelperQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("协办单位")
        ordering = ["assignment_id", "id"]
        indexes = [
            models.Index(fields=["unit"], condition=Q(removed_at=None), name="helper_live_by_unit")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "unit"],
                condition=Q(removed_at=None),
                name="helper_once",
                violation_error_message=_("这个单位已是协办单位。"),
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None) | Q(removed_at__isnull=False),
                name="helper_removed_by_only_with_its_moment",
            ),
        ]
        triggers = marked_once("helper", "removed", "removed_at", "removed_by")

    def __str__(self) -> str:
        return f"{self.assignment} {self.unit}"


def helped_by(user: Any) -> models.QuerySet:
    """Ids of the assignments with which a unit of the user's helps, as a subquery."""
    live = Helper.objects.live().filter(unit_id__in=own_units(user))
    return live.order_by().values("assignment_id")


def helped_obligations(user: Any) -> models.QuerySet:
    """Ids of the obligations of those assignments."""
    live = Helper.objects.live().filter(unit_id__in=own_units(user))
    return live.order_by().values("assignment__obligation_id")


class Opening(models.Model):
    """首次打开: when somebody of a unit, leading or helping, first opened the task's page. One row,
    never changed."""

    assignment = models.ForeignKey(
        "duties.Assignment", models.PROTECT, related_name="openings", verbose_name=_("任务")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"))
    opened_at = models.DateTimeField(_("首次打开时间"), editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("首次打开人"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("首次打开")
        ordering = ["assignment_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "unit"], name="opening_once_a_unit")
        ]
        triggers = append_only("opening")

    def __str__(self) -> str:
        return f"{self.assignment} {self.unit}"
