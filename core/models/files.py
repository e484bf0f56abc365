"""Rows of the content-addressed file store (core.files writes the bytes first)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """Bytes on disk under their SHA-256. Several records of the apps above may name the same one."""

    sha256 = models.CharField(_("摘要"), max_length=64, unique=True)
    size = models.PositiveBigIntegerField(_("字节数"))
    media_type = models.CharField(_("类型"), max_length=120)
    created_at = models.DateTimeField(_("存入时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("文件")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.size}"
