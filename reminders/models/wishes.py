"""How reminders should come: rules of a programme, preferences of a person."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import Versioned
from pilots.models import Programme

from ..choices import ALWAYS_TOLD, Topic

DEFAULT_STAGES = (14, 7, 3, 1, 0)  # house.md §6.4
LAST_STAGE = 60
LAST_WEEK = 52


def default_stages() -> list[int]:
    return list(DEFAULT_STAGES)


class ReminderRule(Versioned):
    """When a programme's deadlines are told, and to whom besides the clerks: the CDO from `cdo_from`
    working days before the last working day on, the bureau's desk from `desk_from_week` weeks overdue
    on. The row without a programme is for all that have none of their own; without any row the
    stages are 14, 7, 3, 1, 0, the CDO comes in at 3, and the desk has its own list. `loaded` is what the
    programme's pack last said of it: what differs was changed here and stays."""

    programme = models.OneToOneField(
        Programme,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reminder_rule",
        verbose_name=gettext_lazy("试点方案"),
        help_text=gettext_lazy("留空表示用于没有单独设置的方案。"),
    )
    stages = ArrayField(
        models.PositiveSmallIntegerField(validators=[MaxValueValidator(LAST_STAGE)]),
        verbose_name=gettext_lazy("提前几个工作日提醒"),
        default=default_stages,
        help_text=gettext_lazy("由大到小，0是截止前最后一个工作日，如14,7,3,1,0。"),
    )
    cdo_from = models.PositiveSmallIntegerField(
        gettext_lazy("从提前几个工作日起同时提醒首席数据官"),
        null=True,
        blank=True,
        default=3,
        validators=[MaxValueValidator(LAST_STAGE)],
        help_text=gettext_lazy("留空表示逾期后才提醒首席数据官。"),
    )
    desk_from_week = models.PositiveSmallIntegerField(
        gettext_lazy("逾期几周起同时提醒市政数局经办"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(LAST_WEEK)],
        help_text=gettext_lazy("0是逾期第一天；留空表示不另发，市政数局在工作台看。"),
    )
    loaded = models.JSONField(
        gettext_lazy("方案包载入值"), default=dict, blank=True, editable=False
    )

    class Meta:
        verbose_name = verbose_name_plural = gettext_lazy("提醒规则")
        ordering = ["programme__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme"], name="one_rule_for_all_others", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return str(self.programme) if self.programme else _("其他方案")

    def clean(self) -> None:
        stages = self.stages or []
        if not stages:
            raise ValidationError({"stages": _("填写至少一个阶段，如3,1,0")})
        if stages != sorted(set(stages), reverse=True):
            raise ValidationError({"stages": _("阶段由大到小写，不重复，如14,7,3,1,0")})


class Preference(Versioned):
    """What one person does not want outside the portal; 退回 and 提醒单 cannot be switched off."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="reminder_preference",
        verbose_name=gettext_lazy("账号"),
    )
    muted = ArrayField(
        models.CharField(max_length=20, choices=Topic.choices),
        verbose_name=gettext_lazy("不接收"),
        default=list,
        blank=True,
    )

    class Meta:
        verbose_name = verbose_name_plural = gettext_lazy("通知设置")
        ordering = ["user"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(muted__overlap=sorted(ALWAYS_TOLD)),
                name="returns_and_slips_are_always_told",
                violation_error_message=gettext_lazy("退回和提醒单不能关闭。"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)
