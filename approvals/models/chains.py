"""审签流程: the steps that a unit or a bureau has chosen for what it sends out."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import ScopedManager, ScopedQuerySet
from pilots.models import Unit
from pilots.models.scope import managed_units, own_units, sees_everything

from ..choices import StepKind


class ChainStepQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "ChainStepQuerySet":
        if sees_everything(user):
            return self
        return self.filter(Q(unit_id__in=own_units(user)) | Q(unit_id__in=managed_units(user)))


class ChainStep(models.Model):
    """One step of a unit's chain after 经办人拟稿. A unit that has chosen none goes by the usual one:
    its CDO signs, or in a bureau the head in charge."""

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="chain_steps", verbose_name=_("单位")
    )
    position = models.PositiveSmallIntegerField(_("顺序"))
    kind = models.CharField(_("步骤"), max_length=20, choices=StepKind.choices)
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("指定的签署人"),
    )

    objects = models.Manager.from_queryset(ChainStepQuerySet)()
    rows = ScopedManager.from_queryset(ChainStepQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("审签步骤")
        ordering = ["unit_id", "position"]
        default_manager_name = "rows"
        constraints = [
            models.UniqueConstraint(fields=["unit", "position"], name="chain_step_place_once"),
            models.CheckConstraint(
                condition=~Q(kind=StepKind.COUNTERSIGN) | Q(signer__isnull=False),
                name="chain_step_countersigner_is_named",
                violation_error_message=_("会签要指定签署人。"),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    def clean(self) -> None:
        if self.kind == StepKind.COUNTERSIGN and self.signer_id is None:
            raise ValidationError({"signer": _("会签要指定签署人。")})
        super().clean()
