"""Working days: a table that a clerk can mend in November, when next year's notice comes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class WorkingDay(models.Model):
    """One calendar day that the State Council's yearly notice (or the weekday rule, until the
    notice comes) makes a working day or a day off."""

    day = models.DateField(_("日期"), primary_key=True)
    is_working = models.BooleanField(_("上班"))
    name = models.CharField(_("节日或说明"), max_length=60, blank=True)
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    is_provisional = models.BooleanField(
        _("暂定"), default=False, help_text=_("当年放假通知未发布，按周末规则暂定")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("工作日历")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {_('上班') if self.is_working else _('休息')}"
