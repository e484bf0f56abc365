"""State of the installation itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SiteState(models.Model):
    """The one row of site-wide flags. `is_demo` marks every page, export and mail 演示数据."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("站点状态")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="site_state_is_one_row")
        ]

    def __str__(self) -> str:
        return "demo" if self.is_demo else "real"

    @classmethod
    def current(cls) -> "SiteState":
        return cls.objects.filter(id=1).first() or cls()


class Heartbeat(models.Model):
    """Last sign of life of a background process: `beat`, `worker:<host>`, `deliver`."""

    name = models.CharField(_("进程"), max_length=100, primary_key=True)
    at = models.DateTimeField(_("时间"))
    detail = models.JSONField(_("说明"), default=dict)

    class Meta:
        verbose_name = verbose_name_plural = _("心跳")
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%H:%M:%S}"
