"""公开名录: off until a bureau opens it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Versioned
from pilots.models import Programme


class PublicDirectory(Versioned):
    """Whether a programme shows its CDOs to the world: unit, name, title, document and since. No
    telephone, no scores (个人信息保护法 art. 25: no publication without its own decision)."""

    programme = models.OneToOneField(
        Programme, models.PROTECT, related_name="public_directory", verbose_name=_("试点方案")
    )
    is_open = models.BooleanField(_("对外公开"), default=False)
    basis = models.CharField(_("公开依据"), max_length=200, blank=True)
    changed_at = models.DateTimeField(_("变更时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("公开名录")
        ordering = ["programme_id"]

    def __str__(self) -> str:
        return str(self.programme)

    @property
    def audit_key(self) -> str:
        return self.programme.code
