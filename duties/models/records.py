"""What counts towards something: written once under a key, never changed, only voided."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models.guards import marked_once


class CountedOnce(models.Model):
    """A thing that happened and counts. `source_key` names what it came from, so that the same
    thing never counts twice; a voided row stays and no longer counts."""

    source_key = models.CharField(_("来源标识"), max_length=120, unique=True)
    happened_on = models.DateField(_("发生日期"))
    created_at = models.DateTimeField(_("登记时间"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("登记人"),
    )
    voided_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("作废人"),
    )

    class Meta:
        abstract = True


def voided_by_only_with_its_moment(label: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(voided_at=None, voided_by=None) | Q(voided_at__isnull=False),
        name=f"{label}_voided_by_only_with_its_moment",
    )


def voided_once(label: str, *others: str) -> list[pgtrigger.Trigger]:
    return marked_once(label, "voided", "voided_at", "voided_by", *others)
