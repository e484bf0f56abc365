"""议定事项: what a meeting agreed on, to be turned into an order with its assignments."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import ScopedManager, ScopedQuerySet
from duties.models import Order
from pilots.models import Enrolment

from .events import Event


class ResolutionQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "ResolutionQuerySet":
        return self.filter(event__in=Event.objects.visible_to(user).values("pk"))

    def live(self) -> "ResolutionQuerySet":
        return self.filter(dropped_at=None)


class Resolution(models.Model):
    """One thing that a meeting agreed on: what, by which units, until when. Once turned into an order
    its course is the order's."""

    event = models.ForeignKey(
        Event, models.PROTECT, related_name="resolutions", verbose_name=_("会议")
    )
    position = models.PositiveSmallIntegerField(_("序号"))
    text = models.CharField(_("议定事项"), max_length=500)
    leads = models.ManyToManyField(
        Enrolment, related_name="+", blank=True, verbose_name=_("责任单位")
    )
    due_on = models.DateField(_("完成期限"), null=True, blank=True)
    order = models.OneToOneField(
        Order,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="resolution",
        verbose_name=_("专项通知"),
    )
    created_at = models.DateTimeField(_("登记时间"))
    dropped_at = models.DateTimeField(_("删去时间"), null=True, blank=True)

    objects = models.Manager.from_queryset(ResolutionQuerySet)()
    rows = ScopedManager.from_queryset(ResolutionQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("议定事项")
        ordering = ["event_id", "position"]
        default_manager_name = "rows"
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="resolution_says_something"),
            models.UniqueConstraint(fields=["event", "position"], name="resolution_numbered_once"),
            models.CheckConstraint(
                condition=Q(dropped_at=None) | Q(order=None),
                name="resolution_with_an_order_stays",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event.number}-{self.position}"
