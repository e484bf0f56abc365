"""Who supports a CDO: offices, task forces, support teams, pools of experts."""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import document_numbers
from core.models import ScopedManager, ScopedQuerySet, StoredFile, Versioned
from pilots.models import Unit
from pilots.models.bases import Period, ends_after_it_starts, holding
from pilots.models.scope import managed_units, own_units, sees_everything

from ..choices import POOLS, EntryMode, TeamKind, TeamMode
from .people import Person


class TeamQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "TeamQuerySet":
        if sees_everything(user):
            return self
        return self.filter(Q(unit_id__in=own_units(user)) | Q(unit_id__in=managed_units(user)))

    def standing(self, on: date) -> "TeamQuerySet":
        return self.filter(holding(on), voided_at=None)


class Team(Versioned, Period):
    """A CDO office, a 工作专班, a support team or a pool of experts of one unit.

    `headcount` is what the unit says where people are not listed by name.
    """

    number = models.CharField(_("编号"), max_length=20, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="teams", verbose_name=_("单位"))
    kind = models.CharField(_("类别"), max_length=20, choices=TeamKind.choices)
    name = models.CharField(_("名称"), max_length=80)
    modes = ArrayField(
        models.CharField(max_length=20, choices=TeamMode.choices),
        default=list,
        blank=True,
        verbose_name=_("组建模式"),
    )
    leader = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="teams_led",
        verbose_name=_("负责人"),
    )
    headcount = models.PositiveSmallIntegerField(_("人数"), null=True, blank=True)
    document_number = models.CharField(
        _("成立文号"),
        max_length=document_numbers.LONGEST,
        blank=True,
        validators=[document_numbers.validate],
    )
    note = models.CharField(_("职责和说明"), max_length=500, blank=True)
    file = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("成立文件"),
    )
    file_name = models.CharField(_("文件名"), max_length=200, blank=True)
    voided_at = models.DateTimeField(_("作废时间"), null=True, blank=True, editable=False)
    void_reason = models.CharField(_("作废原因"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("登记时间"), editable=False)
    updated_at = models.DateTimeField(_("更新时间"), editable=False)

    objects = models.Manager.from_queryset(TeamQuerySet)()
    rows = ScopedManager.from_queryset(TeamQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("团队")
        ordering = ["unit_id", "kind", "number"]
        default_manager_name = "rows"
        constraints = [
            ends_after_it_starts("team"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=False), name="team_has_a_first_day"
            ),
            models.CheckConstraint(
                condition=Q(document_number="")
                | Q(document_number__regex=document_numbers.PATTERN),
                name="team_document_number",
                violation_error_message=document_numbers.HOW,
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None) | ~Q(void_reason=""),
                name="team_voided_with_a_reason",
            ),
            models.UniqueConstraint(
                fields=["unit", "kind", "name"],
                condition=Q(ends_on=None, voided_at=None),
                name="team_once",
                violation_error_message=_("该单位已登记同名的团队。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_pool(self) -> bool:
        return self.kind in POOLS


class TeamMemberQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "TeamMemberQuerySet":
        if sees_everything(user):
            return self
        return self.filter(
            Q(team__unit_id__in=own_units(user)) | Q(team__unit_id__in=managed_units(user))
        )

    def standing(self, on: date) -> "TeamMemberQuerySet":
        return self.filter(holding(on), holding(on, "team__"), voided_at=None, team__voided_at=None)

    def experts(self) -> "TeamMemberQuerySet":
        """People of the expert pools, and those who came by contract or purchased service."""
        brought_in = [EntryMode.CONTRACT, EntryMode.PURCHASED, EntryMode.INVITED]
        return self.filter(Q(team__kind__in=POOLS) | Q(entry_mode__in=brought_in))


class TeamMember(Versioned, Period):
    """One person in one team: an own clerk, or an expert brought in by contract or service."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="members", verbose_name=_("团队"))
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="team_memberships", verbose_name=_("人员")
    )
    entry_mode = models.CharField(
        _("进入方式"),
        max_length=20,
        choices=EntryMode.choices,
        default=EntryMode.INTERNAL,
    )
    duty = models.CharField(_("分工"), max_length=80, blank=True)
    expertise = models.CharField(_("专业领域"), max_length=80, blank=True)
    employer = models.CharField(_("所在机构"), max_length=120, blank=True)
    voided_at = models.DateTimeField(_("作废时间"), null=True, blank=True, editable=False)
    void_reason = models.CharField(_("作废原因"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("登记时间"), editable=False)
    updated_at = models.DateTimeField(_("更新时间"), editable=False)

    objects = models.Manager.from_queryset(TeamMemberQuerySet)()
    rows = ScopedManager.from_queryset(TeamMemberQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("团队成员")
        ordering = ["team_id", "id"]
        default_manager_name = "rows"
        constraints = [
            ends_after_it_starts("team_member"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=False), name="team_member_has_a_first_day"
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None) | ~Q(void_reason=""),
                name="team_member_voided_with_a_reason",
            ),
            models.UniqueConstraint(
                fields=["team", "person"],
                condition=Q(ends_on=None, voided_at=None),
                name="team_member_once",
                violation_error_message=_("这个人已在该团队中。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team} {self.person}"
