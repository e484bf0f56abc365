"""报告期: exists when the bureau opens one, and names its 通知 as the basis (house.md §6.8)."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import deadlines, document_numbers
from core.models import ScopedManager, ScopedQuerySet, StoredFile, Versioned
from duties.models import DutyArea, Obligation
from duties.models.areas import OfProgrammeQuerySet
from pilots.models import Programme


class PeriodQuerySet(OfProgrammeQuerySet, ScopedQuerySet):
    def open(self) -> "PeriodQuerySet":
        """Those that still take reports."""
        return self.filter(closed_on=None)

    def before(self, period: "Period") -> "PeriodQuerySet":
        """Earlier periods of the same programme, the nearest first."""
        rows = self.filter(programme=period.programme_id, starts_on__lt=period.starts_on)
        return rows.order_by("-starts_on")


class Period(Versioned):
    """One reporting period of a programme: what time it covers, from when and until when it is
    reported, on which 通知 it rests. 「已定稿」 once `closed_on` is set: nothing is handed in then."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="periods", verbose_name=_("试点方案")
    )
    obligation = models.ForeignKey(
        Obligation, models.PROTECT, related_name="periods", verbose_name=_("规定任务")
    )
    code = models.CharField(_("期次"), max_length=20)
    title = models.CharField(_("报告期"), max_length=60)
    starts_on = models.DateField(_("所报期间自"))
    ends_on = models.DateField(_("所报期间至"))
    opens_on = models.DateField(_("开始报送"))
    due_on = models.DateField(_("截止日期"))
    due_rule = models.JSONField(_("时限规则"), null=True, blank=True, validators=[deadlines.check])
    basis_title = models.CharField(_("通知标题"), max_length=200)
    basis_number = models.CharField(
        _("通知文号"),
        max_length=document_numbers.LONGEST,
        blank=True,
        validators=[document_numbers.validate],
    )
    basis_file = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("通知扫描件"),
    )
    basis_file_name = models.CharField(_("文件名"), max_length=200, blank=True)
    note = models.CharField(_("填报说明"), max_length=500, blank=True)
    opened_at = models.DateTimeField(_("开启时间"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("开启人"),
    )
    closed_on = models.DateField(_("定稿日期"), null=True, blank=True)

    objects = models.Manager.from_queryset(PeriodQuerySet)()
    rows = ScopedManager.from_queryset(PeriodQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("报告期")
        ordering = ["programme_id", "-starts_on", "id"]
        default_manager_name = "rows"
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "code"],
                name="period_once",
                violation_error_message=_("这个期次已经开启过。"),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="period_ends_after_it_starts",
                violation_error_message=_("所报期间的终止日期不能早于起始日期。"),
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("opens_on")),
                name="period_due_after_it_opens",
                violation_error_message=_("截止日期不能早于开始报送的日期。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_key(self) -> str:
        return f"{self.programme.code}.{self.code}"

    def clean(self) -> None:
        faults = {}
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            faults["ends_on"] = _("所报期间的终止日期不能早于起始日期。")
        if self.opens_on and self.due_on and self.due_on < self.opens_on:
            faults["due_on"] = _("截止日期不能早于开始报送的日期。")
        if faults:
            raise ValidationError(faults)
        super().clean()


class PeriodFigure(models.Model):
    """关键数字 that the bureau asks for in one section (up to five): name, unit, and between which
    numbers it may lie."""

    period = models.ForeignKey(
        Period, models.PROTECT, related_name="figures", verbose_name=_("报告期")
    )
    area = models.ForeignKey(
        DutyArea, models.PROTECT, related_name="figures", verbose_name=_("职责")
    )
    name = models.CharField(_("名称"), max_length=40)
    unit_label = models.CharField(_("计量单位"), max_length=10, blank=True)
    minimum = models.DecimalField(_("最小"), max_digits=16, decimal_places=2, null=True, blank=True)
    maximum = models.DecimalField(_("最大"), max_digits=16, decimal_places=2, null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("排序"), default=0)
    withdrawn_on = models.DateField(_("停用日期"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("关键数字")
        ordering = ["period_id", "area_id", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["period", "area", "name"],
                name="period_figure_once",
                violation_error_message=_("同一项职责里关键数字的名称不能重复。"),
            ),
            models.CheckConstraint(
                condition=Q(minimum=None) | Q(maximum=None) | Q(maximum__gte=F("minimum")),
                name="period_figure_bounds_in_order",
                violation_error_message=_("最大值不能小于最小值。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return f"{self.name}（{self.unit_label}）" if self.unit_label else self.name
