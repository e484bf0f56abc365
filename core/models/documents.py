"""Templates of official documents that a body has put in the place of the portal's own."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .files import StoredFile


class DocumentTemplateQuerySet(models.QuerySet):
    def active(self) -> "DocumentTemplateQuerySet":
        """Those in use now; a replaced or withdrawn one has its end."""
        return self.filter(ended_at=None)


class DocumentTemplate(models.Model):
    """A .docx with placeholders, by which one body writes one kind of document. A newer one, or
    going back to the portal's own, ends it; it is kept, because documents were written by it."""

    kind = models.CharField(_("文书种类"), max_length=60)
    holder = models.CharField(_("使用单位"), max_length=60)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, related_name="+", verbose_name=_("模板文件")
    )
    file_name = models.CharField(_("文件名"), max_length=200)
    uploaded_at = models.DateTimeField(_("上传时间"))
    uploaded_by_id = models.BigIntegerField(_("上传账号编号"), null=True)
    uploaded_by = models.CharField(_("上传人"), max_length=200)
    ended_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    ended_by_id = models.BigIntegerField(_("停用账号编号"), null=True, blank=True)
    ended_by = models.CharField(_("停用人"), max_length=200, blank=True)

    objects = DocumentTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("文书模板")
        ordering = ["kind", "holder", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "holder"],
                condition=Q(ended_at=None),
                name="one_active_template_of_a_kind_and_holder",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by="")
                | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
                name="template_end_has_moment_and_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.holder} {self.file_name}"

    @property
    def is_active(self) -> bool:
        return self.ended_at is None
