"""Who acts for which body, in which role, from when to when."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import UNIT_ROLES, Role
from core import clock
from core.models import ScopedManager, ScopedQuerySet

from .bases import Period, ends_after_it_starts, holding
from .scope import sees_everything, units_of_wide_programmes


class MembershipQuerySet(ScopedQuerySet):
    def live(self, on: date) -> "MembershipQuerySet":
        """Those that give rights on that day: begun, not ended, not revoked, account open."""
        return self.filter(holding(on), revoked_at=None, user__is_active=True)

    def of_unit_people(self, user: Any) -> "MembershipQuerySet":
        return self.live(clock.today()).filter(user=user, role__in=UNIT_ROLES)

    def _visible_to(self, user: Any) -> "MembershipQuerySet":
        if sees_everything(user):
            return self
        return self.filter(Q(user=user) | Q(unit_id__in=units_of_wide_programmes(user)))


class Membership(Period):
    """One person's role at one unit. Ending or revoking it ends the rights the same second."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships", verbose_name=_("账号")
    )
    unit = models.ForeignKey(
        "pilots.Unit", models.PROTECT, related_name="memberships", verbose_name=_("单位")
    )
    role = models.CharField(_("身份"), max_length=30, choices=Role.choices)
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("撤销人"),
    )
    delegated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="delegations",
        verbose_name=_("授权人"),
    )
    origin = models.CharField(_("来由"), max_length=200, blank=True)

    objects = models.Manager.from_queryset(MembershipQuerySet)()
    rows = ScopedManager.from_queryset(MembershipQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("岗位权限")
        ordering = ["unit_id", "role", "id"]
        default_manager_name = "rows"
        constraints = [
            ends_after_it_starts("membership"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="membership_revoked_at_and_by_go_together",
            ),
            models.UniqueConstraint(
                fields=["user", "unit", "role"],
                condition=Q(revoked_at=None, ends_on=None),
                name="membership_open_once",
                violation_error_message=_("这个账号在该单位已有同样的身份。"),
            ),
        ]
        indexes = [models.Index(fields=["user", "role"], name="membership_by_user")]

    def __str__(self) -> str:
        lent = _("（代签）") if self.delegated_by_id is not None else ""
        return f"{self.user} {self.get_role_display()}{lent}"
