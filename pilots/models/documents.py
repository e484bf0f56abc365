"""Policy documents and their clauses: what every demand rests on."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _

from core import clock, document_numbers
from core.models import ScopedManager, ScopedQuerySet

from .bases import PackManaged
from .memberships import Membership
from .scope import sees_everything


class PublicTextQuerySet(ScopedQuerySet):
    """Issued documents are no secret: everybody with any business role may read them."""

    def _visible_to(self, user: Any) -> "PublicTextQuerySet":
        if sees_everything(user):
            return self
        return self.filter(Exists(Membership.rows.live(clock.today()).filter(user=user)))


class PolicyDocument(PackManaged):
    """An issued document. 成文日期 and 发布日期 are two dates; the whole 发文字号 is its key."""

    code = models.SlugField(_("代码"), max_length=60, unique=True)
    programme = models.ForeignKey(
        "pilots.Programme",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("试点方案"),
    )
    title = models.CharField(_("标题"), max_length=200)
    aliases = ArrayField(
        models.CharField(max_length=200), default=list, blank=True, verbose_name=_("其他叫法")
    )
    number = models.CharField(
        _("发文字号"),
        max_length=document_numbers.LONGEST,
        blank=True,
        validators=[document_numbers.validate],
    )
    issuer = models.CharField(_("发文机关"), max_length=120, blank=True)
    addressees = models.CharField(_("主送机关"), max_length=300, blank=True)
    signed_on = models.DateField(_("成文日期"), null=True, blank=True)
    published_on = models.DateField(_("发布日期"), null=True, blank=True)
    in_force_on = models.DateField(_("施行日期"), null=True, blank=True)
    date_note = models.CharField(_("日期说明"), max_length=300, blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    based_on = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="basis_of", verbose_name=_("依据文件")
    )
    position = models.PositiveSmallIntegerField(_("排序"), default=0)

    objects = models.Manager.from_queryset(PublicTextQuerySet)()
    rows = ScopedManager.from_queryset(PublicTextQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("政策文件")
        ordering = ["position", "code"]
        default_manager_name = "rows"
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=~Q(number=""),
                name="document_number_once",
                violation_error_message=_("这个发文字号已登记。"),
            )
        ]

    def __str__(self) -> str:
        return f"《{self.title}》" + (f"（{self.number}）" if self.number else "")


class Clause(PackManaged):
    """One passage of a document, quoted to the letter unless `is_quoted` is off."""

    code = models.SlugField(_("代码"), max_length=80, unique=True)
    document = models.ForeignKey(
        PolicyDocument, models.PROTECT, related_name="clauses", verbose_name=_("文件")
    )
    label = models.CharField(_("条款号"), max_length=40)
    heading = models.CharField(_("标题"), max_length=120, blank=True)
    text = models.TextField(_("原文"))
    is_quoted = models.BooleanField(_("逐字引用"), default=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("排序"), default=0)

    objects = models.Manager.from_queryset(PublicTextQuerySet)()
    rows = ScopedManager.from_queryset(PublicTextQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("条款")
        ordering = ["document_id", "position", "id"]
        default_manager_name = "rows"

    def __str__(self) -> str:
        return f"{self.label} {self.heading}".strip()
