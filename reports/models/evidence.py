"""佐证材料: files of a unit, used in one report or in several."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import ScopedManager, ScopedQuerySet, StoredFile
from core.models.guards import append_only
from pilots.models import Programme, Unit
from pilots.models.scope import sees_everything

from .reports import Report, acts_for
from .sections import Section


class EvidenceQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "EvidenceQuerySet":
        """One's own unit's; of others what lies with an edition that one may read, or with a report that
        one's bureau is entering from a letter."""
        if sees_everything(user):
            return self
        seen = Report.objects.visible_to(user)
        lying = Evidence.rows.filter(in_editions__submission__report__in=seen)
        used = Evidence.rows.filter(uses__section__report__in=Report.entered_by(user))
        mine = Q(unit_id__in=acts_for(user)) | Q(pk__in=used.values("pk"))
        return self.filter(mine | Q(pk__in=lying.values("pk")))


class Evidence(models.Model):
    """A file that a unit gave as evidence, under the name its sender gave it. Taken out of a section it
    stays the unit's and may be used again."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="evidence", verbose_name=_("单位"))
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="evidence", verbose_name=_("试点方案")
    )
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("文件"))
    name = models.CharField(_("文件名"), max_length=200)
    uploaded_on = models.DateField(_("上传日期"))
    uploaded_at = models.DateTimeField(_("上传时间"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("上传人"),
    )

    objects = models.Manager.from_queryset(EvidenceQuerySet)()
    rows = ScopedManager.from_queryset(EvidenceQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("佐证材料")
        ordering = ["-uploaded_at", "-id"]
        default_manager_name = "rows"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "programme", "stored", "name"], name="evidence_once"
            )
        ]
        triggers = append_only("evidence")

    def __str__(self) -> str:
        return self.name


class SectionEvidence(models.Model):
    """A file of the unit beside one section of the working copy."""

    section = models.ForeignKey(
        Section, models.PROTECT, related_name="attached", verbose_name=_("报告部分")
    )
    evidence = models.ForeignKey(
        Evidence, models.PROTECT, related_name="uses", verbose_name=_("佐证材料")
    )
    added_at = models.DateTimeField(_("加入时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("报告部分的佐证材料")
        ordering = ["section_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "evidence"],
                name="section_evidence_once",
                violation_error_message=_("这份材料已在这一部分。"),
            )
        ]

    def __str__(self) -> str:
        return str(self.evidence)
